import type { ClockKind } from '../orders/fact.ts'
import type { Consequence, Told } from './consequence.ts'

/** What an incident was proposed from: the arithmetic as it was then. Times are ISO. */
export type Ground =
  | {
      of: 'clock'
      clock: ClockKind
      /** What the rule book calls it. */
      name: string
      startedAt: string
      dueAt: string
      /** Missing while nothing has stopped it yet. */
      stoppedAt?: string
      counted: 'due' | 'start'
      /** The item's own limit, beyond due or from the start. */
      overMs: number
    }
  /** `code`: the order in which it shows; for rework and leaks the later one. */
  | { of: 'order'; what: 'complaint' | 'rework' | 'leak' | 'unhappy'; code: string; at: string; note?: string }
  | { of: 'attendance'; what: 'late' | 'early' | 'offPost' | 'absent'; at: string | null; ms: number }

/** What is said of an incident when it begins. */
export interface Opened {
  person: string
  /** Its name in the catalogue. */
  item: string
  day: string
  order?: { id: string; code: string }
  told: Told
  is: Consequence
  /** Which one of its kind it is for him in the month. */
  nth: number
  /** The rule book and its version. */
  policy: { name: string; version: number }
  /** The catalogue's own name of the rule: R9.1. */
  rule?: string
  /** In the words of whoever entered it. */
  note?: string
  ground?: Ground
}

/** What happened to an incident (奖惩): append-only. */
export type IncidentBody =
  /** A manager's own: it counts at once. */
  | ({ fact: 'entered' } & Opened)
  /** A dispatcher's, a program's or the service's (R3.4): it counts when a manager says so. */
  | ({ fact: 'proposed' } & Opened)
  /** Reckoned anew, since others may have been dropped meanwhile. */
  | { fact: 'confirmed'; is: Consequence; nth: number }
  /** `gone`: what it follows from does not hold any more; `replaced`: another of the same order takes its place. */
  | { fact: 'dropped'; why: 'manager' | 'gone' | 'replaced'; reason: string }
  /** What it follows from holds again. */
  | { fact: 'renewed'; ground: Ground }
  /** More is known of it: when the work was done. */
  | { fact: 'updated'; ground: Ground }
  | { fact: 'photo'; media: string }
  | { fact: 'appealed'; reason: string }
  /** The appeal is right: the incident falls. */
  | { fact: 'upheld'; reason: string }
  /** The appeal is not: the incident stands. */
  | { fact: 'rejected'; reason: string }
  /** It stands, and costs less. */
  | { fact: 'amended'; is: Consequence; reason: string }
  /** A manager was shown the proposal. */
  | { fact: 'shown'; to: string }
  | { fact: 'reminded'; nth: number }

export type IncidentFactName = IncidentBody['fact']

export interface IncidentFrame {
  seq: number
  /** ISO time. */
  at: string
  /** Null: the service itself, or a program. */
  by: string | null
  via: 'button' | 'text' | 'page' | 'api' | 'system'
  words?: string
}

export type IncidentFact = IncidentFrame & IncidentBody
