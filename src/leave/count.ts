import type { Calendar } from '../policy/calendar.ts'
import type { LeaveRule, LeaveType } from '../policy/leaverule.ts'

/** From a moment of one day to a moment of another, on the business zone's wall: minutes since midnight, 1440 its end. */
export interface LeaveSpan {
  from: { day: string; minute: number }
  to: { day: string; minute: number }
}

/** A day of a leave. `share` in ten-thousandths of a day, a whole number, so that sums never drift. */
export interface CountedDay {
  day: string
  from: number
  to: number
  share: number
}

export interface Counted {
  days: CountedDay[]
  /** Days in it that cost nothing, and why: 周日, 国庆放假, 你的休息日. */
  free: Array<{ day: string; why: string }>
  /** Years whose holidays nobody has announced to this program yet. */
  unknownYears: number[]
}

export const wholeDay = 10_000
const endOfDay = 1440

/** Longest leave that is counted day by day. */
export const mostDays = 366

/** Whose day it is: the team's calendar, and why he himself does not work on a day (null: he does). */
export interface Rhythm {
  calendar: Calendar
  rests(day: string): string | null
}

/**
 * The days of a span as a rule book counts them (R4; peers.md C: half a day on a holiday counts nothing). Days of rest
 * are left out, or with `counts: days` counted as whole ones when they lie between. Parts are rounded up to the type's
 * unit. Pure, and the same whatever order it is asked in.
 */
export function countLeave(span: LeaveSpan, type: LeaveType, rule: LeaveRule, { calendar, rests }: Rhythm): Counted {
  const days: CountedDay[] = []
  const free: Counted['free'] = []
  for (let day = span.from.day, n = 0; day <= span.to.day && n < mostDays; day = calendar.dayAfter(day, 1), n++) {
    const from = day === span.from.day ? span.from.minute : 0
    const to = day === span.to.day ? span.to.minute : endOfDay
    if (from >= to) continue
    const why = rests(day) ?? (calendar.isWorkday(day) ? null : calendar.describe(day))
    const between = rule.counts === 'days' && day !== span.from.day && day !== span.to.day
    if (why !== null && !between) {
      free.push({ day, why })
      continue
    }
    const share = why === null ? shareOf(day, from, to, type, rule, calendar) : wholeDay
    if (share > 0) days.push({ day, ...edges(from, to, share), share })
    else free.push({ day, why: '不在上班时间' })
  }
  const unknownYears = calendar.unknownYears(
    calendar.momentOf(span.from.day, 0),
    calendar.momentOf(span.to.day, endOfDay),
  )
  return { days, free, unknownYears }
}

/** Whoever is away the whole day is away from midnight to midnight. */
const edges = (from: number, to: number, share: number) =>
  share === wholeDay ? { from: 0, to: endOfDay } : { from, to }

function shareOf(
  day: string,
  from: number,
  to: number,
  { unit }: LeaveType,
  { noon, hoursPerDay }: LeaveRule,
  calendar: Calendar,
): number {
  const [start, end] = [calendar.momentOf(day, from), calendar.momentOf(day, to)]
  const away = calendar.workingMs(start, end)
  if (away === 0) return 0
  const all = calendar.workingMs(calendar.momentOf(day, 0), calendar.momentOf(day, endOfDay))
  if (away === all || unit === 'day') return wholeDay
  const middle = calendar.momentOf(day, noon)
  if (unit === 'halfDay') {
    const morning = calendar.workingMs(start, new Date(Math.min(end.getTime(), middle.getTime())))
    const afternoon = calendar.workingMs(new Date(Math.max(start.getTime(), middle.getTime())), end)
    return morning > 0 && afternoon > 0 ? wholeDay : wholeDay / 2
  }
  if (halfExactly(start, end, middle, calendar, day)) return wholeDay / 2
  const hours = Math.ceil(away / 3_600_000)
  return Math.min(wholeDay, Math.round((hours * wholeDay) / hoursPerDay))
}

/** A morning or an afternoon is half a day, whichever is the longer. */
function halfExactly(start: Date, end: Date, middle: Date, calendar: Calendar, day: string): boolean {
  const away = calendar.workingMs(start, end)
  const morning = calendar.workingMs(calendar.momentOf(day, 0), middle)
  const afternoon = calendar.workingMs(middle, calendar.momentOf(day, endOfDay))
  return (end <= middle && away === morning) || (start >= middle && away === afternoon)
}

/** `n` days as the rule book counts them from a moment on: 请假 明天起三天. */
export function spanOf(
  from: LeaveSpan['from'],
  amount: number,
  type: LeaveType,
  rule: LeaveRule,
  rhythm: Rhythm,
): LeaveSpan {
  const wanted = Math.round(amount * wholeDay)
  let to = { day: from.day, minute: endOfDay }
  for (let n = 0; n < mostDays; n++) {
    const whole = sum(countLeave({ from, to }, type, rule, rhythm).days)
    if (whole >= wanted) {
      const half = { from, to: { day: to.day, minute: rule.noon } }
      const fits = half.to.minute > (to.day === from.day ? from.minute : 0)
      return fits && sum(countLeave(half, type, rule, rhythm).days) >= wanted ? half : { from, to }
    }
    to = { day: rhythm.calendar.dayAfter(to.day, 1), minute: endOfDay }
  }
  return { from, to }
}

export const sum = (days: ReadonlyArray<{ share: number }>): number => days.reduce((all, { share }) => all + share, 0)

/** Whether two stretches of one day overlap. */
export const overlaps = (a: { day: string; from: number; to: number }, b: { day: string; from: number; to: number }) =>
  a.day === b.day && a.from < b.to && b.from < a.to

/** What is left of days when everything from a moment on is taken out: who comes back early is away no longer. */
export function until(
  days: readonly CountedDay[],
  { day, minute }: LeaveSpan['to'],
  type: LeaveType,
  rule: LeaveRule,
  rhythm: Rhythm,
): CountedDay[] {
  return days.flatMap(one => {
    if (one.day < day) return [one]
    if (one.day > day || minute <= one.from) return []
    if (minute >= one.to) return [one]
    return countLeave({ from: { day, minute: one.from }, to: { day, minute } }, type, rule, rhythm).days
  })
}
