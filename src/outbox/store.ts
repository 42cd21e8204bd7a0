import { among } from '../db/among.ts'
import { insertAll, updateAll } from '../db/bulk.ts'
import { type Tx, unawaited } from '../db/tx.ts'
import { newId } from '../ids.ts'

/** A row of the outbox: a fact to be told. See design.md §6. */
export interface OutboxRow {
  company: string
  id: string
  lane: string
  platform: string
  kind: string
  subject: string | null
  personId: string | null
  chatId: string | null
  data: unknown
  attempts: number
  /** Why it was not said at the attempt before. */
  reason: string | null
  notAfter: Date | null
  createdAt: Date
}

/** Why a row waits whose sender died: it may have been said all the same. */
export const senderLost = 'sender was lost'

type Aside = 'answer' | 'nudge'

export interface Telling {
  kind: string
  /** Who: a person by id, or a group chat. */
  to: { person: string } | { platform: string; chatId: string }
  subject?: string
  data?: object
  dedupeKey: string
  /** Unsent rows with this key give way to this one. */
  coalesce?: string
  /** Not before; now when missing. */
  at?: Date
  /** Worse than never after this. */
  notAfter?: Date
  /** A lane beside the recipient's own: no card ever waits for an answer or a reminder that is not due yet. */
  aside?: Aside
  /** A lane that is not the recipient's, e.g. a single card's. */
  lane?: string
}

export function laneOf(telling: Pick<Telling, 'to' | 'aside' | 'lane'>): string {
  if (telling.lane) return telling.lane
  const lane =
    'person' in telling.to ? `person:${telling.to.person}` : `group:${telling.to.platform}:${telling.to.chatId}`
  return telling.aside ? `${telling.aside}:${lane}` : lane
}

/** Puts rows; one whose `dedupeKey` is known already is left out. */
export async function put(tx: Tx, company: string, tellings: readonly Telling[], now: Date): Promise<void> {
  const newer = tellings.filter(telling => telling.coalesce)
  if (newer.length > 0)
    // What is put a second time is the same row, and would be left out below: it must not give way to itself.
    await unawaited(
      tx,
      tx.$executeRaw`
      UPDATE "Outbox" SET "status" = 'dropped', "reason" = 'replaced by a newer one'
      WHERE "company" = ${company} AND ${among('"lane"', newer.map(laneOf), 'text')} AND "status" = 'waiting'
        AND "coalesce" = ANY(${newer.map(telling => telling.coalesce)})
        AND "dedupeKey" <> ALL(${newer.map(({ dedupeKey }) => dedupeKey)})`,
    )
  await insert(tx, company, tellings, now)
}

async function insert(tx: Tx, company: string, tellings: readonly Telling[], now: Date): Promise<void> {
  const rows = tellings.map(telling => {
    const { kind, to, subject, data, dedupeKey, coalesce, at, notAfter } = telling
    const group = 'chatId' in to ? to : null
    return {
      ...{ company, id: newId(now), lane: laneOf(telling), kind, dedupeKey, status: 'waiting', createdAt: now },
      ...{ platform: group?.platform ?? 'any', personId: 'person' in to ? to.person : null },
      ...{ chatId: group?.chatId ?? null, subject: subject ?? null, data: data ?? {}, coalesce: coalesce ?? null },
      ...{ attempts: 0, nextAt: at ?? now, notAfter: notAfter ?? null },
    }
  })
  await insertAll(tx, 'Outbox', rows, { onConflict: 'skip' })
}

/**
 * Adds to rows that have not been sent yet, or puts them: this is how reminders merge instead of queueing up. What has
 * the same `coalesce` becomes one row, with the data that `join` makes of what waits (or null) and what is added.
 */
export async function merge<T extends object>(
  tx: Tx,
  company: string,
  tellings: ReadonlyArray<Telling & { coalesce: string; data: T }>,
  join: (waiting: T | null, added: readonly T[]) => T,
  now: Date,
): Promise<void> {
  if (tellings.length === 0) return
  const keys = [...new Set(tellings.map(telling => telling.coalesce))]
  const lanes = [...new Set(tellings.map(laneOf))]
  // One at a time: of two who merge at once neither would see what the other puts, and people would hear twice.
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`merge ${company}`}, 0))::text`
  const rows = await tx.$queryRaw<
    Array<{ id: string; coalesce: string; data: T; nextAt: Date; notAfter: Date | null }>
  >`
    SELECT "id", "coalesce", "data", "nextAt", "notAfter" FROM "Outbox"
    WHERE "company" = ${company} AND "lane" = ANY(${lanes}) AND "status" = 'waiting' AND "coalesce" = ANY(${keys})
    ORDER BY "id" FOR UPDATE`
  const fresh: Telling[] = []
  const changed: Array<Pick<(typeof rows)[number], 'id' | 'data' | 'nextAt' | 'notAfter'>> = []
  for (const coalesce of keys) {
    const mine = tellings.filter(telling => telling.coalesce === coalesce)
    const waiting = rows.find(row => row.coalesce === coalesce)
    const data = join(
      waiting?.data ?? null,
      mine.map(telling => telling.data),
    )
    const times = [...(waiting ? [waiting.nextAt] : []), ...mine.map(telling => telling.at ?? now)]
    const nextAt = new Date(Math.min(...times.map(time => time.getTime())))
    const notAfter = mine.findLast(telling => telling.notAfter)?.notAfter ?? waiting?.notAfter ?? null
    const [first] = mine
    if (waiting) changed.push({ id: waiting.id, data, nextAt, notAfter })
    else if (first) fresh.push({ ...first, data, at: nextAt, ...(notAfter && { notAfter }) })
  }
  await updateAll(tx, 'Outbox', company, changed)
  await insert(tx, company, fresh, now)
}

export interface Claiming {
  owner: string
  now: Date
  leaseMs: number
  take: number
  /** Platforms for which nothing is to be taken. */
  shut: readonly string[]
}

/**
 * Takes up to `take` rows that are due, at most one a lane and never one that has an unfinished row before it.
 * `FOR UPDATE SKIP LOCKED` lets any number of instances claim at once; the lease brings a dead instance's rows back. The
 * first of a lane is asked for by itself and the rows are taken by a list of ids, so that both are looked up whatever the
 * planner takes the table for: as joins they were looks at all that wait.
 */
export async function claim(
  tx: Tx,
  company: string,
  { owner, now, leaseMs, take, shut }: Claiming,
): Promise<OutboxRow[]> {
  const until = new Date(now.getTime() + leaseMs)
  const rows = await tx.$queryRaw<OutboxRow[]>`
    UPDATE "Outbox" SET "status" = 'sending', "leaseOwner" = ${owner}, "leaseUntil" = ${until}, "attempts" = "attempts" + 1
    WHERE "company" = ${company} AND "id" = ANY(ARRAY(
      SELECT o."id" FROM "Outbox" o
      WHERE o."company" = ${company} AND o."status" = 'waiting' AND o."nextAt" <= ${now}
        AND o."id" = (
          SELECT p."id" FROM "Outbox" p
          WHERE p."company" = o."company" AND p."lane" = o."lane" AND p."status" IN ('waiting', 'sending')
          ORDER BY p."id" LIMIT 1)
        AND (${shut.length === 0} OR (o."platform" <> ALL(${[...shut]}) AND (o."personId" IS NULL OR EXISTS (
          SELECT 1 FROM "Identity" i WHERE i."company" = o."company" AND i."personId" = o."personId"
            AND i."platform" <> ALL(${[...shut]})))))
      ORDER BY o."nextAt" LIMIT ${take} FOR UPDATE SKIP LOCKED))
    RETURNING "company", "id", "lane", "platform", "kind", "subject", "personId", "chatId", "data", "attempts", "reason", "notAfter", "createdAt"`
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The answer went out with the platform's own reply: the row has nothing left to do. */
export async function answered(tx: Tx, company: string, dedupeKey: string): Promise<void> {
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "Outbox" SET "status" = 'answered'
    WHERE "company" = ${company} AND "dedupeKey" = ${dedupeKey} AND "status" = 'waiting'`,
  )
}

/** What waits under this key need not wait any longer. */
export async function hurry(tx: Tx, company: string, coalesce: string, now: Date): Promise<void> {
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "Outbox" SET "nextAt" = ${now}
    WHERE "company" = ${company} AND "coalesce" = ${coalesce} AND "status" = 'waiting' AND "nextAt" > ${now}`,
  )
}

export async function byDedupeKey(
  tx: Tx,
  company: string,
  dedupeKey: string,
): Promise<{ data: unknown; kind: string } | null> {
  return tx.outbox.findUnique({
    where: { company_dedupeKey: { company, dedupeKey } },
    select: { data: true, kind: true },
  })
}

/** The sender lives and is still at it. Returns how many are still his. */
export async function renew(
  tx: Tx,
  company: string,
  owner: string,
  ids: readonly string[],
  leaseUntil: Date,
): Promise<number> {
  const where = { company, id: { in: [...ids] }, status: 'sending', leaseOwner: owner }
  return (await tx.outbox.updateMany({ where, data: { leaseUntil } })).count
}

/** Rows whose sender died come back; `mine` are under way here, however late it is. */
export async function freeExpired(tx: Tx, company: string, now: Date, mine: readonly string[]): Promise<number> {
  const freed = await tx.outbox.updateMany({
    where: { company, status: 'sending', leaseUntil: { lt: now }, id: { notIn: [...mine] } },
    data: { status: 'waiting', leaseOwner: null, leaseUntil: null, reason: senderLost },
  })
  return freed.count
}

/** Dead rows of a company go back to the queue, all of them (`npm run resend`) or those that are named. */
export async function resendDead(tx: Tx, company: string, now: Date, ids?: readonly string[]): Promise<number> {
  const again = await tx.outbox.updateMany({
    where: { company, status: 'dead', ...(ids && { id: { in: [...ids] } }) },
    data: { status: 'waiting', attempts: 0, nextAt: now, reason: 'sent again by an operator' },
  })
  return again.count
}

export async function listRows(tx: Tx, company: string, status: string, limit: number) {
  return tx.outbox.findMany({
    where: { company, status },
    orderBy: { id: 'desc' },
    take: limit,
    select: {
      id: true,
      kind: true,
      lane: true,
      status: true,
      attempts: true,
      nextAt: true,
      reason: true,
      createdAt: true,
      sentAt: true,
    },
  })
}

/** What health shows: how many rows wait or are dead, and since when the oldest due one waits. */
export async function backlog(
  tx: Tx,
  company: string,
  now: Date,
): Promise<{ waiting: number; dead: number; oldestDueAt: Date | null; waitsFor: string | null }> {
  const [waiting, dead, oldest] = await Promise.all([
    tx.outbox.count({ where: { company, status: { in: ['waiting', 'sending'] } } }),
    tx.outbox.count({ where: { company, status: 'dead' } }),
    // A row that was tried in vain is due since it was put, whenever its next try is.
    tx.outbox.findFirst({
      where: { company, status: 'waiting', OR: [{ nextAt: { lte: now } }, { attempts: { gt: 0 } }] },
      // Of those put at the same time one that was tried: it knows why it waits.
      orderBy: [{ createdAt: 'asc' }, { attempts: 'desc' }],
      select: { nextAt: true, createdAt: true, attempts: true, reason: true },
    }),
  ])
  const oldestDueAt = oldest && (oldest.attempts > 0 ? oldest.createdAt : oldest.nextAt)
  return { waiting, dead, oldestDueAt, waitsFor: oldest?.reason ?? null }
}

/** The person has an account now: what could not reach him goes out. */
export async function resendUnbound(tx: Tx, company: string, personId: string, now: Date): Promise<void> {
  await tx.outbox.updateMany({
    where: { company, personId, status: 'dead', reason: { startsWith: 'unbound' } },
    data: { status: 'waiting', attempts: 0, nextAt: now, reason: 'the person is bound now' },
  })
}
