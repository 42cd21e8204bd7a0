import { setImmediate as breathe } from 'node:timers/promises'
import type { Database } from '../src/db/open.ts'
import { inTransaction } from '../src/db/tx.ts'
import type { OrderCommand } from '../src/orders/decide.ts'
import { change, openOrder } from '../src/orders/flow.ts'
import type { Company, Crew } from './company.ts'

const minuteMs = 60_000
const dayMs = 1440 * minuteMs
/** Orders copied by one statement. */
const chunk = 50_000
const speech = { via: 'text' as const }

/** So many orders of one kind: what is due of them, and when, is the same. */
export interface Lot {
  count: number
  /** When they were opened, given to a technician and, unless `accepted` is false, accepted by him. */
  openedAt: Date
  accepted: boolean
  /** Agreed with the customer: nothing is to be said before that day. */
  appointment?: { from: Date; to: Date }
}

/** Orders on which nothing is to be said for hours: customers are called, days are agreed. */
export function quietLots(count: number, before: Date): Lot[] {
  const kinds = 24
  return Array.from({ length: kinds }, (_, index) => {
    const day = before.getTime() + (1 + (index % 7)) * dayMs
    const from = new Date(day + (index % 6) * 60 * minuteMs)
    return {
      count: Math.floor(count / kinds) + (index < count % kinds ? 1 : 0),
      openedAt: new Date(before.getTime() - (120 + index) * minuteMs),
      accepted: true,
      appointment: { from, to: new Date(from.getTime() + 120 * minuteMs) },
    }
  })
}

/**
 * Fills the database with orders. One of each lot is opened as people do it; the others are its copies, with codes, ids
 * and technicians of their own, written by `INSERT … SELECT`: a million take minutes instead of hours.
 */
export async function fill(company: Company, lots: readonly Lot[], say: (text: string) => void): Promise<void> {
  const { ctx, crews } = company
  const { db } = ctx
  const [crew] = crews
  if (!crew) throw new Error('the company has nobody')
  await db.prisma.$executeRawUnsafe(
    'CREATE TABLE bench_crew (place int PRIMARY KEY, team uuid, technician uuid, dispatcher uuid)',
  )
  for (const [n, { teamId, technician, dispatcher }] of crews.entries())
    await db.prisma
      .$executeRaw`INSERT INTO bench_crew VALUES (${n}, ${teamId}::uuid, ${technician.id}::uuid, ${dispatcher.id}::uuid)`
  const copy = await copier(db, crews.length, crew)
  let done = 0
  const total = lots.reduce((sum, { count }) => sum + count, 0)
  let told = performance.now()
  for (const lot of lots) {
    const model = await open(company, lot, crew)
    const end = done + lot.count
    while (done < end) {
      const to = Math.min(done + chunk, end)
      await copy(model, done, to)
      done = to
      // The embedded database never waits for anything: without this the process would hear no signal.
      await breathe()
      if (performance.now() - told < 10_000) continue
      told = performance.now()
      say(`${done} of ${total} orders written`)
    }
    for (const table of ['OrderClock', 'Journal'])
      await db.prisma.$executeRawUnsafe(`DELETE FROM "${table}" WHERE "orderId" = '${model}'`)
    await db.prisma.$executeRawUnsafe(`DELETE FROM "Order" WHERE "id" = '${model}'`)
  }
  await db.prisma.outbox.deleteMany({})
  await db.prisma.$executeRaw`DROP TABLE bench_crew`
  await db.prisma.$executeRawUnsafe('VACUUM (ANALYZE)')
}

/** Opens an order of a lot through the product's own flows; returns its id. */
async function open({ ctx, clock }: Company, lot: Lot, crew: Crew): Promise<string> {
  const now = clock.now()
  clock.freeze(lot.openedAt)
  const { teamId, technician, dispatcher } = crew
  const customer = { name: '王女士', phone: '13800000000', address: '示例路 1 号 2 栋 301' }
  const fields = { kind: 'repair' as const, urgent: false, customer, product: { brand: '示例牌' }, fault: '不制冷' }
  const { order } = await inTransaction(ctx.db, tx =>
    openOrder(tx, ctx, { teamId, policy: 'default', fields, by: dispatcher, assignTo: technician.id, speech }),
  )
  const does = (command: OrderCommand) =>
    inTransaction(ctx.db, tx => change(tx, ctx, { orderId: order.id, command, by: technician, speech }))
  if (lot.accepted) await does({ do: 'accept' })
  if (lot.appointment)
    await does({ do: 'contacted', appointment: { ...lot.appointment, exact: true, words: '约好的时间' } })
  clock.freeze(now)
  return order.id
}

type Copy = (model: string, from: number, to: number) => Promise<void>

/** Copies an order, its journal and its clocks for the numbers from `from` up to `to`, each for the next technician. */
async function copier(db: Database, crews: number, crew: Crew): Promise<Copy> {
  const id = `('019ab000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
  const tables: Array<[table: string, key: string, own: Record<string, string>]> = [
    ['Order', 'id', { id, code: '(100000 + n)::text', teamId: 'c.team', assigneeId: 'c.technician' }],
    [
      'Journal',
      'orderId',
      {
        orderId: id,
        by: `CASE WHEN t."by" = '${crew.dispatcher.id}' THEN c.dispatcher ELSE c.technician END`,
        body: `CASE WHEN t."fact" = 'dispatched' THEN jsonb_set(t."body", '{to}', to_jsonb(c.technician)) ELSE t."body" END`,
      },
    ],
    ['OrderClock', 'orderId', { orderId: id }],
  ]
  const statements = await Promise.all(
    tables.map(async ([table, key, own]) => {
      const columns = await db.prisma.$queryRaw<Array<{ name: string }>>`
        SELECT column_name AS name FROM information_schema.columns
        WHERE table_name = ${table} AND table_schema = 'public' ORDER BY ordinal_position`
      const names = columns.map(({ name }) => `"${name}"`).join(', ')
      const values = columns.map(({ name }) => own[name] ?? `t."${name}"`).join(', ')
      return (model: string, from: number, to: number) => `
        INSERT INTO "${table}" (${names}) SELECT ${values}
        FROM generate_series(${from}::bigint, ${to - 1}::bigint) n
        JOIN bench_crew c ON c.place = n % ${crews} JOIN "${table}" t ON t."${key}" = '${model}'`
    }),
  )
  return async (model, from, to) => {
    for (const statement of statements) await db.prisma.$executeRawUnsafe(statement(model, from, to))
  }
}
