import { describe, expect, it } from 'vitest'
import { everywhere } from '../support/shop.ts'

const paste = '派单 金水区花园路38号院5号楼2单元1801 王女士 13800001234 挂机不制冷 明天上午 给张三'

everywhere(story => {
  describe('the day of one order', () => {
    it('goes from the pasted text to 完工, and everybody who must know is told', async () => {
      const { world } = story
      const { zhao, zhang } = world
      await zhao.says(paste)
      zhao.sees(/新派工单/)
      zhao.cardShows('王女士', '13800001234', '挂机不制冷', '金水区花园路38号院5号楼2单元1801', '张三', '[确认]')
      expect((await world.api('GET', '/orders')).body).toEqual({ items: [], next: null })

      await zhao.taps('确认')
      zhao.cardShows('已开单 1001')
      zhang.sees(/派工单 1001/)
      zhang.cardShows('王女士', '13800001234', '[接单]', '[拒单]')
      const posted = world.groupSees(/1001 已派单给张三/)
      expect(JSON.stringify(posted)).not.toContain('13800001234')
      expect(JSON.stringify(posted)).toMatch(/138[*＊]{4}1234/)

      await zhang.taps('接单')
      zhang.cardShows('待联系', '[已联系]')
      zhao.sees(/1001 张三 已接单/)
      world.groupSees(/1001 张三 已接单/)

      await zhang.saysInGroup('1001 已联系 明天上午10点')
      world.groupSees(/✅ 1001 已联系客户 09:00，约 明天 10:00 上门/)
      zhao.sees(/1001 张三 已联系客户/)
      zhang.cardShows('待上门', '明天 10:00', '[出发]', '[到达]')

      await world.until('2026-11-25T08:30:00+08:00')
      zhang.sees(/🌅 今天 1 单，1 单有约：\n10:00 王女士 花园路 挂机不制冷 1001/)
      zhao.sees(/早上好，一班今天有 1 单/)
      // Nobody looked at 18:30: the manager's day comes when somebody does.
      world.wang.sees(/11月24日周二日报\n开单 1 · 完工 0 · 未完 1/)
      // Four fifths of the time were over at 05:00: asked when people are up, with answers to tap.
      zhang.sees(/派工单 1001/)
      zhang.cardShows(
        '完成时限 今天 10:00（还剩 1 小时 30 分），能按时吗？',
        '[能按时]',
        '[要晚一点]',
        '[等配件]',
        '[求助]',
      )
      await zhang.taps('能按时')
      zhang.cardShows('进度：能按时', '[出发]', '[到达]')
      zhao.sees('🔔 1001 张三 进度：能按时')

      await world.until('2026-11-25T09:30:00+08:00')
      await world.forward('2m')
      zhang.sees(/⏰ 1001 王女士 挂机不制冷 · 完成还剩/)

      await zhang.taps('到达')
      zhang.cardShows('在修', '[完工]')
      zhao.sees(/1001 张三 已到达/)

      await zhang.sendsPhoto()
      zhang.sees('📷 已记到 1001（王女士），共 1 张。')

      await zhang.saysInGroup('完工 换电容1个 收费80')
      world.groupSees(/✅ 1001 已完工 09:32：.*收费 ¥80/)
      zhao.sees(/1001 张三 已完工.*\n?.*收费 ¥80/)
      zhang.cardShows('已完工')

      const order = await world.api<{
        state: string
        outcome: object
        timeline: Array<{ fact: string; words?: string }>
      }>('GET', '/orders/1001')
      expect(order.body).toMatchObject({
        state: 'completed',
        outcome: { charge: '80', parts: [{ name: '电容', quantity: 1 }] },
      })
      expect(order.body.timeline.map(fact => fact.fact)).toEqual([
        'created',
        'dispatched',
        'accepted',
        'contacted',
        'reminded',
        'progress',
        'reminded',
        'arrived',
        'photo',
        'completed',
      ])
      expect(order.body.timeline[3]?.words).toContain('已联系 明天上午10点')
      expect(order.body.timeline[0]?.words).toBe(paste)
    })
  })
})
