import { describe, expect, it } from 'vitest'
import { onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** An office that rests at the weekend and counts nothing but the completion, so that only questions are heard. */
const policy = `
name: default
version: 1
hours: ["08:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5]
clocks:
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 30d, pauses: [parts] }
quietHours: { from: "21:30", to: "07:30" }
`

/** 张三 has reached the customer, and says why the work stands still. */
async function suspendedOrder(world: World, words: string): Promise<string> {
  const { zhang, zhao } = world
  const code = await takenOrder(world)
  await zhang.says(`挂起 ${code} ${words}`)
  zhang.sees(`✅ ${code} 挂起`)
  zhao.sees(`${code} 张三 挂起`)
  return code
}

const facts = async (world: World, code: string): Promise<string[]> => {
  const { body } = await world.api<{ timeline: Array<{ fact: string }> }>('GET', `/orders/${code}`)
  return body.timeline.map(({ fact }) => fact)
}

// Tuesday, 24 November.
onBoth(
  story => {
    describe('suspended work', () => {
      it('is asked about when the parts were expected, waits on until he says, and goes on with a tap', async () => {
        const { world } = story
        const { zhang, zhao } = world
        const code = await suspendedOrder(world, '等配件 今天下午4点')
        zhang.cardShows('挂起：等配件（到 今天 16:00）', '[恢复]', '[改约]', '[再等]')
        await world.until('2026-11-24T15:59:00+08:00')
        await world.until('2026-11-24T16:00:00+08:00')
        zhang.sees('❓ 配件到了吗？（原定 今天 16:00）')
        await zhang.taps('再等')
        zhang.cardShows('等到什么时候？', '[再等到明天]', '[返回]')
        await zhang.taps('再等到明天')
        zhao.sees(`${code} 张三 再等 16:00，到 明天 08:00–18:00`)
        zhang.cardShows('挂起：等配件（到 明天 08:00–18:00）', '[再等]')

        // A day without a time is asked about in its morning.
        await world.until('2026-11-25T08:00:00+08:00')
        zhang.sees('❓ 配件到了吗？（原定 今天 08:00–18:00）')
        await zhang.taps('再等')
        await zhang.says('周五上午10点')
        zhang.sees(`✅ ${code} 再等 08:00，到 后天 10:00`)
        zhao.sees(`${code} 张三 再等`)
        await world.until('2026-11-26T08:00:00+08:00')
        await world.until('2026-11-27T10:00:00+08:00')
        zhang.sees('❓ 配件到了吗？')
        await zhang.taps('恢复')
        zhao.sees(`${code} 张三 已恢复`)
        zhang.cardShows('待联系')
        await world.until('2026-12-01T09:00:00+08:00')
        expect((await facts(world, code)).filter(fact => fact === 'asked')).toHaveLength(3)
      })

      it('without a time is asked about each working morning, and the desk hears when nobody answers', async () => {
        const { world, db } = story
        const { zhang, zhao } = world
        await world.until('2026-11-26T10:00:00+08:00')
        const code = await suspendedOrder(world, '等配件')
        await world.until('2026-11-27T08:00:00+08:00')
        zhang.sees('❓ 配件到了吗？能继续点「恢复」')
        // The weekend is nobody's to ask in.
        await world.until('2026-11-29T12:00:00+08:00')
        await world.until('2026-11-30T08:00:00+08:00')
        zhang.sees('❓ 配件到了吗？')
        await world.until('2026-12-01T08:00:00+08:00')
        zhang.sees('❓ 配件到了吗？')
        zhao.sees(new RegExp(`⚠️ ${code} 挂起（等配件），问了张三 2 次没有回音[\\s\\S]*改派 ${code} 给 姓名`))
        await world.until('2026-12-02T08:00:00+08:00')
        zhang.sees('❓ 配件到了吗？')
        await zhang.taps('改约')
        zhang.cardShows('改到什么时候？', '[改到明天上午]')
        await zhang.taps('改到明天上午')
        zhao.sees(`${code} 张三 已改约`)
        world.groupSees(`${code} 张三 已改约`)
        await world.until('2026-12-04T09:00:00+08:00')
        expect(await db.prisma.orderClock.count({ where: { kind: 'wait:followUp' } })).toBe(0)
      })

      it('is not asked about on his own day of rest, nor at night', async () => {
        const { world, db } = story
        const { zhang } = world
        await suspendedOrder(world, '等配件 今晚10点')
        await db.prisma.person.updateMany({ where: { name: '张三' }, data: { daysOff: ['2026-11-25'] } })
        await world.until('2026-11-24T22:00:00+08:00')
        await world.until('2026-11-25T07:30:00+08:00')
        await world.until('2026-11-25T12:00:00+08:00')
        await world.until('2026-11-26T08:00:00+08:00')
        zhang.sees('❓ 配件到了吗？')
      })

      it('says at once when the reason stops no clock, in words and on the card', async () => {
        const { world } = story
        const { zhang, zhao } = world
        const code = await takenOrder(world)
        await zhang.taps('已联系')
        await zhang.taps('没定时间')
        zhao.sees('已联系')
        world.groupSees('已联系')
        await zhang.taps('挂起')
        await zhang.taps('要大修')
        zhao.sees('挂起')
        zhang.cardShows('挂起：大修', '（这个原因不停时限）')
        await zhang.taps('恢复')
        zhao.sees('已恢复')
        await zhang.says('挂起 下雨')
        zhang.sees(new RegExp(`✅ ${code} 挂起 09:00：下雨（这个原因不停时限）`))
        zhao.sees('挂起')
        await zhang.says('恢复')
        zhang.sees('已恢复')
        zhao.sees('已恢复')
        await zhang.says('挂起 等配件')
        expect(JSON.stringify(zhang.sees('挂起'))).not.toContain('不停时限')
        zhao.sees('挂起')
      })

      it('that went on before its time is not asked about', async () => {
        const { world, db } = story
        const { zhang, zhao } = world
        const code = await suspendedOrder(world, '等配件 今天下午4点')
        await zhang.says(`恢复 ${code}`)
        zhang.sees('已恢复')
        zhao.sees('已恢复')
        await world.until('2026-11-24T17:00:00+08:00')
        expect(await db.prisma.journal.count({ where: { fact: 'asked' } })).toBe(0)
      })
    })
  },
  { policy },
)
