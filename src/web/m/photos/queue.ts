/** Photos and signatures on their way to the service: what is to be done next. Pure; moments are ms since 1970. */

/** Who signed, and what the sheet above the signature said; `charge` in yuan. */
export interface Signed {
  name: string
  result: string | null
  charge: string | null
}

export interface Queued {
  /** Made for each photo; the service keeps one of an id. */
  id: string
  code: string
  /** What it shows, if that was said. */
  of: string | null
  /** It is the customer's signature. Missing in what was kept before there were any. */
  sign?: Signed
  addedAt: number
  tries: number
  /** Not before then. */
  nextAt: number
  /** Why the service would not have it: sending it again would change nothing. */
  refused: string | null
}

const firstWaitMs = 2_000
const mostWaitMs = 5 * 60_000

/** What came of sending one: kept, refused for good with the reason, or nobody knows. */
export type Outcome = { kept: true } | { refused: string } | { unknown: true }

/** The status of an answer as an outcome; 0: none came. Signed out or asked too often, it waits as without a network. */
export function outcomeOf(status: number, detail: string): Outcome {
  if (status >= 200 && status < 300) return { kept: true }
  if (status === 0 || status >= 500 || [401, 408, 425, 429].includes(status)) return { unknown: true }
  return { refused: detail }
}

/** The photo to send now: one at a time, the oldest that is due first. `again` sends those that wait, too. */
export function nextOf(queue: readonly Queued[], now: number, again = false): Queued | null {
  const due = queue.filter(({ refused, nextAt }) => refused === null && (again || nextAt <= now))
  return [...due].sort((a, b) => a.addedAt - b.addedAt || a.id.localeCompare(b.id))[0] ?? null
}

/** Signatures that a later one of the same order takes the place of: sent after it, they would take its place. */
export function replacedIn(queue: readonly Queued[]): Queued[] {
  return queue.filter(
    one =>
      one.sign &&
      queue.some(
        ({ sign, code, addedAt, refused }) => sign && code === one.code && addedAt > one.addedAt && refused === null,
      ),
  )
}

/** Below `/m/api/orders/{code}`: where it is sent. */
export function pathOf({ id, of, sign }: Queued): string {
  if (!sign) return `/photos/${id}${of ? `?of=${encodeURIComponent(of)}` : ''}`
  const { name, result, charge } = sign
  return `/signature/${id}?${new URLSearchParams({ name, ...(result && { result }), ...(charge && { charge }) })}`
}

/** How long until one is due; null when none waits. */
export function restUntilNext(queue: readonly Queued[], now: number): number | null {
  const waiting = queue.filter(({ refused }) => refused === null).map(({ nextAt }) => nextAt)
  return waiting.length === 0 ? null : Math.max(0, Math.min(...waiting) - now)
}

/** The photo after it was sent; null when it need not be kept any longer. `luck` in 0–1 spreads phones that lost one network. */
export function after(photo: Queued, outcome: Outcome, now: number, luck: number): Queued | null {
  if ('kept' in outcome) return null
  if ('refused' in outcome) return { ...photo, refused: outcome.refused }
  const tries = photo.tries + 1
  const wait = Math.min(mostWaitMs, firstWaitMs * 2 ** photo.tries)
  return { ...photo, tries, nextAt: now + wait * (0.75 + luck / 2) }
}
