import { describe, expect, it } from 'vitest'
import { eachStory, givenOrder, onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** A team that rests at weekends and on holidays; half a day of working time for a job. */
const weekdays = `
name: default
version: 1
hours: ["08:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5]
calendar: { holidays: china, own: { "2026-12-02": off } }
clocks:
  - kind: complete
    start: dispatched
    stop: [completed, emptyRun]
    within: 4h
    basis: working
    appointment: replaces
    warn: [1h]
    overdue: [{ after: 0m, tell: [technician] }]
quietHours: { from: "21:30", to: "07:30" }
`

async function versionOf(world: World, code: string): Promise<number> {
  const { body } = await world.api<{ timeline: unknown[] }>('GET', `/orders/${code}`)
  return body.timeline.length
}

/** Both hear of it, and what day it is is none of their business. */
function othersHear(world: World, words: string): void {
  for (const message of [world.zhao.sees(words), world.groupSees(words)])
    expect(JSON.stringify(message)).not.toContain('班组休息')
}

describe('a time that was agreed', () => {
  // A Friday.
  const story = eachStory({ policy: weekdays, at: '2026-11-27T15:00:00+08:00' })

  it('in the past is refused with what to do, and nothing changes', async () => {
    const { world } = story
    const { zhang } = world
    const code = await takenOrder(world)
    const before = await versionOf(world, code)
    for (const words of ['已联系 昨天下午3点', `改约 ${code} 前天 家里没人`, `已联系 ${code} 今天上午9点`]) {
      await zhang.says(words)
      zhang.sees('这个时间已经过去了，请说清楚是哪一天、几点')
    }
    await zhang.says(`改约 ${code} 11月26日上午10点 家里没人`)
    zhang.sees('「11月26日上午10点」是 2027年11月26日周五 10:00 吗？还有半年以上，是的话请带上年份再说一次。')
    expect(await versionOf(world, code)).toBe(before)
    // Without its day a time that is over is tomorrow's, and the answer says so.
    await zhang.says(`已联系 ${code} 上午9点`)
    zhang.sees(`✅ ${code} 已联系客户 15:00，约 明天 09:00 上门（那天是周六，班组休息）`)
    othersHear(world, '已联系客户')
  })

  it('on a day off is taken, and whoever agreed it hears what day it is', async () => {
    const { world } = story
    const { zhang } = world
    const code = await takenOrder(world)
    await zhang.says(`已联系 ${code} 周日上午10点`)
    zhang.sees(`✅ ${code} 已联系客户 15:00，约 后天 10:00 上门（那天是周日，班组休息） · 完成时限 后天 10:00`)
    othersHear(world, '已联系客户')
    for (const [words, answer] of [
      ['12月2日下午 家里没人', '到 12月2日周三 13:30–18:00（家里没人）（那天公司放假，班组休息） · 完成时限'],
      ['2027年10月2日上午10点', '到 2027年10月2日周六 10:00（那天是周六，班组休息） · 完成时限'],
      // On a workday nothing is said of it, whatever the hour.
      ['下周一早上7点', '到 11月30日周一 07:00 · 完成时限'],
      ['下周一晚上8点', '到 11月30日周一 20:00 · 完成时限'],
    ]) {
      await zhang.says(`改约 ${code} ${words}`)
      zhang.sees(`✅ ${code} 已改约 15:00${answer}`)
      othersHear(world, '已改约')
    }
    await world.until('2026-11-28T09:00:00+08:00')
    await zhang.says(`改约 ${code} 今天下午3点`)
    zhang.sees('到 今天 15:00（今天是周六，班组休息） · 完成时限')
    othersHear(world, '已改约')
  })
})

onBoth(
  story => {
    it('a time on a day off that was tapped says what day it is, too', async () => {
      const { world } = story
      const { zhang } = world
      await takenOrder(world)
      await zhang.taps('已联系')
      await zhang.taps('约明天上午')
      zhang.cardShows('⚠️ 那天是周六，班组休息', '[到达]')
      othersHear(world, '已联系客户')
    })
  },
  { policy: weekdays, at: '2026-11-27T15:00:00+08:00' },
)

onBoth(story => {
  it('a button whose time is over by now changes nothing, and says what to do', async () => {
    const { world } = story
    const { zhang } = world
    await world.until('2026-11-24T17:55:00+08:00')
    const code = await takenOrder(world, { urgent: true })
    await zhang.taps('已联系')
    await world.until('2026-11-24T18:01:00+08:00')
    const before = await versionOf(world, code)
    await zhang.taps('约今天下午')
    zhang.cardShows('⚠️ 「今天下午」已经过去了。请另选一个，或直接回复时间，比如：明天上午10点。', '待联系')
    expect(await versionOf(world, code)).toBe(before)
    await zhang.says('明天上午10点')
    zhang.sees(`✅ ${code} 已联系客户 18:01，约 明天 10:00 上门`)
    world.zhao.sees('张三 已联系客户')
    world.groupSees('张三 已联系客户')
  })
})

describe('挂起', () => {
  const story = eachStory()

  it('without a reason is asked for one, and done for any that is given', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const code = await takenOrder(world)
    const before = await versionOf(world, code)
    for (const words of [`挂起 ${code}`, '挂起', `先挂着 ${code}`, `挂起 ${code} 后天`, `暂停 ${code} 明天下午3点`]) {
      await zhang.says(words)
      zhang.sees(`为什么挂起 ${code}？请回复「挂起 ${code} 等配件 后天到」，或写明原因。`)
    }
    expect(await versionOf(world, code)).toBe(before)
    for (const [words, kept] of [
      ['客户出差', '客户出差'],
      ['下雨', '下雨'],
      ['等配件 后天到', '等配件，预计 后天'],
      ['后天再去，楼上漏水', '楼上漏水'],
      ['其他', '其他'],
    ] as const) {
      await zhang.says(`挂起 ${code} ${words}`)
      expect(JSON.stringify(zhang.sees(`✅ ${code} 挂起 09:00：`))).toContain(kept)
      zhao.sees(`${code} 张三 挂起`)
      await zhang.says('恢复')
      zhang.sees(`✅ ${code} 已恢复`)
      zhao.sees(`${code} 张三 已恢复`)
    }
  })
})

describe('a technician without any calendar of his own', () => {
  // Friday 17:00: one working hour today, three on Monday; an hour before the end is Monday 10:00.
  const story = eachStory({ policy: weekdays, at: '2026-11-27T17:00:00+08:00' })

  it('is reminded by the calendar and the quiet hours of his team', async () => {
    const { world, db } = story
    const { zhang, zhao } = world
    expect(await db.prisma.person.findFirst({ where: { name: '张三' } })).toMatchObject({ restDays: [], daysOff: [] })
    const code = await takenOrder(world)
    zhang.cardShows('时限：完成 11月30日周一 11:00')
    // The weekend is silent.
    await world.until('2026-11-28T17:00:00+08:00')
    await world.until('2026-11-29T17:00:00+08:00')
    await world.until('2026-11-30T10:00:00+08:00')
    await world.forward('2m')
    zhang.sees(`⏰ ${code} 王女士 不制冷 · 完成还剩 58 分（今天 11:00 前）`)
    // Agreed for late that evening, due in the quiet hours: told when they end.
    await zhang.says(`改约 ${code} 今天晚上22点`)
    zhang.sees(`✅ ${code} 已改约`)
    zhao.sees('已改约')
    world.groupSees('已改约')
    await world.until('2026-11-30T21:00:00+08:00')
    await world.forward('2m')
    zhang.sees(`⏰ ${code} 王女士 不制冷 · 完成还剩 58 分`)
    await world.until('2026-11-30T22:00:00+08:00')
    await world.until('2026-12-01T07:30:00+08:00')
    zhang.sees(`🔴 ${code} 王女士 不制冷 · 完成超时 9 小时 30 分`)
  })
})

describe('an order that no rule of the policy fits', () => {
  const story = eachStory({
    policy: `
name: default
version: 1
clocks:
  - { kind: complete, when: { kind: install }, start: dispatched, stop: completed, within: 1h, overdue: [{ after: 0m, tell: [technician] }] }
`,
  })

  it('has no clock, is never late, and works like any other', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const code = await givenOrder(world)
    await zhang.says(`为什么超时 ${code}`)
    zhang.sees(new RegExp(`${code} 没有超时：还没有开始计时的时限。`))
    await world.forward('3h')
    await zhang.says(`完工 ${code} 换了电容`)
    zhang.sees(new RegExp(`✅ ${code} 已完工 12:00：换了电容（没报过的也一并记上：`))
    zhao.sees('已完工')
    world.groupSees('已完工')
  })
})

describe('an order that was deleted by hand', () => {
  const story = eachStory()

  it('is dropped from what is to be told, and stops nobody else’s reminders', async () => {
    const { world, db } = story
    const { zhang, li, zhao } = world
    const gone = await takenOrder(world)
    const kept = await takenOrder(world, { assign: '李四', name: '李先生' })
    // Both warnings are planned now, to be sent in two minutes.
    await world.forward('20m')
    await db.prisma.order.deleteMany({ where: { code: gone } })
    await world.forward('2m')
    li.sees(`⏰ ${kept} 李先生 不制冷 · 联系还剩 8 分`)
    const rows = await db.prisma.outbox.findMany({ where: { kind: 'nudge', status: 'dropped' } })
    expect(rows.map(({ reason }) => reason)).toEqual(['the order is gone'])
    // Its clocks are looked at once more and forgotten; so are those of any number of others.
    const at = world.clock.now()
    const lost = Array.from({ length: 450 }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`)
    await db.prisma.orderClock.createMany({
      data: lost.map(orderId => ({
        ...{ company: 'main', orderId, kind: 'contact', state: 'running', startedAt: at, nextLookAt: at },
      })),
    })
    await world.forward('8m')
    li.sees(`${kept} 李先生 不制冷 · 联系现在到期`)
    const left = await db.prisma.orderClock.findMany({ select: { orderId: true }, distinct: ['orderId'] })
    expect(left).toHaveLength(1)
    // Who still has its card is told.
    await zhang.says(`到达 ${gone}`)
    zhang.sees(`没有 ${gone} 这张单`)
    await zhang.taps('已联系')
    zhang.sees('找不到这张单，可能已经删除')
    expect(zhao.cards()).toEqual([])
  })

  it('or lost its journal is logged, and stops nobody else’s reminders', async () => {
    const { world, db } = story
    const torn = await takenOrder(world)
    const kept = await takenOrder(world, { assign: '李四', name: '李先生' })
    const { id } = await db.prisma.order.findFirstOrThrow({ where: { code: torn } })
    await db.prisma.journal.deleteMany({ where: { orderId: id } })
    world.log.expect(/a journal begins with created|\d of \d orders could not be looked at/)
    await world.forward('20m')
    await world.forward('2m')
    world.li.sees(`⏰ ${kept} 李先生 不制冷 · 联系还剩 8 分`)
  })
})
