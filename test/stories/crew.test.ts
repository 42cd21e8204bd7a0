import { describe, expect, it } from 'vitest'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

interface Shown {
  state: string
  assignee: { name: string } | null
  helpers: Array<{ name: string }>
  shares: Array<{ name: string; percent: number }>
}

async function crewOf(world: World, code: string): Promise<string> {
  const { assignee, helpers, shares } = (await world.api<Shown>('GET', `/orders/${code}`)).body
  const parts = shares.map(({ name, percent }) => `${name} ${percent}`).join(' ')
  return `${assignee?.name ?? '-'} + ${helpers.map(({ name }) => name).join(' ') || '-'}: ${parts || '-'}`
}

/** 张三 has taken an order, and 李四 goes along. */
async function orderWithLi(world: World, words = '加派'): Promise<string> {
  const { zhao, zhang, li } = world
  const code = await takenOrder(world)
  await zhao.says(`${words.includes('%') ? `加派 ${code} 李四 ${words}` : `${words} ${code} 李四`}`)
  zhao.sees(`✅ ${code} 已加派李四 09:00`)
  zhang.sees(`${code} 赵派工 已加派李四 09:00`)
  li.sees(`派工单 ${code}`)
  return code
}

onBoth(story => {
  describe('several technicians on one order', () => {
    it('gives who goes along a card that says with whom, when and where, and no button of the one in charge', async () => {
      const { world } = story
      const { zhao, zhang, li } = world
      const code = await orderWithLi(world)
      zhang.cardShows('同去：李四', '[已联系]')
      li.cardShows(`派工单 ${code} · 维修 · 协助`, '负责：张三', '花园路38号院5号楼1801', '138****1234', '[求助]')
      expect(
        li
          .cards()
          .at(-1)
          ?.card.buttons.map(({ text }) => text),
      ).toEqual(['求助'])
      await zhang.says('已联系 明天上午10点')
      zhang.sees('已联系客户')
      zhao.sees('张三 已联系客户')
      world.groupSees('张三 已联系客户')
      li.cardShows('预约：明天 10:00', '负责：张三')

      await li.says('我的单')
      li.sees(new RegExp(`协助 1 张：\\n协助 ${code} 王女士 · 不制冷 · 待上门（张三） · 约 明天 10:00`))
      await li.says(`到达 ${code}`)
      li.sees(`${code} 由张三负责，这一步由他来报。你是协助：照片直接发`)
      await li.says('到了')
      li.sees(`${code} 你是协助，由张三来报`)
      await li.sendsPhoto()
      li.sees(`📷 已记到 ${code}（王女士），共 1 张。`)
      await li.taps('求助')
      zhao.sees(`⚠️ ${code} 李四 求助`)
      expect((await world.api<Shown>('GET', `/orders/${code}`)).body.state).toBe('contacted')

      await zhang.says('完工 换了压缩机')
      zhang.sees('已完工')
      zhao.sees('张三 已完工')
      world.groupSees('张三 已完工')
      li.cardShows('已完工')
      await li.says('我的单')
      li.sees('你现在没有进行中的单')
    })

    it('takes somebody off again, who hears of it and has no card left', async () => {
      const { world } = story
      const { zhao, zhang, li } = world
      const code = await orderWithLi(world)
      await zhao.says(`减派 ${code} 李四`)
      zhao.sees(`✅ ${code} 已减派李四`)
      zhang.sees(`${code} 赵派工 已减派李四`)
      li.sees(new RegExp(`⚠️ ${code} 赵派工 已减派李四 09:00\\n.*\\n李四不用去 ${code} 了。`))
      li.cardShows('已由张三负责')
      expect(await crewOf(world, code)).toBe('张三 + -: 张三 100')
      await zhao.says('撤回')
      zhao.sees(`↩️ ${code} 已撤回（已减派）`)
      li.sees(`派工单 ${code}`)
      expect(await crewOf(world, code)).toBe('张三 + 李四: 张三 50 李四 50')
      await zhao.says(`取消 ${code} 客户不修了`)
      zhao.sees('已取消')
      for (const person of [zhang, li]) person.sees(`${code} 赵派工 已取消`)
      world.groupSees('已取消')
      li.cardShows('已取消')
    })

    it('keeps who goes along when another takes charge, and nobody is both', async () => {
      const { world } = story
      const { zhao, zhang, li } = world
      await world.api('POST', '/people', { name: '王经理', team: '一班', roles: ['manager', 'technician'] })
      const code = await orderWithLi(world, '40%')
      expect(await crewOf(world, code)).toBe('张三 + 李四: 张三 60 李四 40')
      await zhao.says(`改派 ${code} 给 王经理`)
      zhao.sees(`✅ ${code} 已派单给王经理`)
      zhang.sees('已收回')
      world.wang.sees(`派工单 ${code}`)
      world.wang.cardShows('同去：李四', '[接单]')
      world.groupSees('已派单给王经理')
      li.cardShows('负责：王经理')
      expect(await crewOf(world, code)).toBe('王经理 + 李四: 王经理 60 李四 40')
      await zhao.says(`改派 ${code} 给 李四`)
      zhao.sees(`✅ ${code} 已派单给李四`)
      world.wang.sees('已收回')
      li.sees(`派工单 ${code}`)
      li.cardShows('[接单]', '13800001234')
      world.groupSees('已派单给李四')
      expect(await crewOf(world, code)).toBe('李四 + -: 李四 100')
    })

    it('divides the work as the desk says, also after completion, until 结单', async () => {
      const { world } = story
      const { zhao, zhang } = world
      const code = await orderWithLi(world)
      await zhang.says('完工 换了压缩机')
      zhang.sees('已完工')
      zhao.sees('张三 已完工')
      world.groupSees('张三 已完工')
      await zhao.says(`分成 ${code} 张三 70 李四 30`)
      zhao.sees(new RegExp(`✅ ${code} 已分成 09:00\\n分成：张三 70%、李四 30%。`))
      expect(await crewOf(world, code)).toBe('张三 + 李四: 张三 70 李四 30')
      await zhao.says(`分成 ${code}`)
      zhao.sees(`${code} 现在的分成：张三 70%、李四 30%。`)
      await zhao.says(`${code} 张三60 李四40`)
      zhao.sees('分成：张三 60%、李四 40%。')
      await zhao.says(`分成 ${code} 平分`)
      zhao.sees('分成：张三 50%、李四 50%。')
      for (const [words, why] of [
        [`分成 ${code} 张三 60 李四 50`, '加起来是 110%，超过 100%'],
        [`分成 ${code} 张三 60 李四 30`, '加起来只有 90%，要正好 100%'],
        [`分成 ${code} 张三 60 赵派工 40`, `赵派工 不在 ${code} 上`],
        [`分成 ${code} 张三 60 陈六 40`, '没有叫「陈六」的人'],
        [`加派 ${code} 张三`, `${code} 就是张三负责`],
        [`加派 ${code} 李四`, `李四 已经在 ${code} 上了`],
        [`加派 ${code} 赵派工`, '赵派工 不是本班组的技术员'],
        [`减派 ${code} 张三`, '不是协助'],
      ] as const) {
        await zhao.says(words)
        zhao.sees(why)
      }
      await zhang.says(`分成 ${code} 张三 100`)
      zhang.sees('这件事要派工员或经理来办')
      expect(await crewOf(world, code)).toBe('张三 + 李四: 张三 50 李四 50')
      await zhao.says(`结单 ${code}`)
      zhao.sees('已结单')
      zhang.sees('已结单')
      await zhao.says(`分成 ${code} 张三 70 李四 30`)
      zhao.sees(`${code} 已结单，不能再改。`)
    })

    it('is work of who goes along, too: by the ranking, on the board, and in his morning, not in his evening', async () => {
      const { world } = story
      const { zhao, zhang, li } = world
      const code = await orderWithLi(world)
      await zhang.says(`已联系 ${code} 明天上午10点`)
      zhang.sees('已联系客户')
      zhao.sees('张三 已联系客户')
      world.groupSees('张三 已联系客户')
      li.cardShows('预约：明天 10:00')
      const { body } = await world.api<{ code: string }>('POST', '/orders', {
        ...{ team: '一班', kind: 'repair', fault: '漏水', wantedAt: '2026-11-25T10:30:00+08:00' },
        customer: { name: '李先生', phone: '13800005678', address: '经三路15号' },
      })
      zhao.sees(`派工单 ${body.code}`)
      zhao.cardShows('现在没有合适的人', `张三（那时有约 ${code}）`, `李四（那时有约 ${code}）`)
      await zhao.says(`取消 ${body.code} 重复`)
      zhao.sees('已取消')
      world.groupSees('已取消')
      await zhao.says('今日')
      zhao.sees(/手上：(张三 1 单 · 李四|李四 1 单 · 张三) 1 单/)
      await world.until('2026-11-24T17:30:00+08:00')
      zhao.sees('🌇 下班前一班还有 1 单没完')
      await world.until('2026-11-25T08:30:00+08:00')
      zhang.sees(`🌅 今天 1 单，1 单有约：\n10:00 王女士 花园路 不制冷 ${code}`)
      li.sees(`🌅 今天 1 单，1 单有约：\n协助 10:00 王女士 花园路 不制冷 ${code}`)
      zhao.sees('🌅 早上好')
      zhang.sees('能按时吗？')
      world.wang.sees('11月24日周二日报')
    })

    it('wants somebody in charge first', async () => {
      const { world } = story
      const { zhao } = world
      const code = await givenOrder(world, { assign: '' })
      await zhao.says(`加派 ${code} 李四`)
      zhao.sees(`${code} 现在没有人负责，请先回复「派 ${code} 给 姓名」。`)
    })
  })
})
