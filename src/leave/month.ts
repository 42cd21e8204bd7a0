import { fenOf } from '../policy/fen.ts'
import { type LeaveRule, leaveTypeOf } from '../policy/leaverule.ts'
import { countsFor, multipleOf } from './cost.ts'
import { sum, wholeDay } from './count.ts'
import type { Flag } from './fact.ts'
import { lastMonths, periodOf } from './periods.ts'

/** A day of granted leave as it was counted. `share` in ten-thousandths of a day. */
export interface TakenDay {
  day: string
  type: string
  share: number
  flags: ReadonlySet<Flag>
}

/** A day he neither asked for nor came, as attendance found it; `multiple` of the day's base wage (R4.3), 0 where it fines instead (R4.9). */
export interface AbsentDay {
  day: string
  share: number
  multiple: number
}

/** What a month of one person is reckoned from. */
export interface LeaveMonth {
  /** `2026-11` */
  month: string
  /** Of this month, and of the whole year whose full attendance it may pay. */
  taken: readonly TakenDay[]
  absent: readonly AbsentDay[]
  /** First and last day of his employment, both inside. */
  employed: { from: string; to: string | null }
  /** His base wage of a day: `50.00`. */
  wageOn(day: string): string
  /** The colleagues who were on duty on a day, himself left out, in the order in which left-over fen go round. */
  onDuty(day: string): readonly string[]
}

export interface Portion {
  person: string
  fen: bigint
}

/** A line of what leave costs or brings at the month's end. Money in fen, never below zero. */
export type MonthLine =
  | {
      what: 'deduct'
      day: string
      /** Null: absent without a word. */
      type: string | null
      share: number
      multiple: number
      absence: boolean
      wage: bigint
      fen: bigint
      /** Who gets it, in parts that add up to it; nobody: the company keeps it. */
      portions: Portion[]
      rule: string | null
    }
  | { what: 'free'; day: string; type: string; share: number; rule: string | null }
  | {
      what: 'fullMonth' | 'fullYear' | 'secondHalf'
      /** The stretch whose leave was added up, both days inside. */
      from: string
      to: string
      share: number
      over: number
      /** What it is when it is kept, and what he gets. */
      amount: bigint
      fen: bigint
      /** Why he does not get it: too many days, or he was not there all the time it asks for. */
      lost: 'over' | 'notThere' | null
      by: 'month' | 'year' | 'lunarYear'
    }

const halfYear = 6

/** What leave costs one person in a month and what full attendance brings him: R4.1–R4.6. Pure. */
export function leaveMonth(given: LeaveMonth, rule: LeaveRule): MonthLine[] {
  const { from, to } = periodOf('month', `${given.month}-01`)
  const within = ({ day }: { day: string }) => day >= from && day <= to
  const days = [
    ...given.taken.filter(within).map(one => lineOf(one, given, rule)),
    ...given.absent.filter(one => within(one) && one.multiple > 0).map(one => absenceOf(one, given, rule)),
  ]
  return [...days.sort((a, b) => a.day.localeCompare(b.day)), ...bonuses(given, rule, { from, to })]
}

type DayLine = Extract<MonthLine, { day: string }>

function lineOf({ day, type: name, share, flags }: TakenDay, given: LeaveMonth, rule: LeaveRule): DayLine {
  const type = leaveTypeOf(rule, name)
  const multiple = type ? multipleOf(type, flags) : 0
  const absence = flags.has('notCome') && type?.lateDeduct != null
  if (multiple === 0) return { what: 'free', day, type: name, share, rule: type?.rule ?? null }
  const to = type?.deductionTo ?? rule.deductionsTo
  return {
    ...{ what: 'deduct', day, type: name, share, multiple, absence, rule: absence ? 'R4.3' : (type?.rule ?? null) },
    ...costed(given, to, day, share, multiple),
  }
}

function absenceOf({ day, share, multiple }: AbsentDay, given: LeaveMonth, rule: LeaveRule): DayLine {
  return {
    ...{ what: 'deduct', day, type: null, share, multiple, absence: true, rule: 'R4.3' },
    ...costed(given, rule.deductionsTo, day, share, multiple),
  }
}

function costed(
  given: LeaveMonth,
  to: LeaveRule['deductionsTo'],
  day: string,
  share: number,
  multiple: number,
): { wage: bigint; fen: bigint; portions: Portion[] } {
  const wage = fenOf(given.wageOn(day))
  const fen = partOf(wage, share, multiple)
  return { wage, fen, portions: to === 'company' ? [] : shareOut(fen, given.onDuty(day)) }
}

/** So many times a part of a day's wage, rounded half up once. Multiples have at most three places. */
function partOf(wage: bigint, share: number, multiple: number): bigint {
  const whole = BigInt(wholeDay) * 1000n
  return (wage * BigInt(share) * BigInt(Math.round(multiple * 1000)) + whole / 2n) / whole
}

/**
 * An amount in equal parts that add up to it (R4.4): of the fen that are left over, one each to the first. What was really
 * deducted is to be shared, where a floor under wages leaves less of it.
 */
export function shareOut(fen: bigint, people: readonly string[]): Portion[] {
  const each = new Set(people)
  const count = BigInt(each.size)
  return [...each].map((person, index) => ({ person, fen: fen / count + (BigInt(index) < fen % count ? 1n : 0n) }))
}

type BonusLine = Extract<MonthLine, { lost: unknown }>

/** R4.6. Days of absence count as days of leave do; more than `over` loses it, exactly that many keep it. */
function bonuses(given: LeaveMonth, rule: LeaveRule, of: { from: string; to: string }): BonusLine[] {
  const { month, year, secondHalf } = rule.fullAttendance
  const { employed } = given
  const counted = [...given.taken.filter(one => countsFor(rule, one.type)), ...given.absent]
  const there = (from: string, to: string) => employed.from <= from && (employed.to === null || employed.to >= to)
  const line = (
    what: BonusLine['what'],
    by: BonusLine['by'],
    stretch: { from: string; to: string },
    { over, amount, since }: { over: number; amount: bigint; since: string },
  ): BonusLine => {
    const { from, to } = stretch
    const share = sum(counted.filter(({ day }) => day >= from && day <= to))
    const lost = !there(since, to) ? 'notThere' : share > over * wholeDay ? 'over' : null
    return { what, from, to, share, over, amount, fen: lost ? 0n : amount, lost, by }
  }
  const lines: BonusLine[] = []
  if (month)
    lines.push(line('fullMonth', 'month', of, { over: month.over, amount: fenOf(month.amount), since: of.from }))
  if (!year) return lines
  const ended = periodOf(year.by, of.from)
  if (ended.to > of.to) return lines
  const full = line('fullYear', year.by, ended, { over: year.over, amount: fenOf(year.amount), since: ended.from })
  lines.push(full)
  if (!secondHalf || full.lost === null) return lines
  const half = { from: lastMonths(year.by, ended.to, halfYear), to: ended.to }
  const since = lastMonths(year.by, ended.to, secondHalf.months)
  const amount = fenOf(secondHalf.amount) * BigInt(halfYear)
  return [...lines, line('secondHalf', year.by, half, { over: secondHalf.over, amount, since })]
}
