import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { ToSend } from '../outbox/compose.ts'
import { throttledUntil } from '../outbox/retry.ts'
import { sentTimes, sentTimesOf } from '../outbox/sent.ts'
import type { OutboxRow } from '../outbox/store.ts'
import type { Route } from './route.ts'

/** Not now, or not at all; null when nothing speaks against it. */
export type Pace = { until: Date; reason: string } | { leaveOut: string } | null

/**
 * Keeps below what a platform drops without a word, and spares its allowance: what is worth less is left out, reminders
 * merge for longer.
 */
export async function pace(tx: Tx, ctx: Context, row: OutboxRow, toSend: ToSend, to: Route): Promise<Pace> {
  const now = ctx.clock.now()
  const { platform, recipient } = to
  const thrift = platform.thrift?.(recipient)
  if (thrift?.leavesOut.includes(toSend.worth ?? 'must')) return { leaveOut: `spared: ${thrift.why}` }
  if (thrift && row.kind === 'nudge') {
    const every = [{ count: 1, windowMs: thrift.remindersEveryMs }]
    const since = new Date(now.getTime() - thrift.remindersEveryMs)
    const until = throttledUntil(await sentTimesOf(tx, ctx.company, [row.lane], since), every, now)
    if (until) return { until, reason: `reminders merge for longer: ${thrift.why}` }
  }
  const limits = toSend.repaint ? [] : platform.limits(recipient)
  const longest = Math.max(0, ...limits.map(limit => limit.windowMs))
  if (longest === 0) return null
  const sent = await sentTimes(tx, ctx.company, row.lane, new Date(now.getTime() - longest))
  const until = throttledUntil(sent, limits, now)
  return until && { until, reason: 'throttled: the platform drops more to one recipient' }
}
