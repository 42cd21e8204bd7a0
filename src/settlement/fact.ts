/** What happened to a month of a team (月结). Append-only; the month's state is computed from it and from nothing else. */
export type MonthBody =
  /** Somebody, or the day it is due, asked for the draft to be made. */
  | { fact: 'wanted' }
  /**
   * It was reckoned: by which rule book, for how many, what it came to in fen, and how much is missing. Of a published month
   * `changed`: persons whose slip differs from the one before, and until when they may appeal it.
   */
  | {
      fact: 'reckoned'
      policy: string
      rules: number
      people: number
      net: string
      missing: number
      changed: string[]
      until?: string
    }
  /** A line set by hand, in fen; null takes that back. */
  | { fact: 'adjusted'; person: string; item: string; fen: string | null; reason: string }
  /** For everybody to see; lines may be appealed until then (ISO time). */
  | { fact: 'published'; until: string }
  | { fact: 'appealed'; person: string; item: string; nr: number; reason: string }
  | { fact: 'answered'; nr: number; upheld: boolean; reason: string }
  /** Nothing of it changes any more (R15.4). */
  | { fact: 'locked' }

export type MonthFactName = MonthBody['fact']

export interface MonthFrame {
  seq: number
  /** ISO time. */
  at: string
  /** Person id; null when the service did it by itself. */
  by: string | null
  via: 'button' | 'text' | 'api' | 'page' | 'system'
  words?: string
}

export type MonthEntry = MonthFrame & MonthBody
