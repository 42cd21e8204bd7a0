import { type Tx, unawaited } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { Inbound } from './inbound.ts'

/** Store of what was heard (inbox) and of questions that wait for an answer (drafts). */

/** Whoever keeps an event finishes it; others take it up after this. No event waits longer for its next try. */
export const keptForMs = 30_000

/** Keeps an event before it is acknowledged. False when it is known already. */
export async function keepInbound(tx: Tx, company: string, inbound: Inbound, now: Date): Promise<boolean> {
  const { platform, key } = inbound
  // Looked at again after a while if whoever keeps it now does not finish it.
  const nextAt = new Date(now.getTime() + keptForMs)
  const made = await tx.$executeRaw`
    INSERT INTO "Inbox" ("company", "platform", "key", "status", "event", "receivedAt", "nextAt")
    VALUES (${company}, ${platform}, ${key}, 'new', ${JSON.stringify(inbound)}::jsonb, ${now}, ${nextAt})
    ON CONFLICT DO NOTHING`
  return made === 1
}

export function reviveInbound(event: unknown): Inbound {
  const raw = event as Inbound & { at: string; repaint?: { handle: string; expiresAt: string } }
  const { repaint, ...rest } = raw
  return {
    ...rest,
    at: new Date(raw.at),
    ...(repaint && { repaint: { handle: repaint.handle, expiresAt: new Date(repaint.expiresAt) } }),
  }
}

/** An event that was kept and is not finished, as one waits for it that was kept later. */
export interface Unfinished {
  key: string
  event: unknown
  attempts: number
  nextAt: Date
  receivedAt: Date
}

/** How many events were kept and are not finished. */
export const unfinishedInbound = (tx: Tx, company: string): Promise<number> =>
  tx.inbox.count({ where: { company, status: 'new' } })

/** What has failed so often by itself holds up nobody any more: it may never come to anything. */
const failuresWaitedFor = 2

/**
 * Locks the event's row; null when it was dealt with already. `before`: what the same person said earlier and was promised,
 * and is not finished, the oldest first.
 */
export async function lockInbound(
  tx: Tx,
  company: string,
  { platform, key, sender }: Pick<Inbound, 'platform' | 'key' | 'sender'>,
): Promise<{ attempts: number; before: Unfinished[] } | null> {
  const earlier = Prisma.sql`
    FROM "Inbox" b WHERE b."company" = ${company} AND b."status" = 'new' AND b."platform" = ${platform}
      AND b."event"->'sender'->>'userId' = ${sender.userId} AND b."attempts" <= ${failuresWaitedFor}`
  const [row] = await tx.$queryRaw<Array<{ status: string; attempts: number; receivedAt: Date; more: boolean }>>`
    SELECT i."status", i."attempts", i."receivedAt",
      EXISTS (SELECT 1 ${earlier} AND b."receivedAt" < i."receivedAt") AS "more" FROM "Inbox" i
    WHERE i."company" = ${company} AND i."platform" = ${platform} AND i."key" = ${key} FOR UPDATE`
  if (row?.status !== 'new') return null
  const before = row.more
    ? await tx.$queryRaw<Unfinished[]>`
        SELECT b."key", b."event", b."attempts", b."nextAt", b."receivedAt" ${earlier}
          AND b."receivedAt" < ${row.receivedAt} ORDER BY b."receivedAt"`
    : []
  return { attempts: row.attempts, before }
}

export async function finishInbound(
  tx: Tx,
  company: string,
  platform: string,
  key: string,
  outcome: { status: 'done' | 'refused' | 'dead'; error?: string },
  now: Date,
): Promise<void> {
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "Inbox" SET "status" = ${outcome.status}, "error" = ${outcome.error ?? null}, "doneAt" = ${now}, "nextAt" = NULL
    WHERE "company" = ${company} AND "platform" = ${platform} AND "key" = ${key}`,
  )
}

/** The handling failed: to be tried again at `nextAt`. Returns the attempts made so far. */
export async function postponeInbound(
  tx: Tx,
  company: string,
  platform: string,
  key: string,
  error: string,
  nextAt: Date,
): Promise<number> {
  const row = await tx.inbox.update({
    where: { company_platform_key: { company, platform, key } },
    data: { attempts: { increment: 1 }, error: error.slice(0, 500), nextAt },
  })
  return row.attempts
}

/** It waits for another one: that is no failure of its own. */
export async function deferInbound(
  tx: Tx,
  company: string,
  { platform, key }: Pick<Inbound, 'platform' | 'key'>,
  nextAt: Date,
): Promise<void> {
  await tx.inbox.updateMany({ where: { company, platform, key, status: 'new' }, data: { nextAt } })
}

/** Kept but not finished, and nobody is at it: the oldest first. */
export async function waitingInbound(tx: Tx, company: string, now: Date, take: number): Promise<unknown[]> {
  const rows = await tx.inbox.findMany({
    where: { company, status: 'new', nextAt: { lte: now } },
    orderBy: { receivedAt: 'asc' },
    take,
    select: { event: true },
  })
  return rows.map(row => row.event)
}

export interface Draft {
  id: string
  personId: string
  chatKey: string
  kind: string
  data: unknown
  version: number
}

/** Asks something of a person in a chat; what was asked there before is off the table. */
export async function openDraft(
  tx: Tx,
  company: string,
  draft: { personId: string; chatKey: string; kind: string; data: object; expiresAt: Date },
  now: Date,
): Promise<Draft> {
  const { personId, chatKey, kind, data, expiresAt } = draft
  await tx.draft.updateMany({
    where: { company, personId, chatKey, closedAt: null },
    data: { closedAt: now, outcome: 'replaced' },
  })
  return tx.draft.create({
    data: {
      company,
      id: newId(now),
      personId,
      chatKey,
      kind,
      data: data as Prisma.InputJsonObject,
      version: 1,
      createdAt: now,
      expiresAt,
    },
  })
}

export async function openDraftOf(
  tx: Tx,
  company: string,
  personId: string,
  chatKey: string,
  now: Date,
): Promise<Draft | null> {
  const [draft] = await tx.$queryRaw<Draft[]>`
    SELECT "id", "personId", "chatKey", "kind", "data", "version" FROM "Draft"
    WHERE "company" = ${company} AND "personId" = ${personId}::uuid AND "chatKey" = ${chatKey} AND "closedAt" IS NULL
      AND "expiresAt" > ${now} ORDER BY "id" DESC LIMIT 1`
  return draft ?? null
}

/** A draft by id with its state, locked so that two taps on 确认 make one order. */
export async function lockDraft(
  tx: Tx,
  company: string,
  id: string,
): Promise<(Draft & { closedAt: Date | null; expiresAt: Date; outcome: string | null }) | null> {
  await tx.$queryRaw`SELECT 1 FROM "Draft" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return tx.draft.findUnique({ where: { company_id: { company, id } } })
}

export async function updateDraft(tx: Tx, company: string, id: string, data: object): Promise<Draft> {
  return tx.draft.update({
    where: { company_id: { company, id } },
    data: { data: data as Prisma.InputJsonObject, version: { increment: 1 } },
  })
}

/** What a button asked in a chat is off the table: it was answered another way. */
export async function dropQuestions(
  tx: Tx,
  company: string,
  personId: string,
  chatKey: string,
  now: Date,
): Promise<void> {
  await unawaited(
    tx,
    tx.$executeRaw`
      UPDATE "Draft" SET "closedAt" = ${now}, "outcome" = 'answered another way'
      WHERE "company" = ${company} AND "personId" = ${personId}::uuid AND "chatKey" = ${chatKey} AND "kind" = 'ask'
        AND "closedAt" IS NULL`,
  )
}

export async function closeDraft(tx: Tx, company: string, id: string, outcome: string, now: Date): Promise<void> {
  await tx.draft.update({ where: { company_id: { company, id } }, data: { closedAt: now, outcome } })
}
