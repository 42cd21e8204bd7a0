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

export function firstDue({ limit, calendar, units, startedAt }: Reckoning): number {
  return dueFrom(limit, new Date(startedAt), calendar, units).getTime()
}

/**
 * When it is due after a pause from `from` to `to` (R1.5). Time that passes is given back as it is. Of a limit that knows
 * the calendar the working time that was left runs on from the end of the pause; where none was left, the time that
 * passed is given back. It never gets earlier, and `latest` gets later by the pause.
 */
export function afterPause(reckoning: Reckoning, due: number, from: number, to: number, pausedBefore: number): number {
  const { limit, startedAt } = reckoning
  const moved = movedBy(reckoning, due, from, to)
  if (limit.latestMs === null) return moved
  return Math.min(moved, startedAt + limit.latestMs + pausedBefore + (to - from))
}

function movedBy({ limit, calendar }: Reckoning, due: number, from: number, to: number): number {
  if (limit.form === 'elapsed') return due + (to - from)
  const left = calendar.workingMs(new Date(from), new Date(due))
  if (left === 0) return due + (to - from)
  return Math.max(due, calendar.addWorking(new Date(to), left).getTime())
}
