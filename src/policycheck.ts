import { checkAttendance } from './attendance/attendcase.ts'
import { Invalid } from './errors.ts'
import { checkLeave } from './leave/checkcase.ts'
import { checkCase, checkReturn } from './orders/policycase.ts'
import { calendarOf } from './policy/business.ts'
import { withoutCompletion } from './policy/coverage.ts'
import type { Policy } from './policy/schema.ts'
import { orderKindNames } from './policy/terms.ts'
import { checkPay } from './settlement/checkpay.ts'

/** What is wrong with a rule book that can be read: its own cases, and what may not have been meant. */

const monthMs = 31 * 24 * 60 * 60_000

/** A case that does not come out as it says. `section` and `index` are its place in the file. */
export interface CaseFault {
  section: string
  index: number
  name: string
  message: string
}

export function caseFaults(policy: Policy): CaseFault[] {
  const told = <C extends { name: string }>(
    section: string,
    cases: readonly C[],
    check: (one: C) => string[],
  ): CaseFault[] =>
    cases.flatMap((one, index) => {
      const where = { section, index, name: one.name }
      try {
        return check(one).map(message => ({ ...where, message }))
      } catch (error) {
        if (error instanceof Invalid) return [{ ...where, message: error.message }]
        throw error
      }
    })
  const { cases, returnCases, attendanceCases, leaveCases, payCases } = policy
  return [
    ...told('cases', cases, one => checkCase(policy, one)),
    ...told('returnCases', returnCases, one => checkReturn(policy, one)),
    ...told('attendanceCases', attendanceCases, one => checkAttendance(policy, one)),
    ...told('leaveCases', leaveCases, one => checkLeave(policy, one)),
    ...told('payCases', payCases, one => checkPay(policy, one)),
  ]
}

export const caseCount = ({ cases, returnCases, attendanceCases, leaveCases, payCases }: Policy): number =>
  [cases, returnCases, attendanceCases, leaveCases, payCases].reduce((sum, { length }) => sum + length, 0)

/** Years whose holidays nobody has announced to this program, of those the coming weeks reach into. */
export const unknownHolidays = (policy: Policy, now: Date): number[] =>
  calendarOf(policy).unknownYears(now, new Date(now.getTime() + monthMs))

/** Kinds of orders that nobody is reminded to complete; null where there are no clocks at all. */
export const uncovered = (policy: Policy): Array<{ kind: string; name: string }> | null =>
  policy.clocks.length === 0 ? null : withoutCompletion(policy).map(kind => ({ kind, name: orderKindNames[kind] }))
