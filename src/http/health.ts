import Router from '@koa/router'
import { unfinishedInbound } from '../chat/store.ts'
import type { Context } from '../context.ts'
import type { Engine } from '../engine/engine.ts'
import { backlog } from '../outbox/store.ts'
import type { Platform, Problem, Quota } from '../platforms/platform.ts'
import { webhookState } from '../webhooks/store.ts'
import type { Leaving } from './leaving.ts'
import type { createMetrics } from './metrics.ts'

export interface HealthDeps {
  engine: Engine
  platforms: ReadonlyMap<string, Platform>
  metrics: ReturnType<typeof createMetrics>
  leaving: Pick<Leaving, 'now'>
}

/** A beat every two seconds; ten missed ones mean the engine stands still. */
const beatTooOldMs = 20_000
const dueTooOldMs = 5 * 60_000

/**
 * `/health/live`: the process answers. `/health/ready`: 200 when it can do its work, else 503; either way the body
 * names what is wrong and how to mend it. Platform trouble is shown but keeps the instance ready: another one would
 * have the same, and taking it out of service would lose callbacks.
 */
export function healthRoutes(ctx: Context, deps: HealthDeps): Router {
  const router = new Router()

  router.get('/health/live', http => {
    http.body = { ok: true }
  })

  router.get('/health/ready', async http => {
    const state = deps.leaving.now ? left(await ready(ctx, deps)) : await ready(ctx, deps)
    http.status = state.ok ? 200 : 503
    http.body = state
  })

  router.get('/metrics', async http => {
    const rows = await backlog(ctx.db.prisma, ctx.company, ctx.clock.now())
    deps.metrics.backlog.set({ status: 'waiting' }, rows.waiting)
    deps.metrics.backlog.set({ status: 'dead' }, rows.dead)
    deps.metrics.unfinished.set(await unfinishedInbound(ctx.db.prisma, ctx.company))
    const { waiting, failed, off } = await webhookState(ctx.db.prisma, ctx.company)
    deps.metrics.webhooks.set({ state: 'waiting' }, waiting)
    deps.metrics.webhooks.set({ state: 'failed' }, failed)
    deps.metrics.webhooksOff.set(off.length)
    const beat = deps.engine.lastBeat
    for (const { platform, kind, used, limit } of await quotasOf(deps.platforms)) {
      deps.metrics.quotaUsed.set({ platform, kind }, used)
      deps.metrics.quotaLimit.set({ platform, kind }, limit)
    }
    if (beat) deps.metrics.sincebeat.set((ctx.clock.now().getTime() - beat.endedAt.getTime()) / 1000)
    http.type = deps.metrics.registry.contentType
    http.body = await deps.metrics.registry.metrics()
  })

  return router
}

function left<T extends { problems: Array<Omit<Problem, 'since'>> }>(state: T): T & { ok: false } {
  const told = { code: 'leaving', what: 'this instance is about to end', fix: 'nothing: another one answers' }
  return { ...state, ok: false, problems: [told, ...state.problems] }
}

async function quotasOf(platforms: HealthDeps['platforms']): Promise<Array<Quota & { platform: string }>> {
  const all = [...platforms.values()].map(async ({ name, quotas }) =>
    ((await quotas?.()) ?? []).map(quota => ({ platform: name, ...quota })),
  )
  return (await Promise.all(all)).flat()
}

/** What `/health/ready` knows. */
export async function ready(ctx: Context, { engine, platforms }: Pick<HealthDeps, 'engine' | 'platforms'>) {
  const now = ctx.clock.now()
  const problems: Array<Omit<Problem, 'since'> & { since?: Date }> = []
  const database = await ctx.db.prisma.$queryRaw`SELECT 1`.then(() => true).catch(() => false)
  if (!database)
    problems.push({
      code: 'database',
      what: 'the database does not answer',
      fix: 'check that PostgreSQL runs and DATABASE_URL is right',
    })
  const rows = database ? await backlog(ctx.db.prisma, ctx.company, now) : null
  const webhooks = database ? await webhookState(ctx.db.prisma, ctx.company) : null
  const beat = engine.lastBeat
  const beatOld = !beat || now.getTime() - beat.endedAt.getTime() > beatTooOldMs
  if (beatOld)
    problems.push({
      code: 'engine',
      what: 'the engine has not finished a beat lately',
      fix: 'look for "a duty of the engine failed" in the log; restart if it hangs',
    })
  for (const duty of beat?.failed ?? [])
    problems.push({
      code: 'duty',
      what: `the duty "${duty}" failed in the last beat`,
      fix: 'see the log for the reason',
    })
  if (rows && rows.dead > 0)
    problems.push({
      code: 'dead-rows',
      what: `${rows.dead} message(s) could not be delivered`,
      fix: 'see GET /api/v1/outbox?status=dead, mend the cause, then npm run resend',
    })
  if (rows?.oldestDueAt && now.getTime() - rows.oldestDueAt.getTime() > dueTooOldMs)
    problems.push({
      code: 'late-rows',
      what: `messages wait since ${rows.oldestDueAt.toISOString()}${rows.waitsFor ? `: ${rows.waitsFor}` : ''}`,
      fix: 'see the platform problems beside this one',
      since: rows.oldestDueAt,
    })
  for (const { id, offBecause } of webhooks?.off ?? [])
    problems.push({
      code: 'webhook-off',
      what: `the webhook endpoint ${id} was switched off: ${offBecause}`,
      fix: `mend what is there, then PATCH /api/v1/webhooks/${id} with {"enabled": true}; or delete it`,
    })
  if (webhooks && webhooks.failed > 0)
    problems.push({
      code: 'webhooks-failed',
      what: `${webhooks.failed} webhook message(s) were given up`,
      fix: 'see GET /api/v1/webhooks/{id}/deliveries?state=failed, mend the cause, then POST …/resend',
    })
  for (const platform of platforms.values()) problems.push(...platform.problems())
  return {
    ok: database && !beatOld,
    database: { ok: database, kind: ctx.db.kind },
    engine: { lastBeatAt: beat?.endedAt ?? null },
    quotas: database ? await quotasOf(platforms) : [],
    outbox: rows && { waiting: rows.waiting, dead: rows.dead, oldestDueAt: rows.oldestDueAt },
    webhooks: webhooks && { waiting: webhooks.waiting, failed: webhooks.failed, off: webhooks.off.length },
    problems,
  }
}
