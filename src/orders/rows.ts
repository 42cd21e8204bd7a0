import type { Tx } from '../db/tx.ts'
import type { Fact } from './fact.ts'
import { replay } from './order.ts'
import type { OrderRecord } from './record.ts'

/** Store: an order read with its journal. */

export type Row = { company: string; id: string; code: string; teamId: string }

/** A line of the journal as it is kept. */
export interface JournalRow {
  seq: number
  at: Date | string
  by: string | null
  via: string
  words: string | null
  fact: string
  body: unknown
}

export async function record(tx: Tx, row: Row): Promise<OrderRecord> {
  const [order] = await records(tx, row.company, [row])
  if (!order) throw new Error('an order that is asked for is there')
  return order
}

/** Orders with their journals, in two statements however many they are. */
export async function records(tx: Tx, company: string, rows: readonly Row[]): Promise<OrderRecord[]> {
  if (rows.length === 0) return []
  const [journals, teams] = await Promise.all([
    // One value for each order: every column of every fact as a value of its own takes twice as long.
    tx.$queryRaw<Array<{ id: string; facts: JournalRow[] }>>`
      SELECT "orderId" AS "id", json_agg(j ORDER BY "seq") AS "facts" FROM "Journal" j
      WHERE "company" = ${company} AND "orderId" = ANY(${rows.map(row => row.id)}::uuid[]) GROUP BY "orderId"`,
    tx.team.findMany({
      where: { company, id: { in: [...new Set(rows.map(row => row.teamId))] } },
      select: { id: true, name: true, policy: true },
    }),
  ])
  const journalOf = new Map(journals.map(({ id, facts }) => [id, facts]))
  return rows.map(row => {
    const team = teams.find(one => one.id === row.teamId)
    if (!team) throw new Error(`order ${row.id} is of a team that is not there`)
    return recordFrom(row, journalOf.get(row.id) ?? [], team)
  })
}

export function recordFrom(
  { company, id, code, teamId }: Row,
  journal: readonly JournalRow[],
  team: { name: string; policy: string },
): OrderRecord {
  const facts = journal.map(toFact)
  const [first] = facts
  const policy = (first?.fact === 'created' ? first.policy : undefined) ?? team.policy
  return { company, id, code, teamId, team: team.name, policy, facts, view: replay(facts) }
}

function toFact(row: JournalRow): Fact {
  const frame = {
    seq: row.seq,
    at: new Date(row.at).toISOString(),
    by: row.by,
    via: row.via,
    ...(row.words !== null && { words: row.words }),
  }
  return { ...frame, fact: row.fact, ...(row.body as object) } as Fact
}

export async function loadOrder(tx: Tx, company: string, id: string): Promise<OrderRecord | null> {
  const row = await tx.order.findUnique({ where: { company_id: { company, id } } })
  return row && record(tx, row)
}

export async function orderByCode(tx: Tx, company: string, code: string): Promise<OrderRecord | null> {
  const row = await tx.order.findUnique({ where: { company_code: { company, code } } })
  return row && record(tx, row)
}

/** Loads an order and keeps others from changing it until the transaction ends. */
export async function lockOrder(tx: Tx, company: string, id: string): Promise<OrderRecord | null> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT "company", "id", "code", "teamId" FROM "Order" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return rows[0] ? record(tx, rows[0]) : null
}

/** Locks and loads those of the orders that nobody else is changing at this moment, in the order they are named. */
export async function lockFree(tx: Tx, company: string, ids: readonly string[]): Promise<OrderRecord[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT "company", "id", "code", "teamId" FROM "Order"
    WHERE "company" = ${company} AND "id" = ANY(${[...ids]}::uuid[]) FOR UPDATE SKIP LOCKED`
  const found = new Map(rows.map(row => [row.id, row]))
  // The journals are read by a statement of their own: it sees what whoever held an order until now has written.
  return records(
    tx,
    company,
    ids.flatMap(id => found.get(id) ?? []),
  )
}
