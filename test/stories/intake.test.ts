import { describe, expect, it } from 'vitest'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** The rules of the shop without its reminders, so that only what is told of new orders is heard. */
const policy = `
name: default
version: 1
clocks:
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 24h, when: { leak: true } }
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 8h, when: { rework: true } }
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 48h }
rework: { within: 30d }
leak: { within: 365d, words: [漏水, 漏氟], installerHours: 24h }
keyCustomers: { words: [医院, 税务局] }
complaints:
  - { subject: 产品质量, to: 厂家, words: [质量] }
  - { subject: 包装运输, to: 物流部, words: [包装, 磕碰] }
  - { subject: 服务态度, to: 市场部, words: [态度, 没人来] }
`

interface Shown {
  linked: { why: string; code: string; technician: { name: string } | null; days: number } | null
  routed: { subject: string; to: string } | null
  clocks: Array<{ kind: string; startedAt: string; dueAt: string }>
  timeline: Array<{ fact: string; by: object | null }>
  customer: { key?: boolean }
}

const shown = async (world: World, code: string): Promise<Shown> =>
  (await world.api<Shown>('GET', `/orders/${code}`)).body

const hours = ({ clocks: [clock] }: Shown): number =>
  (Date.parse(clock?.dueAt ?? '') - Date.parse(clock?.startedAt ?? '')) / 3_600_000

/** 张三 has done an order of 王女士. */
async function doneOrder(world: World, fault = '不制冷'): Promise<string> {
  const { zhang, zhao } = world
  const code = await takenOrder(world, { fault })
  await zhang.says(`完工 ${code} 加氟`)
  zhang.sees('已完工')
  zhao.sees('已完工')
  world.groupSees('已完工')
  return code
}

/** Opened by a program, given to nobody unless told. */
async function opened(world: World, order: object): Promise<string> {
  const made = await world.api<{ code: string }>('POST', '/orders', {
    ...{ team: '一班', kind: 'repair', fault: '不制冷' },
    customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
    ...order,
  })
  if (made.status !== 201) throw new Error(JSON.stringify(made))
  return made.body.code
}

onBoth(
  story => {
    describe('an order that follows from an earlier one', () => {
      it('is 返修 on the cards and in the group, has its own time, and the first job is no first-time fix', async () => {
        const { world } = story
        const { zhao, li, zhang } = world
        const first = await doneOrder(world)
        await world.forward('6d')
        await zhao.says('派单 花园路38号院5号楼1801 王女士 13800001234 挂机又不凉了 给李四')
        zhao.sees('新派工单')
        await zhao.taps('确认')
        zhao.cardShows('已开单 1002', `返修：上次 ${first} 张三 11月24日（不是的话回复「不是返修 1002」）`)
        li.sees('派工单 1002')
        li.cardShows('备注：返修', `返修：上次 ${first} 张三 11月24日`)
        world.groupSees('📋 【返修】1002 已派单给李四')
        const order = await shown(world, '1002')
        expect([order.linked, hours(order)]).toMatchObject([
          { why: 'rework', code: first, technician: { name: '张三' }, days: 6 },
          8,
        ])
        expect(order.timeline.slice(0, 2)).toMatchObject([{ fact: 'created' }, { fact: 'linked', by: null }])
        expect((await shown(world, first)).timeline.at(-1)).toMatchObject({ fact: 'reworked', code: '1002', days: 6 })

        // What its journal learns does not make the first job one of today.
        await zhao.says('今日')
        zhao.sees('今天完工 0 单，进行中 1 单')

        // The dispatcher knows better, twice.
        await zhao.says('不是返修 1002')
        zhao.sees(`✅ 1002 不算返修`)
        li.cardShows(`上次：${first} 张三 11月24日`)
        const wrong = await shown(world, '1002')
        expect([wrong.linked, hours(wrong)]).toEqual([null, 48])
        expect((await shown(world, first)).timeline.at(-1)).toMatchObject({ fact: 'unreworked', code: '1002' })
        await zhao.says('返修 1002')
        zhao.sees(`✅ 1002 返修`)
        li.cardFollows('1002')
        li.cardShows(`返修：上次 ${first} 张三 11月24日`)
        expect((await shown(world, first)).timeline.at(-1)).toMatchObject({ fact: 'reworked', code: '1002' })
        await zhang.says('不是返修 1002')
        zhang.sees('这件事要派工员或经理来办')
        await zhao.says('返修 1002 上次 9999')
        zhao.sees('没有做完的 9999 这张单')
      })

      it('is only shown beside what was done there before when the fault is another', async () => {
        const { world } = story
        const first = await doneOrder(world)
        await world.forward('6d')
        const code = await givenOrder(world, { fault: '遥控失灵' })
        world.zhang.cardShows(`上次：${first} 张三 11月24日 不制冷`, '故障：遥控失灵')
        expect((await shown(world, code)).linked).toBeNull()
        await world.zhao.says(`返修 ${code} 上次 ${first}`)
        world.zhao.sees(`✅ ${code} 返修`)
        world.zhang.cardShows('备注：返修')
        expect((await shown(world, code)).linked).toMatchObject({ code: first, days: 6 })
      })

      it('is the installer’s when a unit leaks within a year, with a day for him, whoever is still there', async () => {
        const { world, db } = story
        const { zhao, zhang, li } = world
        const install = await opened(world, { kind: 'install', fault: '安装挂机', assign: '李四' })
        li.sees(`派工单 ${install}`)
        world.groupSees('已派单给李四')
        await li.says(`完工 ${install}`)
        li.sees('已完工')
        zhao.sees('已完工')
        world.groupSees('已完工')
        await db.prisma.membership.deleteMany({ where: { person: { name: '李四' } } })
        await world.until('2027-02-02T09:00:00+08:00')
        const code = await opened(world, { fault: '内机漏水' })
        zhao.sees(`派工单 ${code}`)
        const line = `装机后第 70 天漏：${install} 李四 2026年11月24日装，24 小时内先由他修`
        zhao.cardShows('备注：装机漏', line, '[派给张三]')
        await zhao.taps('派给张三')
        zhang.sees(`派工单 ${code}`)
        zhang.cardShows(line)
        world.groupSees(`【装机漏】${code} 已派单给张三`)
        const order = await shown(world, code)
        expect([order.linked, hours(order)]).toMatchObject([
          { why: 'leak', code: install, technician: { name: '李四' }, days: 70 },
          24,
        ])
        expect((await shown(world, install)).timeline.at(-1)).toMatchObject({ fact: 'reworked', why: 'leak' })
      })
    })

    describe('a complaint', () => {
      it('goes where its words say, and the manager hears of it at once', async () => {
        const { world } = story
        const { zhao, wang } = world
        const code = await opened(world, { kind: 'complaint', fault: '师傅态度差，还催我好评', urgent: true })
        wang.sees(
          new RegExp(
            `📣 ${code} 新投诉【加急】（服务态度，转市场部） 今天 09:00\\n王女士 138[*＊]{4}1234 · 师傅态度差[\\s\\S]*请亲自处理`,
          ),
        )
        zhao.sees(`派工单 ${code}`)
        zhao.cardShows('备注：转市场部', '[派给张三]')
        expect((await shown(world, code)).routed).toEqual({ subject: '服务态度', to: '市场部' })
      })

      it('is asked about when its words say nothing or too much: with buttons, or by name', async () => {
        const { world } = story
        const { zhao, wang } = world
        const code = await opened(world, { kind: 'complaint', fault: '质量差，师傅态度也差' })
        wang.sees(`📣 ${code} 新投诉（还没定转哪里）`)
        zhao.sees(`派工单 ${code}`)
        zhao.cardShows('投诉的是什么？', '[转产品质量]', '[转包装运输]', '[转服务态度]')
        await zhao.taps('转产品质量')
        zhao.cardShows('备注：转厂家', '[派给张三]')
        wang.sees(`${code} 赵派工 已转厂家 09:00（产品质量）`)
        await zhao.says(`转 ${code} 财务部`)
        zhao.sees('没有「财务部」这个部门或类别。可以转：产品质量（厂家）、包装运输（物流部）、服务态度（市场部）。')
        await zhao.says(`转 ${code} 市场部`)
        zhao.sees(`✅ ${code} 已转市场部 09:00（服务态度）`)
        wang.sees(`${code} 赵派工 已转市场部`)
        await zhao.says(`${code} 转给物流部`)
        zhao.sees(`✅ ${code} 已转物流部 09:00（包装运输）`)
        wang.sees(`${code} 赵派工 已转物流部`)
        await zhao.says(`${code} 转给财务`)
        zhao.sees('没有叫「财务」的人')
        expect((await shown(world, code)).routed?.to).toBe('物流部')
      })

      it('that is given to somebody at once is asked about all the same', async () => {
        const { world } = story
        const { zhao, wang, zhang } = world
        const code = await opened(world, { kind: 'complaint', fault: '我要投诉', assign: '张三' })
        wang.sees('新投诉（还没定转哪里）')
        zhang.sees(`派工单 ${code}`)
        world.groupSees(`${code} 已派单给张三`)
        zhao.sees(`派工单 ${code}`)
        await zhao.taps('转服务态度')
        zhao.cardShows('备注：转市场部')
        wang.sees('已转市场部')
        zhang.cardShows('备注：转市场部')
      })
    })

    it('marks key customers by their name or address', async () => {
      const { world } = story
      const { zhao } = world
      const customer = { name: '刘主任', phone: '13800005678', address: '建设路2号市第一医院门诊楼' }
      const code = await opened(world, { customer })
      zhao.sees(`派工单 ${code}`)
      zhao.cardShows('备注：重点客户')
      const other = await opened(world, { customer: { ...customer, key: false } })
      zhao.sees(`派工单 ${other}`)
      expect([(await shown(world, code)).customer.key, (await shown(world, other)).customer.key]).toEqual([true, false])
    })
  },
  { policy },
)
