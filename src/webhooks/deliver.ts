import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { areaOf, testEvent } from './events.ts'
import { type Attempt, came, judge } from './schedule.ts'
import type { Send } from './send.ts'
import { signed, signing } from './sign.ts'
import {
  claimEndpoints,
  type DeliveryRow,
  dropDelivery,
  dueDeliveries,
  type Endpoint,
  holdEndpoint,
  releaseAll,
  releaseEndpoint,
  settleDelivery,
} from './store.ts'

/** What a fact of a journal is told as: the `data` of its event. Null where what it is about is gone. */
export type Tell = (
  tx: Tx,
  ctx: Context,
  about: { area: ReturnType<typeof areaOf>; subject: string; seq: number },
) => Promise<object | null>

export interface WebhookDeps {
  owner: string
  send: Send
  tell: Tell
}

/** An attempt takes half of it; a dead instance's endpoints come back after it. */
const leaseMs = 30_000
const atOnce = 50

export interface WebhookSender {
  /** Begins sending to every endpoint that is owed something; returns to how many. */
  run(ctx: Context, stopping: () => boolean): Promise<number>
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>
}

/**
 * Sends what endpoints are owed, to each one message after the other, beside the beat: an endpoint that hangs holds up
 * nobody but itself. What failed waits for its next try and lets the others pass.
 */
export function createWebhookSender(deps: WebhookDeps): WebhookSender {
  const underWay = new Map<string, Promise<void>>()
  let looked = false

  async function run(ctx: Context, stopping: () => boolean): Promise<number> {
    const { db, company, clock } = ctx
    // The embedded database has one process at a time: at its start every other sender is known to be dead.
    if (db.kind === 'embedded' && !looked) await releaseAll(db.prisma, company)
    looked = true
    const claimed = { owner: deps.owner, mine: [...underWay.keys()], now: clock.now(), leaseMs }
    const ids = await claimEndpoints(db.prisma, company, claimed)
    for (const id of ids) {
      const work = serve(ctx, deps, id, stopping)
        .finally(() => underWay.delete(id))
        // What came due while the last message was on its way.
        .then(() => ctx.ring())
        .catch(error => ctx.log.error({ endpoint: id, err: String(error) }, 'sending to a webhook endpoint broke off'))
      underWay.set(id, work)
    }
    return ids.length
  }

  return {
    run,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
  }
}

async function serve(ctx: Context, deps: WebhookDeps, id: string, stopping: () => boolean): Promise<void> {
  const { db, company, clock } = ctx
  const held = () => holdEndpoint(db.prisma, company, id, { owner: deps.owner, now: clock.now(), leaseMs })
  try {
    for (;;) {
      const rows = await dueDeliveries(db.prisma, company, id, clock.now(), atOnce)
      if (rows.length === 0) return
      for (const row of rows) {
        const endpoint = stopping() ? null : await held()
        if (!endpoint) return
        await attempt(ctx, deps, endpoint, row)
      }
    }
  } finally {
    await releaseEndpoint(db.prisma, company, id, deps.owner)
  }
}

async function attempt(ctx: Context, deps: WebhookDeps, endpoint: Endpoint, row: DeliveryRow): Promise<void> {
  const { db, company, clock, log } = ctx
  const done = await sendOne(ctx, deps, endpoint, row)
  if (!done) return inTransaction(db, tx => dropDelivery(tx, company, endpoint.id, row.id, 'what it is about is gone'))
  const now = clock.now()
  const attempts = row.attempts + 1
  const verdict = judge(done, { attempts, failingSince: endpoint.failingSince, now, chance: Math.random() })
  await inTransaction(db, tx => settleDelivery(tx, company, endpoint, row, { verdict, now, ...done }))
  const told = { endpoint: endpoint.id, delivery: row.id, type: row.type, attempts, status: done.status }
  if (verdict.state === 'failed') log.warn(told, 'a webhook delivery was given up')
  else if (!came(done)) log.info({ ...told, error: done.error }, 'a webhook delivery failed, it will be tried again')
  const { offBecause } = verdict.endpoint
  if (offBecause) log.warn({ endpoint: endpoint.id, because: offBecause }, 'a webhook endpoint was switched off')
}

/** Null where there is nothing to say any more. */
async function sendOne(ctx: Context, deps: WebhookDeps, endpoint: Endpoint, row: DeliveryRow): Promise<Attempt | null> {
  try {
    const data = await inTransaction(ctx.db, tx => dataOf(tx, ctx, deps, endpoint, row))
    if (!data) return null
    const body = JSON.stringify({ type: row.type, timestamp: row.at.toISOString(), data })
    const now = ctx.clock.now()
    const headers = {
      ...{ 'content-type': 'application/json', 'user-agent': 'Paigong-Webhooks/1' },
      ...signed({ id: row.id, body, secrets: signing(endpoint, now) }, now),
    }
    return await deps.send(endpoint.url, headers, body, now)
  } catch (error) {
    // What one message can't be made of must not keep back those behind it.
    ctx.log.error({ delivery: row.id, type: row.type, err: String(error) }, 'a webhook message could not be made')
    return { status: null, error: 'it could not be made; the log has the reason', answer: null, ours: true }
  }
}

async function dataOf(
  tx: Tx,
  ctx: Context,
  deps: WebhookDeps,
  endpoint: Endpoint,
  { type, subject, seq }: DeliveryRow,
): Promise<object | null> {
  if (type === testEvent) return { endpoint: endpoint.id }
  return subject === null || seq === null ? null : deps.tell(tx, ctx, { area: areaOf(type), subject, seq })
}
