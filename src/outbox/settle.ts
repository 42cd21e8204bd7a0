import { loaded } from '../db/loader.ts'
import { type Tx, unawaited } from '../db/tx.ts'
import type { OutboxRow } from './store.ts'

/** Store of how a claim ends. */

type Outcome =
  | { status: 'sent'; messageId?: string | undefined }
  | { status: 'answered' }
  | { status: 'dropped' | 'dead'; reason: string }
  | { status: 'waiting'; reason: string; nextAt: Date; uncounted?: boolean }

interface Settled {
  id: string
  outcome: Outcome
  now: Date
}

/**
 * Ends a claim. Only the owner of the lease may; a row taken over meanwhile is left alone. Claims that end at the same time
 * in a transaction end in one statement.
 */
export async function settle(tx: Tx, row: OutboxRow, owner: string, outcome: Outcome, now: Date): Promise<void> {
  const { company, id } = row
  await loaded(tx, `settle ${company} ${owner}`, { id, outcome, now }, all => settleAll(tx, company, owner, all))
}

async function settleAll(tx: Tx, company: string, owner: string, all: readonly Settled[]): Promise<null[]> {
  const ids = all.map(({ id }) => id)
  const of = <T>(what: (outcome: Outcome, now: Date) => T | undefined) =>
    all.map(({ outcome, now }) => what(outcome, now) ?? null)
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "Outbox" o SET "status" = r."status", "leaseOwner" = NULL, "leaseUntil" = NULL, "reason" = r."reason",
      "sentAt" = COALESCE(r."sentAt", o."sentAt"),
      "messageId" = CASE WHEN r."status" = 'sent' THEN r."messageId" ELSE o."messageId" END,
      "nextAt" = COALESCE(r."nextAt", o."nextAt"), "attempts" = o."attempts" - r."uncounted"
    FROM unnest(${ids}::uuid[], ${of(({ status }) => status)}::text[],
      ${of(outcome => ('reason' in outcome ? outcome.reason : null))}::text[],
      ${of(({ status }, now) => (status === 'sent' ? now : null))}::timestamptz[],
      ${of(outcome => (outcome.status === 'sent' ? outcome.messageId : null))}::text[],
      ${of(outcome => (outcome.status === 'waiting' ? outcome.nextAt : null))}::timestamptz[],
      ${of(outcome => (outcome.status === 'waiting' && outcome.uncounted ? 1 : 0))}::int[])
      AS r("id", "status", "reason", "sentAt", "messageId", "nextAt", "uncounted")
    WHERE o."company" = ${company} AND o."id" = ANY(${ids}::uuid[]) AND o."id" = r."id"
      AND o."status" = 'sending' AND o."leaseOwner" = ${owner}`,
  )
  return all.map(() => null)
}
