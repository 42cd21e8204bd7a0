import { DateTime } from 'luxon'
import { Invalid, Refusal } from '../errors.ts'
import type { Person } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { LeaveExample } from '../policy/leavecase.ts'
import type { LeaveType } from '../policy/leaverule.ts'
import type { Policy } from '../policy/schema.ts'
import type { AwayDay } from './away.ts'
import { type Counted, type CountedDay, type Rhythm, sum, until, wholeDay } from './count.ts'
import { sayShare } from './daywords.ts'
import type { Flag } from './fact.ts'
import { objectionsTo } from './limits.ts'
import { type AbsentDay, leaveMonth, type MonthLine } from './month.ts'
import { type LeaveAsk, prepareLeave } from './prepare.ts'
import { type CaseLine, type CaseVerb, readLines } from './readcase.ts'

/** Examples of `leave` in a policy, played. Everything asked for is granted at once, unless it only waits (申请). */

/** Whom the examples are about. */
export const self = '本人'
const teamId = 'team'

/** What a line of an example came to. */
export interface PlayedLine {
  line: string
  came: string
  counted: Counted | null
}

export interface PlayedLeave {
  lines: PlayedLine[]
  month: MonthLine[]
}

interface Held {
  person: string
  type: LeaveType
  days: CountedDay[]
  flags: ReadonlySet<Flag>
  granted: boolean
}

const refusals: Readonly<Record<string, string>> = {
  ...{ notice: '没提前', past: '已经过去', free: '不用上班', onJob: '做单中', far: '太远', long: '太长' },
  ...{ overlap: '重叠', limit: '超过限额', onEnd: '超过连续天数', full: '同天人数已满' },
}
const flagWords: Partial<Record<Flag, string>> = {
  ...{ notCome: '旷工', late: '没提前', onJob: '做单中', forAnother: '代请', proofOwed: '补证明' },
}

/** Throws `Invalid` naming the line that can't be read. */
export function playLeave(policy: Policy, example: LeaveExample): PlayedLeave {
  const { leave: rule } = policy
  if (!rule) throw new Invalid('the policy has no section `leave`')
  const story = readLines(example.facts, rule, example.colleagues, policy)
  const held: Held[] = []
  const lines = story.flatMap(one => (one.at === null ? [] : [play(one, policy, example, held)]))
  const silent = policy.attendance?.absence?.wage?.silent ?? 0
  const absent = story.flatMap((one): AbsentDay[] =>
    one.at === null ? [{ day: one.day, share: wholeDay, multiple: silent }] : [],
  )
  const own = held.filter(({ person, granted }) => person === self && granted)
  const away = (person: string, day: string) =>
    sum(held.filter(one => one.person === person && one.granted).flatMap(one => one.days.filter(d => d.day === day)))
  const month = leaveMonth(
    {
      ...{ month: example.month?.of ?? story.at(-1)?.day.slice(0, 7) ?? '', absent },
      taken: own.flatMap(({ type, days, flags }) =>
        days.map(({ day, share }) => ({ day, share, type: type.name, flags })),
      ),
      employed: { from: example.joined, to: example.left ?? null },
      wageOn: () => example.wage,
      onDuty: day => example.colleagues.filter(name => away(name, day) < wholeDay),
    },
    rule,
  )
  return { lines, month }
}

function play(line: Extract<CaseLine, { at: Date }>, policy: Policy, example: LeaveExample, held: Held[]): PlayedLine {
  const told = (came: string, counted: Counted | null = null) => ({ line: line.text, came, counted })
  const { leave: rule } = policy
  if (!rule) return told('')
  const calendar = calendarOf(policy)
  const rhythm = rhythmOf(policy, line.person === self ? example.rests : [])
  const now = { day: calendar.dayOf(line.at), minute: calendar.minuteOf(line.at) }
  if (line.ask === null) {
    const last = held.filter(({ person, days }) => person === line.person && days.length > 0).at(-1)
    if (!last) throw new Invalid(`"${line.text}" changes a leave that is not there`)
    last.days = line.verb === '撤销' ? [] : until(last.days, now, last.type, rule, rhythm)
    return told(`剩 ${sayShare(sum(last.days), rule.hoursPerDay)}`)
  }
  const { type, span } = line.ask
  const people = [self, ...example.colleagues].map(name => personOf(name, 'technician'))
  const [applicant, colleague] = [people.find(({ id }) => id === line.person), people[1]]
  if (!applicant) throw new Invalid(`"${line.text}" names nobody of the team`)
  const desk = [personOf('赵派工', 'dispatcher'), personOf('王经理', 'manager')]
  const circle = { teamId, people: [...people, ...desk], away: new Set<string>(), unbound: new Set<string>() }
  const when = { rule, policy: { name: policy.name, version: policy.version }, rhythm, circle }
  const ask = { ...askOf(line.verb), type, applicant, from: span.from, until: { to: span.to }, reason: '' }
  const by = line.verb === '代请' ? (colleague ?? applicant) : applicant
  try {
    const { body, counted } = prepareLeave({ ...ask, by }, { ...when, today: now.day, minute: now.minute })
    const technicians = new Set(people.map(({ id }) => id))
    const [objection] = objectionsTo(
      { person: line.person, type, days: counted.days },
      daysOf(held),
      rule,
      technicians,
      rhythm,
    )
    if (objection) return told(`不收 ${refusals[objection.why]}`)
    held.push({
      person: line.person,
      type,
      days: counted.days,
      flags: new Set(body.flags),
      granted: line.verb !== '申请',
    })
    const words = body.flags.flatMap(flag => flagWords[flag] ?? [])
    return told([sayShare(sum(counted.days), rule.hoursPerDay), ...words].join(' '), counted)
  } catch (error) {
    if (error instanceof Refusal) return told(`不收 ${refusals[error.code] ?? error.message}`)
    throw error
  }
}

const askOf = (verb: CaseVerb): Pick<LeaveAsk, 'kind' | 'came' | 'onJob' | 'agreed'> => ({
  ...{ kind: verb === '续假' ? 'extend' : 'leave', agreed: true },
  ...{ came: verb === '到岗后请假' || verb === '做单中请假', onJob: verb === '做单中请假' },
})

const daysOf = (held: readonly Held[]): AwayDay[] =>
  held.flatMap(({ person, type, days, granted }, index) =>
    days.map(day => ({
      ...{ leaveId: String(index), personId: person, teamId, type: type.name, ...day },
      state: granted ? 'granted' : 'asked',
    })),
  )

function rhythmOf(policy: Policy, rests: readonly number[]): Rhythm {
  return {
    calendar: calendarOf(policy),
    rests: day => (rests.includes(DateTime.fromISO(day).weekday) ? '轮休' : null),
  }
}

const personOf = (name: string, role: 'technician' | 'dispatcher' | 'manager'): Person => ({
  ...{ company: '', id: name, name, mobile: null, platform: null, skills: [], areas: [], restDays: [], daysOff: [] },
  memberships: [{ teamId, team: '', role }],
})
