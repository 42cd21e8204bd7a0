import type { ClockState } from '../orders/clocks.ts'
import type { ClockKind, OrderKind } from '../orders/fact.ts'
import type { OrderState } from '../orders/order.ts'

/**
 * What the console's pages and the service say to each other about orders. Moments are ISO 8601; `now` is the service's:
 * pages count from it, not from the clock of the machine they are on.
 */

export interface Named {
  id: string
  name: string
}

export interface Span {
  from: string
  to: string | null
  /** False for a part of a day. */
  exact: boolean
}

export interface Row {
  id: string
  code: string
  team: string
  kind: OrderKind
  brand: string | null
  urgent: boolean
  key: boolean
  state: OrderState
  customer: string
  address: string
  fault: string
  assignee: Named | null
  /** What has to happen next, and when. */
  due: { by: ClockKind | 'appointment' | 'expected'; at: string } | null
  appointment: Span | null
  createdAt: string
}

export interface Board {
  now: string
  zone: string
  items: Row[]
  next: string | null
  counts: { open: number; late: number; unassigned: number }
}

/** A technician with what he has in hand. */
export interface Load {
  id: string
  name: string
  teamId: string
  open: number
  late: number
  /** How many he may get a day by the policy; null: as many as there are. */
  perDay: number | null
  /** Appointments from now until the end of the day. */
  visits: Array<{ code: string; at: string }>
  /** Why he gets nothing today: he rests, or is on leave. */
  rest: 'team' | 'weekday' | 'dayOff' | 'leave' | null
}

export interface LoadPage {
  now: string
  zone: string
  items: Load[]
}

export interface OrderPage {
  now: string
  zone: string
  code: string
  team: Named
  state: OrderState
  urgent: boolean
  offered: boolean
  kind: OrderKind
  fault: string
  category: string | null
  warranty: 'in' | 'out' | null
  customer: { name: string; phone: string; address: string; key: boolean }
  product: string
  externalId: string | null
  assignee: Named | null
  helpers: Named[]
  /** Percents by person, where several divide the work. */
  shares: Array<Named & { percent: number }>
  /** When the customer would like somebody to come. */
  wanted: Span | null
  appointment: Span | null
  suspended: { note: string; expected: Span | null } | null
  outcome: { result: string; charge: string | null; parts: string; empty: boolean } | null
  /** The earlier job it follows from. */
  linked: { why: 'rework' | 'leak'; code: string; technician: string | null; days: number } | null
  routed: { subject: string; to: string } | null
  clocks: Array<{ kind: ClockKind; state: ClockState; dueAt: string | null; stoppedAt: string | null }>
  /** In the sentences of the journal; `words` are those somebody said. */
  timeline: Array<{
    seq: number
    at: string
    what: string
    words: string | null
    by: string | null
    photo: string | null
  }>
  /** `signed`: it is the customer's last signature, by that name; it comes last. */
  photos: Array<{ id: string; at: string; by: string | null; state: string; signed: string | null }>
  /** Why it is late, as 为什么超时 says it; null where it is not. */
  why: string | null
  /** What the viewer may do about it now. */
  acts: Act[]
  /** Where a complaint could go. */
  routes: string[]
  mayDispatch: boolean
  isOwn: boolean
}

/** Kinds of what the desk does from an order's page, each as `DeskWish` has it. */
export type Act =
  | 'assign'
  | 'release'
  | 'offer'
  | 'urge'
  | 'join'
  | 'leave'
  | 'route'
  | 'confirmUnreachable'
  | 'unlink'
  | 'revisit'
  | 'complain'
  | 'close'
  | 'cancel'
  | 'undo'

export type DeskWish =
  | { do: 'assign'; to: string; note?: string | undefined }
  | { do: 'release' | 'cancel'; reason: string }
  | { do: 'offer' | 'urge' | 'confirmUnreachable' | 'unlink' | 'close' | 'undo' }
  | { do: 'join'; person: string; share?: number | undefined }
  | { do: 'leave'; person: string }
  | { do: 'route'; to: string }
  | { do: 'revisit'; reached: boolean; grade?: 1 | 2 | 3 | 4 | 5 | undefined; note?: string | undefined }
  | { do: 'complain'; text?: string | undefined }

export interface Candidate {
  id: string
  name: string
  reasons: string[]
  obstacle: string | null
}

/** An order as the form has it; empty fields are missing. */
export interface OrderDraft {
  kind?: OrderKind | undefined
  urgent?: boolean | undefined
  name?: string | undefined
  phone?: string | undefined
  address?: string | undefined
  fault?: string | undefined
  brand?: string | undefined
  model?: string | undefined
  serial?: string | undefined
  warranty?: 'in' | 'out' | undefined
  wantedAt?: string | undefined
  /** A technician named in the text. */
  technician?: string | undefined
}

/** What was read in a pasted text. */
export interface Pasted {
  draft: OrderDraft
  /** Words about a time that could not be read as one. */
  unread: string | null
  /** Open orders with the same phone. */
  others: string[]
}

/** Customers to be called back, those who wait longest first. */
export interface CallsPage {
  now: string
  zone: string
  total: number
  items: Array<{
    code: string
    team: string
    customer: string
    phone: string
    technician: string | null
    completedAt: string
    result: string
    /** Drawn for the satisfaction form. */
    drawn: boolean
    tries: number
    /** What the customer said on his own page. */
    rating: string | null
  }>
}
