import { describe, expect, it } from 'vitest'
import { eachStory, onBoth, takenOrder } from '../support/shop.ts'

interface Told {
  timeline: Array<{ fact: string; at: string; clock?: string; step?: string; to?: string }>
}

describe('撤回 after the clock was set back', () => {
  const story = eachStory()

  it('does not guess which of several orders was the last', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const first = await takenOrder(world)
    await world.forward('15m')
    const second = await takenOrder(world, { name: '李先生' })
    await world.backward('5m')
    await zhang.says(`联系不上 ${first}`)
    zhang.sees(`✅ ${first} 联系不上客户`)
    zhao.sees(`${first} 张三 联系不上客户`)
    await zhang.says('撤回')
    zhang.sees('系统时钟刚往回调过，分不清你最后报的是哪一张单，没有撤回。请找派工员处理。')
    // Said when the clock is there again, it is clear.
    await world.forward('6m')
    await zhang.says(`联系不上 ${second}`)
    zhang.sees(`✅ ${second} 联系不上客户`)
    zhao.sees(`${second} 张三 联系不上客户`)
    await zhang.says('撤回')
    zhang.sees(`↩️ ${second} 已撤回（联系不上客户）`)
    zhang.cardFollows(second)
    zhao.sees('撤回')
  })
})

onBoth(story => {
  describe('a machine whose clock is set back an hour in the middle of an order', () => {
    it('contradicts nothing it said, tells nobody twice, and keeps the journal in its order', async () => {
      const { world } = story
      const { zhang, zhao, wang } = world
      const code = await takenOrder(world)
      await world.forward('30m')
      zhang.sees(`${code} 王女士 不制冷 · 联系现在到期`)
      await world.forward('15m')
      for (const person of [zhang, zhao]) person.sees(`${code} 王女士 不制冷 · 联系超时 15 分`)

      await world.backward('1h')
      await zhang.says(`为什么超时 ${code}`)
      zhang.sees(/联系超时 15 分[\s\S]*现在：今天 09:45，还没有结束/)
      await zhang.says('我的单')
      zhang.sees(`🔴 ${code} 王女士 · 不制冷 · 待联系（张三） · 联系超时 15 分`)

      // Two taps of one person at what the journal has as the same time are still two replies.
      await zhang.taps('联系不上')
      zhao.sees(`${code} 张三 联系不上客户`)
      await zhang.taps('到达')
      zhao.sees(`${code} 张三 已到达`)
      await zhang.says('撤回')
      zhang.sees(`↩️ ${code} 已撤回（已到达） 09:45，现在是「待联系」`)
      zhao.sees('撤回')

      // The hour that comes again brings nothing again; what was still to come, comes at its time.
      await world.forward('30m')
      await world.forward('30m')
      await world.forward('45m')
      for (const person of [zhang, zhao, wang]) person.sees(`${code} 王女士 不制冷 · 联系超时 1 小时`)
      await zhang.says(`已联系 ${code} 今天下午3点`)
      zhang.sees(`✅ ${code} 已联系客户 10:30，约 今天 15:00 上门`)
      zhao.sees('已联系客户')
      world.groupSees('已联系客户')

      const { timeline } = (await world.api<Told>('GET', `/orders/${code}`)).body
      expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).sort())
      expect(timeline.filter(({ fact }) => fact === 'undone')).toHaveLength(2)
      const told = timeline.flatMap(({ fact, clock, step, to }) =>
        fact === 'reminded' ? `${clock} ${step} ${to}` : [],
      )
      expect(told).toHaveLength(6)
      expect(new Set(told).size).toBe(6)
    })
  })
})
