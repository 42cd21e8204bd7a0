import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'

/** Store: messages as the operator looks through them. What they say is composed when they are sent and is not here. */

/** `held`: waits although it is due; `later`: not due yet; `failing`: was tried in vain and will be tried again. */
export const outboxViews = ['waiting', 'held', 'failing', 'later', 'dead', 'dropped', 'sent'] as const
export type OutboxView = (typeof outboxViews)[number]

export interface LookedRow {
  id: string
  kind: string
  status: string
  attempts: number
  nextAt: Date
  reason: string | null
  createdAt: Date
  sentAt: Date | null
  subject: string | null
  personId: string | null
  person: string | null
  chatId: string | null
  /** Of the group. */
  team: string | null
  /** Where it goes; null: to somebody without an account. */
  platform: string | null
  /** Another one to the same recipient goes first. */
  behind: boolean
}

export interface OutboxFilter {
  view: OutboxView
  platform?: string | undefined
  personId?: string | undefined
}

// Where a person has several accounts it goes to the one he wants, else as `identitiesOf` has them.
const from = Prisma.raw(`FROM "Outbox" o
  LEFT JOIN "Person" p ON p."company" = o."company" AND p."id" = o."personId"
  LEFT JOIN "Chat" c ON c."company" = o."company" AND c."platform" = o."platform" AND c."chatId" = o."chatId"
  LEFT JOIN "Team" t ON t."company" = o."company"
    AND (t."id" = c."teamId" OR (c."teamId" IS NULL AND o."chatId" = 'team:' || t."id"::text))
  LEFT JOIN LATERAL (
    SELECT CASE WHEN o."platform" <> 'any' THEN o."platform" ELSE (
      SELECT i."platform" FROM "Identity" i WHERE i."company" = o."company" AND i."personId" = o."personId"
      ORDER BY (i."platform" = p."platform") DESC NULLS LAST, i."platform" DESC LIMIT 1) END AS "name") w ON true`)
const behind = Prisma.raw(`(o."status" = 'waiting' AND EXISTS (SELECT 1 FROM "Outbox" b
  WHERE b."company" = o."company" AND b."lane" = o."lane" AND b."status" IN ('waiting', 'sending') AND b."id" < o."id"))`)

function seen(view: OutboxView, now: Date): Prisma.Sql {
  switch (view) {
    case 'waiting':
      return Prisma.sql`o."status" IN ('waiting', 'sending')`
    case 'failing':
      return Prisma.sql`o."status" = 'waiting' AND o."attempts" > 0`
    case 'later':
      return Prisma.sql`o."status" = 'waiting' AND o."attempts" = 0 AND o."reason" IS NULL AND o."nextAt" > ${now}`
    case 'held':
      return Prisma.sql`o."status" = 'waiting' AND o."attempts" = 0 AND (o."reason" IS NOT NULL OR ${behind})`
    case 'sent':
      return Prisma.sql`o."status" IN ('sent', 'answered')`
    default:
      return Prisma.sql`o."status" = ${view}`
  }
}

/** What waits the oldest first, everything else the newest first. `after`: the id at which the last page ended. */
export async function outboxPage(
  tx: Tx,
  company: string,
  { view, platform, personId }: OutboxFilter,
  now: Date,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<LookedRow[]> {
  const down = view === 'dead' || view === 'dropped' || view === 'sent'
  const conditions = [
    Prisma.sql`o."company" = ${company} AND ${seen(view, now)}`,
    ...(platform ? [Prisma.sql`w."name" = ${platform}`] : []),
    ...(personId ? [Prisma.sql`o."personId" = ${personId}::uuid`] : []),
    ...(after ? [down ? Prisma.sql`o."id" < ${after}::uuid` : Prisma.sql`o."id" > ${after}::uuid`] : []),
  ]
  return tx.$queryRaw<LookedRow[]>`
    SELECT o."id"::text, o."kind", o."status", o."attempts", o."nextAt", o."reason", o."createdAt", o."sentAt", o."subject",
      o."personId"::text, p."name" AS "person", o."chatId", t."name" AS "team", w."name" AS "platform", ${behind} AS "behind"
    ${from} WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY o."id" ${down ? Prisma.raw('DESC') : Prisma.raw('ASC')} LIMIT ${limit}`
}

/** How many there are of what somebody has to look at. */
export async function outboxCounts(
  tx: Tx,
  company: string,
  now: Date,
): Promise<Record<'waiting' | 'held' | 'failing' | 'later' | 'dead', number>> {
  const count = (view: OutboxView) => Prisma.sql`count(*) FILTER (WHERE ${seen(view, now)})::int`
  const [row] = await tx.$queryRaw<Array<Record<'waiting' | 'held' | 'failing' | 'later' | 'dead', number>>>`
    SELECT ${count('waiting')} AS "waiting", ${count('held')} AS "held", ${count('failing')} AS "failing",
      ${count('later')} AS "later", ${count('dead')} AS "dead"
    FROM "Outbox" o WHERE o."company" = ${company} AND o."status" IN ('waiting', 'sending', 'dead')`
  return row ?? { waiting: 0, held: 0, failing: 0, later: 0, dead: 0 }
}

/** What can be typed of what messages are about: numbers of orders, leaves and incidents, by their ids. */
export async function codesOf(tx: Tx, company: string, subjects: readonly string[]): Promise<Map<string, string>> {
  const ids = subjects.filter(one => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(one))
  if (ids.length === 0) return new Map()
  const rows = await tx.$queryRaw<Array<{ id: string; code: string }>>`
    SELECT "id"::text, "code" FROM "Order" WHERE "company" = ${company} AND "id" = ANY(${ids}::uuid[])
    UNION ALL SELECT "id"::text, "code" FROM "Leave" WHERE "company" = ${company} AND "id" = ANY(${ids}::uuid[])
    UNION ALL SELECT "id"::text, "code" FROM "Incident" WHERE "company" = ${company} AND "id" = ANY(${ids}::uuid[])`
  return new Map(rows.map(({ id, code }) => [id, code]))
}
