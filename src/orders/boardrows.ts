import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { BoardPlace } from './boardplace.ts'
import type { OrderKind } from './fact.ts'
import { type OrderState, openStates } from './order.ts'
import type { Pressing } from './pressing.ts'

/** Store: orders as the board lists them, from their columns alone. */

export interface BoardRow {
  id: string
  code: string
  teamId: string
  team: string
  kind: OrderKind
  state: OrderState
  urgent: boolean
  key: boolean
  assigneeId: string | null
  assignee: string | null
  customerName: string
  customerPhone: string
  address: string
  zone: string | null
  brand: string | null
  fault: string
  appointmentFrom: Date | null
  appointmentTo: Date | null
  createdAt: Date
  pressAt: Date | null
  pressBy: Pressing['by'] | null
}

export interface BoardFilter {
  /** All of the company's when undefined. */
  teamIds?: readonly string[] | undefined
  state?: OrderState | undefined
  /** Only what was due before this moment. */
  lateAt?: Date | undefined
  unassigned?: boolean | undefined
  assigneeId?: string | undefined
}

const columns =
  Prisma.raw(`o."id"::text, o."code", o."teamId"::text, t."name" AS "team", o."kind", o."state", o."urgent",
  o."key", o."assigneeId"::text, p."name" AS "assignee", o."customerName", o."customerPhone", o."address", o."zone",
  o."brand", o."fault", o."appointmentFrom", o."appointmentTo", o."createdAt", o."pressAt", o."pressBy"
  FROM "Order" o JOIN "Team" t ON t."company" = o."company" AND t."id" = o."teamId"
  LEFT JOIN "Person" p ON p."company" = o."company" AND p."id" = o."assigneeId"`)
// As the index has it, word for word.
const open = Prisma.raw(`o."state" IN (${openStates.map(state => `'${state}'`).join(', ')})`)
const press = Prisma.raw(`COALESCE(o."pressAt", 'infinity'::timestamptz)`)

function where(company: string, filter: BoardFilter): Prisma.Sql {
  const { teamIds, state, lateAt, unassigned, assigneeId } = filter
  return Prisma.join(
    [
      Prisma.sql`o."company" = ${company} AND ${open}`,
      ...(teamIds ? [Prisma.sql`o."teamId" = ANY(${[...teamIds]}::uuid[])`] : []),
      ...(state ? [Prisma.sql`o."state" = ${state}`] : []),
      ...(lateAt ? [Prisma.sql`${press} < ${lateAt}`] : []),
      ...(unassigned ? [Prisma.sql`o."assigneeId" IS NULL`] : []),
      ...(assigneeId ? [Prisma.sql`o."assigneeId" = ${assigneeId}::uuid`] : []),
    ],
    ' AND ',
  )
}

/** Open orders, what is due or expected next first. */
export function boardPage(
  tx: Tx,
  company: string,
  filter: BoardFilter,
  { limit, after }: { limit: number; after?: BoardPlace | undefined },
): Promise<BoardRow[]> {
  const beyond = after
    ? Prisma.sql`AND (${press}, o."id") > (COALESCE(${after.at}::timestamptz, 'infinity'::timestamptz), ${after.id}::uuid)`
    : Prisma.empty
  return tx.$queryRaw<BoardRow[]>`
    SELECT ${columns} WHERE ${where(company, filter)} ${beyond} ORDER BY ${press}, o."id" LIMIT ${limit}`
}

export interface BoardCounts {
  open: number
  late: number
  unassigned: number
}

export async function boardCounts(tx: Tx, company: string, filter: BoardFilter, now: Date): Promise<BoardCounts> {
  const [counts] = await tx.$queryRaw<BoardCounts[]>`
    SELECT count(*)::int AS "open", count(*) FILTER (WHERE o."pressAt" < ${now})::int AS "late",
      count(*) FILTER (WHERE o."assigneeId" IS NULL)::int AS "unassigned"
    FROM "Order" o WHERE ${where(company, filter)}`
  return counts ?? { open: 0, late: 0, unassigned: 0 }
}

/**
 * Orders in any state whose number is, or whose customer's name, phone, address, or serial number has what is looked for; the
 * newest first. `after`: the id at which the last page ended.
 */
export function searchOrders(
  tx: Tx,
  company: string,
  { words, teamIds, assigneeId }: Pick<BoardFilter, 'teamIds' | 'assigneeId'> & { words: string },
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<BoardRow[]> {
  const part = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const teams = teamIds ? Prisma.sql`AND o."teamId" = ANY(${[...teamIds]}::uuid[])` : Prisma.empty
  const whose = assigneeId ? Prisma.sql`AND o."assigneeId" = ${assigneeId}::uuid` : Prisma.empty
  const beyond = after ? Prisma.sql`AND o."id" < ${after}::uuid` : Prisma.empty
  return tx.$queryRaw<BoardRow[]>`
    SELECT ${columns}
    WHERE o."company" = ${company} ${teams} ${whose} ${beyond} AND (o."code" = ${words} OR o."customerName" ILIKE ${part}
      OR o."customerPhone" LIKE ${part} OR o."address" ILIKE ${part} OR o."serial" ILIKE ${part})
    ORDER BY o."id" DESC LIMIT ${limit}`
}

/** What was written of the company's orders since a moment, as `id version`. */
export async function writtenSince(tx: Tx, company: string, since: Date): Promise<string[]> {
  const rows = await tx.order.findMany({
    where: { company, updatedAt: { gte: since } },
    select: { id: true, version: true },
  })
  return rows.map(({ id, version }) => `${id} ${version}`)
}

/** Whose orders of which team: somebody may work in two. */
export const holder = (teamId: string, personId: string): string => `${teamId} ${personId}`

/** How many open orders of each team whoever has some has in hand, and how many of them are late; by `holder`. */
export async function loadRows(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  now: Date,
): Promise<Map<string, { open: number; late: number }>> {
  const rows = await tx.$queryRaw<Array<{ team: string; id: string; open: number; late: number }>>`
    SELECT o."teamId"::text AS "team", o."assigneeId"::text AS "id", count(*)::int AS "open",
      count(*) FILTER (WHERE o."pressAt" < ${now})::int AS "late"
    FROM "Order" o
    WHERE ${where(company, { teamIds })} AND o."assigneeId" IS NOT NULL GROUP BY 1, 2`
  return new Map(rows.map(({ team, id, open, late }) => [holder(team, id), { open, late }]))
}

/** Appointments of the teams' open orders within a span, the earliest first; by `holder`. */
export async function visitRows(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<Map<string, Array<{ code: string; at: Date }>>> {
  const rows = await tx.order.findMany({
    where: {
      ...{ company, teamId: { in: [...teamIds] }, assigneeId: { not: null }, state: { in: openStates } },
      appointmentFrom: { gte: from, lt: to },
    },
    select: { code: true, teamId: true, assigneeId: true, appointmentFrom: true },
    orderBy: { appointmentFrom: 'asc' },
  })
  const visits = new Map<string, Array<{ code: string; at: Date }>>()
  for (const { code, teamId, assigneeId, appointmentFrom: at } of rows) {
    if (!assigneeId || !at) continue
    const key = holder(teamId, assigneeId)
    visits.set(key, [...(visits.get(key) ?? []), { code, at }])
  }
  return visits
}
