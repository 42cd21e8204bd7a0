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
 * When it is due after a pause from `from` to `to` (R1.5). Time that passes is given back as it is; of working time what
 * was left when the pause began runs on from its end; of workdays as many as were left; a time of day is taken anew, as
 * if it had begun when the pause ended, and never gets earlier. `latest` gets later by the pause.
 */
export function afterPause(reckoning: Reckoning, due: number, from: number, to: number, pausedBefore: number): number {
  const { limit, startedAt } = reckoning
  const moved = movedBy(reckoning, due, from, to)
  if (limit.latestMs === null) return moved
  return Math.min(moved, startedAt + limit.latestMs + pausedBefore + (to - from))
}

function movedBy({ limit, calendar, units }: Reckoning, due: number, from: number, to: number): number {
  const [began, ended] = [new Date(from), new Date(to)]
  switch (limit.form) {
    case 'elapsed':
      return due + (to - from)
    case 'working':
      return calendar.addWorking(ended, calendar.workingMs(began, new Date(due))).getTime()
    case 'workdays': {
      const left = workdaysBetween(calendar, began, new Date(due))
      const anew = dueFrom({ ...limit, days: left, latestMs: null }, ended, calendar, units).getTime()
      return Math.max(due, left === 0 ? due + (to - from) : anew)
    }
    case 'timeOfDay':
      return Math.max(due, dueFrom({ ...limit, latestMs: null }, ended, calendar, units).getTime())
  }
}

/** Workdays after the day of `from` up to the day of `to`. */
function workdaysBetween(calendar: Calendar, from: Date, to: Date): number {
  const last = calendar.dayOf(to)
  let count = 0
  for (let day = calendar.dayOf(from); day < last && count < 400; count++) day = calendar.workdayAfter(day, 1)
  return count
}
