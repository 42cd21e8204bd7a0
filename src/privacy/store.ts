import type { Tx } from '../db/tx.ts'
import type { Fact } from '../orders/fact.ts'
import type { OrderRecord } from '../orders/record.ts'
import { type Row, records } from '../orders/rows.ts'
import { gone } from './scrub.ts'

/** Store of what is deleted of orders. */

/** How far an order's customer is deleted: `Order.erased`. */
export const erasedLevel = { photos: 1, customer: 2 } as const
export type Erased = keyof typeof erasedLevel

/** Orders of a team that were over before a moment and still hold more than they should, the oldest first; locked. */
export async function lockOrdersOver(
  tx: Tx,
  company: string,
  { teamId, what, before, take }: { teamId: string; what: Erased; before: Date; take: number },
): Promise<OrderRecord[]> {
  // By each level of its own: so the index has them in the order of their end.
  for (let level = 0; level < erasedLevel[what]; level++) {
    const rows = await tx.$queryRaw<Row[]>`
      SELECT "company", "id", "code", "teamId" FROM "Order"
      WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid AND "erased" = ${level} AND "closedAt" < ${before}
      ORDER BY "closedAt" LIMIT ${take} FOR UPDATE SKIP LOCKED`
    if (rows.length > 0) return records(tx, company, rows)
  }
  return []
}

/** A customer's orders that hold something of him, the oldest first; locked. */
export async function lockOrdersOf(tx: Tx, company: string, phone: string): Promise<OrderRecord[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT "company", "id", "code", "teamId" FROM "Order"
    WHERE "company" = ${company} AND "customerPhone" = ${phone} ORDER BY "id" FOR UPDATE`
  return records(tx, company, rows)
}

/** Photos and signatures: their bytes and where they came from. */
export async function dropPhotos(tx: Tx, company: string, orderIds: readonly string[]): Promise<number> {
  const { count } = await tx.media.updateMany({
    where: { company, orderId: { in: [...orderIds] }, state: { not: 'erased' } },
    data: { state: 'erased', bytes: null, source: {}, nextAt: null, error: null },
  })
  return count
}

export async function markErased(tx: Tx, company: string, orderIds: readonly string[], what: Erased): Promise<void> {
  await tx.order.updateMany({ where: { company, id: { in: [...orderIds] } }, data: { erased: erasedLevel[what] } })
}

/** Writes journals over with what is left of them, and the columns that came out of their first fact. */
export async function rewriteOrders(
  tx: Tx,
  company: string,
  orders: ReadonlyArray<{ id: string; facts: readonly Fact[] }>,
): Promise<void> {
  const rows = orders.flatMap(({ id, facts }) =>
    facts.map(({ seq, at: _at, by: _by, via: _via, words, fact: _fact, ...body }) => ({
      id,
      seq,
      words: words ?? null,
      body,
    })),
  )
  await tx.$executeRaw`
    UPDATE "Journal" j SET "words" = r."words", "body" = r."body"
    FROM json_to_recordset(${JSON.stringify(rows)}::json) r("id" uuid, "seq" int, "words" text, "body" jsonb)
    WHERE j."company" = ${company} AND j."orderId" = r."id" AND j."seq" = r."seq"`
  for (const { id, facts } of orders) {
    const [first] = facts
    const fault = first?.fact === 'created' ? first.order.fault : ''
    const data = { customerName: gone, customerPhone: '', address: gone, serial: null, fault }
    await tx.order.update({ where: { company_id: { company, id } }, data })
  }
}

/** What was said of incidents about these orders. */
export async function incidentTexts(
  tx: Tx,
  company: string,
  orderIds: readonly string[],
): Promise<Array<{ incidentId: string; seq: number; words: string | null; body: unknown }>> {
  const incidents = await tx.incident.findMany({
    where: { company, orderId: { in: [...orderIds] } },
    select: { id: true },
  })
  return tx.incidentJournal.findMany({
    where: { company, incidentId: { in: incidents.map(({ id }) => id) } },
    select: { incidentId: true, seq: true, words: true, body: true },
  })
}

export async function rewriteIncidents(
  tx: Tx,
  company: string,
  rows: ReadonlyArray<{ incidentId: string; seq: number; words: string | null; body: unknown }>,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE "IncidentJournal" j SET "words" = r."words", "body" = r."body"
    FROM json_to_recordset(${JSON.stringify(rows)}::json) r("incidentId" uuid, "seq" int, "words" text, "body" jsonb)
    WHERE j."company" = ${company} AND j."incidentId" = r."incidentId" AND j."seq" = r."seq"`
}

/**
 * What holds a customer's number for a while: events as they came in, messages that are out, answers kept for retries,
 * forms, the first rows of tables that were imported. Reads whole tables: it is for when somebody asks.
 */
export async function dropTraces(
  tx: Tx,
  company: string,
  { phone, orderIds }: { phone: string; orderIds: readonly string[] },
): Promise<void> {
  const like = `%${phone.replaceAll(/[%_\\]/g, '\\$&')}%`
  const ids = [...orderIds]
  await tx.$executeRaw`
    DELETE FROM "Inbox" WHERE "company" = ${company} AND "status" <> 'new' AND "event"::text LIKE ${like}`
  await tx.$executeRaw`
    DELETE FROM "Outbox" WHERE "company" = ${company} AND "status" IN ('sent', 'answered', 'dropped')
      AND ("subject" = ANY(${ids}::text[]) OR "data"::text LIKE ${like})`
  await tx.$executeRaw`
    DELETE FROM "Draft" WHERE "company" = ${company} AND "closedAt" IS NOT NULL AND "data"::text LIKE ${like}`
  await tx.$executeRaw`DELETE FROM "Idempotency" WHERE "company" = ${company} AND "body"::text LIKE ${like}`
  await tx.$executeRaw`
    UPDATE "Import" SET "sample" = '[]', "faults" = '[]', "warnings" = '[]', "notes" = '[]'
    WHERE "company" = ${company} AND "state" IN ('imported', 'faulty')
      AND ("sample"::text LIKE ${like} OR "faults"::text LIKE ${like} OR "warnings"::text LIKE ${like} OR "notes"::text LIKE ${like})`
  await tx.webhookDelivery.deleteMany({ where: { company, subject: { in: ids }, state: { not: 'waiting' } } })
}

/** How much is deleted by now. */
export async function erasedSoFar(
  tx: Tx,
  company: string,
): Promise<{ customers: number; photos: number; people: number }> {
  return {
    customers: await tx.order.count({ where: { company, erased: erasedLevel.customer } }),
    photos: await tx.order.count({ where: { company, erased: erasedLevel.photos } }),
    people: await tx.person.count({ where: { company, erasedAt: { not: null } } }),
  }
}

export const sweepJob = 'erase'

/** The night in which all was last looked through. */
export async function lastSweep(tx: Tx, company: string): Promise<string | null> {
  const where = { company, job: sweepJob }
  return (await tx.jobRun.findFirst({ where, orderBy: { period: 'desc' }, select: { period: true } }))?.period ?? null
}
