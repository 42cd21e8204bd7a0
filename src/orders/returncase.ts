import type { SuspendReason } from '../chat/intent.ts'
import type { ReturnNeed, ReturnOutcome } from '../policy/terms.ts'

/** What is known of a unit that may be returned or exchanged. What nobody said is missing, and never guessed. */
export interface ReturnFacts {
  invoicedOn?: string
  /** `3299.00` */
  price?: string
  mainFault?: boolean
  /** When the fault was reported. */
  faultOn: string
  deformed?: boolean
  handedInOn: string
  waitsForParts?: boolean
  /** A day, or false when it is not the repairer's fault. */
  repairerSince?: string | false
  warranty?: 'in' | 'out'
  /** Days in repair and waiting for it; their union counts, each day once. */
  inRepair: readonly Idle[]
  /** Said as a number: it stands for `inRepair`. */
  daysInRepair?: number
  sameModel?: boolean
  otherModel?: boolean
  accessories?: boolean
  sheet?: boolean
}

/** From a day to a day, whose difference counts. `why`: a reason it was suspended for, or what was said. */
export interface Idle {
  from: string
  to: string
  why: SuspendReason | 'handedIn' | 'waiting' | 'said'
}

/** What is paid back. `fen` is null while price or invoice date is not known. */
export interface Refund {
  fen: bigint | null
  price: bigint | null
  /** Null when nothing is deducted. */
  depreciation: Depreciation | null
}

export interface Depreciation {
  millionths: number
  /** Invoice to return, and how many of these days cost nothing; null while the invoice date is not known. */
  days: number | null
  free: number
  fen: bigint | null
}

/** What a rule says of what is known, in the order of R13. */
export type Reason =
  | { about: 'notMain' }
  | { about: 'fault'; from: string; on: string; days: number; limit: number; gives: readonly ReturnOutcome[] }
  | { about: 'noParts'; from: string; days: number; over: number; expired: boolean; gives: readonly ReturnOutcome[] }
  | { about: 'repairerLate'; from: string; days: number; over: number; gives: readonly ReturnOutcome[] }
  | { about: 'deformed'; gives: readonly ReturnOutcome[] }
  | { about: 'sameModel' | 'noModel'; refund: Refund }
  | { about: 'otherModel' }
  | { about: 'nothingLeft' }
  | { about: 'lacks' | 'complete'; needs: readonly ReturnNeed[] }

/** Facts that are asked for. */
export type Unknown =
  | 'invoicedOn'
  | 'price'
  | 'mainFault'
  | 'deformed'
  | 'waitsForParts'
  | 'warranty'
  | 'repairerSince'
  | 'sameModel'
  | 'otherModel'
  | ReturnNeed

/** What an answer to an open question would make possible, other open grounds left aside and nothing missing. */
export interface Consequence {
  /** For `invoicedOn` the days of a period, null past all of them; else yes or no. */
  answer: number | null | boolean
  outcomes: ReturnOutcome[]
  refunds: Refund[]
}

export interface Open {
  fact: Unknown
  /** Empty where amounts alone hang on it. */
  answers: Consequence[]
}

export interface ReturnsAnswer {
  /** What the customer may have, whatever the open questions turn out to be. */
  outcomes: ReturnOutcome[]
  /** What he may have by some answer to them. */
  possible: ReturnOutcome[]
  /** What he gets back, where a return is among `outcomes`. */
  refund: Refund | null
  /** What he would get back by some answer. */
  refunds: Refund[]
  reasons: Reason[]
  /** What he could have if nothing of `needs` were missing; empty unless that is what refuses it. */
  refused: ReturnOutcome[]
  /** Open questions that change something, with what each answer leads to; `price` changes amounts alone. */
  open: Open[]
  /** The invoice date lies ahead and is taken for unknown. */
  invoiceAhead: string | null
}
