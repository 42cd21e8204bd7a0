import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { book, confirm, orders, send } from './help.ts'

const story = eachStory()

const head = [
  '外部单号',
  '类型',
  '加急',
  '客户',
  '电话',
  '地址',
  '故障',
  '期望时间',
  '保修',
  '距离（公里）',
  '台数',
  '师傅',
  '备注',
]
type Line = Array<string | number | Date | null>

/** Row 3 of the file is the first one: a merged title and the headings stand above. */
const firstRow = 3

function good(index: number): Line {
  const phone = 13_800_000_000 + index
  return [
    ...[`ERP-${index}`, index % 3 === 0 ? '安装' : '维修', index % 50 === 0 ? '是' : '', '王女士'],
    ...[index % 2 === 0 ? phone : String(phone), `金水区花园路${index}号院`, '不制冷'],
    ...[index % 5 === 0 ? new Date('2026-12-01T14:00:00Z') : index % 7 === 0 ? '2026-12-02 9:30' : '', '保内'],
    ...[index % 4 === 0 ? 12.5 : null, 1, index % 500 === 0 ? '张三' : '', '请先打电话'],
  ]
}

/** What is done to a row, and what has to be said of it. */
const spoilt: ReadonlyArray<[(line: Line) => void, string]> = [
  [line => line.splice(4, 1, '1380000'), '电话：「1380000」不是电话号码，请填 11 位手机号或带区号的座机。'],
  [line => line.splice(4, 1, '1.38E+10'), '电话：「1.38E+10」是 Excel 改写过的数字'],
  [line => line.splice(4, 1, null), '电话：没有填，请填 11 位手机号'],
  [line => line.splice(3, 1, '  '), '客户：没有填'],
  [line => line.splice(5, 1, ''), '地址：没有填'],
  [line => line.splice(6, 1, '坏'.repeat(501)), `故障：「${'坏'.repeat(40)}…」太长了，最多 500 个字`],
  [line => line.splice(1, 1, '保养'), '类型：「保养」不认识这个类型'],
  [line => line.splice(2, 1, '也许'), '加急：「也许」请填 是 或 否。'],
  [line => line.splice(7, 1, '13月1日'), '期望时间：「13月1日」'],
  [line => line.splice(8, 1, '不知道'), '保修：「不知道」请填 保内 或 保外。'],
  [line => line.splice(9, 1, '很远'), '距离（公里）：「很远」不是距离'],
  [line => line.splice(10, 1, 1.5), '台数：「1.5」不是台数'],
  [line => line.splice(11, 1, '李五'), '师傅：「李五」不是「一班」的技术员，技术员有：张三、李四。'],
  [line => line.splice(4, 1, '#N/A'), '电话：「#N/A」是公式出错的结果'],
  [line => line.splice(0, 1, 'ERP-1'), '外部单号：「ERP-1」和第 4 行重复'],
]

it('5,000 rows with 37 bad ones: all of them are named and nothing is imported; mended it is imported once', async () => {
  const { world, db } = story
  const mended = Array.from({ length: 5_000 }, (_, index) => good(index))
  const lines = mended.map(line => [...line])
  // Seeded: the same rows each time, spread over the table and over what can be wrong.
  const said = new Map<number, string>()
  for (let bad = 0; bad < 37; bad++) {
    const index = 11 + ((bad * 2_654_435_761) % 4_980)
    const [spoil, message] = spoilt[bad % spoilt.length] ?? []
    spoil?.(lines[index] ?? [])
    said.set(index + firstRow, message ?? '')
  }
  expect(said.size).toBe(37)
  const sheet = (rows: Line[]) =>
    book([['2026 年 11 月售后单', ...Array(12).fill(null)], head, ...rows], {
      merges: [{ startRow: 0, startCol: 0, endRow: 0, endCol: 12 }],
    })

  const faulty = await send(world, { ...orders, fileName: '售后单.xlsx' }, await sheet(lines))
  expect([faulty.status, faulty.body.state]).toEqual([201, 'faulty'])
  expect(faulty.body).toMatchObject({ total: 5_000, good: 4_963, bad: 37, known: 0 })
  expect(faulty.body.badRows).toEqual([...said.keys()].sort((a, b) => a - b))
  expect(faulty.body.warnings).toEqual(['M 列「备注」不认识，不会导入。要导入请改成模板里的列名。'])
  for (const [row, message] of said) {
    const own = faulty.body.faults.filter(fault => fault.row === row)
    expect(own, `row ${row}`).toHaveLength(1)
    expect(own[0]?.message).toContain(`第 ${row} 行 ${message}`)
  }
  expect(await confirm(world, faulty.body.id)).toMatchObject({ status: 409, body: { errors: { length: 37 } } })
  expect(await db.prisma.order.count()).toBe(0)

  const file = await sheet(mended)
  const preview = await send(world, orders, file)
  expect(preview.body).toMatchObject({ state: 'ready', total: 5_000, good: 5_000, bad: 0, faults: [] })
  const begun = performance.now()
  const [one, two] = await Promise.all([confirm(world, preview.body.id), confirm(world, preview.body.id)])
  const seconds = (performance.now() - begun) / 1_000
  console.log(`5,000 orders were imported in ${seconds.toFixed(1)} s`)
  expect([one.status, two.status]).toEqual([200, 200])
  expect(one.body).toMatchObject({ state: 'imported', done: 5_000, result: { imported: 5_000, skipped: 0, failed: 0 } })
  expect(two.body).toEqual(one.body)
  const count = async () => [await db.prisma.order.count(), await db.prisma.importPart.count()]
  expect(await count()).toEqual([5_000, 0])

  const again = await send(world, orders, file)
  expect(again.body).toMatchObject({ state: 'ready', good: 0, known: 5_000 })
  expect(again.body.warnings[0]).toMatch(/^这个文件 .* 已经由API_TOKEN导入过，再确认也不会重复导入/)
  expect(again.body.notes[0]?.message).toMatch(/^第 3 行：外部单号 ERP-0 已经导入过（单号 \d+），会跳过。$/)
  expect((await confirm(world, again.body.id)).body.result).toMatchObject({
    imported: 0,
    skipped: 5_000,
    sameAs: preview.body.id,
  })
  expect(await count()).toEqual([5_000, 0])

  // As usual: a journal, clocks, codes in a row, and a card for who got an order.
  const { body: order } = await world.api<{ timeline: object[]; clocks: object[]; state: string }>(
    'GET',
    '/orders/1001',
  )
  expect(order).toMatchObject({
    state: 'dispatched',
    timeline: [{ fact: 'created', via: 'import', by: null }, { fact: 'dispatched' }],
  })
  expect(order.clocks.length).toBeGreaterThan(0)
  expect((await db.prisma.order.aggregate({ _max: { code: true }, _min: { code: true } }))._max.code).toBe('6000')
  world.zhang.sees('派工单 1001')
  expect(await db.prisma.outbox.count({ where: { kind: 'order.card' } })).toBe(10)
  expect(await db.prisma.auditEntry.findMany({ where: { action: 'import.done' } })).toMatchObject([
    { data: { kind: 'orders', imported: 5_000 } },
  ])
  await world.settle()
  world.ignore()
}, 240_000)
