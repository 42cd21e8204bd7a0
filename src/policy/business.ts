import { Calendar } from './calendar.ts'
import type { Policy } from './schema.ts'

const calendars = new WeakMap<Policy, Calendar>()

/** The calendar a policy runs by: one for clocks, nudges, leave and attendance. */
export function calendarOf(policy: Policy): Calendar {
  const known = calendars.get(policy)
  if (known) return known
  const made = new Calendar(policy)
  calendars.set(policy, made)
  return made
}
