import { createHash } from 'node:crypto'
import type { Inbound, PlatformName } from '../chat/inbound.ts'
import { claimMedia, mediaFailed, storeMedia } from '../chat/media.ts'
import { reviveInbound, waitingInbound } from '../chat/store.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Permanent, Temporary } from '../errors.ts'
import { sweepClocks, sweepDaily } from '../orders/nudge.ts'
import { waitAfter } from '../outbox/retry.ts'
import { resendUnbound } from '../outbox/store.ts'
import { bind, unbound } from '../people/store.ts'
import type { Platform } from '../platforms/platform.ts'
import { createSender, type DeliverDeps } from './deliver.ts'
import type { Duty } from './engine.ts'

export interface DutyDeps extends DeliverDeps {
  again(inbound: Inbound): Promise<void>
}

const mediaTries = 10

/** All the engine does, in the order of a beat: first what was left over, then what is due, then sending. */
export function duties(deps: DutyDeps): Duty[] {
  const sender = createSender(deps)
  return [
    { name: 'free expired leases', run: ctx => sender.freeLost(ctx) },
    { name: 'finish the inbox', run: ctx => finishInbox(ctx, deps) },
    { name: 'look at clocks', run: sweepClocks },
    { name: 'daily lists', run: ctx => sweepDaily(ctx, deps.owner) },
    { name: 'fetch media', run: ctx => fetchMedia(ctx, deps.platforms) },
    { name: 'bind by mobile', run: ctx => bindByMobile(ctx, deps) },
    { name: 'deliver', run: (ctx, stopping) => sender.deliver(ctx, stopping), idle: () => sender.idle() },
  ]
}

/** Events that were kept but not finished: the handling failed, or the process that kept them died. */
async function finishInbox(ctx: Context, deps: DutyDeps): Promise<number> {
  const events = await waitingInbound(ctx.db.prisma, ctx.company, ctx.clock.now(), 50)
  for (const event of events) await deps.again(reviveInbound(event))
  return events.length
}

async function fetchMedia(ctx: Context, platforms: ReadonlyMap<PlatformName, Platform>): Promise<number> {
  const wanted = await inTransaction(ctx.db, tx => claimMedia(tx, ctx.company, ctx.clock.now(), 60_000, 10))
  await Promise.all(
    wanted.map(async ({ id, platform, ref, attempts }) => {
      try {
        const file = await platforms.get(platform)?.fetchMedia(ref)
        if (!file) throw new Permanent('platform-off', `platform ${platform} is switched off`)
        const sha256 = createHash('sha256').update(file.bytes).digest('hex')
        await storeMedia(ctx.db.prisma, ctx.company, id, { ...file, sha256 })
      } catch (error) {
        const temporary = error instanceof Temporary && attempts < mediaTries
        const nextAt = temporary
          ? new Date(ctx.clock.now().getTime() + waitAfter(attempts, Math.random(), error.retryAfterMs))
          : null
        const reason = error instanceof Error ? error.message : String(error)
        ctx.log.warn({ media: id, platform, attempts, reason }, 'a file could not be fetched')
        await mediaFailed(ctx.db.prisma, ctx.company, id, reason, nextAt)
      }
    }),
  )
  return wanted.length
}

/** People entered with a mobile but without an account are looked up once a day: most never need to bind by hand. */
async function bindByMobile(ctx: Context, deps: DutyDeps): Promise<number> {
  const now = ctx.clock.now()
  let bound = 0
  for (const [name, platform] of deps.platforms) {
    if (!platform.findByMobile) continue
    for (const { id, mobile } of await unbound(ctx.db.prisma, ctx.company, name)) {
      const period = now.toISOString().slice(0, 10)
      const mine = await ctx.db.prisma.jobRun.createMany({
        data: [
          { company: ctx.company, job: `bind:${name}:${id}:${mobile}`, period, owner: deps.owner, startedAt: now },
        ],
        skipDuplicates: true,
      })
      if (mine.count === 0) continue
      const userId = await platform.findByMobile(mobile).catch(error => {
        if (error instanceof Temporary || error instanceof Permanent) return null
        throw error
      })
      if (!userId) continue
      await inTransaction(ctx.db, async tx => {
        await bind(tx, ctx.company, { platform: name, userId, personId: id, how: 'mobile' }, now)
        await resendUnbound(tx, ctx.company, id, now)
      })
      bound += 1
    }
  }
  return bound
}
