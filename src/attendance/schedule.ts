import type { AttendanceRule } from '../policy/attendancerule.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'

/** From a moment to a later one, in milliseconds. */
export interface Stretch {
  from: number
  to: number
}

/** Days by rule book: a month asks for the same sixty for everybody. */
const schedules = new WeakMap<Policy, Map<string, readonly Stretch[]>>()
const mostDays = 1_000

/** When somebody has to be at work on a day, as `attendance` and the calendar have it; nothing on a day off. */
export function scheduleOf(policy: Policy, rule: AttendanceRule, day: string): readonly Stretch[] {
  // A rule that is not the policy's own is somebody's question what if.
  if (rule !== policy.attendance) return scheduled(policy, rule, day)
  const known = schedules.get(policy) ?? new Map<string, readonly Stretch[]>()
  schedules.set(policy, known)
  const found = known.get(day) ?? scheduled(policy, rule, day)
  if (known.size >= mostDays) known.clear()
  known.set(day, found)
  return found
}

function scheduled(policy: Policy, rule: AttendanceRule, day: string): Stretch[] {
  const calendar = calendarOf(policy)
  const spans = calendar.segmentsOn(day).map(({ from, to }) => ({ from: from.getTime(), to: to.getTime() }))
  const at = (minutes: number) => calendar.momentOf(day, minutes).getTime()
  const [first, last] = [spans[0], spans.at(-1)]
  if (!first || !last) return []
  const from = rule.start === null ? first.from : at(rule.start)
  const to = rule.end === null ? last.to : at(rule.end)
  const within = spans.flatMap(span => {
    const cut = { from: Math.max(span.from, from), to: Math.min(span.to, to) }
    return cut.from < cut.to ? [cut] : []
  })
  // Who has to come before the doors open, or stays after they close.
  const [opens, closes] = [within[0], within.at(-1)]
  if (opens) opens.from = Math.min(opens.from, from)
  if (closes) closes.to = Math.max(closes.to, to)
  return within
}

/** Minutes since midnight at which work begins on a usual day: what `absentAfter` is measured from. */
export const usualStart = (policy: Policy, rule: AttendanceRule): number => rule.start ?? policy.hours[0]?.[0] ?? 0

/** What is left of spans, in their order, when others are taken out. */
export function without(spans: readonly Stretch[], taken: readonly Stretch[]): Stretch[] {
  return taken.reduce<Stretch[]>(
    (left, { from, to }) =>
      left.flatMap(span =>
        [
          { from: span.from, to: Math.min(span.to, from) },
          { from: Math.max(span.from, to), to: span.to },
        ].filter(piece => piece.from < piece.to),
      ),
    [...spans],
  )
}

/** A night's work ends by then: what is recorded earlier belongs to the day before. */
const nightEnds = 4 * 60

/** The day of work that a moment belongs to. */
export function workdayOf(policy: Policy, at: Date): string {
  const calendar = calendarOf(policy)
  const day = calendar.dayOf(at)
  return calendar.minuteOf(at) < nightEnds ? calendar.dayAfter(day, -1) : day
}
