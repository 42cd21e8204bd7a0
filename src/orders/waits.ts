import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { type Fact, type KeptSpan, standing } from './fact.ts'
import { afterQuiet } from './nudges.ts'

/** What an order waits for by itself, and when somebody has to be asked or told. */
export interface Wait {
  kind: 'followUp'
  at: Date
  /** `ask:1`, `ask:2` …: the how-manieth question it is. */
  step: string
  /** Unanswered so often that the desk has to know. */
  silent: boolean
}

/** A question nobody answered is asked so often before the desk is told. */
const asksBeforeDesk = 2

/**
 * When the technician is asked how suspended work stands (R1.5): at the end of the time that was expected (a day without
 * a time is asked for in its morning), else some workdays after, then each working morning until he answers: with 恢复,
 * another time (再等), an appointment, or by the order leaving him. Never in quiet hours nor on a day the team rests.
 */
export function waitsOf(facts: readonly Fact[], policy: Policy, now: Date): Wait[] {
  const pause = openPause(facts)
  if (!pause) return []
  const asks = pause.since.flatMap(fact => (fact.fact === 'asked' ? [fact] : []))
  const last = asks.at(-1)
  const first = last ? nextMorning(policy, new Date(last.at), 1) : firstAsk(pause, policy)
  if (!first) return []
  const given = asks.filter(({ to }) => to === pause.technician).length
  const told = asks.some(({ to }) => to !== '' && to !== pause.technician)
  const at = new Date(Math.max(first.getTime(), now.getTime()))
  return [
    {
      ...{ kind: 'followUp', step: `ask:${given + 1}`, at: workingDay(policy, afterQuiet(policy, at)) },
      silent: given >= asksBeforeDesk && !told,
    },
  ]
}

interface Pause {
  from: Date
  expected?: KeptSpan | undefined
  technician: string
  /** Facts since the pause, or since its end was last said anew. */
  since: readonly Fact[]
}

/** The pause that goes on and has no answer yet. */
function openPause(facts: readonly Fact[]): Pause | null {
  const real = standing(facts)
  const begin = real.findLastIndex(fact => fact.fact === 'suspended' || fact.fact === 'expected' || ends(fact))
  const last = real[begin]
  if (last?.fact !== 'suspended' && last?.fact !== 'expected') return null
  const given = real.findLast(fact => fact.fact === 'dispatched')
  return {
    ...{ from: new Date(last.at), expected: last.expected, since: real.slice(begin + 1) },
    technician: given?.fact === 'dispatched' ? given.to : '',
  }
}

/** A time agreed with the customer is an answer as well: the clocks run to it. */
function ends(fact: Fact): boolean {
  if (fact.fact === 'appointed' || (fact.fact === 'contacted' && fact.appointment)) return true
  return [
    'resumed',
    'dispatched',
    'declined',
    'withdrawn',
    'arrived',
    'completed',
    'emptyRun',
    'closed',
    'cancelled',
  ].includes(fact.fact)
}

function firstAsk({ from, expected }: Pause, policy: Policy): Date | null {
  if (!expected)
    return policy.suspend.followUpDays === null ? null : nextMorning(policy, from, policy.suspend.followUpDays)
  if (isWholeDay(expected, policy)) return morningOf(policy, calendarOf(policy).dayOf(new Date(expected.from)))
  return new Date(expected.to ?? expected.from)
}

/** 后天 is kept as the working part of that day. */
function isWholeDay({ from, to, exact }: KeptSpan, policy: Policy): boolean {
  const calendar = calendarOf(policy)
  if (exact || to === undefined) return false
  const [begin, end] = [new Date(from), new Date(to)]
  return (
    calendar.dayOf(begin) === calendar.dayOf(end) &&
    calendar.minuteOf(begin) === policy.dayParts.上午[0] &&
    calendar.minuteOf(end) === policy.dayParts.下午[1]
  )
}

function nextMorning(policy: Policy, after: Date, workdays: number): Date {
  const calendar = calendarOf(policy)
  return morningOf(policy, calendar.workdayAfter(calendar.dayOf(after), workdays))
}

/** When work begins on a day, or on the next one that has any; round the clock mornings begin with the day's first part. */
function morningOf(policy: Policy, day: string): Date {
  const calendar = calendarOf(policy)
  const worked = calendar.isWorkday(day) ? day : calendar.workdayAfter(day, 1)
  const opening = policy.calendar.roundTheClock ? null : calendar.opening(worked)
  return opening ?? calendar.momentOf(worked, policy.dayParts.上午[0])
}

/** The moment itself, or the morning of the next workday. */
function workingDay(policy: Policy, at: Date): Date {
  const calendar = calendarOf(policy)
  const day = calendar.dayOf(at)
  return calendar.isWorkday(day) ? at : afterQuiet(policy, morningOf(policy, day))
}
