import { setTimeout as pause } from 'node:timers/promises'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { Together } from '../db/together.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { forLog, Permanent, Temporary } from '../errors.ts'
import type { Composers, Recall, ToSend } from '../outbox/compose.ts'
import { attemptsBeforeDead, waitAfter } from '../outbox/retry.ts'
import { settle } from '../outbox/settle.ts'
import { claim, freeExpired, type OutboxRow, renew, senderLost } from '../outbox/store.ts'
import type { Delivery, Platform, Sent } from '../platforms/platform.ts'
import { pace } from './pace.ts'
import { type Place, Places } from './places.ts'
import { takeBack } from './recall.ts'
import { type Route, route } from './route.ts'

export interface DeliverDeps {
  owner: string
  composers: Composers
  platforms: ReadonlyMap<PlatformName, Platform>
}

/** A living sender renews its rows; a dead one's come back after this. */
export const messageLeaseMs = 20_000
const renewMs = 5_000
const atOnce = 32
const endOfTime = new Date('9999-01-01T00:00:00Z')
/** A beat waits this long for sends that are slow; then they go on beside it and hold up nobody. */
const patienceMs = 200
/** A place that becomes free waits so long for others: one question for several rows. */
const gatherMs = 10
/** What was taken for a platform that has no place left is looked at again after this. */
const putBackMs = 500

export interface Sender {
  /** Sends what is due until nothing is left that could be sent now. Returns how many rows it began. */
  deliver(ctx: Context, stopping: () => boolean): Promise<number>
  /** Rows of lost senders come back. */
  freeLost(ctx: Context): Promise<number>
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>
}

export function createSender(deps: DeliverDeps): Sender {
  const underWay = new Map<string, Promise<void>>()
  const places = new Places(atOnce, [...deps.platforms.keys()])
  let attended = false
  /** A message ended since a beat last asked what is due: what waits behind it in its lane was not found yet. */
  let freed = false
  let looked = false
  let renewal: NodeJS.Timeout | undefined
  let desk: Desk | undefined

  async function deliver(ctx: Context, stopping: () => boolean): Promise<number> {
    let begun = 0
    attended = true
    try {
      while (!stopping()) {
        const changed = places.changed()
        freed = false
        const rows = places.free() > 0 ? await take(ctx) : []
        for (const row of rows) begin(ctx, row)
        begun += rows.length
        if (rows.length > 0) continue
        if (underWay.size === 0) {
          if (freed) continue
          break
        }
        const slow = await Promise.race([changed, pause(patienceMs, 'slow' as const, { ref: false })])
        if (slow && !freed) break
        if (underWay.size > 0) await pause(gatherMs)
      }
    } finally {
      attended = false
    }
    return begun
  }

  // One statement: it needs no transaction around it.
  const take = (ctx: Context) =>
    claim(ctx.db.prisma, ctx.company, {
      ...{ owner: deps.owner, now: ctx.clock.now(), leaseMs: messageLeaseMs, take: places.free(), shut: places.full() },
    })

  function begin(ctx: Context, row: OutboxRow): void {
    renewal ??= setInterval(() => renewAll(ctx), renewMs).unref()
    const place = places.take()
    desk ??= { before: new Together(ctx.db), after: new Together(ctx.db) }
    const work = one(ctx, deps, desk, { ...row, claimedAt: ctx.clock.now() }, place)
      .catch(error => ctx.log.error({ id: row.id, err: String(error) }, 'a message could not be settled'))
      .finally(() => {
        underWay.delete(row.id)
        freed = true
        place.leave()
        if (underWay.size === 0) {
          clearInterval(renewal)
          renewal = undefined
        }
        // What waits behind it in its lane, when no beat is looking.
        if (!attended) ctx.ring()
      })
    underWay.set(row.id, work)
  }

  function renewAll(ctx: Context): void {
    const until = new Date(ctx.clock.now().getTime() + messageLeaseMs)
    renew(ctx.db.prisma, ctx.company, deps.owner, [...underWay.keys()], until).catch(error =>
      ctx.log.warn({ err: String(error) }, 'leases of messages could not be renewed'),
    )
  }

  return {
    deliver,
    freeLost(ctx) {
      // The embedded database has one process at a time: at its start every other sender is known to be dead.
      const from = ctx.db.kind === 'embedded' && !looked ? endOfTime : ctx.clock.now()
      looked = true
      return freeExpired(ctx.db.prisma, ctx.company, from, [...underWay.keys()])
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
  }
}

type Claimed = OutboxRow & { claimedAt: Date }

/** What is done before messages are sent and after, for several at once. */
interface Desk {
  before: Together
  after: Together
}
type Ready = Route & { toSend: ToSend }
type Prepared = Ready | { recall: Recall }

async function one(ctx: Context, deps: DeliverDeps, desk: Desk, row: Claimed, place: Place): Promise<void> {
  let ready: Ready | undefined
  try {
    const prepared = await desk.before.add(tx => prepare(tx, ctx, deps, row))
    if (!prepared) return
    if ('recall' in prepared) return await takeBack(ctx, deps.platforms, prepared.recall)
    ready = prepared
    if (!place.decide(prepared.platform.name)) return await putBack(ctx, deps, row)
    await send(ctx, deps, desk, row, prepared)
  } catch (error) {
    await failed(ctx, deps, row, error, ready)
  }
}

/** Its platform has all the places it may have: it is the first of its lane again, as if nobody had taken it. */
async function putBack(ctx: Context, deps: DeliverDeps, row: OutboxRow): Promise<void> {
  const now = ctx.clock.now()
  const nextAt = new Date(now.getTime() + putBackMs)
  const again = { status: 'waiting' as const, reason: row.reason ?? 'waits for its turn', nextAt, uncounted: true }
  await inTransaction(ctx.db, tx => settle(tx, row, deps.owner, again, now))
}

/** Looks again just before speaking: composes from the state as it is, or ends the row. */
async function prepare(tx: Tx, ctx: Context, deps: DeliverDeps, row: OutboxRow): Promise<Prepared | null> {
  const now = ctx.clock.now()
  const end = (status: 'dropped' | 'dead', reason: string) =>
    settle(tx, row, deps.owner, { status, reason }, now).then(() => null)
  if (row.notAfter && row.notAfter < now) return end('dropped', 'too late to be of use')
  const composer = deps.composers[row.kind]
  if (!composer) return end('dead', `nobody composes ${row.kind}`)
  const composed = await composer(row, tx, ctx)
  if ('drop' in composed) {
    await end('dropped', composed.drop)
    return composed.recall ? { recall: composed.recall } : null
  }
  const target = await route(tx, ctx, deps.platforms, composed)
  if ('dead' in target) return end('dead', target.dead)
  const wait = await pace(tx, ctx, row, composed, target)
  if (!wait) return { ...target, toSend: composed }
  if ('leaveOut' in wait) return end('dropped', wait.leaveOut)
  const { reason, until } = wait
  await settle(tx, row, deps.owner, { status: 'waiting', reason, nextAt: until, uncounted: true }, now)
  return null
}

async function send(
  ctx: Context,
  deps: DeliverDeps,
  { after }: Desk,
  row: Claimed,
  { platform, recipient, mentions, toSend }: Ready,
): Promise<void> {
  const { taskId, repaint, recall, answer } = toSend
  const message = typeof toSend.message === 'function' ? await toSend.message() : toSend.message
  const delivery: Delivery = {
    id: row.id,
    to: recipient,
    message: message.kind === 'text' && mentions.length > 0 ? { ...message, mentions } : message,
    ...(taskId && { taskId }),
    ...(repaint && { repaint }),
    ...(answer && { answer }),
  }
  if (!(await isStillOurs(ctx, deps, row))) return
  const sent = await platform.send(delivery).catch(error => outAlready(row, taskId, error))
  const note = async (tx: Tx) => {
    await toSend.sent?.(tx, sent, platform.name)
    await settle(tx, row, deps.owner, { status: 'sent', messageId: sent.messageId }, ctx.clock.now())
  }
  await after.add(note).catch(error => {
    throw new Error(`unnoted: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  })
  if (recall) await takeBack(ctx, deps.platforms, recall)
}

/** A process that stood still for longer than its claim lasts may find that somebody else has sent it. */
async function isStillOurs(ctx: Context, { owner }: DeliverDeps, { id, claimedAt }: Claimed): Promise<boolean> {
  const now = ctx.clock.now().getTime()
  if (now < claimedAt.getTime() + messageLeaseMs - renewMs) return true
  return (await renew(ctx.db.prisma, ctx.company, owner, [id], new Date(now + messageLeaseMs))) > 0
}

/**
 * A card whose sending was never confirmed (the connection broke, the process died) or could not be noted (the database
 * was gone, its disk full) may be on the screen. When the platform then refuses it, that is because its task id was used: it is out.
 */
function outAlready(row: OutboxRow, taskId: string | undefined, error: unknown): Sent {
  const doubtful =
    row.reason === senderLost || /^(timeout|unreachable|bad-status|not-json|unnoted): /.test(row.reason ?? '')
  if (doubtful && taskId && error instanceof Permanent && error.code === 'bad-body') return {}
  throw error
}

async function failed(
  ctx: Context,
  deps: DeliverDeps,
  row: OutboxRow,
  error: unknown,
  ready: Ready | undefined,
): Promise<void> {
  const now = ctx.clock.now()
  const { id, kind, attempts } = row
  if (error instanceof Permanent) {
    if (error.code === 'stale-handle' && (await retryWithoutHandle(ctx, deps, row))) return
    ctx.log.warn({ id, kind, code: error.code, reason: error.message, fix: error.fix }, 'a message is dead')
    const reason = [`${error.code}: ${error.message}`, error.fix].filter(Boolean).join(' — ')
    return inTransaction(ctx.db, tx => settle(tx, row, deps.owner, { status: 'dead', reason }, now))
  }
  const temporary = error instanceof Temporary
  const message = error instanceof Error ? error.message : String(error)
  if (temporary) ctx.log.info({ id, kind, attempts, code: error.code }, 'sending failed, will be tried again')
  else ctx.log.error({ id, kind, attempts, err: forLog(error) }, 'sending failed by a bug')
  const reason = temporary ? `${error.code}: ${message}` : message
  const elsewhere = temporary && error.elsewhere
  const patient = temporary && error.patient
  const retryAfterMs = temporary ? error.retryAfterMs : undefined
  const wait = elsewhere ? (retryAfterMs ?? 1_000) : waitAfter(attempts, Math.random(), retryAfterMs)
  const nextAt = new Date(now.getTime() + wait)
  const again = { status: 'waiting' as const, reason, nextAt, uncounted: elsewhere || patient }
  const dead = attempts >= attemptsBeforeDead && !elsewhere && !patient
  await inTransaction(ctx.db, async tx => {
    const detour = patient && ready !== undefined && (await anotherWay(tx, ctx, deps, ready))
    if (patient && !detour) await ready?.toSend.held?.(tx)
    const outcome = dead ? { status: 'dead' as const, reason } : { ...again, ...(detour && { nextAt: now }) }
    await settle(tx, row, deps.owner, outcome, now)
  })
  if (patient) ctx.ring()
}

/** Now that this way is known to be shut, the message would go another. */
async function anotherWay(
  tx: Tx,
  ctx: Context,
  deps: DeliverDeps,
  { toSend, platform, recipient }: Ready,
): Promise<boolean> {
  const other = await route(tx, ctx, deps.platforms, toSend)
  if ('dead' in other) return false
  return other.platform !== platform || other.recipient.kind !== recipient.kind || viaOf(other) !== viaOf({ recipient })
}

const viaOf = ({ recipient }: Pick<Route, 'recipient'>) => (recipient.kind === 'group' ? recipient.via : 'person')

/** The card can't be repainted any more: its composer says what to do instead. */
async function retryWithoutHandle(ctx: Context, deps: DeliverDeps, row: OutboxRow): Promise<boolean> {
  return inTransaction(ctx.db, async tx => {
    const composed = await deps.composers[row.kind]?.(row, tx, ctx)
    if (!composed || 'drop' in composed || !composed.stale) return false
    await composed.stale(tx)
    await settle(
      tx,
      row,
      deps.owner,
      { status: 'dropped', reason: 'the repaint code was spent or too old' },
      ctx.clock.now(),
    )
    return true
  })
}
