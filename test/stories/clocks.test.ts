import { describe, expect, it } from 'vitest'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'

onBoth(story => {
  describe('near and past the deadline', () => {
    it('warns the technician, then tells dispatcher and manager, and stops at the reply', async () => {
      const { world } = story
      const { zhang, zhao, wang } = world
      const code = await takenOrder(world)
      await world.forward('20m')
      await world.forward('2m')
      zhang.sees(new RegExp(`⏰ ${code} 王女士 不制冷 · 联系还剩 8 分（今天 09:30 前）`))
      await world.forward('8m')
      zhang.sees(new RegExp(`${code}.*联系`))
      await world.forward('15m')
      zhang.sees(`🔴 ${code} 王女士 不制冷 · 联系超时 15 分`)
      zhao.sees(`🔴 ${code} 王女士 不制冷 · 联系超时 15 分`)
      await world.forward('45m')
      for (const person of [zhang, zhao, wang]) person.sees('联系超时 1 小时')
      await zhang.says('已联系 今天下午3点')
      zhang.sees(`✅ ${code} 已联系客户`)
      zhao.sees('已联系客户')
      world.groupSees('已联系客户')
      await world.forward('1h')
      await zhang.says(`为什么超时 ${code}`)
      zhang.sees(/联系[\s\S]*超时 1 小时/)
    })

    it('says one thing to one person: several reminders become one message', async () => {
      const { world } = story
      const codes = [
        await takenOrder(world),
        await takenOrder(world, { name: '李先生' }),
        await takenOrder(world, { name: '赵女士' }),
      ]
      await world.forward('20m')
      await world.forward('2m')
      const message = JSON.stringify(world.zhang.sees('⏰ 3 单快超时'))
      for (const code of codes) expect(message).toContain(code)
    })

    it('drops a reminder whose order moved on before it was sent', async () => {
      const { world, db } = story
      const { zhang, zhao } = world
      const code = await takenOrder(world)
      await world.forward('20m')
      await zhang.says('已联系 今天下午3点')
      zhang.sees(`✅ ${code} 已联系客户`)
      zhao.sees('已联系客户')
      world.groupSees('已联系客户')
      await world.forward('2m')
      expect(await db.prisma.outbox.findFirst({ where: { kind: 'nudge' } })).toMatchObject({
        status: 'dropped',
        reason: 'nothing of it is due any more',
      })
    })

    it('takes back what nobody accepted, and gives the desk its card again', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await givenOrder(world)
      await world.forward('15m')
      zhang.sees(`${code} 王女士 不制冷 · 接单`)
      zhao.sees(`${code} 王女士 不制冷 · 接单`)
      await world.forward('15m')
      zhang.sees(`${code} 系统 已收回`)
      zhao.sees(`派工单 ${code}`)
      zhao.cardShows('[派给张三]', '[派给李四]', '[放群里抢]')
      zhang.cardShows('已收回')
      expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('new')
      await zhao.taps('派给李四')
      world.li.sees(`派工单 ${code}`)
      world.groupSees(`${code} 已派单给李四`)
    })

    it('keeps quiet at night and says it once in the morning, with the day’s lists', async () => {
      const { world } = story
      const { zhang, zhao, wang } = world
      await world.until('2026-11-24T21:00:00+08:00')
      const code = await takenOrder(world)
      await world.until('2026-11-25T02:00:00+08:00')
      await world.until('2026-11-25T07:30:00+08:00')
      for (const person of [zhang, zhao, wang]) person.sees('联系超时')
      await world.until('2026-11-25T08:30:00+08:00')
      zhang.sees(`🌅 今天 1 单，1 单已超时：\n🔴 联系超时 11 小时 王女士 花园路 不制冷 ${code}`)
      zhao.sees('🌅 早上好，一班今天有 1 单（1 单已超时）')
      await world.until('2026-11-25T17:30:00+08:00')
      zhang.sees('🌇 下班前还有 1 单没完（1 单已超时）')
      zhang.sees(`派工单 ${code}`)
      zhang.cardShows('完成时限 今天 21:00（还剩 3 小时 30 分），能按时吗？', '[已联系]')
      zhao.sees('🌇 下班前一班还有 1 单没完（1 单已超时）')
    })

    it('speaks at night of an urgent order', async () => {
      const { world } = story
      await world.until('2026-11-24T23:00:00+08:00')
      const code = await takenOrder(world, { urgent: true })
      await world.forward('22m')
      await world.forward('2m')
      world.zhang.sees(`${code} 王女士 不制冷 · 联系还剩`)
    })

    it('ends the question of what is right when the customer could not be reached in time', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await takenOrder(world)
      await zhang.says('打不通')
      zhang.sees('联系不上客户')
      zhao.sees('确认联系不上')
      await zhao.says(`确认联系不上 ${code}`)
      zhao.sees('已确认联系不上')
      zhang.sees('已确认联系不上')
      zhang.cardFollows(code)
      await world.forward('2h')
      const { body } = await world.api<{ clocks: Array<{ kind: string; state: string }> }>('GET', `/orders/${code}`)
      expect(body.clocks.find(clock => clock.kind === 'contact')?.state).toBe('exempt')
    })
  })
})
