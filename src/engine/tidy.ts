import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { lastNight } from './night.ts'

const dayMs = 86_400_000
/** How long rows are kept that nobody needs any more but who wants to know what happened. */
const keepDays = {
  ...{ inbox: 30, outbox: 90, answers: 2, drafts: 30, runs: 400, tokens: 1 },
  ...{ webhooks: 30, previews: 1, imports: 400 },
}

/**
 * Once a night, deletes what is done with: events handled, messages sent or dropped, answers kept for retries, what
 * platforms gave for a while, what webhook endpoints had, missed or were switched off for too long to get. Orders, journals and media stay. Dead rows stay too, until somebody sends them again.
 */
export async function tidy(ctx: Context, owner: string): Promise<number> {
  const now = ctx.clock.now()
  const { company } = ctx
  const before = (days: number) => new Date(now.getTime() - days * dayMs)
  const period = lastNight(ctx)
  const run = { company, job: 'tidy', period, owner, startedAt: now, doneAt: now }
  const known = await ctx.db.prisma.jobRun.findUnique({
    where: { company_job_period: { company, job: 'tidy', period } },
  })
  if (known) return 0
  return inTransaction(ctx.db, async tx => {
    const mine = await tx.jobRun.createMany({ data: [run], skipDuplicates: true })
    if (mine.count === 0) return 0
    const gone = await Promise.all([
      tx.inbox.deleteMany({ where: { company, doneAt: { lt: before(keepDays.inbox) } } }),
      tx.outbox.deleteMany({
        where: { company, status: { in: ['sent', 'answered', 'dropped'] }, createdAt: { lt: before(keepDays.outbox) } },
      }),
      tx.idempotency.deleteMany({ where: { company, createdAt: { lt: before(keepDays.answers) } } }),
      tx.draft.deleteMany({ where: { company, createdAt: { lt: before(keepDays.drafts) } } }),
      tx.jobRun.deleteMany({ where: { company, startedAt: { lt: before(keepDays.runs) } } }),
      tx.webhookDelivery.deleteMany({ where: { company, at: { lt: before(keepDays.webhooks) } } }),
      tx.import.deleteMany({
        where: {
          company,
          OR: [
            { state: { in: ['ready', 'faulty'] }, expiresAt: { lt: before(keepDays.previews) } },
            { state: 'imported', importedAt: { lt: before(keepDays.imports) } },
          ],
        },
      }),
      tx.platformToken.deleteMany({ where: { company, expiresAt: { lt: before(keepDays.tokens) } } }),
    ])
    return gone.reduce((sum, { count }) => sum + count, 0)
  })
}
