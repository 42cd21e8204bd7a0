/** What the technician's pages and the service say to each other. Moments are ISO 8601. */

/** A clock that runs, for a countdown: the page counts from `now` of the answer, whatever the phone's clock says. */
export interface Countdown {
  name: string
  dueAt: string
}

export interface MyOrder {
  code: string
  kind: string
  urgent: boolean
  key: boolean
  /** He goes along; somebody else is in charge. */
  helps: boolean
  state: string
  stateName: string
  customer: string
  address: string
  fault: string
  clock: Countdown | null
  appointment: string | null
  suspended: string | null
}

export interface DoneOrder {
  code: string
  kind: string
  customer: string
  address: string
  doneAt: string
  outcome: string
}

export interface MyOrders {
  now: string
  open: MyOrder[]
  done: DoneOrder[]
}

/** Steps of an order. `undo` takes back the last one. */
export type StepName =
  | 'accept'
  | 'decline'
  | 'contacted'
  | 'unreachable'
  | 'reschedule'
  | 'depart'
  | 'arrive'
  | 'suspend'
  | 'resume'
  | 'wait'
  | 'complete'
  | 'emptyRun'
  | 'askHelp'
  | 'undo'

/** A time of the team's calendar, `2026-11-27T10:00`, or from one to another of the same day. */
export interface WishedTime {
  from: string
  to?: string
}

export type StepWish =
  | { do: 'accept' | 'depart' | 'arrive' | 'resume' | 'undo' }
  | { do: 'decline'; reason: string }
  | { do: 'contacted'; time?: WishedTime; note?: string }
  | { do: 'reschedule'; time: WishedTime; reason?: string }
  | { do: 'suspend'; reason: string; note: string; time?: WishedTime }
  | { do: 'wait'; time: WishedTime }
  | { do: 'complete'; result: string; charge?: string; parts?: Array<{ name: string; quantity: number }> }
  | { do: 'unreachable' | 'emptyRun' | 'askHelp'; note?: string }

export interface TimelineEntry {
  seq: number
  /** What happened, with its time. */
  what: string
  words: string | null
  by: string | null
}

export interface OrderClock {
  name: string
  state: string
  due: string | null
  left: string | null
}

export interface Visit {
  code: string
  doneAt: string
  by: string | null
  fault: string
  outcome: string
}

export interface PagePhoto {
  id: string
  /** It can be shown; one from the chat may still be on its way, or lost. */
  state: 'wanted' | 'stored' | 'lost' | 'erased'
  /** What it shows, where somebody said so. */
  of: string | null
  by: string | null
  at: string
}

/** What the customer signed. */
export interface PageSignature {
  id: string
  /** Who signed. */
  name: string
  /** On whose phone. */
  by: string | null
  at: string
  result: string | null
  charge: string | null
}

export interface OrderPage {
  now: string
  /** He is in charge of it or goes along: he adds photos. */
  works: boolean
  code: string
  team: string
  kind: string
  urgent: boolean
  helps: boolean
  state: string
  stateName: string
  /** Sent back with a step: what was seen when it was chosen. */
  seen: number
  customer: { name: string; phone: string; full: boolean; address: string; key: boolean }
  product: { name: string; serial: string | null; warranty: string | null }
  fault: string
  appointment: string | null
  suspended: string | null
  outcome: string | null
  /** Of the work that was reported done: stands above the customer's signature. */
  done: { result: string; charge: string | null } | null
  crew: string | null
  clock: Countdown | null
  clocks: OrderClock[]
  timeline: TimelineEntry[]
  visits: Visit[]
  photos: PagePhoto[]
  /** What the policy wants photos to show. */
  wanted: string[]
  /** What is missing before the work may be reported done, in words. */
  missing: string | null
  /** Of that, the photos in words, and whether the customer has to sign. */
  lacks: { photos: string | null; signature: boolean }
  /** The last one. */
  signature: PageSignature | null
  /** The customer may sign on the phone of who is looking. */
  maySign: boolean
  /** The next one first; none that would be refused. */
  steps: StepName[]
  reasons: Array<{ name: string; says: string }>
  /** Days of the team's calendar to choose from, today first, with its parts of day as times. */
  days: Array<{ day: string; says: string }>
  parts: Array<{ name: string; from: string; to: string }>
}

/** `order` is null when it is his no more. */
export interface StepDone {
  /** What was understood. */
  says: string
  order: OrderPage | null
}
