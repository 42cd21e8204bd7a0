/** What the technician's page of points and the service say to each other. Points as they are said: `12.5`, `+5`, `-2`. */

export interface PointsSum {
  rule: string
  times: number
  points: string
}

export interface PointsEntry {
  /** `2026-11-24` */
  day: string
  /** Name of the rule, or of the incident's item. */
  what: string
  points: string
  /** What earned it, to be opened: an order's code, an incident's. */
  order: string | null
  incident: string | null
  /** It takes back or mends one that was there. */
  corrects: boolean
}

export interface PointsLedger {
  team: { id: string; name: string }
  total: string
  /** By rule, what gave or took the most first. */
  sums: PointsSum[]
  /** The last one first. */
  entries: PointsEntry[]
  /** By which rules. */
  rules: string
}

/** His points of a month, in each of his teams that keeps them. */
export interface MyPoints {
  month: string
  /** The month that runs. */
  now: string
  ledgers: PointsLedger[]
}
