import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import type { IncidentView } from './incident.ts'

/** Where a rule book lost its catalogue since. */
const usual = { appealWithin: 7, answerWithin: 3 }

const nineOClock = 540

/** The last business day on which he may appeal: so many days after he was told (R16). */
export function lastAppealDay({ confirmedAt }: Pick<IncidentView, 'confirmedAt'>, policy: Policy): string | null {
  if (confirmedAt === null) return null
  const calendar = calendarOf(policy)
  return calendar.dayAfter(calendar.dayOf(new Date(confirmedAt)), (policy.incidents ?? usual).appealWithin)
}

/** The last business day on which an appeal is to be answered; null where none waits. */
export function answerDay({ state, appeal }: Pick<IncidentView, 'state' | 'appeal'>, policy: Policy): string | null {
  if (state !== 'appealed' || !appeal) return null
  const calendar = calendarOf(policy)
  return calendar.dayAfter(calendar.dayOf(new Date(appeal.at)), (policy.incidents ?? usual).answerWithin)
}

/** When whoever has to answer an appeal is reminded: in the morning of the last day, and in the one after it. */
export function nextReminder(view: IncidentView, policy: Policy): { at: Date; nth: number } | null {
  const last = answerDay(view, policy)
  if (last === null || view.reminded >= 2) return null
  const calendar = calendarOf(policy)
  const day = view.reminded === 0 ? last : calendar.dayAfter(last, 1)
  return { at: calendar.opening(day) ?? calendar.momentOf(day, nineOClock), nth: view.reminded + 1 }
}
