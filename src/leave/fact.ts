import type { Step } from '../policy/leaverule.ts'
import type { CountedDay, LeaveSpan } from './count.ts'

/** `leave` itself; `extend` (续假), `return` (提前销假) and `cancel` (撤销) change one that is there, each a request of its own. */
export type LeaveKind = 'leave' | 'extend' | 'return' | 'cancel'

/**
 * What an approver has to weigh: asked later than the type wants; on the day itself without having come to work (R4.3);
 * while on a job (R4.7); for somebody else who can't himself (R4.8); agreed with colleagues (R4.5); a paper is to follow.
 */
export type Flag = 'late' | 'notCome' | 'onJob' | 'forAnother' | 'agreed' | 'proofOwed'

/** The leave another request changes. */
export interface Of {
  id: string
  code: string
}

/**
 * What happened to a request for leave: append-only, as an order's journal. Days are kept as they were counted, with the
 * rule book that counted them.
 */
export type LeaveBody =
  | {
      fact: 'asked'
      kind: LeaveKind
      of?: Of
      person: string
      type: string
      span: LeaveSpan
      /** Counted by this version of the rule book; none for `return` and `cancel`. */
      days: CountedDay[]
      policy: { name: string; version: number }
      reason: string
      /** Who decides, one after the other; the rule of the day it was asked on holds for it. */
      steps: Step[]
      flags: Flag[]
      /** The platform whose own approval decides. */
      decidesOn?: string
    }
  | { fact: 'passed'; step: number }
  | { fact: 'granted'; ordinary?: true }
  | { fact: 'rejected'; reason: string }
  /** 改期: the approver would grant these days. */
  | { fact: 'proposed'; span: LeaveSpan; days: CountedDay[]; note?: string }
  | { fact: 'taken' }
  | { fact: 'refused'; reason?: string }
  | { fact: 'withdrawn'; why?: 'left' }
  | { fact: 'lapsed'; why: 'undecided' | 'over' }
  | { fact: 'cancelled'; why: 'takenBack' | 'revoked' | 'left'; through?: Of }
  | { fact: 'shortened'; days: CountedDay[]; through: Of }
  | { fact: 'recounted'; days: CountedDay[]; policy: { name: string; version: number } }
  | { fact: 'reminded'; step: number; nth: number }
  | { fact: 'handedBack'; orders: string[]; when: 'granted' | 'begun' }
  | { fact: 'homeward' }
  | { fact: 'proof'; media: string }
  /** The platform's own approval decides it. */
  | { fact: 'sent'; platform: string; id: string }
  /** It does not take this request. */
  | { fact: 'unsent'; platform: string; why: string }

export type LeaveFactName = LeaveBody['fact']

export interface LeaveFrame {
  seq: number
  at: string
  /** Null: the service itself, or a program. */
  by: string | null
  via: 'button' | 'text' | 'page' | 'api' | 'system' | 'platform'
  words?: string
}

export type LeaveFact = LeaveFrame & LeaveBody
