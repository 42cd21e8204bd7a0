import type { LeavePeriod, LeaveRule, LeaveType } from '../policy/leaverule.ts'
import { type CountedDay, sum, wholeDay } from './count.ts'
import type { Flag } from './fact.ts'
import { periodOf } from './periods.ts'

/** A line of what leave costs. Shares in ten-thousandths of a day; money as `100.00`. */
export type CostLine =
  /** `multiple` days' base wages for each day (R4.1, R4.3). */
  | { what: 'deduct'; share: number; multiple: number; absence: boolean; rule: string | null }
  | { what: 'free'; rule: string | null }
  | {
      what: 'fullAttendance'
      of: 'month' | 'year'
      /** First day of the stretch it is about. */
      from: string
      before: number
      after: number
      over: number
      amount: string
    }
  | { what: 'limit'; per: LeavePeriod; from: string; before: number; after: number; days: number }

/** A day of leave as far as money is concerned. */
export interface TypedDay {
  day: string
  type: string
  share: number
}

/** Times the day's base wage a day of it takes: an absence its own (R4.3), else the type's. */
export function multipleOf(type: LeaveType, flags: ReadonlySet<Flag>): number {
  return flags.has('notCome') && type.lateDeduct !== null ? type.lateDeduct : type.deduct
}

/** What a request would cost its applicant, given the leave he has had or holds otherwise. R4.1–R4.6, R4.10. */
export function costOf(
  { type, days, flags }: { type: LeaveType; days: readonly CountedDay[]; flags: ReadonlySet<Flag> },
  had: readonly TypedDay[],
  rule: LeaveRule,
): CostLine[] {
  const multiple = multipleOf(type, flags)
  const absence = flags.has('notCome') && type.lateDeduct !== null
  const lines: CostLine[] =
    multiple === 0
      ? [{ what: 'free', rule: type.rule }]
      : [{ what: 'deduct', share: sum(days), multiple, absence, rule: absence ? 'R4.3' : type.rule }]
  const stretches = (per: LeavePeriod) => [...new Set(days.map(({ day }) => periodOf(per, day).from))]
  for (const { per, days: most } of type.limits)
    for (const from of stretches(per)) {
      const within = inside(per, from)
      const before = sum(had.filter(one => one.type === type.name && within(one.day)))
      lines.push({ what: 'limit', per, from, before, after: before + sum(days.filter(d => within(d.day))), days: most })
    }
  if (type.fullAttendance === 'free') return lines
  const counts = had.filter(one => countsFor(rule, one.type))
  const { month, year } = rule.fullAttendance
  const full = (of: 'month' | 'year', per: LeavePeriod, { amount, over }: { amount: string; over: number }) => {
    for (const from of stretches(per)) {
      const within = inside(per, from)
      const before = sum(counts.filter(one => within(one.day)))
      const after = before + sum(days.filter(one => within(one.day)))
      lines.push({ what: 'fullAttendance', of, from, before, after, over: over * wholeDay, amount })
    }
  }
  if (month) full('month', 'month', month)
  if (year) full('year', year.by, year)
  return lines
}

export const countsFor = (rule: LeaveRule, type: string): boolean =>
  rule.types.find(({ name }) => name === type)?.fullAttendance !== 'free'

function inside(per: LeavePeriod, day: string): (other: string) => boolean {
  const { from, to } = periodOf(per, day)
  return other => other >= from && other <= to
}
