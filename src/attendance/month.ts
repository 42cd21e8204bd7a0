import type { ProposalGround } from '../policy/attendancecase.ts'
import type { AbsenceKind, AttendanceRule } from '../policy/attendancerule.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { type DayRecords, type DayVerdict, type Finding, judgeDay } from './day.ts'
import { type Records, wholeDay } from './record.ts'
import { workdayOf } from './schedule.ts'

/** Dismissal is only ever proposed, to the manager, with the days it follows from. */
export interface Proposal {
  why: ProposalGround
  /** What the policy asks for, and what there is. */
  limit: number
  count: number
  days: string[]
}

export interface MonthVerdict {
  /** `2026-11` */
  month: string
  /** Days up to today, oldest first. */
  days: DayVerdict[]
  late: number
  early: number
  offPost: number
  /** Lates that became days off duty, and those that are left (R5.1); `per` null where the policy has no such rule. */
  lates: { per: number | null; days: number; left: number }
  /** In ten-thousandths of a day: off duty (缺勤) with the lates, absent (旷工), on leave. */
  offDuty: number
  absent: number
  leave: number
  /** Days of work that nobody knows anything of, since the first of which somebody does. */
  unknown: number
  /** Fen, points, and ten-thousandths of a day's base wage. */
  fen: number
  points: number
  wage: number
  /** The longest run of absent working days that has a day in this month. */
  run: string[]
  proposals: Proposal[]
}

/** Runs are looked for so many days before the month begins. */
export const leadDays = 31

const isMonth = /^\d{4}-(0[1-9]|1[0-2])$/

/** The first and last day of a month, and from which day on records are needed to judge it. */
export function monthSpan(policy: Policy, month: string): { first: string; last: string; lead: string } {
  if (!isMonth.test(month)) throw new RangeError(`"${month}" is no month`)
  const calendar = calendarOf(policy)
  const first = `${month}-01`
  const [year = 0, number = 0] = month.split('-').map(Number)
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
  return { first, last, lead: calendar.dayAfter(first, -leadDays) }
}

/** Judges a month of one person: its days, what they add up to, and what is proposed (R5.1, R5.2, R4.3, R4.9). */
export function judgeMonth(
  policy: Policy,
  rule: AttendanceRule,
  records: Records,
  month: string,
  now: Date,
): MonthVerdict {
  const calendar = calendarOf(policy)
  const { first, last, lead } = monthSpan(policy, month)
  const today = workdayOf(policy, now)
  const until = last < today ? last : today
  const byDay = grouped(policy, records)
  const all: DayVerdict[] = []
  for (let day = lead; day <= until; day = calendar.dayAfter(day, 1))
    all.push(judgeDay(policy, rule, { ...records, ...(byDay.get(day) ?? nothing) }, day, now))
  const days = all.filter(({ day }) => day >= first)
  const known = all.find(({ state }) => state !== 'unknown' && state !== 'rest')
  const findings = days.flatMap(verdict => verdict.findings)
  const count = (what: Finding['what']) => findings.filter(one => one.what === what).length
  const sum = (key: 'share' | 'fen' | 'points' | 'wage', what?: Finding['what']) =>
    findings.reduce((total, one) => total + (what === undefined || one.what === what ? one[key] : 0), 0)
  const lates = converted(rule, count('late'))
  const fromLates = rule.absence?.of.includes('tooLate') ? lates.days : 0
  const runs = runsOf(rule, all).filter(run => (run.at(-1) ?? '') >= first)
  const run = runs.reduce<string[]>((longest, one) => (one.length > longest.length ? one : longest), [])
  return {
    ...{ month, days, lates, run },
    ...{ late: count('late'), early: count('early'), offPost: count('offPost') },
    offDuty: sum('share', 'tooLate') + lates.days * wholeDay,
    absent: sum('share', 'absent'),
    leave: days.reduce((total, { leave }) => total + leave, 0),
    unknown: days.filter(({ day, state }) => state === 'unknown' && day > (known?.day ?? last)).length,
    fen: sum('fen') + fromLates * (rule.absence?.fen ?? 0),
    points: sum('points') + fromLates * (rule.absence?.points ?? 0),
    wage: sum('wage'),
    proposals: proposalsOf(rule, days, runs, fromLates),
  }
}

const nothing = { marks: [], signs: [], corrections: [], away: [] }

/** Records by the day of work they belong to. */
function grouped(policy: Policy, records: Records): Map<string, Omit<DayRecords, 'person' | 'asks' | 'watched'>> {
  const days = new Map<string, { [Key in keyof typeof nothing]: Array<Records[Key][number]> }>()
  const of = (day: string) => {
    const known = days.get(day) ?? { marks: [], signs: [], corrections: [], away: [] }
    days.set(day, known)
    return known
  }
  for (const mark of records.marks) of(workdayOf(policy, mark.at)).marks.push(mark)
  for (const sign of records.signs) of(workdayOf(policy, sign.at)).signs.push(sign)
  for (const one of records.corrections) of(one.day).corrections.push(one)
  for (const one of records.away) of(one.day).away.push(one)
  return days
}

/** Every so many lates are a day off duty; the rest stays what it is, and does not go over to the next month. */
function converted(rule: AttendanceRule, late: number): MonthVerdict['lates'] {
  const per = rule.late?.per ?? null
  if (per === null) return { per, days: 0, left: late }
  return { per, days: Math.floor(late / per), left: late % per }
}

const kindOf = ({ what }: Finding): AbsenceKind | null =>
  what === 'absent' ? 'noShow' : what === 'tooLate' ? 'tooLate' : null

const counts = (rule: AttendanceRule, finding: Finding): boolean => {
  const kind = kindOf(finding)
  return kind !== null && (rule.absence?.of.includes(kind) ?? false)
}

/** Working days on end on which he was absent all day: days of rest do not break a run, leave and unknown days do. */
function runsOf(rule: AttendanceRule, days: readonly DayVerdict[]): string[][] {
  const runs: string[][] = []
  let run: string[] = []
  for (const { day, state, findings, leave } of days) {
    if (state === 'rest') continue
    const absent = leave === 0 && findings.some(finding => counts(rule, finding))
    if (absent) run.push(day)
    if (absent && run.length === 1) runs.push(run)
    if (!absent) run = []
  }
  return runs
}

function proposalsOf(
  rule: AttendanceRule,
  days: readonly DayVerdict[],
  runs: readonly string[][],
  fromLates: number,
): Proposal[] {
  const { absence, offPost } = rule
  const proposals: Proposal[] = []
  const running = absence?.running ?? null
  for (const run of runs)
    if (running !== null && run.length >= running)
      proposals.push({ why: 'running', limit: running, count: run.length, days: run })
  const on = (is: (finding: Finding) => boolean) =>
    days.flatMap(({ day, findings }) => findings.filter(is).map(() => day))
  const absent = on(finding => counts(rule, finding))
  const inMonth = absence?.inMonth ?? null
  if (inMonth !== null && absent.length + fromLates >= inMonth)
    proposals.push({ why: 'absences', limit: inMonth, count: absent.length + fromLates, days: absent })
  const off = on(({ what }) => what === 'offPost')
  if (offPost?.propose && off.length >= offPost.propose)
    proposals.push({ why: 'offPost', limit: offPost.propose, count: off.length, days: off })
  return proposals
}
