import { describe, expect, it } from 'vitest'
import { eachStory, onBoth, takenOrder } from '../support/shop.ts'

/** A maker's service: works Monday to Friday, keeps statutory holidays and their make-up days, wants papers and call-backs. */
const policy = `
name: default
version: 1
hours: ["08:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5]
calendar: { holidays: china }
clocks:
  - { kind: dispatch, start: created, stop: dispatched, within: 30m }
  - kind: complete
    start: dispatched
    stop: [completed, emptyRun]
    within: 4h
    basis: working
    pauses: [parts]
    warn: [80%]
    overdue: [{ after: 0m, tell: [technician, dispatcher] }]
  - { kind: report, start: completed, stop: reported, until: 次日10:00, warn: [1h], overdue: [{ after: 0m, tell: [technician] }] }
  - { kind: revisit, start: completed, stop: revisited, workdays: 3, overdue: [{ after: 0m, tell: [dispatcher] }] }
quietHours: { from: "21:30", to: "07:30" }
`

// Friday, the first working days after 国庆; Saturday the 10th is worked for it.
onBoth(
  story => {
    describe('working time', () => {
      it('runs over a make-up Saturday, is explained by the day, and what is owed after the work is asked for', async () => {
        const { world } = story
        const { zhang, zhao } = world
        const code = await takenOrder(world)
        // Four hours from 16:00: two on Friday, two on Saturday; four fifths of them are over at 09:12.
        await world.until('2026-10-10T09:12:00+08:00')
        await world.forward('2m')
        zhang.sees(`⏰ ${code} 王女士 不制冷 · 完成还剩 46 分（今天 10:00 前）`)
        await world.until('2026-10-10T10:00:00+08:00')
        for (const person of [zhang, zhao]) person.sees(`${code} 王女士 不制冷 · 完成现在到期`)
        await world.until('2026-10-10T11:00:00+08:00')
        await zhang.says(`完工 ${code} 换了电容`)
        zhang.sees(new RegExp(`✅ ${code} 已完工[\\s\\S]*下一步：单据交齐后回复「报单 ${code}」，明天 10:00 前。`))
        zhao.sees(`${code} 张三 已完工`)
        world.groupSees(`${code} 张三 已完工`)
        await zhang.says(`为什么超时 ${code}`)
        zhang.sees(/工作时：10月9日 2 小时，10月10日 2 小时/)

        // Nothing is lost by 结单: papers and the call back are still owed.
        await zhao.says(`结单 ${code}`)
        zhao.sees('已结单')
        zhang.sees('已结单')
        await world.until('2026-10-11T09:00:00+08:00')
        await world.forward('2m')
        zhang.sees(`⏰ ${code} 王女士 不制冷 · 报单还剩 58 分（今天 10:00 前）`)
        await zhang.says(`报单 ${code} 旧件已寄回`)
        zhang.sees(`✅ ${code} 已报单`)
        zhao.sees(`${code} 张三 已报单`)
        await zhang.says(`报单 ${code}`)
        zhang.sees(`${code} 已经报过单`)
        await zhang.says(`回访 ${code}`)
        zhang.sees('这件事要派工员或经理来办')

        // Three workdays after Saturday, at closing.
        await world.until('2026-10-14T18:00:00+08:00')
        zhao.sees(`${code} 王女士 不制冷 · 回访现在到期`)
        await zhao.says(`回访 ${code} 很满意`)
        zhao.sees(new RegExp(`✅ ${code} 已回访客户.*：很满意`))
        const { body } = await world.api<{ clocks: Array<{ kind: string; state: string }> }>('GET', `/orders/${code}`)
        expect(body.clocks.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
          'dispatch met',
          'complete missed',
          'report met',
          'revisit met',
        ])
      })
    })
  },
  { policy, at: '2026-10-09T16:00:00+08:00' },
)

const limit = (version: number, within: string, effective = ''): string =>
  `name: default\nversion: ${version}\n${effective}\nclocks:\n  - { kind: complete, start: dispatched, stop: completed, within: ${within} }`

describe('a new version of the policy', () => {
  const story = eachStory({
    policy: [limit(1, '24h'), limit(2, '8h', 'effective: 2026-11-25')],
    at: '2026-11-24T22:00:00+08:00',
  })

  it('is for the orders that come in from its day on: what was promised before stays promised', async () => {
    const { world } = story
    const before = await takenOrder(world)
    world.zhang.cardShows('时限：完成 明天 22:00')
    await world.until('2026-11-25T00:00:00+08:00')
    await takenOrder(world, { name: '李先生' })
    world.zhang.cardShows('时限：完成 今天 08:00')
    await world.zhang.says(`为什么超时 ${before}`)
    world.zhang.sees(/时限：24 小时（自然时）\n到期：今天 22:00/)
  })
})

onBoth(
  story => {
    describe('a pause over a holiday, and nobody looking for longer than the deadline', () => {
      it('gives back the working time that was left, and tells once what was missed', async () => {
        const { world } = story
        const { zhang, zhao } = world
        const code = await takenOrder(world)
        await world.forward('1h')
        await zhang.says(`挂起 ${code} 等配件`)
        zhang.sees(`✅ ${code} 挂起`)
        zhao.sees(`${code} 张三 挂起`)
        // In the middle of 国庆: three of four working hours were left, and work begins again on the 8th.
        await world.until('2026-10-05T10:00:00+08:00')
        await zhang.says(`恢复 ${code}`)
        zhang.sees(new RegExp(`✅ ${code} 已恢复.*完成时限 10月8日周四 11:00`))
        zhao.sees(`${code} 张三 已恢复`)
        // The next look is ten hours after due: no warning any more, and one word of what is late.
        await world.until('2026-10-08T21:00:00+08:00')
        for (const person of [zhang, zhao]) person.sees(`🔴 ${code} 王女士 不制冷 · 完成超时 10 小时`)
        await zhang.says(`为什么超时 ${code}`)
        zhang.sees(
          /到期：今天 11:00 = 起点 \+ 4 小时工作时 \+ 暂停.*\n工作时：9月30日 1 小时，10月1日–10月7日 不上班（国庆放假），10月8日 3 小时/,
        )
      })
    })
  },
  { policy, at: '2026-09-30T16:00:00+08:00' },
)
