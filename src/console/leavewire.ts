/** What the console's pages and the service say to each other about leave. Days are `2026-11-25`, minutes since midnight. */

/** What a day is for the team: worked, a day of rest, a statutory or the company's holiday, or worked to make up for one. */
export type DayKind = 'work' | 'rest' | 'holiday' | 'makeup'

export interface CalendarDay {
  day: string
  /** 一 … 日. */
  weekday: string
  kind: DayKind
  /** 国庆放假, 国庆补班(按周一), 周日; null of a usual workday. */
  why: string | null
}

export interface AwayCell {
  day: string
  /** A letter or two for the type: 事, 病, 休. */
  mark: string
  type: string
  /** 上午, 14:00–16:00; empty: all day. */
  part: string
  /** Not decided yet. */
  asked: boolean
  /** The request; null: a day of rest of his own. */
  code: string | null
  says: string
}

export interface LeaveCalendar {
  team: { id: string; name: string }
  month: string
  today: string
  days: CalendarDay[]
  people: Array<{ id: string; name: string; cells: AwayCell[] }>
  types: Array<{ mark: string; name: string }>
}

export type LeaveState = 'asked' | 'proposed' | 'granted' | 'rejected' | 'withdrawn' | 'lapsed' | 'cancelled'

export interface LeaveRow {
  code: string
  person: { id: string; name: string }
  team: string
  /** 事假 1.5 天 */
  what: string
  when: string
  reason: string
  state: LeaveState
  /** 待批, or whose turn it is. */
  stateName: string
  own: boolean
}

export interface LeaveList {
  items: LeaveRow[]
  next: string | null
}

/** What waits: to be decided by him, and besides in his teams. `used`: his own leave so far, a line each type. */
export interface LeaveWaiting {
  mine: LeaveDetails[]
  others: LeaveRow[]
  used: string[]
}

export type LeaveAct =
  | 'approve'
  | 'approveCame'
  | 'reject'
  | 'propose'
  | 'take'
  | 'refuse'
  | 'withdraw'
  | 'cancel'
  | 'return'
  | 'extend'

/** An order in the hands of whoever will be away; `fate`: back at once when granted, when it begins, or it stays his. */
export interface LeaveOrder {
  code: string
  customer: string
  visit: string | null
  fate: 'granted' | 'begun' | 'stays'
  says: string
}

export interface LeaveDetails extends LeaveRow {
  kind: string
  length: string
  /** Number of the leave it changes. */
  of: string | null
  flags: string[]
  /** 本月 半天，今年 2 天 */
  taken: string | null
  cost: string[]
  away: Array<{ name: string; says: string; asked: boolean }>
  orders: LeaveOrder[]
  proposal: string | null
  rejected: string | null
  proofs: LeavePhoto[]
  /** Where the platform's own approval decides: the app, its number there, and what to do. */
  elsewhere: { app: string; number: string | null; says: string } | null
  acts: LeaveAct[]
  /** The version the page shows; what is done carries it. */
  version: number
  policy: { name: string; version: number }
  story: Array<{ seq: number; at: string; who: string; said: string; words: string | null }>
  /** The days asked for, to begin a proposal from. */
  span: { from: DayTime; to: DayTime }
  /** Where a day parts into halves. */
  noon: number
}

export interface LeavePhoto {
  id: string
  state: 'wanted' | 'stored' | 'lost' | 'erased'
}

export interface DayTime {
  day: string
  minute: number
}

/** What the page shows after something was done, and the sentence that says what became of it. */
export interface LeaveDone {
  said: string
  leave: LeaveDetails
}

export interface LeaveForm {
  people: Array<{ id: string; name: string }>
  types: Array<{ name: string; unit: 'day' | 'halfDay' | 'hour'; agreed: boolean; note: string }>
  today: string
  noon: number
}

export interface LeaveWish {
  person: string
  type: string
  from: DayTime
  to: DayTime
  reason: string
  /** He had come to work today. */
  came: boolean
  /** It is agreed with colleagues, where the type wants that. */
  agreed: boolean
}

/** What a wish comes to; nothing is asked yet. */
export interface LeavePlan {
  what: string
  when: string
  length: string
  lines: string[]
  deciders: string[]
  elsewhere: string | null
  agreed: boolean
}
