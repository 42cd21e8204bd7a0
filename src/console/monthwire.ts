/** What the pages of months and figures and the service say to each other. Money is said already: `¥1,074.63`. */

export type MonthState = 'draft' | 'published' | 'locked'

/** What the viewer can choose from. `months`: the latest first. */
export interface MonthChoice {
  teams: Array<{
    id: string
    name: string
    /** He manages it: decides, publishes, locks. */
    manages: boolean
    /** Its rules have something to settle. */
    settles: boolean
    /** The month that is meant where none is chosen, and the one that runs now. */
    meant: string
    now: string
    months: Array<{ month: string; state: MonthState; wanted: boolean; people: number | null; net: string | null }>
  }>
  /** His own payslips, as they were published. */
  own: Array<{ teamId: string; team: string; month: string; state: MonthState; net: string }>
}

export interface MonthPerson {
  person: string
  name: string
  post: string | null
  rank: number | null
  score: string | null
  points: string | null
  cards: string[]
  gross: string
  deducted: string | null
  corrected: string | null
  net: string
  /** Against last month's, with its sign; null where there is none to compare with. */
  change: string | null
  up: boolean
  faults: number
}

/** A line that is not what it was when the month was reckoned before. */
export interface LineChange {
  item: string
  before: string
  after: string
  difference: string
}

export interface PersonChanges {
  person: string
  name: string
  before: string
  after: string
  difference: string
  /** Points before and after, where they differ. */
  points: LineChange | null
  items: LineChange[]
}

export interface Appeal {
  nr: number
  person: string
  name: string
  item: string
  reason: string
  at: string
  answer: { upheld: boolean; reason: string; by: string; at: string } | null
}

export type OpenInput = 'leaves' | 'incidents' | 'corrections' | 'orders' | 'figures'

export interface MonthPage {
  team: { id: string; name: string }
  month: string
  /** Null: it was never drafted. */
  state: MonthState | null
  /** It is being reckoned, and how far it has come. */
  wanted: boolean
  progress: { done: number; of: number } | null
  /** Something it was reckoned from has changed since. */
  stale: boolean
  rules: string | null
  reckonedAt: string | null
  publishedAt: string | null
  appealsUntil: string | null
  lockedAt: string | null
  may: { draft: boolean; adjust: boolean; publish: boolean; lock: boolean; answer: boolean }
  missing: string[]
  /** What is undecided and would change it, by kind. */
  open: Array<{ kind: OpenInput; count: number }>
  sums: Array<{ kind: 'people' | 'done' | 'gross' | 'net'; value: string }>
  rankBy: string | null
  people: MonthPerson[]
  teamLines: SlipLine[]
  moved: string[]
  /** Null: it was reckoned once only. */
  changes: PersonChanges[] | null
  adjustments: Array<{ person: string; name: string; item: string; amount: string; reason: string; by: string }>
  appeals: Appeal[]
  timeline: Array<{ seq: number; at: string; what: string; by: string | null; words: string | null }>
  /** Pages of the ranking's picture. */
  pictures: number
}

/** What a value of a formula is: entered, recorded, counted, an earlier line, of the rules, of a scorecard. */
export type InputFrom = 'figure' | 'fact' | 'count' | 'item' | 'constant' | 'scorecard'

export interface SlipLine {
  item: string
  amount: string
  /** It is no money, but what money was reckoned with. */
  value: boolean
  how: string
  gate: { when: string; held: boolean } | null
  inputs: Array<{ name: string; value: string; from: InputFrom; orders: string[]; others: string[] }>
  steps: string[]
  /** 人工改定, 没扣完, 没算出来: what is to be known of it, each a sentence. */
  notes: string[]
}

export interface SlipView {
  person: string
  name: string
  post: string | null
  team: string
  month: string
  state: MonthState
  net: string
  sums: Array<{ kind: 'gross' | 'deducted' | 'corrected' | 'days'; value: string }>
  standing: string | null
  lines: SlipLine[]
  values: SlipLine[]
  corrections: string[]
  scores: Array<{
    card: string
    total: string
    columns: string[]
    lines: Array<{ item: string; full: string; marks: string[]; score: string; steps: string[] }>
    plus: Array<{ name: string; marks: string }>
  }>
  points: {
    total: string
    entries: Array<{ day: string; what: string; order: string | null; points: string; corrects: boolean }>
  }
  remarks: string[]
  appeals: Appeal[]
  /** By which rules, and until when he may appeal. */
  rules: string
  note: string | null
  /** Its lines can still be appealed, by the one it is of. */
  mayAppeal: boolean
}

/** What will be sent, and to whom, when a step is taken. */
export interface Sending {
  what: string
  to: string[]
}

export interface FigureItem {
  name: string
  label: string
  person: { id: string; name: string; post: string | null } | null
  unit: string
  value: string | null
  /** As people write it: `¥52,300.50`. */
  said: string | null
  /** Where it comes from and what it may be: 必填, 沿用2026年9月的, 不小于 ¥0.00. */
  hints: string[]
  missing: boolean
  /** A mark on a scorecard, which managers give. */
  card: string | null
  mayEnter: boolean
  /** Something was entered for this very month and can be taken back. */
  own: boolean
}

export interface FigurePage {
  team: { id: string; name: string }
  month: string
  locked: boolean
  missing: number
  items: FigureItem[]
}

export interface FiguresEntered {
  page: FigurePage
  /** What became of each, in a sentence. */
  said: string[]
}
