import { among } from '../db/among.ts'
import { loaded } from '../db/loader.ts'
import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
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

interface Whole extends Row {
  team: string
  policy: string
  facts: JournalRow[] | null
}

/**
 * Orders with team and journal in one statement. The journal is one value for each order: every column of every fact as a
 * value of its own takes twice as long.
 */
function wholes(tx: Tx, where: Prisma.Sql): Promise<Whole[]> {
  return tx.$queryRaw<Whole[]>`
    SELECT o."company", o."id", o."code", o."teamId", t."name" AS "team", t."policy", (
      SELECT json_agg(j ORDER BY j."seq") FROM "Journal" j
      WHERE j."company" = o."company" AND j."orderId" = o."id") AS "facts"
    FROM "Order" o JOIN "Team" t ON t."company" = o."company" AND t."id" = o."teamId" ${where}`
}

const fromWhole = (row: Whole): OrderRecord => recordFrom(row, row.facts ?? [], { name: row.team, policy: row.policy })

/** Orders with their journals, in one statement however many they are. */
export async function records(tx: Tx, company: string, rows: readonly Row[]): Promise<OrderRecord[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  return (await wholesOf(tx, company, ids)).map((row, index) => {
    if (!row) throw new Error(`order ${ids[index]} is not there, or its team is not`)
    return fromWhole(row)
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
  const row = await loaded(tx, `orders ${company}`, id, ids => wholesOf(tx, company, ids))
  return row ? fromWhole(row) : null
}

async function wholesOf(tx: Tx, company: string, ids: readonly string[]): Promise<Array<Whole | undefined>> {
  const rows = await wholes(tx, Prisma.sql`WHERE o."company" = ${company} AND ${among('o."id"', ids)}`)
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.map(id => byId.get(id))
}

export async function orderByCode(tx: Tx, company: string, code: string): Promise<OrderRecord | null> {
  const [row] = await wholes(tx, Prisma.sql`WHERE o."company" = ${company} AND o."code" = ${code}`)
  return row ? fromWhole(row) : null
}

/** Loads an order and keeps others from changing it until the transaction ends. */
export async function lockOrder(tx: Tx, company: string, id: string): Promise<OrderRecord | null> {
  // Read by a statement of its own, which sees what whoever held the order until now has written.
  const [locked, order] = await Promise.all([
    tx.$queryRaw<unknown[]>`SELECT 1 FROM "Order" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`,
    loadOrder(tx, company, id),
  ])
  return locked.length > 0 ? order : null
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
