import type { Limit } from '../platforms/platform.ts'

/** Attempts before a row is given up and shown as dead: with the waits below, about eight hours of a failing platform. */
export const attemptsBeforeDead = 60

const first = 5_000
const longest = 600_000

/**
 * Milliseconds to wait after attempt number `attempt` (1 is the first): doubling from 5 s to 10 min, with up to a
 * quarter of jitter so that rows that failed together do not come back together. A platform's own wish wins when longer.
 */
export function waitAfter(attempt: number, chance: number, retryAfterMs = 0): number {
  const base = Math.min(first * 2 ** Math.max(attempt - 1, 0), longest)
  return Math.max(Math.round(base * (1 + chance / 4)), retryAfterMs)
}

/** What another instance's clock is ahead at most; what was sent later than that was sent before a clock was set back. */
const skewMs = 60_000

/**
 * When the next message may go to a recipient that was sent to at `sent` (any order), or null for now. Pure arithmetic:
 * the platforms drop what exceeds these limits without an error, so we must never reach them.
 */
export function throttledUntil(sent: readonly Date[], limits: readonly Limit[], now: Date): Date | null {
  let until = 0
  for (const { count, windowMs } of limits) {
    const inside = sent
      .map(at => at.getTime())
      .filter(at => at > now.getTime() - windowMs && at <= now.getTime() + skewMs)
    if (inside.length < count) continue
    const blocking = inside.sort((a, b) => b - a)[count - 1] ?? 0
    until = Math.max(until, blocking + windowMs)
  }
  return until > now.getTime() ? new Date(until) : null
}
