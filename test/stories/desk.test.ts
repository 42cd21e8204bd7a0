import { describe, expect, it } from 'vitest'
import { everywhere, givenOrder, takenOrder } from '../support/shop.ts'

everywhere(story => {
  describe('the desk in chat', () => {
    it('is asked for what a pasted order lacks, piece by piece, and nothing exists before 确认', async () => {
      const { world, db } = story
      const { zhao } = world
      await zhao.says('派单 金水区花园路38号院5号楼2单元1801 挂机不制冷')
      zhao.sees('还缺：客户称呼、电话')
      await zhao.says('王女士')
      zhao.sees('还缺：电话')
      await zhao.says('0371-60001234转802')
      zhao.sees('新派工单')
      zhao.cardShows('王女士', '0371-60001234-802', '挂机不制冷', '[确认]')
      expect(await db.prisma.order.count()).toBe(0)
      await zhao.says('确认')
      zhao.sees('✅ 1001 已开单')
      zhao.sees('派工单 1001')
      zhao.cardShows('[派给张三]', '[派给李四]')
      await zhao.says('确认')
      zhao.sees('没有等你确认的事')
      expect(await db.prisma.order.count()).toBe(1)
      await zhao.taps('派给张三')
      world.zhang.sees('派工单 1001')
      world.groupSees('1001 已派单给张三')
      zhao.cardShows('已由张三负责')
    })

    it('throws a pasted order away with 取消, by word or button', async () => {
      const { world, db } = story
      const { zhao } = world
      const paste = '派单 金水区花园路38号院5号楼 王女士 13800001234 挂机不制冷'
      await zhao.says(paste)
      zhao.sees('新派工单')
      await zhao.taps('取消')
      zhao.cardShows('已取消，没有开单')
      await zhao.says(paste)
      zhao.sees('新派工单')
      await zhao.says('取消')
      zhao.sees('已取消，没有开单')
      expect(await db.prisma.order.count()).toBe(0)
    })

    it('keeps the customer’s number out of the group, even when the order was pasted there', async () => {
      const { world } = story
      const { zhao } = world
      await zhao.saysInGroup('派单 金水区花园路38号院5号楼 王女士 13800001234 挂机不制冷 给李四')
      const answer = world.groupSees('核对卡片已单独发给你')
      expect(JSON.stringify(answer)).not.toContain('13800001234')
      zhao.sees('新派工单')
      await zhao.taps('确认')
      world.li.sees('派工单 1001')
      const posted = world.groupSees('1001 已派单给李四')
      expect(JSON.stringify(posted)).not.toContain('13800001234')
    })

    it('warns of an open order with the same number, and of a name that is nobody’s', async () => {
      const { world } = story
      const { zhao } = world
      const code = await givenOrder(world)
      await zhao.says('派单 花园路38号院5号楼1801 王女士 13800001234 又不制冷了')
      zhao.sees(new RegExp(`同一电话还有未完的单：${code}`))
      await zhao.says('取消')
      zhao.sees('没有开单')
      await zhao.says('派单 花园路38号院5号楼1801 王女士 13800001234 不制冷 给王五')
      zhao.sees(/王五/)
    })

    it('puts an order up for grabs: the first technician has it, the other is told who', async () => {
      const { world } = story
      const { zhao, zhang, li } = world
      const code = await givenOrder(world, { assign: '' })
      await zhao.says(`抢单 ${code}`)
      zhao.sees(`✅ ${code} 放出来抢单`)
      world.groupSees(`${code} 放出来抢单`)
      for (const technician of [zhang, li]) {
        technician.sees(`派工单 ${code}`)
        technician.cardShows('抢单中', '[抢单]', '138****1234')
      }
      await li.taps('抢单')
      li.cardShows('待联系', '13800001234', '[已联系]')
      zhao.sees(`${code} 李四 已接单`)
      world.groupSees(`${code} 李四 已接单`)
      zhang.cardShows('已由李四负责')
      await zhang.saysInGroup(`我抢 ${code}`)
      world.groupSees(/李四 今天 09:00 已接单 1001，你不用处理/)
    })

    it('reassigns, hurries, cancels and closes', async () => {
      const { world } = story
      const { zhao, zhang, li } = world
      const code = await takenOrder(world)
      await zhao.says(`加急 ${code}`)
      zhao.sees(`✅ ${code} 已加急`)
      zhang.sees(`${code} 赵派工 已加急`)
      zhang.cardShows('加急', '[已联系]')
      await zhao.says(`改派 ${code} 给 李四`)
      zhao.sees(`✅ ${code} 已派单给李四`)
      zhang.sees(`${code} 赵派工 已收回 09:00：改派`)
      li.sees(`派工单 ${code}`)
      world.groupSees(`${code} 已派单给李四`)
      zhang.cardIsOver('已由李四负责')
      await zhang.says(`到达 ${code}`)
      zhang.sees('现在派给了李四')
      await li.taps('接单')
      zhao.sees('李四 已接单')
      world.groupSees('李四 已接单')
      await li.says('完工 清洗滤网 没收费')
      li.sees(`✅ ${code} 已完工 09:00：清洗滤网，没收费`)
      zhao.sees(/李四 已完工 09:00：清洗滤网，没收费/)
      world.groupSees(/李四 已完工/)
      await zhao.says(`取消 ${code} 客户不修了`)
      zhao.sees('已完工，不能再改')
      await zhao.says(`结单 ${code}`)
      zhao.sees(`✅ ${code} 已结单`)
      li.sees(`${code} 赵派工 已结单`)
    })

    it('explains a tap on a card that is out of date, and does not apply it', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await givenOrder(world)
      await zhang.says('接单')
      zhang.sees('✅')
      zhao.sees('已接单')
      world.groupSees('已接单')
      zhang.cardShows('[已联系]', '[联系不上]')
      const repainted = world.cardsStay()
      await zhang.says('到了')
      zhang.sees('✅')
      zhao.sees('已到达')
      zhang.cardShows('[联系不上]')
      repainted()
      await zhang.taps('联系不上')
      zhang.cardShows('卡片已更新，刚才的点击没有生效：张三 已到达 09:00', '[完工]')
      const { body } = await world.api<{ state: string; timeline: Array<{ fact: string }> }>('GET', `/orders/${code}`)
      expect(body.state).toBe('arrived')
      expect(body.timeline.map(fact => fact.fact)).not.toContain('unreachable')
      await zhang.taps('完工')
      zhang.cardShows('[修好了 没收费]')
      await zhang.taps('修好了 没收费')
      zhang.cardShows('已完工')
      zhao.sees('张三 已完工 09:00：修好了，没收费')
      world.groupSees('张三 已完工')
    })
  })

  describe('photos and places', () => {
    it('are fetched at once and kept with the order, and a photo that is lost is asked for again', async () => {
      const { world, db } = story
      const { zhang } = world
      const code = await takenOrder(world)
      await zhang.sendsPhoto()
      zhang.sees(`📷 已记到 ${code}（王女士），共 1 张。`)
      const shown = await world.api<{ photos: string[] }>('GET', `/orders/${code}`)
      const photo = await fetch(`${world.url}/api/v1/orders/${code}/media/${shown.body.photos[0]}`, {
        headers: { Authorization: 'Bearer a-token-for-the-stories' },
      })
      expect([photo.status, photo.headers.get('content-type')]).toEqual([200, 'image/png'])
      expect(
        Buffer.from(await photo.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG')
      if (zhang.can.locations) {
        await zhang.sendsPlace('花园路38号院南门')
        zhang.sees(`📍 位置已记到 ${code}：花园路38号院南门`)
      }
      world.mediaIsLostOnce(zhang)
      await zhang.sendsPhoto()
      zhang.sees(`📷 已记到 ${code}（王女士），共 2 张。`)
      zhang.sees('照片（或文件）没有取到，没有记录。请再发一次')
      expect(await db.prisma.media.groupBy({ by: ['state'], _count: true, orderBy: { state: 'asc' } })).toMatchObject([
        { state: 'lost', _count: 1 },
        { state: 'stored', _count: 1 },
      ])
    })

    it('are not taken when there is no order they could belong to', async () => {
      const { world, db } = story
      await world.zhang.sendsPhoto()
      world.zhang.sees('你现在没有进行中的单，没有记录')
      expect(await db.prisma.media.count()).toBe(0)
    })
  })

  describe('grabbing by word', () => {
    it('a technician’s 抢单 takes what is offered', async () => {
      const { world } = story
      const { zhao, zhang, li } = world
      const code = await givenOrder(world, { assign: '' })
      await zhao.says(`抢单 ${code}`)
      zhao.sees('放出来抢单')
      world.groupSees('放出来抢单')
      for (const technician of [zhang, li]) technician.sees(`派工单 ${code}`)
      await zhang.saysInGroup(`抢单 ${code}`)
      world.groupSees(`✅ ${code} 已接单`)
      zhao.sees('张三 已接单')
      li.cardShows('已由张三负责')
    })
  })
})
