import { expect, it } from 'vitest'
import type { OrderCredit } from '../../src/orders/credit.ts'
import { readPolicy } from '../../src/policy/load.ts'
import { monthSheets, personSheets, type Report } from '../../src/settlement/report.ts'
import { layoutOf, type Sheet } from '../../src/settlement/sheet.ts'
import type { Line, Slip, TeamResult } from '../../src/settlement/slip.ts'
import { OrderTally, tablesOf } from '../../src/settlement/tables.ts'

const policy = readPolicy(
  `
name: x
version: 2
title: 试用
posts: [维修工]
figures: [{ name: 维修费用 }]
pay:
  items:
    - { name: 池子, of: team, formula: 维修费用 }
    - { name: 底薪, formula: 3000 }
    - { name: 系数, as: value, formula: 1.5 }
    - { name: 扣罚, as: deduct, formula: 罚款 }
`,
  'x.yaml',
)
const credit = (more: Partial<OrderCredit>): OrderCredit => ({
  ...{ doneAt: '2026-10-01T10:00:00.000Z', day: '2026-10-01', kind: 'repair', urgent: false, key: false, units: 1 },
  ...{ empty: false, by: 'a', shares: [['a', 100]], complained: false, rework: false, leak: false, reworked: [] },
  ...{ leaked: [], inTime: ['complete'], late: {} },
  ...more,
})
const orders = new OrderTally()
for (const row of [
  { id: '1', code: '1001', credit: credit({ brand: '=1+1', warranty: 'in', grade: 5, reworked: ['1003'] }) },
  {
    ...{ id: '2', code: '1002' },
    credit: credit({
      day: '2026-10-05',
      by: 'b',
      grade: 2,
      brand: '美的',
      shares: [
        ['b', 60],
        ['a', 40],
      ],
    }),
  },
  { id: '3', code: '1003', credit: credit({ day: '2026-10-12', kind: 'install', by: 'b', shares: [['b', 100]] }) },
])
  orders.add(row)
const tables = tablesOf(policy, {
  orders,
  complaints: [
    { category: '服务态度', day: '2026-10-05' },
    { category: null, day: '2026-10-31' },
    { category: '服务态度', day: '2026-10-11' },
  ],
  // A link that was taken back and made anew: the last one counts.
  later: [
    { orderId: '1', code: '1003', days: 3, by: '王五' },
    { orderId: '1', code: '1003', days: 11, by: '李四' },
  ],
  incidents: [
    {
      ...{ id: 'i', code: '奖惩1', personId: 'b', item: '迟到', day: '2026-10-09', state: 'appealed', fen: -3050 },
      ...{ points: -2, losesAppraisal: false, proposesDismissal: false, daysOff: 0, orderId: '2', rule: 'R9.1' },
    },
  ],
  codes: new Map([['2', '1002']]),
  names: new Map([
    ['a', '张三'],
    ['b', '李四'],
  ]),
  repairCost: '300',
})

const line = (item: string, as: Line['as'], more: Partial<Line>): Line => ({
  ...{ item, as, how: '3000', inputs: [], steps: [], ...more },
})
const slip = (person: string, name: string, more: Partial<Slip> = {}): Slip => ({
  ...{ person, name, post: '维修工', month: '2026-10', policy: { name: 'x', title: '试用', version: 2 } },
  ...{ days: { employed: 31, month: 31 }, corrections: [], scores: [], remarks: [], lines: [] },
  facts: { 完成单: { value: '1.4', evidence: { orders: ['1001', '1002'] } }, 维修单: { value: '1.4' } },
  ...{ gross: '300000', deducted: '0', corrected: '0', net: '300000' },
  ...more,
})
const slips = [
  slip('a', '张三', { lines: [line('底薪', 'pay', { fen: '300000' })] }),
  slip('b', '@李四', {
    lines: [
      line('底薪', 'pay', { fen: '300010', override: { reckoned: '300000', reason: '=补 13800001234', by: '王经理' } }),
      line('系数', 'value', { value: '1.333333333333', inputs: [{ name: '完成单', value: '1.4', from: 'fact' }] }),
      line('扣罚', 'deduct', {
        fen: '2000',
        notTaken: '1050',
        gate: { when: '罚款 > 0', held: true },
        steps: ['一步'],
      }),
    ],
    corrections: [{ of: '2026-09', item: '底薪', fen: '-500', notTaken: '5', why: '9月重算' }],
    ...{ deducted: '2000', corrected: '-500', net: '297510' },
  }),
]
const result: TeamResult = {
  ...{ month: '2026-10', team: '一班', policy: { name: 'x', title: '试用', version: 2 }, missing: [], moved: [] },
  lines: [line('池子', 'value', { value: '300' })],
  ranking: [{ person: 'b', name: '李四', rank: 1, score: '88.5' }],
  ...{ rankBy: '积分', gross: '600010', net: '597510', people: 2 },
  facts: { 完成单: '3', 维修单: '2', 返修单: '1', 及时单: '2', 超时单: '1', 评价单: '2', 满意单: '1', 收费额: '80.5' },
  before: { facts: { 完成单: '2', 收费额: '0' }, places: {} },
  year: null,
}
const report: Report = {
  ...{ state: { state: 'draft', wanted: false }, slips, result, tables },
  ledger: {
    entries: [
      {
        ...{ person: 'b', day: '2026-10-05', source: 'order', subject: '1002', rule: '上门', points: 1.2 },
        ...{ corrects: false, policy: 'x', version: 2 },
      },
    ],
  },
}

const named = (sheets: readonly Sheet[], name: string): Sheet => {
  const found = sheets.find(one => one.name === name)
  if (!found) throw new Error(`no sheet ${name}`)
  return found
}
const titled = ({ columns, rows }: Sheet, at: number) =>
  Object.fromEntries(columns.map(({ title }, index) => [title, rows.at(at)?.[index] ?? null]))

it('a month is told as sheets, from what was kept of it', () => {
  const sheets = monthSheets(report)
  const of = (name: string) => named(sheets, name)
  expect(sheets.map(({ name }) => name)).toEqual([
    ...['工资条', '工资明细', '积分流水', '月度汇总', '投诉分类', '满意度', '返修', '品牌', '每周单量', '奖惩'],
  ])
  expect(of('品牌').heading).toBe('一班 品牌 2026年10月（草稿，还会变），按「试用」第 2 版')

  // Columns as the rule book has them, also of what the first one does not have; sums to the fen.
  expect(
    of('工资条')
      .columns.map(({ title, kind }) => `${title} ${kind}`)
      .slice(2, 10),
  ).toEqual([
    ...['在职天数 number', '底薪 money', '扣罚（扣） money', '应发 money', '扣款 money', '更正 money', '实发 money'],
    '没扣到 money',
  ])
  expect(titled(of('工资条'), 1)).toMatchObject({
    ...{ 姓名: '@李四', 底薪: 3000.1, '扣罚（扣）': 20, 更正: -5, 实发: 2975.1, 没扣到: 10.55 },
    备注: '底薪由王经理改定：=补 138****1234',
  })
  expect(titled(of('工资条'), 0)).toMatchObject({ 底薪: 3000, '扣罚（扣）': null })
  expect(titled(of('工资条'), 2)).toMatchObject({ 姓名: '合计', 底薪: 6000.1, 没扣到: 10.55, 在职天数: null })

  expect(of('工资明细').rows.map(row => row.slice(0, 7))).toEqual([
    ['（班组）', '', '池子', '中间数', null, 300, null],
    ['张三', '维修工', '底薪', '应发', 3000, null, null],
    ['@李四', '维修工', '底薪', '应发', 3000.1, null, null],
    ['@李四', '维修工', '系数', '中间数', null, 1.3333, null],
    ['@李四', '维修工', '扣罚', '扣款', 20, null, 10.5],
    ['@李四', '维修工', '更正 9月 底薪', '更正', -5, null, 0.05],
  ])
  expect(titled(of('工资明细'), 3)).toMatchObject({ 用到的数: '完成单 1.4', 依据: '完成单：1001、1002' })
  expect(titled(of('工资明细'), 4)).toMatchObject({ 说明: '符合「罚款 > 0」；一步' })
  expect(titled(of('工资明细'), 2)).toMatchObject({ 说明: '王经理改定：=补 138****1234；原来算出 3000.00' })
  expect(of('积分流水').rows).toEqual([['@李四', '2026-10-05', '工单', '1002', '上门', 1.2, '', 'x 第 2 版']])

  const sums = titled(of('月度汇总'), 2)
  expect(sums).toMatchObject({
    ...{
      姓名: '合计',
      完成单: 3,
      及时率: 0.666,
      '首次修复率（到月结时）': 0.5,
      满意度: 0.5,
      收费额: 80.5,
      应发: 6000.1,
    },
    ...{ '安装（没填保修）': 1, '维修（保内）': 1, '维修（没填保修）': 1 },
  })
  expect(titled(of('月度汇总'), 0)).toMatchObject({ 名次: null, 完成单: 1.4, '维修（没填保修）': 0.4 })
  expect(titled(of('月度汇总'), 1)).toMatchObject({ 名次: 1, '积分（排名用）': 88.5, '安装（没填保修）': 1 })
  expect(titled(of('月度汇总'), 3)).toMatchObject({ 姓名: '上月合计', 完成单: 2 })
  // Half as many again; nothing is the n-th part of nothing.
  expect(titled(of('月度汇总'), 4)).toMatchObject({ 完成单: { is: 0.5, kind: 'percent' }, 收费额: null, 及时率: null })
  expect(of('月度汇总').rows.slice(5)).toEqual([
    ['去年同月没有月结，没有可比的数'],
    ['每张维修单：维修费用 ÷ 维修单', { is: 150, kind: 'money' }],
  ])

  const weeks = ['10月1日–4日', '10月5日–11日', '10月12日–18日', '10月19日–25日', '10月26日–31日']
  expect(of('投诉分类').columns.map(({ title }) => title)).toEqual(['投诉内容', ...weeks, '合计'])
  expect(of('投诉分类').rows).toEqual([
    ['服务态度', 0, 2, 0, 0, 0, 2],
    ['没有分类', 0, 0, 0, 0, 1, 1],
    ['合计', 0, 2, 0, 0, 1, 3],
  ])
  expect(of('满意度').rows).toEqual([
    ['非常满意', 1, 0.5],
    ...[4, 3].map(() => [expect.any(String), 0, 0]),
    [expect.any(String), 1, 0.5],
    [expect.any(String), 0, 0],
    ['合计', 2, 1],
  ])
  expect(of('返修').rows).toEqual([['1001', '返修', '张三', '2026-10-01', 11, '1003', '李四']])
  expect(of('品牌').rows.map(row => row.slice(0, 2))).toEqual([
    ['=1+1', 1],
    ['美的', 1],
    ['没有填', 1],
  ])
  expect(of('每周单量').rows).toEqual([
    ['张三', 1, 0.4, 0, 0, 0, 1.4],
    ['李四', 0, 0.6, 1, 0, 0, 1.6],
  ])
  expect(of('奖惩').rows).toEqual([['奖惩1', '李四', '2026-10-09', '迟到', '1002', -30.5, -2, 0, '申诉中', 'R9.1']])
})

it('says what the cost of a repair is made of, and what is not there', () => {
  const cost = (more: Partial<Report>) => named(monthSheets({ ...report, ...more }), '月度汇总').rows.at(-1)
  expect(cost({ tables: { ...tables, repairCost: { asked: false, yuan: null } } })).toEqual([
    '每张维修单：应发合计 ÷ 维修单',
    { is: 3000.05, kind: 'money' },
  ])
  expect(cost({ tables: { ...tables, repairCost: { asked: true, yuan: null } } })).toEqual([
    ...['每张维修单的费用', '「维修费用」还没填'],
  ])
  expect(cost({ result: { ...result, facts: {} } })).toEqual(['每张维修单的费用', '这个月没有维修单'])

  const old = monthSheets({ ...report, tables: null, state: { state: 'published', wanted: false } })
  expect(named(old, '品牌')).toMatchObject({ rows: [], empty: '这个月月结的时候还没有留下这部分明细。' })
  expect(named(old, '工资条').heading).toContain('（已发布，没有锁定，还可能改）')
  const locked = monthSheets({ ...report, state: { state: 'locked', wanted: false }, slips: [], ledger: { sums: [] } })
  expect(named(locked, '工资条').heading).toBe('一班 工资条 2026年10月，按「试用」第 2 版')
  expect(locked.slice(0, 4).map(({ rows, empty }) => [rows.length, empty])).toEqual([
    ...[
      [0, '这个月没有工资条。'],
      [1, '这个月没有工资项目。'],
      [0, '这个月没有积分。'],
      [0, '这个月没有人员。'],
    ],
  ])
  const long = monthSheets({
    ...report,
    ledger: { sums: [{ person: 'a', source: 'order', rule: '上门', times: 7, points: 14 }] },
  })
  expect(named(long, '积分流水')).toMatchObject({
    heading: expect.stringContaining('按人和规则合计'),
    rows: [['张三', '工单', '上门', 7, 14]],
  })
})

it('one person has his own slip, lines and ledger', () => {
  const [first] = slips
  const sheets = first ? personSheets({ ...report, ledger: { entries: [] } }, first) : []
  expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['工资条', 1],
    ['工资明细', 1],
    ['积分流水', 0],
  ])
  expect(sheets[0]?.columns.map(({ title }) => title)).not.toContain('扣罚（扣）')
})

it('columns are as wide as what stands in them, up to a screen', () => {
  const columns = [
    { title: '姓名', kind: 'text' as const },
    { title: '额', kind: 'money' as const },
  ]
  expect(layoutOf({ columns, rows: [['张三李四王五', 1234567.5]] })).toEqual([
    { width: 14, wraps: false },
    { width: 12, wraps: false },
  ])
  expect(layoutOf({ columns, rows: [['一'.repeat(31), { is: 'abc\ndef', kind: 'text' }]] })).toEqual([
    { width: 62, wraps: true },
    { width: 8, wraps: true },
  ])
})
