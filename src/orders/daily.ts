import { DateTime } from 'luxon'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'

/** The two lists of a day: in the morning what it holds, before leaving what is not done (R3.3, R1.7). */
export type DailyList = 'digest' | 'evening'

/** Days without work that are looked over for the next list. */
const longestRest = 60
/** A list that is older than this helps nobody any more. */
const usefulHours = 4

/** Key of the business day a moment belongs to: `2026-11-25`, in the policy's zone. */
export function periodOf(policy: Policy, at: Date): string {
  return DateTime.fromJSDate(at, { zone: policy.zone }).toFormat('yyyy-MM-dd')
}

/** The next time of a list after a moment; null when the policy has none. Days not worked have no lists. */
export function nextDaily(policy: Policy, which: DailyList, after: Date): Date | null {
  const today = DateTime.fromJSDate(after, { zone: policy.zone })
  for (let days = 0; days <= longestRest; days++) {
    const at = listAt(policy, which, today.plus({ days }))
    if (at && at > today) return at.toJSDate()
  }
  return null
}

/**
 * The list that is due now: which business day it is for, and until when it is worth sending. Null before its time,
 * and when it was missed for so long that it would only confuse.
 */
export function dailyDue(policy: Policy, which: DailyList, now: Date): { period: string; notAfter: Date } | null {
  const local = DateTime.fromJSDate(now, { zone: policy.zone })
  const at = listAt(policy, which, local)
  const until = at?.plus({ hours: usefulHours })
  if (!at || !until || local < at || local >= until) return null
  return { period: periodOf(policy, now), notAfter: until.toJSDate() }
}

function listAt(policy: Policy, which: DailyList, day: DateTime): DateTime | null {
  const minutes = policy.daily[which]
  if (minutes === null || !calendarOf(policy).isWorkday(day.toFormat('yyyy-MM-dd'))) return null
  return day
    .startOf('day')
    .plus({ days: minutes === 1440 ? 1 : 0 })
    .set({ hour: Math.floor(minutes / 60) % 24, minute: minutes % 60 })
}
