import type { Calendar } from '../policy/calendar.ts'
import { dueFrom, type Limit } from '../policy/limit.ts'

/** What a due time is reckoned from; times are milliseconds since 1970. */
export interface Reckoning {
  limit: Limit
  calendar: Calendar
  /** Units of the job: a limit may be for so many (R1.16). */
  units: number
  startedAt: number
}

/** Due by the limit itself, `latest` left aside. */
export function firstDue({ limit, calendar, units, startedAt }: Reckoning): number {
  return dueFrom({ ...limit, latestMs: null }, new Date(startedAt), calendar, units).getTime()
}

/** `latest` comes first where it is earlier; it gets later by the pauses (R1.5). */
export function capped({ limit, startedAt }: Reckoning, due: number, paused: number): number {
  return limit.latestMs === null ? due : Math.min(due, startedAt + limit.latestMs + paused)
}

/**
 * When the limit itself is due after a pause from `from` to `to` (R1.5). Time that passes is given back as it is. Of a
 * limit that knows the calendar the working time that was left runs on from the end of the pause; where none was left,
 * the time that passed is given back. It never gets earlier.
 */
export function afterPause({ limit, calendar }: Reckoning, due: number, from: number, to: number): number {
  if (limit.form === 'elapsed') return due + (to - from)
  const left = calendar.workingMs(new Date(from), new Date(due))
  if (left === 0) return due + (to - from)
  return Math.max(due, calendar.addWorking(new Date(to), left).getTime())
}
