import { randomBytes } from 'node:crypto'

export const randomId = (bytes = 16): string => randomBytes(bytes).toString('base64url')

// Made once: to make one takes a hundred times as long as to use it.
const chinaDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' })

/** Day in China, e.g. `2026-01-15`. */
export const dayOf = (at: Date): string => chinaDay.format(at)

/** Drops the entries before `since` of a map that holds the oldest first. */
export function forgetBefore<T>(map: Map<string, T>, since: number, atOf: (value: T) => string | number): void {
  for (const [key, value] of map) {
    if (new Date(atOf(value)).getTime() >= since) return
    map.delete(key)
  }
}
