import type { Num } from '../policy/formula.ts'
import type { Facts, MonthDays } from './facts.ts'

/** Everything a month of a team is settled from. Money in fen. */

/** A day of leave or absence that takes something, and who was on duty and gets it; nobody: it stays with the company. */
export interface LeaveTaken {
  day: string
  fen: bigint
  to: readonly string[]
  /** 事假 1 天 */
  label: string
}

/** An amount set by hand in place of what is reckoned. */
export interface Override {
  fen: bigint
  reason: string
  by: string
}

/** What an earlier month, locked by now, has too much or too little. */
export interface Owed {
  of: string
  item: string
  /** Below zero where it was too much. */
  fen: bigint
  why: string
}

export interface PersonMonth {
  id: string
  name: string
  post: string | null
  days: { employed: number }
  facts: Facts
  figures: ReadonlyMap<string, Num>
  /** Marks by `markName`. */
  marks: ReadonlyMap<string, Num>
  /** What leave takes at this base wage of a day, by days. */
  leaveTaken(dayWage: bigint): readonly LeaveTaken[]
  overrides: ReadonlyMap<string, Override>
  owed: readonly Owed[]
  remarks: readonly string[]
}

export interface TeamMonth {
  team: string
  month: string
  days: MonthDays
  figures: ReadonlyMap<string, Num>
  people: readonly PersonMonth[]
}
