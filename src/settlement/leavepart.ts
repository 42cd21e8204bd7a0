import { sayShare } from '../leave/daywords.ts'
import { type AbsentDay, leaveMonth, type MonthLine, type TakenDay } from '../leave/month.ts'
import { amountOf } from '../policy/fen.ts'
import type { LeaveRule } from '../policy/leaverule.ts'
import type { LeaveTaken } from './month.ts'

/** Leave and absence of one person as the month's pay takes them (R4.1–R4.6). */
export interface LeaveBook {
  month: string
  taken: readonly TakenDay[]
  absent: readonly AbsentDay[]
  employed: { from: string; to: string | null }
  /** Colleagues on duty on a day, in the order in which left-over fen go round. */
  onDuty(day: string): readonly string[]
}

const linesAt = (book: LeaveBook, rule: LeaveRule, wage: bigint): MonthLine[] =>
  leaveMonth({ ...book, wageOn: () => amountOf(wage) }, rule)

/** What full attendance brings, whatever a day's wage is. */
export function fullAttendanceOf(book: LeaveBook, rule: LeaveRule): { month: bigint; year: bigint; half: bigint } {
  const lines = linesAt(book, rule, 0n)
  const of = (what: 'fullMonth' | 'fullYear' | 'secondHalf') =>
    lines.reduce((sum, line) => sum + (line.what === what ? line.fen : 0n), 0n)
  return { month: of('fullMonth'), year: of('fullYear'), half: of('secondHalf') }
}

/** What each day takes at that wage of a day, and whom it goes to. */
export function takenAt(book: LeaveBook, rule: LeaveRule, wage: bigint): LeaveTaken[] {
  return linesAt(book, rule, wage).flatMap(line =>
    line.what === 'deduct'
      ? [
          {
            ...{ day: line.day, fen: line.fen, to: line.portions.map(({ person }) => person) },
            label: labelOf(line, rule),
          },
        ]
      : [],
  )
}

function labelOf(line: Extract<MonthLine, { what: 'deduct' }>, rule: LeaveRule): string {
  const times = line.multiple === 1 ? '' : ` × ${line.multiple}`
  return `${line.absence ? '旷工' : (line.type ?? '')} ${sayShare(line.share, rule.hoursPerDay)}${times}`
}
