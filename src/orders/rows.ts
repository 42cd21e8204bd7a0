import type { Tx } from '../db/tx.ts'
import type { Fact } from './fact.ts'
import { replay } from './order.ts'
import type { OrderRecord } from './record.ts'

/** Store: an order read with its journal. */

export type Row = { company: string; id: string; code: string; teamId: string }

export async function record(tx: Tx, row: Row): Promise<OrderRecord> {
  const { company, id, teamId } = row
  const [journal, team] = await Promise.all([
    tx.journal.findMany({ where: { company, orderId: id }, orderBy: { seq: 'asc' } }),
    tx.team.findUniqueOrThrow({ where: { company_id: { company, id: teamId } }, select: { name: true, policy: true } }),
  ])
  return recordFrom(row, journal, team)
}

/** A line of the journal as it is kept. */
export interface JournalRow {
  seq: number
  at: Date
  by: string | null
  via: string
  words: string | null
  fact: string
  body: unknown
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
    at: row.at.toISOString(),
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
