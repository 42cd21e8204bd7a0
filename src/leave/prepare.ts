import { Refusal } from '../errors.ts'
import type { Person } from '../people/person.ts'
import type { LeaveRule, LeaveType } from '../policy/leaverule.ts'
import { type Counted, countLeave, type LeaveSpan, mostDays, type Rhythm, spanOf } from './count.ts'
import { sayDay, saySpan } from './daywords.ts'
import { type Circle, stepsFor } from './deciders.ts'
import type { Flag, LeaveBody, LeaveKind, Of } from './fact.ts'

/** What somebody wants, as far as it is understood. */
export interface LeaveAsk {
  kind: LeaveKind
  /** Who will be away, and who asks (R4.8: a colleague may, for one who can't). */
  applicant: Person
  by: Person
  of?: Of
  type: LeaveType
  from: LeaveSpan['from']
  /** To then, or so many days as the rule book counts them. */
  until: { to: LeaveSpan['to'] } | { days: number }
  reason: string
  /** He has come to work today (R4.2), as he says or as his records show. */
  came: boolean
  /** He is on a job now (R4.7). */
  onJob: boolean
  /** He has agreed it with his colleagues (R4.5). */
  agreed: boolean
}

/** When it is asked, and by which rules. */
export interface AskedWhen {
  rule: LeaveRule
  policy: { name: string; version: number }
  today: string
  minute: number
  rhythm: Rhythm
  circle: Circle
}

export interface Prepared {
  body: Extract<LeaveBody, { fact: 'asked' }>
  counted: Counted
}

/** Farther ahead nobody plans, and what was meant is a day that has passed: 11月20号, said on the 25th. */
const farDays = 300

/**
 * What a wish for leave comes to before anybody looks at who else is away: days, who decides, what is to be weighed.
 * Pure. Throws `Refusal` for what can't be asked: dates in the past or backwards, days nobody works, too long.
 */
export function prepareLeave(ask: LeaveAsk, { rule, policy, today, minute, rhythm, circle }: AskedWhen): Prepared {
  const { type, kind, applicant, by, from, of, reason } = ask
  const { calendar } = rhythm
  if (from.day < today) throw new Refusal('past', past(from.day, today))
  if (from.day > calendar.dayAfter(today, farDays) && from.day.slice(0, 4) !== today.slice(0, 4))
    throw new Refusal(
      'far',
      `您说的是 ${sayDay(from.day, today)}？太远了。要请的是已经过去的日子就不能请，要请以后的请说清年月日。`,
    )
  const span: LeaveSpan =
    'to' in ask.until ? { from, to: ask.until.to } : spanOf(from, ask.until.days, type, rule, rhythm)
  const { to } = span
  if (to.day < from.day || (to.day === from.day && to.minute <= from.minute))
    throw new Refusal(
      'backwards',
      `结束（${saySpan({ from: to, to }, today, rule.noon)}）比开始（${sayDay(from.day, today)}）早，请重新说一次，比如：请假 明天到后天 家里有事。`,
    )
  if (to.day === today && to.minute <= minute)
    throw new Refusal('past', `${saySpan(span, today, rule.noon)} 已经过去了。没到岗的时间请找经理补记。`)
  if (calendar.dayAfter(from.day, mostDays - 1) < to.day)
    throw new Refusal('long', `一次最多请 ${mostDays} 天，请分开请或当面找负责人。`)
  const counted = countLeave(span, type, rule, rhythm)
  if (counted.days.length === 0) {
    const why = [...new Set(counted.free.map(one => one.why))].join('、')
    throw new Refusal('free', `${saySpan(span, today, rule.noon)} 本来就不用上班（${why}），不用请假。`)
  }
  const flags = flagsOf(ask, counted, { today, rhythm })
  if (rule.onJob === 'refused' && flags.includes('onJob'))
    throw new Refusal('onJob', '你正在客户那里做单，按制度不能请假。请先完工，或请派工员换人后再请。')
  const steps = stepsFor(rule, { type: type.name, days: counted.days, person: applicant.id }, circle)
  return {
    counted,
    body: {
      ...{ fact: 'asked', kind, ...(of && { of }), person: applicant.id, type: type.name },
      ...{ span, days: counted.days, policy, reason, steps },
      flags: [...flags, ...(by.id === applicant.id ? [] : ['forAnother' as const])],
    },
  }
}

const past = (day: string, today: string) =>
  `${sayDay(day, today)} 已经过去了，请假只能请今天和以后的。过去没到岗的，请找经理说明或补卡。`

function flagsOf(
  { type, came, onJob, agreed, from, kind }: LeaveAsk,
  { days }: Counted,
  { today, rhythm }: { today: string; rhythm: Rhythm },
): Flag[] {
  const flags: Flag[] = []
  const earliest = rhythm.calendar.dayAfter(today, type.noticeDays)
  const late = from.day < earliest && kind === 'leave'
  const begins = days[0]?.day === today
  if (late && type.late === 'refused')
    throw new Refusal(
      'notice',
      `${type.name}要提前 ${type.noticeDays} 天请，最早能请 ${sayDay(earliest, today)}。急事请请别的假，或当面找经理。`,
    )
  if (late && type.late === 'absence' && begins && !came) flags.push('notCome')
  else if (late) flags.push('late')
  if (onJob && begins) flags.push('onJob')
  if (agreed) flags.push('agreed')
  if (type.proof !== 'none') flags.push('proofOwed')
  return flags
}

/** Whether the leave has begun, and whether it is over. */
export function standing(
  days: ReadonlyArray<{ day: string; from: number; to: number }>,
  { today, minute }: { today: string; minute: number },
): 'ahead' | 'running' | 'over' {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return 'over'
  if (today < first.day || (today === first.day && minute < first.from)) return 'ahead'
  return today > last.day || (today === last.day && minute >= last.to) ? 'over' : 'running'
}
