import type { ComplaintRoute } from '../policy/complaintrule.ts'
import type { ClockView } from './clocks.ts'
import type { KeptSpan } from './fact.ts'
import type { Question } from './progress.ts'
import type { Ranked } from './ranking.ts'
import type { OrderRecord } from './record.ts'

/** For whom a card is drawn, and what of it is unfolded. */
export interface Viewer {
  personId: string
  desk: boolean
  technician: boolean
  /** Buttons shown instead of the usual ones: reasons to choose from. */
  menu?: MenuName | undefined
  /** A line on top that explains what just happened to a tap. */
  note?: string | undefined
}

export interface Scene {
  order: OrderRecord
  clocks: readonly ClockView[]
  now: Date
  zone: string
  nameOf(personId: string): string
  /** The question for progress that is open. */
  question?: Question | null
  /** Why the team does not work on the days of a span; null when it does on one of them. */
  closedOn?(span: KeptSpan): string | null
  /** Technicians a desk card offers, best first; only where somebody is to be chosen. */
  candidates?: readonly Ranked[]
  /** Where complaints go by the policy. */
  routes?: readonly ComplaintRoute[]
  /** How long the installer has to see to a leak of his. */
  installerMs?: number
  /** The work is done and the policy wants the customer called back. */
  wantsCall?: boolean
  /** Its page, where there is one. */
  page?: string
  /** The customer may be shown the way to his page. */
  mayRate?: boolean
}

export type MenuName =
  | 'decline'
  | 'suspend'
  | 'contacted'
  | 'complete'
  | 'reschedule'
  | 'wait'
  | 'assign'
  | 'progress'
  | 'later'
