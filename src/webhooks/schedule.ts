/** When what failed is tried again, and what follows from how an attempt went. */

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Waits after each failure, as Standard Webhooks recommends; after the last one a delivery is given up. */
const waits = [
  ...[5 * second, 5 * minute, 30 * minute, 2 * hour],
  ...[5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
]
export const mostAttempts = waits.length + 1

/** An endpoint that nothing came through to for so long is switched off. */
export const deadAfterMs = 5 * day
/** A receiver may ask for so much patience at most. */
const longestRestMs = 24 * hour

/**
 * Milliseconds from failure number `attempt` (1 is the first) to the next attempt, or null when that was the last one. Up to
 * a fifth is added by `chance` (0 to 1), so that what failed together does not come back together.
 */
export function waitAfterFailure(attempt: number, chance: number): number | null {
  const wait = waits[attempt - 1]
  return wait === undefined ? null : Math.round(wait * (1 + chance / 5))
}

/** What came of sending. `status` null: no answer came, `error` says why. */
export interface Attempt {
  status: number | null
  error: string | null
  /** How the answer began. */
  answer: string | null
  /** From the Retry-After header. */
  retryAfterMs?: number | undefined
  /** It is no fault of the endpoint's: nothing was sent. */
  ours?: true
}

export const came = ({ status }: Pick<Attempt, 'status'>): boolean => status !== null && status >= 200 && status < 300

export interface Verdict {
  state: 'delivered' | 'waiting' | 'failed'
  nextAt: Date | null
  endpoint: {
    failingSince: Date | null
    restUntil: Date | null
    /** It is switched off for this. */
    offBecause: string | null
  }
}

/** `attempts`: this one counted. `failingSince`: of the endpoint, before it. */
export function judge(
  attempt: Attempt,
  given: { attempts: number; failingSince: Date | null; now: Date; chance: number },
): Verdict {
  const { attempts, now, chance } = given
  if (came(attempt))
    return { state: 'delivered', nextAt: null, endpoint: { failingSince: null, restUntil: null, offBecause: null } }
  const since = given.failingSince ?? (attempt.ours ? null : now)
  const rest = restOf(attempt)
  const wait = waitAfterFailure(attempts, chance)
  const after = (ms: number) => new Date(now.getTime() + ms)
  return {
    ...(wait === null
      ? { state: 'failed', nextAt: null }
      : { state: 'waiting', nextAt: after(Math.max(wait, rest ?? 0)) }),
    endpoint: {
      failingSince: since,
      restUntil: rest === null ? null : after(rest),
      offBecause: attempt.ours || !since ? null : offBecause(attempt, since, now),
    },
  }
}

/** Who asks for patience is left alone with everything. */
function restOf({ status, retryAfterMs }: Attempt): number | null {
  if (retryAfterMs === undefined || (status !== 429 && status !== 503)) return null
  return Math.min(Math.max(retryAfterMs, 0), longestRestMs)
}

function offBecause({ status }: Attempt, since: Date, now: Date): string | null {
  if (status === 410) return 'it answered 410 Gone'
  if (now.getTime() - since.getTime() >= deadAfterMs) return `nothing came through since ${since.toISOString()}`
  return null
}

/** Retry-After in seconds, or a date (RFC 9110 §10.2.3). */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const given = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(given)) return Number(given) * second
  const at = /GMT$/.test(given) ? Date.parse(given) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(at - now.getTime(), 0)
}
