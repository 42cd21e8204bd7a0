/**
 * `opening`: an attempt, from the question to the gateway until the socket is open. `up`: receives. `leaving`: the
 * platform said it will close it, so far it receives. `closing`: we close it, the last acknowledgements go out. `gone`.
 */
export type Life = 'opening' | 'up' | 'leaving' | 'closing' | 'gone'

export interface Situation {
  /** How many connections are to be up. */
  wanted: number
  /** Oldest first. */
  lines: ReadonlyArray<{ id: number; life: Life }>
  /** Until the next attempt is allowed. */
  waitMs: number
}

export type Step = { do: 'dial' } | { do: 'close'; id: number } | { do: 'wait'; ms: number } | { do: 'rest' }

/** One more than one, so that a lone connection can be replaced before it is given up. */
export const mostLines = (wanted: number): number => Math.max(wanted, 2)

/**
 * What to do next; `rest` until something happens. One attempt at a time, never more than `mostLines` connections, and the
 * last one that receives is not closed before its replacement is up (dingtalk.md §4.6: messages are lost in the gap).
 */
export function next({ wanted, lines, waitMs }: Situation): Step {
  const count = (life: Life) => lines.filter(line => line.life === life).length
  const full = lines.length >= mostLines(wanted)
  const oldest = lines.find(line => line.life === 'leaving')
  if (oldest && count('up') > 0) return { do: 'close', id: oldest.id }
  if (count('opening') > 0 || count('up') >= wanted) return { do: 'rest' }
  if (full) {
    // All are leaving: one makes room, but not before its replacement may be dialled.
    if (!oldest || count('closing') > 0) return { do: 'rest' }
    return waitMs > 0 ? { do: 'wait', ms: waitMs } : { do: 'close', id: oldest.id }
  }
  return waitMs > 0 ? { do: 'wait', ms: waitMs } : { do: 'dial' }
}
