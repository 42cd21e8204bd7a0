import { DateTime } from 'luxon'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import type { Away, Person } from './person.ts'

/** Why somebody does not work: the team rests, it is his weekday of rest, a day off of his own, or he is on leave. */
export type Rest = 'team' | 'weekday' | 'dayOff' | 'leave'

type Rhythm = Pick<Person, 'restDays' | 'daysOff' | 'away'>

/** Why a person does not work on the day a moment lies in (the policy's zone), for leave: at that very moment; null when he does. */
export function restOn(person: Rhythm, policy: Policy, at: Date): Rest | null {
  const day = DateTime.fromJSDate(at, { zone: policy.zone })
  const minute = day.hour * 60 + day.minute
  const on = (away: Away) => away.day === day.toFormat('yyyy-MM-dd') && away.from <= minute && minute < away.to
  if (person.away?.some(on)) return 'leave'
  if (person.daysOff.includes(day.toFormat('yyyy-MM-dd'))) return 'dayOff'
  if (person.restDays.includes(day.weekday)) return 'weekday'
  return calendarOf(policy).isWorkday(day.toFormat('yyyy-MM-dd')) ? null : 'team'
}

/** Today and the days after it for which leave is looked up; who is away longer is looked up again by then. */
export function comingDays(policy: Policy, now: Date): { from: string; to: string } {
  const today = DateTime.fromJSDate(now, { zone: policy.zone })
  return { from: today.minus({ days: 1 }).toFormat('yyyy-MM-dd'), to: today.plus({ days: 90 }).toFormat('yyyy-MM-dd') }
}
