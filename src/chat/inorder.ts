import type { Context } from '../context.ts'
import type { Inbound } from './inbound.ts'
import { deferInbound, reviveInbound, type Unfinished } from './store.ts'
import { answerGraceMs } from './talk.ts'

/** Something comes first: what the same person said before, and what is not done yet. */
export interface Behind {
  before: Unfinished[]
}

/**
 * Does an event after what the same person said before it, since a sentence may mean something else without the one
 * before: 完工 alone tells of the arrival too. `waits`: one of those failed and is tried again first. What fails again and
 * again is not waited for: see `lockInbound`.
 */
export async function inOrder<T>(
  ctx: Context,
  inbound: Inbound,
  work: () => Promise<T | Behind>,
  handle: (earlier: Inbound, doorWaits: boolean) => Promise<unknown>,
): Promise<T | 'waits'> {
  const first = await work()
  if (!isBehind(first)) return first
  for (const { event, attempts, nextAt, receivedAt } of first.before) {
    const now = ctx.clock.now()
    if (attempts > 0 && nextAt > now) break
    // Whoever kept it a moment ago, elsewhere, may still be answering it himself.
    const answering = now.getTime() - receivedAt.getTime() < answerGraceMs
    // What comes of it is in its row.
    await handle(reviveInbound(event), answering).catch(() => {})
  }
  const second = await work()
  if (!isBehind(second)) return second
  await deferInbound(ctx.db.prisma, ctx.company, inbound, second.before[0]?.nextAt ?? ctx.clock.now())
  return 'waits'
}

const isBehind = (outcome: unknown): outcome is Behind => Object.hasOwn(Object(outcome), 'before')
