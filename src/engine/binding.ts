import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Permanent, Temporary } from '../errors.ts'
import { resendUnbound } from '../outbox/store.ts'
import { bind, unbound } from '../people/accounts.ts'
import type { Platform } from '../platforms/platform.ts'

interface BindingDeps {
  owner: string
  platforms: ReadonlyMap<PlatformName, Platform>
}

/**
 * People entered with a mobile but without an account are looked up in the platform's contacts: most never need to bind
 * by hand. Asked once an hour while the platform fails, once a day when it knows no such number (WeCom closes the API
 * for a day after too many wrong ones, /96267).
 */
export async function bindByMobile(ctx: Context, deps: BindingDeps): Promise<number> {
  const hour = ctx.clock.now().toISOString().slice(0, 13)
  let bound = 0
  for (const [name, platform] of deps.platforms) {
    if (!platform.findByMobile) continue
    for (const { id, mobile } of await unbound(ctx.db.prisma, ctx.company, name)) {
      const job = `bind:${name}:${mobile}`
      if (await asked(ctx, job, [hour, hour.slice(0, 10)])) continue
      if (!(await take(ctx.db.prisma, ctx, deps.owner, job, hour))) continue
      const userId = await platform.findByMobile(mobile).catch(error => {
        if (error instanceof Temporary) return undefined
        if (error instanceof Permanent) return null
        throw error
      })
      if (userId === null) await take(ctx.db.prisma, ctx, deps.owner, job, hour.slice(0, 10))
      if (!userId) continue
      await inTransaction(ctx.db, async tx => {
        const now = ctx.clock.now()
        await bind(tx, ctx.company, { platform: name, userId, personId: id, how: 'mobile' }, now)
        await resendUnbound(tx, ctx.company, id, now)
      })
      bound += 1
    }
  }
  return bound
}

async function asked(ctx: Context, job: string, periods: string[]): Promise<boolean> {
  return (await ctx.db.prisma.jobRun.count({ where: { company: ctx.company, job, period: { in: periods } } })) > 0
}

async function take(tx: Tx, ctx: Context, owner: string, job: string, period: string): Promise<boolean> {
  const data = [{ company: ctx.company, job, period, owner, startedAt: ctx.clock.now() }]
  return (await tx.jobRun.createMany({ data, skipDuplicates: true })).count === 1
}
