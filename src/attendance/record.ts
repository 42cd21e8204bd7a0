import type { AwayDay } from '../leave/away.ts'
import type { FactName } from '../orders/fact.ts'
import type { Person } from '../people/person.ts'

/**
 * What is recorded of somebody's day: that he came (`in`), left (`out`) or checked in elsewhere (`outside`); what the desk
 * says of him, that he was off his post (`offPost`) or was not after all (`onPost`), or asked for leave by phone (`called`);
 * and that there was nothing that day (`none`), which only says that somebody looked.
 */
export const markKinds = ['in', 'out', 'outside', 'offPost', 'onPost', 'called', 'none'] as const
export type MarkKind = (typeof markKinds)[number]
export type MarkSource = 'chat' | 'wecom' | 'dingtalk' | 'import' | 'desk'

export interface Mark {
  kind: MarkKind
  at: Date
  source: MarkSource
  place: string | null
  /** `missing`: the platform says that there is none; `place`, `device`: made from elsewhere than agreed. */
  flags: readonly string[]
  /** When it was stored: of what the desk says of one minute the last counts. */
  seenAt: Date
}

/** Something he reported on an order. */
export interface OrderSign {
  at: Date
  fact: FactName
  code: string
}

/** A correction (补卡) that was allowed. `minute` null: as work begins or ends that day. */
export interface Correction {
  day: string
  part: CorrectionPart
  minute: number | null
}
export type CorrectionPart = 'in' | 'out' | 'day'

/** All that one person's attendance is computed from; the order of the lists does not matter. */
export interface Records {
  person: Pick<Person, 'restDays' | 'daysOff'>
  marks: readonly Mark[]
  signs: readonly OrderSign[]
  corrections: readonly Correction[]
  /** Leave that was granted. */
  away: readonly AwayDay[]
  /** Requests for leave that were not, from a day to a day, both inside, and when they were made. */
  asks: ReadonlyArray<{ first: string; last: string; at: Date }>
  /** Times in which a check-in would have been seen. */
  watched: ReadonlyArray<{ from: Date; to: Date }>
}

/** Whole days are counted in ten-thousandths, as leave is. */
export const wholeDay = 10_000
