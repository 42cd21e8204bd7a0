import { DateTime } from 'luxon'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import type { Away, Person } from './person.ts'

/** Why somebody does not work: the team rests, it is his weekday of rest, a day off of his own, or he is on leave. */
export type Rest = 'team' | 'weekday' | 'dayOff' | 'leave'

type Rhythm = Pick<Person, 'restDays' | 'daysOff' | 'away'>

/** Why a person does not work on the day a moment lies in (the policy's zone), for leave: at that very moment; null when he does. */
export function restOn(person: Rhythm, policy: Policy, at: Date): Rest | null {
  // The calendar knows its zone's offsets; a month of a thousand people asks for sixty thousand days.
  const calendar = calendarOf(policy)
  const [day, minute] = [calendar.dayOf(at), calendar.minuteOf(at)]
  const on = (away: Away) => away.day === day && away.from <= minute && minute < away.to
  if (person.away?.some(on)) return 'leave'
  if (person.daysOff.includes(day)) return 'dayOff'
  if (person.restDays.includes(weekdayOf(day))) return 'weekday'
  return calendar.isWorkday(day) ? null : 'team'
}

/** 1 Monday … 7 Sunday. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/** Today and the days after it for which leave is looked up; who is away longer is looked up again by then. */
export function comingDays(policy: Policy, now: Date): { from: string; to: string } {
  const today = DateTime.fromJSDate(now, { zone: policy.zone })
  return { from: today.minus({ days: 1 }).toFormat('yyyy-MM-dd'), to: today.plus({ days: 90 }).toFormat('yyyy-MM-dd') }
}
