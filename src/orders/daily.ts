import { DateTime } from 'luxon'
import { calendarOf } from '../policy/business.ts'
import { inSpan, type Policy } from '../policy/schema.ts'

/**
 * The lists of a day: in the morning what it holds, before leaving what is not done, and the manager's report of it
 * (R3.3, R1.7, R15.2).
 */
export type DailyList = 'digest' | 'evening' | 'manager'

export const dailyLists: readonly DailyList[] = ['digest', 'evening', 'manager']

/** What a team is sent, and once for which period: a business day, or the first day of a week that is over. */
export interface ListDue {
  which: DailyList | 'weekly'
  /** `2026-11-25`. */
  period: string
  /** When it was to be sent. */
  at: Date
  /** From then on it helps nobody any more. */
  notAfter: Date
}

export interface Span {
  from: Date
  to: Date
}

/** Days without work that are looked over for the next list. */
const longestRest = 60
/** Hours after its time in which a list is still of use. What a day or a week was can be read later than what it will be. */
const usefulHours = { digest: 4, evening: 4, manager: 18, weekly: 48 }
/** Weeks looked back over for one whose report the days off have put off. */
const longestOff = 4

/** Key of the business day a moment belongs to: `2026-11-25`, in the policy's zone. */
export function periodOf(policy: Policy, at: Date): string {
  return DateTime.fromJSDate(at, { zone: policy.zone }).toFormat('yyyy-MM-dd')
}

/** A business day, or so many from it on, midnight to midnight in the policy's zone. */
export function daysFrom(policy: Policy, day: string, days = 1): Span {
  const from = DateTime.fromISO(day, { zone: policy.zone })
  return { from: from.toJSDate(), to: from.plus({ days }).toJSDate() }
}

/** The next time of a list after a moment; null when the policy has none. Days not worked have no lists. */
export function nextDaily(policy: Policy, which: DailyList, after: Date): Date | null {
  const today = DateTime.fromJSDate(after, { zone: policy.zone })
  for (let days = 0; days <= longestRest; days++) {
    const at = dailyAt(policy, which, today.plus({ days }))
    if (at && at > today) return at.toJSDate()
  }
  return null
}

/** All that is due now. Nothing in quiet hours nor on a day not worked, whenever its time was. */
export function listsDue(policy: Policy, now: Date): ListDue[] {
  const daily = dailyLists.flatMap(which => dailyDue(policy, which, now) ?? [])
  return [...daily, ...weekliesDue(policy, now)]
}

/**
 * The list of a day that is due now: which business day it is for, and until when it is worth sending. Null before its
 * time, and when it was missed for so long that it would only confuse.
 */
export function dailyDue(policy: Policy, which: DailyList, now: Date): ListDue | null {
  const today = DateTime.fromJSDate(now, { zone: policy.zone })
  for (const day of [today, today.minus({ days: 1 })]) {
    const at = dailyAt(policy, which, day)
    const due = at && dueAt(policy, which, { at, period: day.toFormat('yyyy-MM-dd') }, today)
    if (due) return due
  }
  return null
}

/**
 * Reports of weeks that are due now. One whose day is not worked comes on the next that is, so after long holidays two
 * may come on one morning.
 */
function weekliesDue(policy: Policy, now: Date): ListDue[] {
  const { weekly } = policy
  if (!weekly) return []
  const today = DateTime.fromJSDate(now, { zone: policy.zone })
  const latest = today.minus({ days: (today.weekday - weekly.day + 7) % 7 })
  return Array.from({ length: longestOff }, (_, weeks) => latest.minus({ weeks })).flatMap(day => {
    const sent = firstWorked(policy, day, today)
    const period = day.minus({ weeks: 1 }).toFormat('yyyy-MM-dd')
    return (sent && dueAt(policy, 'weekly', { at: timeOn(sent, weekly.at), period }, today)) ?? []
  })
}

/** First day of the last whole week of reports before a moment. */
export function lastWeekOf(policy: Policy, now: Date): string {
  const today = DateTime.fromJSDate(now, { zone: policy.zone })
  const begun = (today.weekday - (policy.weekly?.day ?? 1) + 7) % 7
  return today.minus({ days: begun + 7 }).toFormat('yyyy-MM-dd')
}

function dueAt(
  policy: Policy,
  which: ListDue['which'],
  { at, period }: { at: DateTime; period: string },
  now: DateTime,
): ListDue | null {
  const until = at.plus({ hours: usefulHours[which] })
  if (now < at || now >= until || !isWorked(policy, now)) return null
  const quiet = policy.quietHours
  if (quiet && inSpan(quiet, now.hour * 60 + now.minute)) return null
  const begins = quiet ? nextTime(now, quiet.from) : until
  return { which, period, at: at.toJSDate(), notAfter: DateTime.min(until, begins).toJSDate() }
}

function dailyAt(policy: Policy, which: DailyList, day: DateTime): DateTime | null {
  const minutes = policy.daily[which]
  return minutes === null || !isWorked(policy, day) ? null : timeOn(day, minutes)
}

function firstWorked(policy: Policy, from: DateTime, until: DateTime): DateTime | null {
  for (let day = from; day <= until; day = day.plus({ days: 1 })) if (isWorked(policy, day)) return day
  return null
}

function isWorked(policy: Policy, day: DateTime): boolean {
  return calendarOf(policy).isWorkday(day.toFormat('yyyy-MM-dd'))
}

function nextTime(now: DateTime, minutes: number): DateTime {
  const today = timeOn(now, minutes)
  return today > now ? today : timeOn(now.plus({ days: 1 }), minutes)
}

function timeOn(day: DateTime, minutes: number): DateTime {
  return day
    .startOf('day')
    .plus({ days: minutes === 1440 ? 1 : 0 })
    .set({ hour: Math.floor(minutes / 60) % 24, minute: minutes % 60 })
}
