import { describe, expect, it } from 'vitest'
import { givenOrder, onBoth } from '../support/shop.ts'

onBoth(story => {
  describe('who is talking', () => {
    it('is told how to bind when nobody knows him, and binds with a code that works once', async () => {
      const { world, db } = story
      const { zhao, li } = world
      await db.prisma.person.update({
        where: { company_name: { company: 'main', name: '李四' } },
        data: { mobile: null },
      })
      await world.forget(li)
      await li.says('接单 1001')
      li.sees(/我还不认识你.*没有记录[\s\S]*绑定 你的手机号[\s\S]*6 位绑定码/)
      await li.says('绑定 123456')
      li.sees('这个绑定码不对、用过了或已过期')
      await li.says('绑定码 李四')
      li.sees('我还不认识你')
      await zhao.says('绑定码 李四')
      const code = /绑定码：(\d{6})/.exec(JSON.stringify(zhao.sees('30 分钟内有效')))?.[1]
      await li.says(`绑定 ${code}`)
      li.sees('✅ 绑定好了，李四')
      await world.forget(li)
      await li.says(`绑定 ${code}`)
      li.sees('这个绑定码不对、用过了或已过期')
    })

    it('binds by mobile only when the platform says that the number is his', async () => {
      const { world } = story
      const { zhang, li } = world
      world.contactsFailOnce()
      await world.forget(li)
      await world.settle()
      await li.says('绑定 13800000002')
      li.sees('这个手机号和企业通讯录对不上')
      await li.says('绑定 13800000003')
      li.sees('✅ 绑定好了，李四')
      await zhang.says('绑定 13800000003')
      zhang.sees('你已经绑定为 张三')
    })

    it('a card that could not reach an unbound person goes out when he binds', async () => {
      const { world } = story
      const { li } = world
      world.contactsFailOnce()
      await world.forget(li)
      const made = await world.api<{ code: string }>('POST', '/orders', {
        ...{
          team: '一班',
          fault: '漏水',
          assign: '李四',
          customer: { name: '孙先生', phone: '0371-60001234-802', address: '文化路1号' },
        },
      })
      world.groupSees(`${made.body.code} 已派单给李四`)
      const dead = await world.api<{ items: Array<{ reason: string }> }>('GET', '/outbox')
      expect(dead.body.items[0]?.reason).toMatch(/^unbound/)
      await li.says('绑定 13800000003')
      li.sees('✅ 绑定好了，李四')
      li.sees(`派工单 ${made.body.code}`)
      li.cardShows('0371-60001234-802', '[接单]')
    })

    it('entered with a mobile alone is found through the contacts, without a word', async () => {
      const { world, db } = story
      await world.forget(world.li)
      await world.forward('1d')
      expect(await db.prisma.identity.count({ where: { userId: world.li.account, how: 'mobile' } })).toBe(1)
    })

    it('decides what he may do: technicians neither open, assign nor issue codes', async () => {
      const { world } = story
      const { zhang, wang } = world
      await zhang.says('派单 金水区花园路38号 王女士 13800001234 不制冷')
      zhang.sees('只有派工员和经理能派单')
      const code = await givenOrder(world, { assign: '李四' })
      await zhang.says(`派 ${code} 给 张三`)
      zhang.sees('派工员或经理来办')
      await zhang.says('绑定码 李四')
      zhang.sees('绑定码只有派工员和经理能发')
      await zhang.saysInGroup('绑定班组 一班')
      world.groupSees('绑定班组要派工员或经理来说')
      await wang.says(`改派 ${code} 给 张三`)
      wang.sees(`✅ ${code} 已派单给张三`)
      world.li.sees(`${code} 王经理 已收回`)
      zhang.sees(`派工单 ${code}`)
      world.groupSees(`${code} 已派单给张三`)
      world.li.cardShows('已由张三负责')
    })

    it('nothing he writes can act for somebody else', async () => {
      const { world } = story
      const { zhang, li } = world
      const code = await givenOrder(world)
      await li.says(`张三 接单 ${code}`)
      li.sees(`${code} 现在派给了张三`)
      expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('dispatched')
      zhang.cardShows('[接单]')
    })
  })
})
