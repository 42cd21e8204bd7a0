import { describe, expect, it } from 'vitest'
import type { Actor } from '../support/actor.ts'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** Every customer is called back within two days, and one order in five gets the satisfaction form. */
const policy = `
name: default
version: 1
clocks:
  - { kind: dispatch, start: created, stop: dispatched, within: 30m }
  - kind: revisit
    start: [completed, emptyRun]
    stop: revisited
    within: 2d
    overdue: [{ after: 0m, tell: [dispatcher] }]
revisit: { form: 5 }
`

interface Shown {
  revisit: { drawn: boolean; tries: number; at: string | null; grade: number | null; note: string | null } | null
  clocks: Array<{ kind: string; state: string }>
  timeline: Array<{ fact: string }>
}

const shown = async (world: World, code: string): Promise<Shown> =>
  (await world.api<Shown>('GET', `/orders/${code}`)).body

const clockOf = (order: Shown): string | undefined => order.clocks.find(({ kind }) => kind === 'revisit')?.state

/** An order worked on and done by 张三; the card that asks the desk to call was seen. */
async function doneOrder(world: World, name = '王女士'): Promise<string> {
  const code = await takenOrder(world, { name })
  await world.zhang.says(`完工 ${code} 换了电容 收费80`)
  world.zhang.sees(`✅ ${code} 已完工`)
  world.zhao.sees(`${code} 张三 已完工`)
  world.groupSees(`${code} 张三 已完工`)
  return code
}

/** His newest card of an order, as it reads now. */
function cardOf(actor: Actor, code: string): string {
  return actor.cards().findLast(({ card }) => card.title.includes(code))?.card.text ?? ''
}

onBoth(
  story => {
    describe('calling customers back', () => {
      it('is asked for on one card at completion, drawn for the form, and noted with a tap', async () => {
        const { world } = story
        const { zhao } = world
        const code = await doneOrder(world)
        zhao.cardShows('待回访', '王女士', '13800001234', '结果：换了电容，收费 ¥80', '抽中满意度表')
        zhao.cardShows('[非常满意]', '[满意]', '[一般]', '[不满意]', '[很不满意]', '[没打通]')
        expect((await shown(world, code)).timeline.map(({ fact }) => fact).slice(-2)).toEqual(['completed', 'sampled'])

        await zhao.taps('没打通')
        zhao.cardShows('没打通 1 次', '[满意]')
        expect(await shown(world, code)).toMatchObject({ revisit: { tries: 1, at: null } })
        expect(clockOf(await shown(world, code))).toBe('running')

        await zhao.taps('满意')
        zhao.cardShows('已回访', '回访：满意', '[结单]')
        expect(await shown(world, code)).toMatchObject({ revisit: { drawn: true, grade: 4, tries: 1 } })
        expect(clockOf(await shown(world, code))).toBe('met')
        await zhao.taps('结单')
        zhao.cardShows('已结单')
        world.zhang.sees('已结单')
      })

      it('asks for the grade of an order that was drawn, by button or in words, and keeps what was said', async () => {
        const { world } = story
        const { zhao } = world
        const first = await doneOrder(world)
        await zhao.says(`回访 ${first} 师傅很热情`)
        zhao.sees(`${first} 客户满意吗？`)
        expect(await shown(world, first)).toMatchObject({ revisit: { at: null } })
        await zhao.says('取消')
        zhao.sees('没有改动')
        await zhao.says(`回访 ${first} 师傅很热情`)
        zhao.sees(`${first} 客户满意吗？`)
        await zhao.says('非常满意')
        zhao.sees(`✅ ${first} 已回访客户 09:00：师傅很热情（记为非常满意）`)
        expect(await shown(world, first)).toMatchObject({ revisit: { grade: 5, note: '师傅很热情' } })

        // The second to fifth are not drawn: words will do, but words of two kinds are asked about.
        const second = await doneOrder(world, '李先生')
        await zhao.says(`回访 ${second} 师傅很热情`)
        zhao.sees(`✅ ${second} 已回访客户 09:00：师傅很热情\n下一步：回复「结单 ${second}」。`)
        const third = await doneOrder(world, '陈女士')
        await zhao.says(`回访 ${third} 服务满意，价格不满意`)
        zhao.sees('听到的不止一种')
        expect(await shown(world, third)).toMatchObject({ revisit: { drawn: false, at: null } })
        await zhao.taps('一般')
        zhao.cardShows('服务满意，价格不满意（记为一般）')
        expect(await shown(world, third)).toMatchObject({ revisit: { grade: 3, note: '服务满意，价格不满意' } })
        for (const name of ['赵女士', '钱先生'])
          expect(cardOf(zhao, await doneOrder(world, name))).not.toContain('抽中')
        expect(cardOf(zhao, await doneOrder(world, '孙女士'))).toContain('抽中满意度表')
      })

      it('tells the manager at once of an unhappy customer, and opens one complaint from it', async () => {
        const { world, db } = story
        const { zhao, wang } = world
        const code = await doneOrder(world)
        await zhao.says(`回访 ${code} 不太满意，还是不凉`)
        zhao.sees(`✅ ${code} 已回访客户 09:00：不太满意，还是不凉（记为不满意）\n经理会收到通知。`)
        wang.sees(new RegExp(`⚠️ ${code} 赵派工 已回访客户 09:00：不太满意，还是不凉.*\\n.*\\n张三做的。请跟进客户`))
        await zhao.says(`单 ${code}`)
        zhao.sees(`派工单 ${code}`)
        await zhao.taps('开投诉')
        // The manager has read all that this complaint says.
        zhao.sees('派工单 1002')
        zhao.cardShows('派工单 1002 · 投诉', '王女士', '回访不满意：不太满意，还是不凉（原单 1001）', '[派给张三]')
        zhao.cardShows(`派工单 ${code}`, '投诉单 1002', '[结单]')
        await wang.says(`开投诉 ${code} 师傅没到还收了钱`)
        wang.sees(`${code} 已经开过投诉单 1002。`)
        expect(await db.prisma.order.count({ where: { kind: 'complaint', customerPhone: '13800001234' } })).toBe(1)
      })

      it('tells the manager of a complaint that says more than the unhappy answer did', async () => {
        const { world } = story
        const { zhao, wang } = world
        const code = await doneOrder(world)
        await zhao.says(`回访 ${code} 不满意`)
        zhao.sees('经理会收到通知。')
        wang.sees(`⚠️ ${code} 赵派工 已回访客户`)
        await zhao.says(`开投诉 ${code} 师傅划伤了地板`)
        zhao.sees('✅ 1002 已开单')
        zhao.sees('派工单 1002')
        wang.sees(/📣 1002 新投诉[\s\S]*师傅划伤了地板/)
      })

      it('tells the manager, too, when an unhappy answer was noted by mistake', async () => {
        const { world } = story
        const { zhao, wang } = world
        const code = await doneOrder(world)
        await zhao.taps('很不满意')
        zhao.cardShows('回访：很不满意', '[开投诉]')
        wang.sees(`⚠️ ${code} 赵派工 已回访客户 09:00：很不满意`)
        await zhao.says('撤回')
        zhao.sees(`↩️ ${code} 已撤回（已回访客户）`)
        wang.sees(`${code} 赵派工 撤回了上一步`)
        expect(clockOf(await shown(world, code))).toBe('running')
      })

      it('gives the place of a drawn completion that was taken back to the next one', async () => {
        const { world } = story
        const { zhang, zhao } = world
        const first = await doneOrder(world)
        await zhang.says('撤回')
        zhang.sees(`↩️ ${first} 已撤回（已完工） 09:00，现在是「待联系」`)
        zhao.sees('张三 撤回了上一步')
        zhang.cardFollows(first)
        expect(await shown(world, first)).toMatchObject({ revisit: null })
        const second = await doneOrder(world, '李先生')
        expect(await shown(world, second)).toMatchObject({ revisit: { drawn: true } })
        await zhang.says(`完工 ${first} 换了电容`)
        zhang.sees(`✅ ${first} 已完工`)
        zhao.sees(`${first} 张三 已完工`)
        world.groupSees(`${first} 张三 已完工`)
        expect(await shown(world, first)).toMatchObject({ revisit: { drawn: false } })
      })

      it('is still owed after a call in vain, listed with the late ones marked, and refused before the work is done', async () => {
        const { world } = story
        const { zhao, zhang } = world
        await zhao.says('待回访')
        zhao.sees('没有待回访的单')
        await zhang.says('待回访')
        zhang.sees('这个清单只有派工员和经理能看')
        const open = await givenOrder(world)
        await zhao.says(`回访 ${open} 满意`)
        zhao.sees(`${open} 现在是「待接单」，完工以后才能回访。`)
        const first = await doneOrder(world, '李先生')
        await zhao.says(`没打通 ${first}`)
        zhao.sees(`✅ ${first} 回访没打通 09:00\n回访还欠着`)
        await zhao.says(`结单 ${first}`)
        zhao.sees(`✅ ${first} 已结单`)
        zhang.sees('已结单')
        await world.until('2026-11-26T10:00:00+08:00')
        zhao.sees(`🔴 ${first} 李先生 不制冷 · 回访超时 1 小时`)
        for (let n = 0; n < 8; n++) await doneOrder(world, `客户${n}`)
        await zhao.says('待回访')
        const list = JSON.stringify(zhao.sees('待回访 9 单'))
        expect(list).toMatch(
          new RegExp(
            `🔴 ${first} 李先生 · 不制冷 · 张三 前天 09:00 完工 · 回访超时 1 小时 · 抽中满意度表 · 没打通 1 次`,
          ),
        )
        expect(list.match(/ 完工 · 回访/g)).toHaveLength(8)
        expect(list).toContain('…还有 1 单')
        await zhao.says(`回访 ${first} 5分`)
        zhao.sees(`✅ ${first} 已回访客户`)
        await zhao.says(`回访 ${first} 5分`)
        zhao.sees(`${first} 已经回访过：非常满意。`)
        await zhao.says(`回访 ${first} 没打通`)
        zhao.sees('不用再记没打通')
        expect(clockOf(await shown(world, first))).toBe('missed')
      })

      it('is the same on the screens of two dispatchers, and a tap on what is out of date is explained', async () => {
        const { world } = story
        const { zhao, wang } = world
        await world.api('POST', '/people', { name: '王经理', team: '一班', roles: ['manager', 'dispatcher'] })
        const code = await takenOrder(world)
        wang.sees('张三 已接单')
        await world.zhang.says(`完工 ${code} 换了电容`)
        world.zhang.sees(`✅ ${code} 已完工`)
        for (const person of [zhao, wang]) person.sees(`${code} 张三 已完工`)
        world.groupSees(`${code} 张三 已完工`)
        await zhao.taps('没打通')
        wang.cardShows('没打通 1 次', '[满意]')
        const repainted = world.cardsStay()
        await zhao.taps('没打通')
        wang.cardShows('没打通 1 次', '[满意]')
        repainted()
        await wang.taps('满意')
        wang.cardShows('刚才的点击没有生效：赵派工 回访没打通', '没打通 2 次', '[满意]')
        expect(await shown(world, code)).toMatchObject({ revisit: { at: null, tries: 2 } })
        await wang.taps('满意')
        wang.cardShows('已回访', '[结单]')
        expect(await shown(world, code)).toMatchObject({ revisit: { grade: 4 } })
      })

      it('asks who is both on one card: what he tapped becomes it', async () => {
        const { world } = story
        const { zhao, zhang } = world
        await world.api('POST', '/people', { name: '张三', team: '一班', roles: ['technician', 'dispatcher'] })
        const code = await takenOrder(world)
        await zhang.says(`到达 ${code}`)
        zhang.sees('已到达')
        zhao.sees('张三 已到达')
        await zhang.taps('完工')
        await zhang.taps('修好了 没收费')
        zhang.cardShows('待回访', '[非常满意]', '[没打通]')
        zhao.sees(`${code} 张三 已完工`)
        world.groupSees(`${code} 张三 已完工`)
        await zhang.taps('满意')
        zhang.cardShows('已回访', '[结单]')
        zhao.cardShows('已回访', '[结单]')
      })

      it('counts a call in vain once, however often the finger or the platform sends the tap', async () => {
        const { world } = story
        const { zhao } = world
        const code = await doneOrder(world)
        const { message, card } = zhao.cardWith('没打通')
        const key = card.buttons.find(({ text }) => text === '没打通')?.key ?? ''
        await Promise.all([zhao.tapsKey(message, key), zhao.tapsKey(message, key)])
        await world.settle()
        await world.again()
        expect(await shown(world, code)).toMatchObject({ revisit: { tries: 1 } })
        expect(cardOf(zhao, code)).toContain('没打通 1 次')
        expect(cardOf(zhao, code)).not.toContain('没有生效')
      })
    })
  },
  { policy },
)
