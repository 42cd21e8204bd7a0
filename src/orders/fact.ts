import type { Grade, Part, ReturnSaid, SuspendReason } from '../chat/intent.ts'

/** A span of time as it is kept: ISO strings, so that facts survive JSON unchanged. */
export interface KeptSpan {
  from: string
  to?: string
  exact: boolean
  words: string
}

/** Somebody's part of the work on an order, in whole percents. */
export interface Share {
  person: string
  percent: number
}

export type OrderKind = 'install' | 'repair' | 'complaint' | 'revisit'

/** The fields of an order that come from outside (design.md §10, R1.1). */
export interface OrderFields {
  kind: OrderKind
  urgent: boolean
  customer: {
    name: string
    phone: string
    address: string
    zone?: string
    distanceKm?: number
    key?: boolean
    gone?: boolean
  }
  /** What kind of fault or job, in the company's own words: 车身, 底盘 (R2.4). */
  category?: string
  product: { brand?: string; model?: string; serial?: string }
  fault: string
  warranty?: 'in' | 'out'
  /** Units of one customer that came in together; 1 when missing (R1.16). */
  units?: number
  wanted?: KeptSpan
  /** When the unit was bought, `2026-11-03`, and for how much, `3299.00` (R13). */
  invoice?: { date: string; price: string }
  externalId?: string
}

/** An earlier job, as the journal keeps it: days are dates of the calendar from its end to the new order. */
export interface LastTime {
  /** Order id. */
  to: string
  code: string
  technician: string | null
  doneAt: string
  days: number
  /** In the customer's words. */
  fault?: string
}

export type Link = { why: 'rework' | 'leak' } & Omit<LastTime, 'fault'>

/**
 * What happened to an order. The journal is a list of these, append-only; state, clocks and explanations are
 * computed from it and from nothing else.
 */
export type FactBody =
  /** `policy`: name of the rule book it came in under. `earlier`: the last job there, shown and not counted. */
  | { fact: 'created'; order: OrderFields; policy?: string; earlier?: LastTime }
  /** Follows from an earlier job: the same fault again (R1.10), or a leak of a unit installed not long ago (R9.5). */
  | ({ fact: 'linked' } & Link)
  /** A complaint goes to a department (R1.13). */
  | { fact: 'routed'; subject: string; to: string }
  /** The desk says that it has nothing to do with that earlier job. */
  | { fact: 'unlinked'; to: string; code: string }
  /** In the journal of the earlier job: what a later order was linked as, or that it is not any more. `order` is its id. */
  | { fact: 'reworked'; why: Link['why']; order: string; code: string; days: number }
  | { fact: 'unreworked'; order: string; code: string }
  /** Put up for grabs (抢单): every technician of the team may take it. */
  | { fact: 'offered' }
  /** Nobody grabbed it in the policy's time: it is the desk's again. */
  | { fact: 'offerEnded' }
  /**
   * `auto`: the service chose, for the reasons in `why`; `despite`: what spoke against him when the desk chose; `note`:
   * what the dispatcher says with it.
   */
  | { fact: 'dispatched'; to: string; auto?: true; why?: string[]; despite?: string; note?: string }
  /** Nobody may take it (rest, skills, daily limit): the desk has to see. */
  | { fact: 'unplaced'; why: string[] }
  | { fact: 'accepted' }
  | { fact: 'declined'; reason: string }
  /** Taken back from a technician by the dispatcher or by the policy's time for accepting. */
  | { fact: 'withdrawn'; from: string; reason: string; notAccepted?: true }
  /** Somebody goes along with the one in charge (加派), with his share in whole percents if one was said. */
  | { fact: 'joined'; person: string; share?: number }
  | { fact: 'left'; person: string }
  /** How the work is divided (分成); it takes the place of what was said before, and those not named divide what is left. */
  | { fact: 'shared'; shares: Share[] }
  | { fact: 'contacted'; appointment?: KeptSpan; note?: string; implied?: true }
  | { fact: 'unreachable'; note?: string }
  | { fact: 'unreachableConfirmed' }
  | { fact: 'appointed'; appointment: KeptSpan; reason?: string }
  | { fact: 'departed' }
  | { fact: 'arrived'; implied?: true }
  | { fact: 'suspended'; reason: SuspendReason; note: string; expected?: KeptSpan }
  | { fact: 'resumed' }
  /** Still suspended, now until then. */
  | { fact: 'expected'; expected: KeptSpan }
  | { fact: 'completed'; result: string; charge?: string; parts?: Part[] }
  | { fact: 'emptyRun'; note?: string }
  /** The service report, papers or old parts are handed in (报单). */
  | { fact: 'reported'; note?: string }
  /** Drawn for the satisfaction form at completion (1 order in so many, R1.11); taken back together with it. */
  | { fact: 'sampled' }
  /** The customer was called back (回访, R1.11). Journals of earlier versions have no `reached`: he was. */
  | { fact: 'revisited'; reached: boolean; grade?: Grade; note?: string }
  /**
   * The customer rated the visit on his own page; what he wrote are the frame's `words`. `settles`: nobody has to call
   * him back for it. `visitor`: sign of the phone he did it on, which may change it once (`changed`).
   */
  | { fact: 'rated'; grade: Grade; tags: string[]; visitor?: string; settles?: true; changed?: true }
  /** Called back in vain: the revisit is still owed. */
  | { fact: 'revisitTried'; note?: string }
  /** A complaint order was opened from what the customer said. */
  | { fact: 'complained'; code: string }
  | { fact: 'closed' }
  | { fact: 'cancelled'; reason: string }
  /** The desk asked whether it may be returned or exchanged, and said something of it (R13). */
  | { fact: 'returnAsked'; said: ReturnSaid }
  | { fact: 'urged' }
  | { fact: 'helpAsked'; note?: string }
  /** How the technician gets on, asked or not (R1.15): `expected` is when he will have done it. */
  | { fact: 'progress'; answer: 'onTime' | 'later'; expected?: KeptSpan; note?: string }
  /** `of`: what it shows, by the policy's name for it (前, 后, 铭牌). */
  | { fact: 'photo'; media: string; of?: string }
  /**
   * The customer signed on the technician's phone: `name` as it was written there, `result` and `charge` (yuan) as the
   * sheet showed them. The last one holds.
   */
  | { fact: 'signed'; media: string; name: string; result?: string; charge?: string }
  | { fact: 'located'; lat: number; lng: number; label: string }
  /**
   * Somebody was told about a clock: kept so that an explanation can list it. `asks`: the warning that put the question
   * for progress. `until`: he heard of it for the technician, who rests and hears of it himself then (ISO time).
   */
  | { fact: 'reminded'; clock: ClockKind; step: string; to: string; asks?: string; until?: string }
  /** It was asked how suspended work stands, or the desk was told that nobody answers; `to` is empty when he rests. */
  | { fact: 'asked'; about: 'suspended'; to: string }
  /** Takes back the fact with that `seq`. */
  | { fact: 'undone'; undoes: number }
  /**
   * What was known of the customer is gone, out of the facts before this one too: `photos` alone, or everything. `why`: it
   * was kept for as long as the policy says (`age`), or somebody asked for it.
   */
  | { fact: 'erased'; what: 'photos' | 'customer'; why: 'age' | 'asked' }

export type FactName = FactBody['fact']

export interface FactFrame {
  /** 1, 2, 3 … within the order; the order's version is the last one. */
  seq: number
  /** ISO time. */
  at: string
  /** Person id; null when the service itself or a program did it. */
  by: string | null
  via: 'button' | 'text' | 'api' | 'page' | 'import' | 'system'
  /** The person's own words, when there were any. */
  words?: string
}

export type Fact = FactFrame & FactBody

/** A promise with a start, a due time and an end (时限). */
export type ClockKind = 'dispatch' | 'accept' | 'contact' | 'arrive' | 'complete' | 'report' | 'revisit'

/** Clocks of what is owed after the work: papers and the call back, 结单 or not. */
export const owedAfter: ReadonlySet<ClockKind> = new Set(['report', 'revisit'])

/** The facts that still hold: those taken back, and the taking back itself, left out. */
export function standing(facts: readonly Fact[]): Fact[] {
  const undone = new Set(facts.flatMap(fact => (fact.fact === 'undone' ? [fact.undoes] : [])))
  return facts.filter(fact => fact.fact !== 'undone' && !undone.has(fact.seq))
}

/**
 * What time it is for an order: on a machine whose clock was set back it stands at the last fact until the clock is there
 * again, so that nobody reads of less time than was told before.
 */
export function timeFor(facts: readonly Fact[], now: Date): Date {
  const last = facts.at(-1)
  return last && Date.parse(last.at) > now.getTime() ? new Date(last.at) : now
}

/** When something that happens now is recorded: a journal goes forward, whatever the machine's clock does. */
export function recordedAt(facts: readonly Fact[], at: string): string {
  const last = facts.at(-1)
  return last && Date.parse(last.at) > Date.parse(at) ? new Date(Date.parse(last.at) + 1).toISOString() : at
}
