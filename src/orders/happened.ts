import type { Tx } from '../db/tx.ts'
import type { Span } from './daily.ts'
import { openStates } from './order.ts'
import type { OrderRecord } from './record.ts'
import { type JournalRow, type Row, recordFrom } from './rows.ts'

/** Store: orders of teams, many at once, for boards and reports. */

/** Finished orders without a call back that are older than this are not asked for any more. */
const revisitWithinMs = 30 * 86_400_000

/** Every open order of teams, or of one person in them, oldest first. */
export async function openTogether(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  personId?: string,
): Promise<OrderRecord[]> {
  const rows = await tx.order.findMany({
    where: {
      ...{ company, teamId: { in: [...teamIds] }, state: { in: openStates } },
      ...(personId && { assigneeId: personId }),
    },
    select: { company: true, id: true, code: true, teamId: true },
    orderBy: { id: 'asc' },
  })
  return recordsOf(tx, company, rows)
}

/** Open orders of teams on which any of some people goes along with the one in charge, oldest first. */
export async function helpedOrdersOf(
  tx: Tx,
  company: string,
  people: readonly string[],
  teamIds: readonly string[],
): Promise<OrderRecord[]> {
  if (people.length === 0 || teamIds.length === 0) return []
  const rows = await tx.$queryRaw<Row[]>`
    SELECT o."company", o."id", o."code", o."teamId" FROM "Order" o
    WHERE o."company" = ${company} AND o."teamId" = ANY(${[...teamIds]}::uuid[]) AND o."state" = ANY(${openStates}::text[])
      AND EXISTS (SELECT 1 FROM "Journal" j
        WHERE j."company" = o."company" AND j."orderId" = o."id" AND j."fact" = 'joined'
          AND j."body"->>'person' = ANY(${[...people]}::text[]))
    ORDER BY o."id"`
  const orders = await recordsOf(tx, company, rows)
  return orders.filter(({ view }) => view.helpers.some(person => people.includes(person)))
}

/**
 * Every order of teams in which something may have happened since a moment, of people or of clocks: what is open, what
 * was finished or cancelled since, what people of the team did something to, and, if anything is `owed` after the work,
 * where that fell due before `to`. Its cost is what happened and what is in hand; only cancelled orders are looked
 * through as a whole.
 */
export async function touchedSince(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  { from, to }: Span,
  owed: boolean,
): Promise<OrderRecord[]> {
  const teams = [...teamIds]
  const found = await tx.$queryRaw<Array<{ id: string }>>`
    WITH "people" AS (
      SELECT DISTINCT "personId" FROM "Membership" WHERE "company" = ${company} AND "teamId" = ANY(${teams}::uuid[])
    )
    SELECT "id" FROM "Order" WHERE "company" = ${company} AND "teamId" = ANY(${teams}::uuid[]) AND "state" = ANY(${openStates})
    UNION
    SELECT "id" FROM "Order" WHERE "company" = ${company} AND "teamId" = ANY(${teams}::uuid[]) AND "completedAt" >= ${from}
    UNION
    SELECT "id" FROM "Order" WHERE "company" = ${company} AND "teamId" = ANY(${teams}::uuid[])
      AND "state" = 'cancelled' AND "closedAt" >= ${from}
    UNION
    SELECT j."orderId" FROM "people" p
    JOIN "Journal" j ON j."company" = ${company} AND j."by" = p."personId" AND j."at" >= ${from}
    UNION
    SELECT c."orderId" FROM "OrderClock" c
    WHERE ${owed} AND c."company" = ${company} AND c."state" IN ('running', 'late', 'met', 'missed')
      AND c."dueAt" >= ${from} AND c."dueAt" < ${to} AND c."kind" IN ('report', 'revisit')`
  // Looked up by their ids: joined to them, every order of the team was read to find these.
  const ids = found.map(({ id }) => id)
  const rows = await tx.$queryRaw<Row[]>`
    SELECT "company", "id", "code", "teamId" FROM "Order"
    WHERE "company" = ${company} AND "id" = ANY(${ids}::uuid[]) AND "teamId" = ANY(${teams}::uuid[]) ORDER BY "id"`
  return recordsOf(tx, company, rows)
}

/** How many orders of teams, or of one person in them, were finished since a moment. */
export async function finishedSince(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  since: Date,
  personId?: string,
): Promise<number> {
  return tx.order.count({
    where: {
      ...{ company, teamId: { in: [...teamIds] }, completedAt: { gte: since } },
      ...{ state: { in: ['completed', 'closed'] }, ...(personId && { assigneeId: personId }) },
    },
  })
}

/** How many finished orders of the last 30 days nobody called back about and nobody closed (R1.11). */
export async function waitingForRevisit(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  now: Date,
): Promise<number> {
  const since = new Date(now.getTime() - revisitWithinMs)
  return tx.order.count({
    where: {
      company,
      teamId: { in: [...teamIds] },
      completedAt: { gte: since },
      state: 'completed',
      revisitedAt: null,
    },
  })
}

type Journalled = JournalRow & { orderId: string }

/** Orders with their journals in two queries, however many they are. */
async function recordsOf(tx: Tx, company: string, rows: readonly Row[]): Promise<OrderRecord[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const teamIds = [...new Set(rows.map(row => row.teamId))]
  const [journal, teams] = await Promise.all([
    tx.$queryRaw<Journalled[]>`
      SELECT "orderId", "seq", "at", "by", "via", "words", "fact", "body" FROM "Journal"
      WHERE "company" = ${company} AND "orderId" = ANY(${ids}::uuid[]) ORDER BY "orderId", "seq"`,
    tx.team.findMany({ where: { company, id: { in: teamIds } }, select: { id: true, name: true, policy: true } }),
  ])
  const lines = new Map<string, Journalled[]>()
  for (const line of journal) {
    const known = lines.get(line.orderId)
    if (known) known.push(line)
    else lines.set(line.orderId, [line])
  }
  const named = new Map(teams.map(team => [team.id, team]))
  return rows.flatMap(row => {
    const team = named.get(row.teamId)
    const own = lines.get(row.id)
    return team && own ? [recordFrom(row, own, team)] : []
  })
}
