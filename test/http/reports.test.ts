import { readXlsx } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { newId } from '../../src/ids.ts'
import { teamByIdOrName } from '../../src/people/store.ts'
import type { MonthCommand } from '../../src/settlement/decide.ts'
import { changeMonth } from '../../src/settlement/flow.ts'
import { eachStory } from '../support/shop.ts'
import { apiToken } from '../support/world.ts'

const policy = `
name: default
version: 1
posts: [维修工]
points: { start: 10, orders: [{ name: 修好一单, when: { kind: 维修 }, points: 2.5, split: 分成 }] }
pay:
  items:
    - { name: 底薪, formula: 3000 }
    - { name: 提成, formula: 完成单 × 12.34 }
    - { name: 扣罚, as: deduct, formula: 罚款, fine: true }
`
const story = eachStory({ policy, at: '2026-11-02T08:00:00+08:00', bot: false })
const team = encodeURIComponent('一班')
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

async function answer(path: string): Promise<Response> {
  return fetch(`${story.world.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${apiToken}` } })
}

async function book(path: string) {
  const got = await answer(path)
  expect(got.headers.get('content-type')).toBe(xlsx)
  const { sheets } = await readXlsx(new Uint8Array(await got.arrayBuffer()), { readStyles: true })
  return sheets
}

async function month(command: MonthCommand): Promise<void> {
  const { ctx } = story.world.app
  await inTransaction(ctx.db, async tx => {
    const found = await teamByIdOrName(tx, ctx.company, '一班')
    if (!found) throw new Error('the story has a team')
    await changeMonth(tx, ctx, { team: found, month: '2026-10', command, by: null, speech: { via: 'api' } })
  })
  await story.world.settle()
}

/** What October has: three orders, one of them followed by another, a complaint and a fine. */
async function october(): Promise<{ first: string }> {
  const { prisma } = story.db
  const { company } = story.world.app.ctx
  const people = await prisma.person.findMany({ where: { name: { in: ['张三', '李四'] } } })
  const [zhang = '', li = ''] = ['张三', '李四'].map(name => people.find(one => one.name === name)?.id ?? '')
  await prisma.employment.updateMany({
    where: { personId: { in: [zhang, li] } },
    data: { post: '维修工', from: '2026-10-01' },
  })
  const { id: teamId } = await prisma.team.findFirstOrThrow()
  const order = (code: string, day: string, by: string, more: { kind?: string; credit?: object } = {}) => {
    const at = new Date(`${day}T10:00:00+08:00`)
    const { kind = 'repair', credit } = more
    return {
      ...{ company, id: newId(at), code, teamId, kind, state: 'completed', urgent: false, assigneeId: by, version: 1 },
      ...{ customerName: '王女士', customerPhone: '13800001234', address: '花园路38号院', fault: '不制冷' },
      ...{ createdAt: at, updatedAt: at, completedAt: credit ? at : null },
      ...(credit && {
        credit: {
          ...{ doneAt: at.toISOString(), day, kind, urgent: false, key: false, units: 1, empty: false, by },
          ...{ shares: [[by, 100]], complained: false, rework: false, leak: false, reworked: [], leaked: [] },
          ...{ inTime: ['complete'], late: {}, ...credit },
        },
      }),
    }
  }
  const orders = [
    order('901', '2026-10-02', zhang, { credit: { brand: '=HYPERLINK("x")', grade: 5, reworked: ['903'] } }),
    order('902', '2026-10-06', zhang, { credit: { brand: '13800001234', warranty: 'in' } }),
    order('903', '2026-10-13', li, { credit: { kind: 'repair', rework: true } }),
    order('904', '2026-10-14', li, { kind: 'complaint' }),
  ]
  await prisma.order.createMany({ data: orders })
  const [first = '', , third, complaint = ''] = orders.map(({ id }) => id)
  const frame = { company, seq: 2, at: new Date('2026-10-13T10:00:00+08:00'), via: 'system' }
  await prisma.journal.createMany({
    data: [
      { ...frame, orderId: first, fact: 'reworked', body: { why: 'rework', order: third, code: '903', days: 11 } },
      { ...frame, orderId: complaint, fact: 'routed', body: { subject: '@服务态度', to: '客服部' } },
    ],
  })
  await prisma.incident.create({
    data: {
      ...{ company, id: newId(frame.at), code: '奖惩1', teamId, personId: li, item: '迟到', policy: 'default' },
      ...{ state: 'confirmed', day: '2026-10-20', fen: -3050, points: -1, effects: {}, orderId: third ?? null },
      ...{ version: 1, createdAt: frame.at, updatedAt: frame.at },
    },
  })
  return { first }
}

it('a settled month is a workbook of numbers, and stays as it was when it was locked', async () => {
  const { world, db } = story
  const { first } = await october()
  expect((await answer(`/settlements/sheet?team=${team}&month=2026-10`)).status).toBe(404)
  expect((await answer(`/settlements/sheet?team=${team}`)).status).toBe(404)
  expect((await answer(`/settlements/sheet?team=${team}&month=2026-13`)).status).toBe(422)
  expect((await answer('/settlements/sheet?team=x')).status).toBe(422)

  await month({ do: 'draft' })
  const draft = await book(`/settlements/sheet?team=${team}`)
  expect(draft[0]?.rows[0]?.[0]).toContain('2026年10月（草稿，还会变）')
  await month({ do: 'publish' })
  // Nobody appeals, and it is locked by itself.
  await story.world.until('2026-11-06T08:00:00+08:00')
  const sheets = await book(`/settlements/sheet?team=${team}&month=2026-10`)
  const of = (name: string) => {
    const found = sheets.find(one => one.name === name)
    if (!found) throw new Error(`no sheet ${name}`)
    return found
  }
  expect(of('工资条').rows[0]?.[0]).toMatch(/^一班 工资条 2026年10月，按「.+」第 1 版$/)
  expect(of('工资条').rows.slice(1)).toEqual([
    ['姓名', '岗位', '在职天数', '底薪', '提成', '扣罚（扣）', '应发', '扣款', '更正', '实发', '没扣到', '备注'],
    ['张三', '维修工', 31, 3000, 24.68, 0, 3024.68, 0, 0, 3024.68, 0, ''],
    ['李四', '维修工', 31, 3000, 12.34, 30.5, 3012.34, 30.5, 0, 2981.84, 0, ''],
    ['合计', null, null, 6000, 37.02, 30.5, 6037.02, 30.5, 0, 6006.52, 0, null],
  ])
  expect(
    of('积分流水')
      .rows.slice(2)
      .map(row => row.slice(0, 6)),
  ).toEqual([
    ['张三', new Date('2026-10-01T00:00:00Z'), '起始分', '2026-10', '起始分', 10],
    ['张三', new Date('2026-10-02T00:00:00Z'), '工单', '901', '修好一单', 2.5],
    ['张三', new Date('2026-10-06T00:00:00Z'), '工单', '902', '修好一单', 2.5],
    ['李四', new Date('2026-10-01T00:00:00Z'), '起始分', '2026-10', '起始分', 10],
    ['李四', new Date('2026-10-13T00:00:00Z'), '工单', '903', '修好一单', 2.5],
    ['李四', new Date('2026-10-20T00:00:00Z'), '奖惩', '奖惩1', '迟到', -1],
  ])
  expect(of('返修').rows[2]).toEqual(['901', '返修', '张三', new Date('2026-10-02T00:00:00Z'), 11, '903', '李四'])
  expect(of('投诉分类').rows[2]).toEqual(['@服务态度', 0, 0, 1, 0, 0, 1])
  expect(of('奖惩').rows[2]).toEqual([
    ...['奖惩1', '李四', new Date('2026-10-20T00:00:00Z'), '迟到', '903', -30.5, -1, 0, '已确认', ''],
  ])

  // Nothing begins a formula, also once somebody edits it, and no phone number is in any of it.
  expect(
    of('品牌')
      .rows.slice(2)
      .map(([brand]) => brand),
  ).toEqual(['138****1234', '=HYPERLINK("x")', '没有填'])
  const cells = sheets.flatMap(sheet =>
    [...(sheet.cells ?? [])].map(([at, cell]) => ({ sheet: sheet.name, at, ...cell })),
  )
  expect(cells.filter(({ formula, type }) => formula !== undefined || type === 'formula')).toEqual([])
  const risky = cells.filter(({ value }) => typeof value === 'string' && /^[=+@-]/.test(value))
  expect(risky.length).toBe(2)
  expect(risky.filter(({ style }) => style?.numFmt !== '@')).toEqual([])
  expect(JSON.stringify(sheets.map(({ rows }) => rows))).not.toContain('13800001234')
  expect(of('工资条').cells?.get('2,3')?.style?.numFmt).toBe('0.00')
  expect(of('满意度').cells?.get('2,2')).toMatchObject({ value: 1, style: { numFmt: '0.0%' } })
  expect(of('积分流水').cells?.get('2,1')?.style?.numFmt).toBe('yyyy-mm-dd')
  for (const { freezePane } of sheets) expect(freezePane).toEqual({ rows: 2, columns: 1 })
  expect(of('月度汇总').columns?.[0]?.width).toBeGreaterThan(30)

  const slip = await book(`/payslips/sheet?team=${team}&month=2026-10&person=${encodeURIComponent('李四')}`)
  expect(slip.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['工资条', 3],
    ['工资明细', 5],
    ['积分流水', 5],
  ])
  expect(
    (await answer(`/payslips/sheet?team=${team}&month=2026-10&person=${encodeURIComponent('赵派工')}`)).status,
  ).toBe(404)

  // What is corrected afterwards is in the next month's slips, and the ledger; the report of the locked month is as it was.
  const { credit } = await db.prisma.order.findFirstOrThrow({ where: { id: first } })
  const corrected = { ...(credit as object), kind: 'install', brand: '美的', grade: 1, reworked: [] }
  const later = new Date('2026-11-10T10:00:00+08:00')
  await db.prisma.order.updateMany({ where: { id: first }, data: { credit: corrected, updatedAt: later } })
  await db.prisma.incident.updateMany({ data: { state: 'dropped', updatedAt: later } })
  await world.until('2026-12-01T09:30:00+08:00')
  expect(await db.prisma.pointsEntry.count({ where: { month: '2026-10', corrects: true } })).toBe(2)
  expect(await book(`/settlements/sheet?team=${team}&month=2026-10`)).toEqual(sheets)
  const november = await book(`/settlements/sheet?team=${team}`)
  expect(november[1]?.rows.map(row => row[2])).toContain('更正 10月 扣罚')
  world.ignore()
})
