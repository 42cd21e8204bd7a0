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

/** Why nobody works on any day of a span, its end outside: 周日, 国庆放假, 公司放假; null when one of them is worked. */
export function closedOn(policy: Policy, { from, to = from }: { from: Date; to?: Date | undefined }): string | null {
  const calendar = calendarOf(policy)
  const first = calendar.dayOf(from)
  const last = calendar.dayOf(new Date(Math.max(from.getTime(), to.getTime() - 1)))
  for (let day = first; day <= last; day = calendar.dayAfter(day, 1)) if (calendar.isWorkday(day)) return null
  return calendar.describe(first).replace(/\(.*\)$/, '')
}
