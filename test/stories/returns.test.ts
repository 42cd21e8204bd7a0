import { describe, expect, it } from 'vitest'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'

/** A dealer that returns and exchanges by R13, and times nothing but the dispatch. */
const policy = `
name: default
version: 1
clocks:
  - { kind: dispatch, start: created, stop: dispatched, within: 30m }
returns:
  fault: [{ withinDays: 7, gives: [退货, 换货, 维修] }, { withinDays: 15, gives: [换货, 维修] }]
  noParts: { overDays: 90, gives: [换货, 维修] }
  repairerLate: { overDays: 30, gives: 换货 }
  deformed: { gives: [换货, 维修] }
  insteadOfExchange: { sameModel: { depreciation: 1‰, leaveOut: [等配件, 大修] }, noModel: { depreciation: none } }
  needs: [附件, 鉴定单]
`

// Tuesday, 2026-11-24.
onBoth(
  story => {
    describe('退换', () => {
      it('is asked by the desk, answered with what is missing, and decided when that is told', async () => {
        const { world } = story
        const { zhao, wang, zhang } = world
        const code = await takenOrder(world)
        await zhao.says(`退换 ${code} 11月18日买的 3299元 主要功能故障`)
        zhao.sees(
          new RegExp(
            `^${code} 还不能定，还缺：附件齐不齐、有没有鉴定单。\n` +
              '1. 主要功能故障：11月18日开票，11月24日报修，相隔 6 天，在 7 天内，可以退货、换货、维修\n' +
              '2. 若附件齐、有鉴定单：退货（退 ¥3,299.00）、换货、维修；缺一样：维修\n' +
              `补充请照实说，例如：退换 ${code} 附件齐 有鉴定单$`,
          ),
        )
        await zhao.says(`${code} 缺附件 有鉴定单 退换`)
        zhao.sees(`${code} 不予退换：缺附件。现在可以维修。补齐后可以退货、换货。`)

        // What one of the desk said another one need not say again; a day later it is still the day it was reported.
        await world.until('2026-11-27T10:00:00+08:00')
        await wang.says(`退货 ${code} 附件齐`)
        wang.sees(`${code} 可以退货（退 ¥3,299.00）、换货、维修，由客户选。`)
        await wang.says(`换货 ${code} 遥控器丢了`)
        wang.sees(/可以退货（退 ¥3,299.00）[\s\S]*没看懂「遥控器丢了」，没有算进去。$/)

        const { body } = await world.api<{ state: string; timeline: Array<{ fact: string; words?: string }> }>(
          'GET',
          `/orders/${code}`,
        )
        expect(body.state).toBe('accepted')
        expect(body.timeline.filter(({ fact }) => fact === 'returnAsked').map(({ words }) => words)).toEqual([
          `退换 ${code} 11月18日买的 3299元 主要功能故障`,
          `${code} 缺附件 有鉴定单 退换`,
          `退货 ${code} 附件齐`,
          `换货 ${code} 遥控器丢了`,
        ])
        // Nobody else heard of it, and no button got old by it.
        await zhang.taps('联系不上')
        zhang.cardShows('联系不上')
        zhao.sees('联系不上客户')
      })

      it('wants a code, and is not for technicians, to whom 客户要退货 may be a reason', async () => {
        const { world } = story
        const { zhao, zhang } = world
        const code = await givenOrder(world)
        await zhao.says('退货')
        zhao.sees('请带上单号，比如：退换 1024。')
        await zhang.says('客户要退货')
        zhang.sees('这件事要派工员来办，请在群里找派工员。')
        await zhang.says(`退换 ${code} 11月18日买的 3299元 主要功能故障`)
        zhang.sees(`这件事要派工员或经理来办，请在群里找派工员处理 ${code}。`)
        await zhang.taps('拒单')
        await zhang.says('客户要退货')
        zhang.sees(`✅ ${code} 拒单 09:00：客户要退货`)
        zhao.sees(`${code} 张三 拒单 09:00：客户要退货`)
        zhao.sees(`派工单 ${code}`)
        const { body } = await world.api<{ timeline: Array<{ fact: string }> }>('GET', `/orders/${code}`)
        expect(body.timeline.map(({ fact }) => fact)).not.toContain('returnAsked')
      })

      it('takes invoice and warranty from the order and days of waiting from the journal', async () => {
        const { world } = story
        const { zhao, zhang } = world
        const made = await world.api<{ code: string; invoice: object }>('POST', '/orders', {
          ...{ team: '一班', kind: 'repair', fault: '不制冷', warranty: 'in', assign: '张三' },
          invoice: { date: '2026-11-12', price: '3299' },
          customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
        })
        expect(made.body.invoice).toEqual({ date: '2026-11-12', price: '3299.00' })
        const { code } = made.body
        zhang.sees(`派工单 ${code}`)
        world.groupSees(`${code} 已派单给张三`)
        await zhang.says(`接单 ${code}`)
        zhang.sees('已接单')
        zhao.sees('已接单')
        world.groupSees('已接单')
        await zhang.says(`挂起 ${code} 等配件`)
        zhang.sees('挂起')
        zhao.sees('挂起')
        await world.until('2026-11-30T23:59:00+08:00')
        zhang.sees('配件到了吗？')
        await zhang.says(`恢复 ${code}`)
        zhang.sees('已恢复')
        zhao.sees('已恢复')
        await world.until('2026-12-23T00:01:00+08:00')
        await zhao.saysInGroup(`退货 ${code} 主要功能故障 有同型号 附件和鉴定单都齐`)
        const answer = JSON.stringify(world.groupSees(`${code} 可以退货（退 ¥3,183.53）、换货、维修，由客户选。`))
        expect(answer).toContain('折旧：¥3,299.00 × 1‰ × (41 − 6) 天 = ¥115.47；退 ¥3,183.53')
        expect(answer).toContain('11月12日到今天 41 天，修理和待修 6 天不算：11月24日–11月30日 等配件')
      })

      it('stands in the way of nobody who takes back his own step, and is not taken back itself', async () => {
        const { world } = story
        const { zhao, zhang } = world
        const code = await takenOrder(world)
        await zhao.says(`取消 ${code} 客户不修了`)
        zhao.sees('已取消')
        zhang.sees('已取消')
        world.groupSees('已取消')
        await zhao.says(`退货 ${code} 没变形`)
        zhao.sees('还不能定')
        await zhao.says('撤回')
        zhao.sees(`${code} 的退换情况不用撤回：哪样说错了，再说一遍就改过来`)
        expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('cancelled')

        const other = await takenOrder(world)
        await zhao.says(`退货 ${other} 没变形`)
        zhao.sees('还不能定')
        await zhang.says('撤回')
        zhang.sees(`↩️ ${other} 已撤回（已接单）`)
        zhao.sees('撤回了上一步')
        zhang.cardShows(`派工单 ${other}`, '[接单]')
      })
    })
  },
  { policy },
)

onBoth(story => {
  it('退换 in a shop without such a rule is answered with that', async () => {
    const { world } = story
    const code = await givenOrder(world)
    await world.zhao.says(`退换 ${code} 11月18日买的 3299元 主要功能故障`)
    world.zhao.sees(`${code} 这家店的制度没有退换货规定`)
    await world.zhang.says(`退换 ${code}`)
    world.zhang.sees('这件事要派工员或经理来办')
  })
})
