import type { LeaveRule, LeaveType } from '../policy/leaverule.ts'
import type { AwayDay } from './away.ts'
import { type CountedDay, overlaps, type Rhythm, sum, wholeDay } from './count.ts'
import { periodOf } from './periods.ts'

/** Why a request can't be had: what is against it, of the days that are held already. */
export type Objection =
  | { why: 'overlap'; leaveId: string; day: string }
  /** `used` and `wanted` in ten-thousandths of a day. */
  | {
      why: 'limit'
      per: LeaveRule['types'][number]['limits'][number]['per']
      day: string
      days: number
      used: number
      wanted: number
    }
  | { why: 'onEnd'; days: number; wanted: number }
  | { why: 'full'; day: string; atOnce: number; people: string[]; type: string | null }

export interface Asked {
  person: string
  type: LeaveType
  days: readonly CountedDay[]
  /** A request that is being changed does not stand in its own way. */
  except?: string | undefined
}

/**
 * What stands against a request, all of it: requests count as soon as they are asked, so two that wait for a decision
 * can't both have a last place (peers.md C: timeoff #203). `held` are the team's days and all of the person's own.
 */
export function objectionsTo(
  { person, type, days, except }: Asked,
  held: readonly AwayDay[],
  rule: LeaveRule,
  technicians: ReadonlySet<string>,
  rhythm: Rhythm,
): Objection[] {
  const others = held.filter(({ leaveId }) => leaveId !== except)
  const own = others.filter(({ personId }) => personId === person)
  const found: Objection[] = []
  const clash = own.find(one => days.some(day => overlaps(day, one)))
  if (clash) found.push({ why: 'overlap', leaveId: clash.leaveId, day: clash.day })
  const ofType = own.filter(one => one.type === type.name)
  for (const { per, days: most } of type.limits) {
    const begins = [...new Set(days.map(({ day }) => periodOf(per, day).from))]
    for (const from of begins) {
      const { to } = periodOf(per, from)
      const within = ({ day }: { day: string }) => day >= from && day <= to
      const [used, wanted] = [sum(ofType.filter(within)), sum(days.filter(within))]
      if (used + wanted > most * wholeDay) found.push({ why: 'limit', per, day: from, days: most, used, wanted })
    }
  }
  if (type.onEnd !== null) {
    const wanted = longestRun([...ofType, ...days], rhythm)
    if (wanted > type.onEnd * wholeDay) found.push({ why: 'onEnd', days: type.onEnd, wanted })
  }
  const crowd = (atOnce: number | null, name: string | null) => {
    if (atOnce === null || !technicians.has(person)) return
    for (const { day } of days) {
      const away = others.filter(
        one =>
          one.day === day &&
          one.personId !== person &&
          technicians.has(one.personId) &&
          (name === null || one.type === name),
      )
      const people = [...new Set(away.map(({ personId }) => personId))]
      if (people.length >= atOnce) {
        found.push({ why: 'full', day, atOnce, people, type: name })
        return
      }
    }
  }
  crowd(type.atOnce, type.name)
  crowd(rule.atOnce, null)
  return found
}

/** The most that is taken on end, days of rest between left out, in ten-thousandths of a day. */
export function longestRun(days: ReadonlyArray<{ day: string; share: number }>, { calendar, rests }: Rhythm): number {
  const taken = new Map<string, number>()
  for (const { day, share } of days) taken.set(day, (taken.get(day) ?? 0) + share)
  let longest = 0
  let run = 0
  let expected = ''
  for (const day of [...taken.keys()].sort()) {
    run = (day <= expected ? run : 0) + (taken.get(day) ?? 0)
    longest = Math.max(longest, run)
    expected = calendar.dayAfter(day, 1)
    for (let n = 0; n < 60 && (rests(expected) !== null || !calendar.isWorkday(expected)); n++)
      expected = calendar.dayAfter(expected, 1)
  }
  return longest
}
