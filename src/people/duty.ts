import { DateTime } from 'luxon'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import type { Person } from './person.ts'

/** Why somebody does not work on a day: the team rests, it is his weekday of rest, or a day off of his own. */
export type Rest = 'team' | 'weekday' | 'dayOff'

type Rhythm = Pick<Person, 'restDays' | 'daysOff'>

/** Why a person does not work on the day a moment lies in (the policy's zone); null when he does. */
export function restOn(person: Rhythm, policy: Policy, at: Date): Rest | null {
  const day = DateTime.fromJSDate(at, { zone: policy.zone })
  if (person.daysOff.includes(day.toFormat('yyyy-MM-dd'))) return 'dayOff'
  if (person.restDays.includes(day.weekday)) return 'weekday'
  return calendarOf(policy).isWorkday(day.toFormat('yyyy-MM-dd')) ? null : 'team'
}
