import { readXlsx, writeXlsx } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import type { FigurePage, MonthChoice, MonthPage, SlipView } from '../../src/console/monthwire.ts'
import { rowsOf } from '../login/help.ts'
import { onBoth, type Story } from '../support/shop.ts'
import { Desk } from './desk.ts'

const policy = `
name: default
title: 空调门店
version: 1
hours: ["08:00-18:00"]
calendar: { holidays: none }
posts: [维修工]
figures:
  - { name: 毛利, words: [毛利润], min: 0 }
  - { name: 级别工资, of: 个人, for: 维修工, standing: true, min: 0 }
scorecards:
  - name: 考核
    for: 维修工
    columns: [{ name: 上级, weight: 100% }]
    items: [{ name: 工作态度, full: 10, by: marks }]
incidents:
  items: [{ name: 未穿工装, fine: "20.00", rule: R9.3 }]
points:
  orders: [{ name: 上门, points: 5 }]
pay:
  items:
    - { name: 浮动池, of: 班组, formula: 毛利 × 20% }
    - { name: 基本工资, for: 维修工, formula: 级别工资 }
    - { name: 提成, for: 维修工, formula: "完成单 × 10" }
    - { name: 罚款扣款, for: 维修工, as: 扣款, fine: true, formula: 罚款 }
`

type Done = { said: string; page: MonthPage; detail?: string }
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** November: a job of 张三, a fine of 李四, somebody of finance; told on December 1, when the first draft is there. */
async function november({ world, db }: Story, values: object[] = []): Promise<string> {
  const { wang, zhang } = world
  await db.prisma.employment.updateMany({ data: { from: '2026-11-01' } })
  for (const who of ['张三', '李四']) await wang.says(`岗位 ${who} 维修工`)
  const customer = { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' }
  const wanted = { team: '一班', kind: 'repair', fault: '不制冷', customer, assign: '张三' }
  const { code } = (await world.api<{ code: string }>('POST', '/orders', wanted)).body
  await zhang.says(`接单 ${code}`)
  await zhang.says(`完工 ${code} 换了电容`)
  await wang.says('罚款 李四 未穿工装')
  await world.api('POST', '/people', { name: '赵派工', team: '一班', roles: ['dispatcher', 'finance'] })
  if (values.length > 0) await world.api('PUT', '/figures', { team: '一班', month: '2026-11', values })
  world.ignore()
  await world.until('2026-12-01T09:00:00+08:00')
  await world.forward('1m')
  world.ignore()
  return code
}

onBoth(
  story => {
    it('figures and drafts at the console: entered one by one and as a workbook, reckoned, compared with the draft before', async () => {
      const { world } = story
      const { wang } = world
      const code = await november(story)

      // Figures: finance enters numbers, and leaves marks to the manager.
      const finance = await Desk.open(world, 'zhaopaigong')
      const manager = await Desk.open(world, 'wangjingli')
      const choice = (await finance.get<MonthChoice>('/months')).body
      const [team] = choice.teams
      expect(choice).toMatchObject({
        teams: [{ name: '一班', manages: false, settles: true, meant: '2026-11' }],
        own: [],
      })
      const path = `/months/${team?.id}/2026-11`
      const of = `team=${team?.id}&month=2026-11`
      const sheet = (await finance.get<FigurePage>(`/figures?${of}`)).body
      expect(sheet).toMatchObject({ locked: false, missing: 5 })
      expect(sheet.items.map(({ label, mayEnter }) => `${label} ${mayEnter}`)).toEqual([
        ...['毛利 true', '级别工资 true', '级别工资 true', '工作态度（上级） false', '工作态度（上级） false'],
      ])
      const idOf = (name: string) => sheet.items.find(one => one.person?.name === name)?.person?.id ?? null
      const enter = (desk: Desk, name: string, person: string | null, value: string | null) =>
        desk.does('PUT', '/figures', { team: team?.id, month: '2026-11', values: [{ name, person, value }] })
      expect(await enter(finance, '毛利', null, '-5')).toMatchObject({
        ...{ status: 422, body: { errors: [{ path: '毛利|', message: '毛利不能小于 ¥0.00，收到的是 -5，请核对。' }] } },
      })
      expect(await enter(finance, '考核/工作态度/上级', idOf('张三'), '9')).toMatchObject({
        ...{ status: 422, body: { errors: [{ message: '打分由经理来打。' }] } },
      })
      expect(await enter(finance, '毛利', null, '1万')).toMatchObject({
        ...{ status: 200, body: { said: ['2026年11月 毛利：¥10,000.00'], page: { missing: 4 } } },
      })

      // The workbook goes down, comes back with a fault that is named by its cell, then without.
      const file = await finance.file(`/figures/sheet?${of}`)
      expect([file.status, file.type]).toEqual([200, xlsx])
      const { sheets } = await readXlsx(new Uint8Array(file.bytes))
      expect(sheets.map(({ name }) => name)).toEqual(['班组', '个人'])
      const filled = (...values: Array<string | number>) =>
        sheets.map(({ name, rows }) => ({
          name,
          rows: rows.map((row, index) =>
            name === '个人' && index > 0
              ? [row[0] ?? null, row[1] ?? null, values[index - 1] ?? null]
              : row.map(cell => cell ?? null),
          ),
        }))
      const send = async (...values: Array<string | number>) =>
        finance.raw(
          'POST',
          `/figures/sheet?${of}`,
          new Uint8Array(await writeXlsx({ sheets: filled(...values) })),
          xlsx,
        )
      const refused = await send('两千', 2000)
      expect([refused.status, await refused.json()]).toMatchObject([
        422,
        { detail: '1 处有问题，一个数都没有导入。改好再传。', errors: [{ path: '个人!C2' }] },
      ])
      const taken = await send(2000, 1800)
      expect([taken.status, await taken.json()]).toMatchObject([200, { page: { missing: 2 } }])
      for (const who of ['张三', '李四']) await enter(manager, '考核/工作态度/上级', idOf(who), '9')

      // Finance sees the month and its exports, and decides nothing.
      expect((await finance.get<MonthPage>(path)).body).toMatchObject({
        may: { draft: false, publish: false, lock: false, adjust: false, answer: false },
        stale: true,
      })
      for (const step of ['draft', 'publish', 'lock'])
        expect((await finance.does('POST', `${path}/${step}`)).status).toBe(403)
      expect((await finance.get(`${path}/sending?step=publish`)).status).toBe(403)

      // Reckoned anew: the card follows, and what came of it is told line by line.
      const drafted = await manager.does<Done>('POST', `${path}/draft`)
      expect(drafted.body.said).toContain('⏳ 正在算 一班 11月')
      wang.cardShows('11月月结 待发布', '实发合计 ¥3,790.00')
      const page = (await manager.get<MonthPage>(path)).body
      expect(page).toMatchObject({ state: 'draft', stale: false, missing: [], open: [{ kind: 'orders', count: 1 }] })
      expect(page.people.map(({ name, net, points, cards }) => [name, net, points, cards])).toEqual([
        ['张三', '¥2,010.00', '5', ['考核 9']],
        ['李四', '¥1,780.00', '0', ['考核 9']],
      ])
      const person = (name: string) => page.people.find(one => one.name === name)?.person ?? ''
      expect(page.changes?.find(({ name }) => name === '张三')).toMatchObject({
        items: expect.arrayContaining([
          { item: '基本工资', before: '¥0.00', after: '¥2,000.00', difference: '+¥2,000.00' },
        ]),
      })
      const slip = (await manager.get<SlipView>(`${path}/people/${person('张三')}`)).body
      expect(slip).toMatchObject({ net: '¥2,010.00', rules: '按「空调门店」第 1 版计算。', state: 'draft' })
      expect(slip.lines.find(({ item }) => item === '提成')).toMatchObject({
        ...{ amount: '¥10.00', how: '完成单 × 10', inputs: [{ name: '完成单', value: '1', orders: [code] }] },
      })
      expect(slip.points.entries).toMatchObject([{ order: code, what: '上门', points: '+5' }])

      // By hand, with a reason; only what changed is in the difference.
      const adjust = { person: person('李四'), item: '提成', amount: '100.00', reason: '' }
      expect((await manager.does<Done>('POST', `${path}/adjustments`, adjust)).body.detail).toContain('改工资要写原因')
      await manager.does('POST', `${path}/adjustments`, { ...adjust, reason: '漏记一单' })
      wang.cardShows('11月月结 待发布', '实发合计 ¥3,890.00')
      const adjusted = (await manager.get<MonthPage>(path)).body
      expect(adjusted.changes).toEqual([
        {
          ...{ person: person('李四'), name: '李四', before: '¥1,780.00', after: '¥1,880.00', difference: '+¥100.00' },
          ...{ points: null, items: [{ item: '提成', before: '¥0.00', after: '¥100.00', difference: '+¥100.00' }] },
        },
      ])
      expect(adjusted.adjustments).toMatchObject([{ name: '李四', item: '提成', amount: '¥100.00', by: '王经理' }])

      world.ignore()
      const actions = (await rowsOf(story.db)).filter(({ via }) => via === 'page')
      expect(actions.map(({ action, who }) => `${action} ${who}`)).toEqual([
        ...['figures.entered 赵派工', 'figures.entered 赵派工', 'figures.entered 王经理', 'figures.entered 王经理'],
        ...['month.draft 王经理', 'slip.seen 王经理', 'month.adjust 王经理'],
      ])
    })

    it('a month is published, appealed and locked at the console; chat follows each step', async () => {
      const { world, db } = story
      const { wang, zhang, li } = world
      await november(story, [
        { name: '毛利', value: 10000 },
        { name: '级别工资', person: '张三', value: 2000 },
        { name: '级别工资', person: '李四', value: 1800 },
        { name: '考核/工作态度/上级', person: '张三', value: 9 },
        { name: '考核/工作态度/上级', person: '李四', value: 9 },
      ])
      const finance = await Desk.open(world, 'zhaopaigong')
      const manager = await Desk.open(world, 'wangjingli')
      const [team] = (await manager.get<MonthChoice>('/months')).body.teams
      const path = `/months/${team?.id}/2026-11`
      const of = `team=${team?.id}&month=2026-11`
      const page = (await manager.get<MonthPage>(path)).body
      const person = (name: string) => page.people.find(one => one.name === name)?.person ?? ''

      // What has changed behind it: not published, reckoned anew, and said so.
      await world.forward('1m')
      await wang.says('撤销 奖惩1 当天没发工装')
      world.ignore()
      expect((await manager.get<MonthPage>(path)).body.stale).toBe(true)
      expect((await manager.does<Done>('POST', `${path}/publish`)).body.said).toContain('先不发布，正在重算')
      wang.cardShows('11月月结 待发布', '实发合计 ¥3,810.00')

      // What will be sent is what is sent.
      const sending = (await manager.get<{ items: object[] }>(`${path}/sending?step=publish`)).body.items
      expect(sending).toEqual([
        { what: '排名和班组数字，没有钱', to: [world.on[0] === 'wecom' ? '企业微信群' : '钉钉群'] },
        { what: '排名图', to: [world.on[0] === 'wecom' ? '企业微信群' : '钉钉群'] },
        { what: '各人自己的工资条', to: expect.arrayContaining(['张三', '李四']) },
        { what: '月度小结', to: ['王经理'] },
      ])
      await world.forward('1m')
      expect((await manager.does<Done>('POST', `${path}/publish`)).body.page.state).toBe('published')
      world.groupSees('🏆 一班 11月排名')
      await world.groupSeesPicture('11月月度排名')
      zhang.cardShows('11月工资条', '实发 ¥2,010.00')
      li.cardShows('11月工资条', '实发 ¥1,800.00')
      wang.sees('📋 一班 11月小结')
      const picture = await manager.file(`${path}/picture`)
      expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG')
      for (const query of ['', `?person=${person('张三')}`])
        expect(await finance.file(`${path}/sheet${query}`)).toMatchObject({ status: 200, type: xlsx })

      // A technician sees his own, and nobody else's.
      const technician = await Desk.open(world, 'zhangsan')
      expect((await technician.get<MonthChoice>('/months')).body).toMatchObject({
        ...{ teams: [], own: [{ month: '2026-11', state: 'published', net: '¥2,010.00' }] },
      })
      expect((await technician.get<SlipView>(`/slips/${team?.id}/2026-11`)).body).toMatchObject({ name: '张三' })
      for (const closed of [
        path,
        `${path}/people/${person('李四')}`,
        `/figures?${of}`,
        `${path}/sheet`,
        `${path}/picture`,
      ])
        expect((await technician.get(closed)).status).toBe(403)

      // An appeal out of chat is answered here; the other one is upheld by setting the line.
      await zhang.says('申诉 工资 提成 少算一单')
      await li.says('申诉 工资 基本工资 应该是 1900')
      world.ignore()
      const asked = (await manager.get<MonthPage>(path)).body.appeals
      expect(asked.map(({ nr, name, item }) => [nr, name, item])).toEqual([
        [1, '张三', '提成'],
        [2, '李四', '基本工资'],
      ])
      const answer = { upheld: false, reason: '这单是上个月的' }
      await manager.does('POST', `${path}/appeals/1/answer`, answer)
      zhang.sees(/「提成」的申诉，王经理答复：维持原样。\n理由：这单是上个月的/)
      expect((await manager.does<Done>('POST', `${path}/appeals/1/answer`, answer)).status).toBe(409)
      const up = { person: person('李四'), item: '基本工资', amount: '1900', reason: '升级从 11 月算' }
      await manager.does('POST', `${path}/adjustments`, up)
      li.sees(/「基本工资」的申诉，王经理答复：成立/)
      li.cardShows('11月工资条（有改动）', '实发 ¥1,900.00')
      expect((await manager.does<Done>('POST', `${path}/lock`)).body.detail).toContain('申诉期还没过')

      // The term is over: locked here before the service does it by itself, and nothing changes any more.
      const until = (await manager.get<MonthPage>(path)).body.appealsUntil ?? ''
      world.clock.freeze(new Date(Date.parse(until) - 1_000))
      const late = await Desk.open(world, 'wangjingli')
      await world.settle()
      world.clock.freeze(new Date(until))
      const locked = await late.does<Done>('POST', `${path}/lock`)
      expect(locked.body.page.state ?? locked.body.detail).toBe('locked')
      world.ignore()
      expect((await late.does('POST', `${path}/adjustments`, up)).status).toBe(409)
      const figure = { name: '毛利', person: null, value: '1' }
      const entered = await late.does('PUT', '/figures', { team: team?.id, month: '2026-11', values: [figure] })
      expect(entered.status).toBe(409)
      const actions = (await rowsOf(db)).filter(({ via }) => via === 'page')
      expect(actions.map(({ action, who }) => `${action} ${who}`)).toEqual([
        ...['month.publish 王经理', 'month.publish 王经理'],
        ...['month.exported 赵派工', 'month.exported 赵派工', 'month.answer 王经理', 'month.adjust 王经理'],
        ...['month.lock 王经理'],
      ])
    })
  },
  { policy },
)

onBoth(
  story => {
    it('a dispatcher, and who manages another team, are refused', async () => {
      const { world, db } = story
      const team = await db.prisma.team.findFirstOrThrow()
      await world.api('POST', '/teams', { name: '二班' })
      await world.api('POST', '/people', { name: '李四', team: '二班', roles: ['manager'] })
      const dispatcher = await Desk.open(world, 'zhaopaigong')
      const other = await Desk.open(world, 'lisi')
      expect((await dispatcher.get<MonthChoice>('/months')).body.teams).toEqual([])
      for (const path of [`/months/${team.id}/2026-11`, `/figures?team=${team.id}&month=2026-11`]) {
        expect((await dispatcher.get(path)).status).toBe(403)
        expect((await other.get(path)).status).toBe(404)
      }
      expect((await other.does('POST', `/months/${team.id}/2026-10/draft`)).status).toBe(404)
      expect(await db.prisma.settlement.count()).toBe(0)
    })
  },
  { policy, bot: false },
)
