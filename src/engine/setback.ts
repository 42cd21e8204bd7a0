import { keptForMs } from '../chat/store.ts'
import type { Context } from '../context.ts'
import { farAhead } from '../db/ahead.ts'
import { heldMs } from '../imports/import.ts'
import { monthLeaseMs } from '../settlement/sweep.ts'
import { approvalHoldMs } from './approvals.ts'
import { messageLeaseMs } from './deliver.ts'
import { mediaHoldMs } from './fetching.ts'

/** Longer than any platform asks to be left alone, but for an allowance that is used up. */
const retryMs = 3_600_000

/**
 * A clock that was ahead and is set back leaves claims and waits that end when the wrong time comes: for hours nobody would
 * send, fetch or reckon what a process died over meanwhile. They end now. What is planned for its own time stays.
 */
export async function endWrongTimes({ db: { prisma }, company, clock }: Context): Promise<number> {
  const now = clock.now()
  const after = (ms: number) => farAhead(now, ms)
  const ended = [
    await prisma.$executeRaw`
      UPDATE "Outbox" SET "leaseUntil" = ${new Date(now.getTime() - 1)}
      WHERE "company" = ${company} AND "status" = 'sending' AND "leaseUntil" > ${after(messageLeaseMs)}`,
    // What was put then is put off as long as it was to be, from now.
    await prisma.$executeRaw`
      UPDATE "Outbox" SET "createdAt" = ${now}, "nextAt" = "nextAt" - ("createdAt" - ${now}::timestamptz),
        "notAfter" = "notAfter" - ("createdAt" - ${now}::timestamptz)
      WHERE "company" = ${company} AND "status" = 'waiting' AND "createdAt" > ${after(0)}`,
    await prisma.$executeRaw`
      UPDATE "Outbox" SET "nextAt" = ${now}
      WHERE "company" = ${company} AND "status" = 'waiting' AND "attempts" > 0 AND "nextAt" > ${after(retryMs)}`,
    await prisma.$executeRaw`
      UPDATE "Inbox" SET "nextAt" = ${now}
      WHERE "company" = ${company} AND "status" = 'new' AND "nextAt" > ${after(keptForMs)}`,
    await prisma.$executeRaw`
      UPDATE "Media" SET "nextAt" = ${now} WHERE "company" = ${company} AND "state" = 'wanted'
        AND "nextAt" > CASE WHEN "error" IS NULL THEN ${after(mediaHoldMs)}::timestamptz ELSE ${after(retryMs)}::timestamptz END`,
    await prisma.$executeRaw`
      UPDATE "ApprovalTask" SET "nextAt" = ${now} WHERE "company" = ${company}
        AND "nextAt" > CASE WHEN "error" IS NULL THEN ${after(approvalHoldMs)}::timestamptz ELSE ${after(retryMs)}::timestamptz END`,
    await prisma.$executeRaw`
      UPDATE "Import" SET "nextAt" = ${now}
      WHERE "company" = ${company} AND "state" = 'importing' AND "nextAt" > ${after(heldMs)}`,
    // A month that is published may wait for its appeals to end: then it was to be reckoned anew if that was wanted last.
    await prisma.$executeRaw`
      UPDATE "Settlement" s SET "nextLookAt" = ${now}
      WHERE "company" = ${company} AND "nextLookAt" > ${after(monthLeaseMs)} AND (SELECT "fact" FROM "SettlementJournal" j
        WHERE j."company" = s."company" AND j."settlementId" = s."id" AND j."fact" IN ('wanted', 'adjusted', 'reckoned')
        ORDER BY j."seq" DESC LIMIT 1) <> 'reckoned'`,
    await prisma.$executeRaw`
      UPDATE "WebhookDelivery" SET "nextAt" = ${now}
      WHERE "company" = ${company} AND "state" = 'waiting' AND "attempts" = 0 AND "nextAt" > ${after(0)}`,
  ]
  return ended.reduce((sum, count) => sum + count, 0)
}
