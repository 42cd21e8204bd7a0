import type { Tx } from '../db/tx.ts'
import type { IncidentRow } from '../incidents/find.ts'
import { namesOf } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { type Later, type OrderTally, repairCostName, type Tables, tablesOf } from './tables.ts'

/** Store: what a month's report shows besides slips and result. */

/** Null of months that were reckoned before it was kept. */
export async function keptTables(tx: Tx, company: string, id: string): Promise<Tables | null> {
  const row = await tx.settlement.findUnique({ where: { company_id: { company, id } }, select: { tables: true } })
  return row?.tables ? (row.tables as unknown as Tables) : null
}

/** Read at the same time as what the month is settled from. */
export async function tablesFrom(
  tx: Tx,
  { company, teamId, policy, from, to }: { company: string; teamId: string; policy: Policy; from: Date; to: Date },
  known: {
    orders: OrderTally
    incidents: readonly IncidentRow[]
    figures: ReadonlyArray<{ name: string; value: string | null }>
  },
): Promise<Tables> {
  const { orders, incidents, figures } = known
  const calendar = calendarOf(policy)
  const [complaints, later, codes, names] = await Promise.all([
    complaintsBetween(tx, company, teamId, { from, to }),
    laterOrders(
      tx,
      company,
      orders.followed.map(({ id }) => id),
    ),
    codesOf(
      tx,
      company,
      incidents.flatMap(({ orderId }) => orderId ?? []),
    ),
    namesOf(tx, company, [...orders.people.keys(), ...incidents.map(({ personId }) => personId)]),
  ])
  return tablesOf(policy, {
    ...{ orders, later, incidents, codes, names },
    complaints: complaints.map(({ category, at }) => ({ category, day: calendar.dayOf(at) })),
    repairCost: figures.find(({ name }) => name === repairCostName)?.value ?? null,
  })
}

/** Complaints that came in between two moments, `from` inside and `to` outside; what they are about as they came or were routed. */
async function complaintsBetween(
  tx: Tx,
  company: string,
  teamId: string,
  { from, to }: { from: Date; to: Date },
): Promise<Array<{ category: string | null; at: Date }>> {
  return tx.$queryRaw`
    SELECT COALESCE(o."category", (SELECT j."body"->>'subject' FROM "Journal" j
        WHERE j."company" = o."company" AND j."orderId" = o."id" AND j."fact" = 'routed' ORDER BY j."seq" DESC LIMIT 1)
      ) AS "category", o."createdAt" AS "at"
    FROM "Order" o WHERE o."company" = ${company} AND o."teamId" = ${teamId}::uuid AND o."kind" = 'complaint'
      AND o."createdAt" >= ${from} AND o."createdAt" < ${to} AND o."state" <> 'cancelled'
    ORDER BY o."createdAt"`
}

/** The orders that followed from these, as these remember them. */
async function laterOrders(tx: Tx, company: string, orderIds: readonly string[]): Promise<Later[]> {
  if (orderIds.length === 0) return []
  return tx.$queryRaw`
    SELECT j."orderId"::text AS "orderId", j."body"->>'code' AS "code", (j."body"->>'days')::int AS "days", p."name" AS "by"
    FROM "Journal" j
      LEFT JOIN "Order" o ON o."company" = j."company" AND o."id" = (j."body"->>'order')::uuid
      LEFT JOIN "Person" p ON p."company" = o."company" AND p."id" = o."assigneeId"
    WHERE j."company" = ${company} AND j."orderId" = ANY(${[...orderIds]}::uuid[]) AND j."fact" = 'reworked'
    ORDER BY j."orderId", j."seq"`
}

export async function codesOf(tx: Tx, company: string, orderIds: readonly string[]): Promise<Map<string, string>> {
  if (orderIds.length === 0) return new Map()
  const rows = await tx.order.findMany({
    where: { company, id: { in: [...new Set(orderIds)] } },
    select: { id: true, code: true },
  })
  return new Map(rows.map(({ id, code }) => [id, code]))
}
