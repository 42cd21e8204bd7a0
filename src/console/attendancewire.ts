/** What the console's pages and the service say to each other about attendance. */

export type DayState =
  | 'rest'
  | 'leave'
  | 'unknown'
  | 'absent'
  | 'tooLate'
  | 'late'
  | 'early'
  | 'offPost'
  | 'open'
  | 'normal'

export interface AttendanceTable {
  team: { id: string; name: string }
  month: string
  /** The month that runs: there is none after it. */
  latest: string
  days: Array<{ day: string; weekday: string; works: boolean }>
  people: Array<{
    id: string
    name: string
    /** As long as `days`; null: not yet. */
    cells: Array<{ state: DayState; text: string } | null>
    sums: string[]
    proposals: string[]
  }>
}

/** A day of one person: what it is, why, and what that is computed from. */
export interface AttendanceDay {
  day: string
  name: string
  state: DayState
  text: string
  why: string
  marks: string[]
  signs: string[]
  leave: Array<{ says: string; code: string | null }>
  corrections: string[]
}
