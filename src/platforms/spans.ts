/** Platforms answer for so many people and so many days at once: what is asked for is cut to that. */

/** A span in pieces of at most `most` milliseconds, earliest first; none when it is empty. */
export function pieces(from: Date, to: Date, most: number): Array<{ from: Date; to: Date }> {
  const found: Array<{ from: Date; to: Date }> = []
  for (let at = from.getTime(); at < to.getTime(); at += most)
    found.push({ from: new Date(at), to: new Date(Math.min(at + most, to.getTime())) })
  return found
}

export function chunks<T>(list: readonly T[], most: number): T[][] {
  const found: T[][] = []
  for (let at = 0; at < list.length; at += most) found.push(list.slice(at, at + most))
  return found
}

export const dayMs = 86_400_000

/** China's clock is always eight hours ahead of UTC; both platforms' forms and check-ins are in it. */
const chinaMs = 8 * 3_600_000
const shifted = (at: Date): string => new Date(at.getTime() + chinaMs).toISOString()

/** `2026-11-25` in China. */
export const dateIn = (at: Date): string => shifted(at).slice(0, 10)

/** `2026-11-25 09:00` in China. */
export const minuteIn = (at: Date): string => `${dateIn(at)} ${shifted(at).slice(11, 16)}`

/** Hour of the day in China. */
export const hourIn = (at: Date): number => new Date(at.getTime() + chinaMs).getUTCHours()

/** A moment from `2026-11-25 09:00` (or a date alone: its midnight) in China; null when it is none. */
export function momentIn(text: string): Date | null {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::\d{2})?)?$/.exec(text.trim()) ?? []
  const at = new Date(`${date}T${time ?? '00:00'}:00+08:00`)
  return Number.isNaN(at.getTime()) ? null : at
}
