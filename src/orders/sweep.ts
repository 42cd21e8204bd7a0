import { setImmediate as breathe } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { followOrders } from '../incidents/follow.ts'
import { put } from '../outbox/store.ts'
import { comingDays } from '../people/duty.ts'
import { peopleWithLeave } from '../people/store.ts'
import { announceAll, type Change } from './announce.ts'
import { moved } from './assign.ts'
import { clocksDue } from './find.ts'
import { moveOf } from './moves.ts'
import { isNews } from './notices.ts'
import { type Look, look, putNudges } from './nudge.ts'
import type { OrderRecord } from './record.ts'
import { lockFree } from './rows.ts'
import { rulesOf } from './rules.ts'
import { appendAll, forgetClocks, grown } from './store.ts'

/** Clocks looked at in one transaction: few statements for many, and whoever replies meanwhile does not wait long. */
const together = 500

/**
 * Finds orders whose clocks want a look and plans who is told. In one transaction an order's journal learns of the
 * reminder, its next look is set and the telling is put, so that two instances tell nobody twice. An order that somebody
 * else is changing at this moment is left for later, and one that fails keeps no other from its turn. Returns how many
 * were looked at.
 *
 * @throws when all had their turn and some of them failed
 */
export async function sweepClocks(ctx: Context, stopping: () => boolean): Promise<number> {
  const seen = new Set<string>()
  /** Seen and due all the same: somebody else has them, or they failed. */
  const stuck = new Set<string>()
  const failed: unknown[] = []
  while (!stopping()) {
    const due = await clocksDue(ctx.db.prisma, ctx.company, ctx.clock.now(), together, [...stuck])
    if (due.length === 0) break
    for (const id of due) if (seen.has(id)) stuck.add(id)
    const fresh = due.filter(id => !seen.has(id))
    for (const id of fresh) seen.add(id)
    failed.push(...(await lookAt(ctx, fresh, stopping)))
    // The embedded database waits for nothing: here those get their turn who knock at the doors meanwhile.
    await breathe()
  }
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${seen.size} orders could not be looked at`, { cause: failed[0] })
  return seen.size
}

/** Looks at orders in one transaction; when that fails, at each half of them, until what fails is alone. Returns why. */
async function lookAt(ctx: Context, ids: readonly string[], stopping: () => boolean): Promise<unknown[]> {
  if (ids.length === 0 || stopping()) return []
  const failed: unknown[] = []
  let later: ReadonlyArray<readonly string[]>
  try {
    const busy = await inTransaction(ctx.db, tx => lookTogether(tx, ctx, ids))
    later = busy.map(id => [id])
  } catch (error) {
    if (ids.length === 1) {
      ctx.log.error({ order: ids[0], err: String(error) }, "an order's clocks could not be looked at")
      return [error]
    }
    const half = Math.ceil(ids.length / 2)
    later = [ids.slice(0, half), ids.slice(half)]
  }
  for (const some of later) failed.push(...(await lookAt(ctx, some, stopping)))
  return failed
}

/**
 * Looks at those of the orders that nobody else holds. Returns the ones left out: an order that gives itself to somebody
 * takes many statements, and whose turn it is depends on the one before it, so it has a transaction of its own.
 */
async function lookTogether(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  const orders = await lockFree(tx, ctx.company, ids)
  const missing = ids.filter(id => !orders.some(order => order.id === id))
  // Deleted by hand: nobody is to be told of it any more.
  await forgetClocks(tx, ctx.company, missing)
  if (orders.length === 0) return []
  const now = ctx.clock.now()
  const frame = { at: now.toISOString(), by: null, via: 'system' as const }
  const days = comingDays(ctx.policy('default'), now)
  const team = await peopleWithLeave(tx, ctx.company, [...new Set(orders.map(order => order.teamId))], days)
  const looks: Look[] = []
  const left: string[] = []
  for (const order of orders) {
    const one = look({ ctx, now, team }, order)
    if (ids.length > 1 && moves(ctx, grown(order, one.bodies, frame), now)) left.push(order.id)
    else looks.push(one)
  }
  await putNudges(
    tx,
    ctx,
    looks.flatMap(({ nudges }) => nudges),
    now,
  )
  await put(
    tx,
    ctx.company,
    looks.flatMap(({ tellings }) => tellings),
    now,
  )
  const told = await appendAll(tx, ctx.company, looks, frame)
  const changes: Change[] = []
  const after: OrderRecord[] = []
  for (const [index, { before }] of looks.entries()) {
    const order = await moved(tx, ctx, told[index] ?? before)
    after.push(order)
    const added = order.facts.slice(before.facts.length)
    if (added.some(isNews)) changes.push({ before, order, added })
  }
  await announceAll(tx, ctx, changes, null, { via: 'system' })
  await followOrders(tx, ctx, after)
  return left
}

function moves(ctx: Context, order: OrderRecord, now: Date): boolean {
  const move = moveOf(order.facts, rulesOf(ctx, order))
  return move !== null && move.at <= now
}
