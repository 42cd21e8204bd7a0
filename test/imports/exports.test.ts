import fc from 'fast-check'
import { readXlsx } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import { csvLine, neutral } from '../../src/exports/csvline.ts'
import { exportOrders } from '../../src/exports/flow.ts'
import { streamed } from '../../src/exports/sheetout.ts'
import { readTable } from '../../src/imports/bookread.ts'
import { headed } from '../../src/imports/columns.ts'
import { previewImport } from '../../src/imports/flow.ts'
import { orderCells } from '../../src/imports/ordercells.ts'
import { type OrderField, orderColumns } from '../../src/imports/ordercolumns.ts'
import { judgeOrder, lineOf } from '../../src/imports/orderrows.ts'
import { textOf } from '../../src/imports/table.ts'
import type { OrderFields } from '../../src/orders/fact.ts'
import { eachStory } from '../support/shop.ts'
import { bearer, confirm, imported, orders, send } from './help.ts'

const story = eachStory({ bot: false })
const zone = 'Asia/Shanghai'
const file = async (path: string) => {
  const answer = await fetch(`${story.world.url}/api/v1/exports/${path}`, { headers: bearer() })
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    bytes: Buffer.from(await answer.arrayBuffer()),
  }
}

const words = (max: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: max })
    .map(text => text.slice(0, max).replace(/\p{Surrogate}/gu, ''))
    // What a table keeps of a cell: no spaces around it, nothing that is no text.
    .filter(text => text !== '' && textOf(text) === text && !/^#|^\d(\.\d+)?E\+\d+$/i.test(text))
const nasty = fc.constantFrom(
  '=1+1',
  '@SUM(A1)',
  '+cmd|x',
  '-2+3',
  '"quoted", twice',
  'two\nlines',
  "'plain",
  ';',
  '0012',
  '13800001234567890',
)
const name = fc.oneof(words(20), nasty)
const minute = fc.integer({ min: 0, max: 500_000 }).map(n => Date.UTC(2026, 0, 1) + n * 60_000)
const span = fc.tuple(minute, fc.option(fc.integer({ min: 1, max: 3_000 }))).map(([from, more]) => ({
  ...{ from: new Date(from).toISOString(), exact: true, words: '' },
  ...(more !== null && { to: new Date(from + more * 60_000).toISOString() }),
}))
const price = fc.integer({ min: 1, max: 9_999_999 }).map(fen => (fen / 100).toFixed(2))
const order: fc.Arbitrary<OrderFields> = fc.record(
  {
    kind: fc.constantFrom('install', 'repair', 'complaint', 'revisit'),
    urgent: fc.boolean(),
    customer: fc.record(
      {
        ...{ name, address: name, zone: name, key: fc.boolean() },
        phone: fc.constantFrom('13800001234', '0371-60001234-802', '60001234', '400-600-1234'),
        distanceKm: fc.integer({ min: 0, max: 49_999 }).map(n => n / 10),
      },
      { requiredKeys: ['name', 'phone', 'address'] },
    ),
    product: fc.record({ brand: name, model: name, serial: name }, { requiredKeys: [] }),
    ...{ fault: name, category: name, units: fc.integer({ min: 1, max: 999 }), externalId: name },
    warranty: fc.constantFrom('in', 'out'),
    invoice: fc.record({ date: fc.constantFrom('2026-11-03', '2020-02-29'), price }),
    wanted: span,
  },
  { requiredKeys: ['kind', 'urgent', 'customer', 'product', 'fault'] },
)

async function* each<T>(rows: readonly T[]) {
  yield* rows
}

it('an order that is exported is imported as the same order, whatever is in it', async () => {
  const setting = { now: new Date('2026-11-24T01:00:00Z'), zone, team: { id: 'x', name: '一班' }, technicians: [] }
  await fc.assert(
    fc.asyncProperty(
      fc.array(order, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('csv', 'xlsx'),
      async (all, format) => {
        const rows = all.map(fields => {
          const cells = orderCells(fields, zone)
          return orderColumns.map(({ field }) => cells[field] ?? '')
        })
        const titles = orderColumns.map(({ title }) => title)
        const parts: Buffer[] = []
        for await (const part of streamed(format as 'csv', titles, each(rows), '订单')) parts.push(Buffer.from(part))
        const head = headed<OrderField>(await readTable(Buffer.concat(parts)), orderColumns)
        expect(head.warnings).toEqual([])
        const read = head.rows.map(row => {
          const line = lineOf(head, row)
          const entry = judgeOrder(line, setting)
          return entry
            ? { ...entry.fields, wanted: entry.fields.wanted && { ...entry.fields.wanted, words: '' } }
            : line.faults
        })
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(all)))
      },
    ),
    { numRuns: 25 },
  )
})

it('no cell of a CSV file is a formula, and phones and numbers read well', () => {
  const bad = [
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '=HYPERLINK("x")',
    '-',
    '+',
    '--1',
    '-1;2',
    '+86 138=1',
  ]
  for (const text of bad) expect(neutral(text)).toBe(`'${text}`)
  for (const text of ['-12.5', '+8613800001234', '+86 138-0000-1234', '0371-60001234', '1=1', '王女士', ''])
    expect(neutral(text)).toBe(text)
  fc.assert(
    fc.property(fc.string(), text => {
      const [cell = ''] = [neutral(text)]
      expect(/^[=@\t\r]/.test(cell) || /^[+-](?![\d\s.-]*$)/.test(cell)).toBe(false)
      expect(textOf(cell)).toBe(textOf(text))
    }),
  )
  expect(csvLine(['a,b', 'say "x"', 'two\nlines', '=1', ' pad'])).toBe(`"a,b","say ""x""","two\nlines",'=1," pad"\r\n`)
})

it('orders are exported as they are, and imported again they are known', async () => {
  const { world, db } = story
  const csv =
    '客户,电话,地址,故障,单号,收费\n=王女士,13800001234,花园路1号,不制冷,E-1,\n李先生,13800001235,花园路2号,漏水,,'
  await imported(world, orders, csv)
  await world.settle()
  world.ignore()
  await world.forward('1d')
  await world.api('POST', '/orders', {
    team: '一班',
    fault: '异响',
    customer: { name: 'a', phone: '13800001236', address: 'b' },
  })
  const all = await file(`orders?format=csv&team=${encodeURIComponent('一班')}`)
  expect([all.status, all.type]).toEqual([200, 'text/csv; charset=utf-8'])
  const lines = all.bytes.toString().split('\r\n')
  expect(lines[0]?.startsWith('\ufeff派工单号,外部单号,班组,类型,加急,客户,电话,地址,故障')).toBe(true)
  expect(lines[1]).toMatch(/^1001,E-1,一班,维修,否,'=王女士,13800001234,花园路1号,不制冷,.*,待派,2026-11-24 09:00,/)
  expect(lines.length).toBe(5)
  const sheet = await file('orders?state=dispatched,new&from=2026-11-24&to=2026-11-24')
  const rows = (await readXlsx(new Uint8Array(sheet.bytes))).sheets[0]?.rows ?? []
  expect(rows.slice(1).map(row => [row[0], row[5]])).toEqual([
    ['1001', '=王女士'],
    ['1002', '李先生'],
  ])
  const again = await send(world, orders, all.bytes)
  expect(again.body).toMatchObject({ state: 'ready', total: 3, good: 0, known: 3, warnings: [] })
  expect((await confirm(world, again.body.id)).body.result).toMatchObject({ imported: 0, skipped: 3 })
  expect(
    (await db.prisma.auditEntry.findMany({ where: { action: 'export' }, orderBy: { id: 'asc' } })).map(
      ({ data }) => data,
    ),
  ).toMatchObject([
    { what: 'orders', format: 'csv', rows: 3, team: '一班', token: 'API_TOKEN' },
    { what: 'orders', format: 'xlsx', rows: 2, from: '2026-11-24', states: 'dispatched,new' },
  ])
  expect(JSON.stringify(await db.prisma.auditEntry.findMany())).not.toContain('13800001234')
  await world.settle()
  world.ignore()
})

it('a workbook too large is refused, and of a team that is not his nobody gets anything', async () => {
  const { world, db } = story
  await imported(
    world,
    orders,
    '客户,电话,地址,故障\n王女士,13800001234,花园路1号,不制冷\n李先生,13800001235,花园路2号,漏水',
  )
  await world.settle()
  world.ignore()
  const { ctx } = world.app
  const team = await db.prisma.team.findFirstOrThrow()
  const who = { personId: null, via: 'page' as const, ip: '', token: null, teamIds: [team.id] }
  const asked = { format: 'xlsx' as const, team: null, from: null, to: null, states: null }
  await expect(exportOrders(ctx, who, asked, 1)).rejects.toThrow(
    '有 2 张单，xlsx 最多 1 张：请缩小日期范围或选一个班组，或者改用 format=csv。',
  )
  expect((await exportOrders(ctx, who, { ...asked, format: 'csv' }, 1)).rows).toBe(2)
  const other = { ...who, teamIds: ['019aa000-0000-7000-8000-000000000001'] }
  expect((await exportOrders(ctx, other, asked)).rows).toBe(0)
  await expect(exportOrders(ctx, other, { ...asked, team })).rejects.toThrow('「一班」不是您的班组。')
  const sent = { kind: 'orders' as const, team, month: null, bytes: Buffer.from('x'), fileName: null }
  await expect(previewImport(ctx, other, sent)).rejects.toThrow('「一班」不是您的班组，不能导入。')
})

it('a file is made while it is sent: rows are asked for as they are read', async () => {
  for (const [format, most] of [
    ['csv', 1_000],
    ['xlsx', 10_000],
  ] as const) {
    let asked = 0
    const rows = async function* () {
      for (let n = 0; n < 100_000; n++) {
        asked++
        yield [`1001${n}`, '王女士', '13800001234', '金水区花园路38号院5号楼1801']
      }
    }
    const body = streamed(format, ['单号', '客户', '电话', '地址'], rows(), '订单')
    await new Promise(resolve => body.once('readable', resolve))
    expect(body.read()).not.toBeNull()
    expect(asked).toBeLessThan(most)
    body.destroy()
  }
})
