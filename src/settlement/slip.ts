/** The shape of a settled month: what a payslip, a ranking and a report are drawn from. Money in fen as decimal integers in strings. */

/** What a value rests on: codes of orders, of incidents and of requests for leave, and days. */
export interface Evidence {
  orders?: string[]
  incidents?: string[]
  leaves?: string[]
  days?: string[]
}

/** A value a formula used, as it was. */
export interface Input {
  name: string
  /** Exact: `1.17`, `33.3333333333`. */
  value: string
  from: 'figure' | 'fact' | 'count' | 'item' | 'constant' | 'scorecard'
}

export interface Line {
  item: string
  as: 'pay' | 'deduct' | 'value'
  /** Of pay and deductions, above zero for both; what was really taken of a deduction. */
  fen?: string
  /** Of a value. */
  value?: string
  /** The way it was reckoned, as the policy has it: `毛利 × 20%`. */
  how: string
  inputs: Input[]
  /** A condition that had to hold, and whether it did. */
  gate?: { when: string; held: boolean }
  /** What else led to the result, in Chinese: the tier, the share, `不满 2 天，取 0`. */
  steps: string[]
  /** What a ceiling or the floor kept from being taken. */
  notTaken?: string
  /** It could not be reckoned: a division by zero, a figure that is missing; it counts as nothing by then. */
  fault?: string
  /** Set by hand, in place of what was reckoned. */
  override?: { reckoned: string; reason: string; by: string }
  rule?: string
  note?: string
}

/** A difference found in a month that was locked already, paid or taken with this one (R15.4). */
export interface Correction {
  of: string
  item: string
  /** Below zero where it is taken back. */
  fen: string
  /** What of it could not be taken this month. */
  notTaken?: string
  why: string
}

export interface ScoreLine {
  item: string
  full: string
  /** By column. */
  marks: Record<string, string>
  score: string
  steps: string[]
}

export interface Score {
  card: string
  lines: ScoreLine[]
  plus: Array<{ name: string; marks: string }>
  total: string
  grade: string | null
}

/** One person's month. */
export interface Slip {
  person: string
  name: string
  post: string | null
  month: string
  /** Name, title and version of the rule book. */
  policy: { name: string; title: string; version: number }
  days: { employed: number; month: number }
  lines: Line[]
  corrections: Correction[]
  scores: Score[]
  /** Month facts and counts by name, with what they rest on. */
  facts: Record<string, { value: string; evidence?: Evidence }>
  gross: string
  deducted: string
  corrected: string
  net: string
  /** What the draft says about this person: changed team, joined in the month, … */
  remarks: string[]
}

/** A place in the ranking of a month. */
export interface Place {
  person: string
  name: string
  rank: number
  score: string
}

/** A team's month. */
export interface TeamResult {
  month: string
  team: string
  policy: { name: string; title: string; version: number }
  lines: Line[]
  /** The names of what is not entered or can't be reckoned: no month is published before they are mended. */
  missing: Array<{ what: string; person?: string }>
  ranking: Place[]
  rankBy: string
  /** Team sums of the facts: 完成单, 及时单 … */
  facts: Record<string, string>
  gross: string
  net: string
  people: number
  /** Who has more or less than the month before, the largest differences first, in fen. */
  moved: Array<{ name: string; fen: string }>
  /** The month before and the same a year ago: their sums, and who stood where. */
  before: { facts: Record<string, string>; places: Record<string, number> } | null
  year: { facts: Record<string, string> } | null
}
