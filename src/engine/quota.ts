import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { put } from '../outbox/store.ts'
import { managersOf } from '../people/store.ts'
import type { Platform, Quota } from '../platforms/platform.ts'
import { quotaWords } from './quotaWords.ts'

/** Shares of a month's allowance at which the managers are told, once each. */
export const marks = [1, 0.95, 0.85, 0.7] as const

/** Tells every manager once a month for each mark that an allowance passed; only the highest one passed is told. */
export async function watchQuotas(
  ctx: Context,
  deps: { owner: string; platforms: ReadonlyMap<PlatformName, Platform> },
): Promise<number> {
  let told = 0
  for (const [name, platform] of deps.platforms)
    for (const quota of (await platform.quotas?.()) ?? []) told += await tellOnce(ctx, deps.owner, name, quota)
  return told
}

async function tellOnce(ctx: Context, owner: string, platform: PlatformName, quota: Quota): Promise<number> {
  const mark = marks.find(share => quota.used >= quota.limit * share)
  if (!mark) return 0
  const { company } = ctx
  const job = `quota:${platform}:${quota.kind}:${mark * 100}`
  const key = { company, job, period: quota.month }
  if (await ctx.db.prisma.jobRun.findUnique({ where: { company_job_period: key } })) return 0
  const now = ctx.clock.now()
  return inTransaction(ctx.db, async tx => {
    const mine = await tx.jobRun.createMany({
      data: [{ ...key, owner, startedAt: now, doneAt: now }],
      skipDuplicates: true,
    })
    if (mine.count === 0) return 0
    const data = { text: quotaWords(quota, mark) }
    const managers = await managersOf(tx, company)
    const tellings = managers.map(person => ({
      ...{ kind: 'note', to: { person }, data },
      dedupeKey: `${job}:${quota.month}:${person}`,
    }))
    await put(tx, company, tellings, now)
    return tellings.length
  })
}
