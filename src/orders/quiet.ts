import { calendarOf } from '../policy/business.ts'
import { inSpan, type Policy } from '../policy/schema.ts'

/** Days that are looked over for the next one worked. */
const longestRest = 366

/** Whether people may be reminded now of what is not urgent: not in quiet hours, nor on a day off that the policy keeps. */
export function maySpeak(policy: Policy, at: Date): boolean {
  return !inQuiet(policy, at) && !isOff(policy, at)
}

/** The moment itself when people may be reminded then, else the next one at which they may. */
export function nextSpeaking(policy: Policy, at: Date): Date {
  const awake = afterQuiet(policy, at)
  return isOff(policy, awake) ? (nextMorning(policy, awake, morning => !isOff(policy, morning)) ?? awake) : awake
}

/**
 * When people are first spoken to on the next day that suits: at its opening, after the quiet hours, and never at
 * midnight where work runs round the clock. Null when no day of the next year suits.
 */
export function nextMorning(policy: Policy, after: Date, suits: (morning: Date) => boolean): Date | null {
  const calendar = calendarOf(policy)
  const today = calendar.dayOf(after)
  for (let days = 1; days <= longestRest; days++) {
    const day = calendar.dayAfter(today, days)
    const [opening, early] = [calendar.opening(day), calendar.momentOf(day, policy.dayParts.早上[0])]
    const morning = opening && afterQuiet(policy, opening > early ? opening : early)
    if (morning && calendar.dayOf(morning) === day && suits(morning)) return morning
  }
  return null
}

function isOff(policy: Policy, at: Date): boolean {
  if (policy.nudgeDays === 'all') return false
  const calendar = calendarOf(policy)
  return !calendar.isWorkday(calendar.dayOf(at))
}

/** Whether a moment lies in the policy's quiet hours; their end is outside. */
export function inQuiet(policy: Policy, at: Date): boolean {
  return policy.quietHours !== null && inSpan(policy.quietHours, calendarOf(policy).minuteOf(at))
}

/** The moment itself, or the end of the quiet hours it lies in. */
export function afterQuiet(policy: Policy, at: Date): Date {
  if (!policy.quietHours || !inQuiet(policy, at)) return at
  const calendar = calendarOf(policy)
  const today = calendar.dayOf(at)
  const end = calendar.momentOf(today, policy.quietHours.to)
  return end > at ? end : calendar.momentOf(calendar.dayAfter(today, 1), policy.quietHours.to)
}
