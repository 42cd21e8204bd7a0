import type { Part } from '../chat/intent.ts'
import { crewOf } from './crew.ts'
import {
  type Fact,
  type FactName,
  type KeptSpan,
  type LastTime,
  type Link,
  type OrderFields,
  type Share,
  standing,
} from './fact.ts'
import { isBad, type RevisitResult, revisitResult } from './revisitresult.ts'

export type OrderState =
  | 'new'
  | 'dispatched'
  | 'accepted'
  | 'contacted'
  | 'arrived'
  | 'suspended'
  | 'completed'
  | 'closed'
  | 'cancelled'

export const stateNames: Record<OrderState, string> = {
  new: '待派',
  dispatched: '待接单',
  accepted: '待联系',
  contacted: '待上门',
  arrived: '在修',
  suspended: '挂起',
  completed: '已完工',
  closed: '已结单',
  cancelled: '已取消',
}

/** What the customer signed: `at` is ISO time, `charge` in yuan. */
export interface Signature {
  media: string
  name: string
  at: string
  result?: string
  charge?: string
}

/** An order as it is, computed from its journal. */
export interface OrderView {
  state: OrderState
  fields: OrderFields
  urgent: boolean
  /** Put up for grabs and not yet taken. */
  offered: boolean
  /** The one in charge: he reports the steps. */
  assignee: string | null
  /** Who goes along (协助), in the order they joined. */
  helpers: string[]
  /** Whole percents that add up to 100, the one in charge first; empty while nobody is in charge. */
  shares: Share[]
  appointment: KeptSpan | null
  departed: boolean
  suspended: { reason: string; note: string; expected?: KeptSpan; from: OrderState } | null
  /** The customer was reported unreachable and has not been reached since. */
  unreachable: 'reported' | 'confirmed' | null
  /** 联系不上 was reported in this turn and the desk has not confirmed it, reached since or not. */
  unconfirmed: boolean
  outcome: { result: string; charge?: string; parts: Part[]; empty: boolean } | null
  /** Null before the work is done. */
  revisit: RevisitResult | null
  photos: string[]
  /** The customer's last signature. */
  signature: Signature | null
  /** The earlier job it follows from (R1.10, R9.5). */
  linked: Link | null
  /** The last job there, when it does not follow from it. */
  earlier: LastTime | null
  /** Where a complaint goes (R1.13). */
  routed: { subject: string; to: string } | null
  /** `seq` of the last fact: for writers. */
  version: number
  /** `seq` of the last fact that changed what may be done next: buttons carry it, so that a stale tap is known. */
  step: number
  /** `seq` of the last fact a card shows: a card drawn earlier has to be repainted. */
  look: number
}

/** Facts that no card shows. */
const unseen = new Set<FactName>([
  ...(['photo', 'located', 'reminded', 'asked', 'helpAsked', 'reworked', 'unreworked', 'sampled', 'shared'] as const),
  ...(['returnAsked', 'signed', 'erased'] as const),
])

/** Facts that leave what may be done next as it is: a button shown before them is still good. */
const quiet = new Set<FactName>([
  ...unseen,
  'urged',
  'appointed',
  'departed',
  'unreachable',
  'unreachableConfirmed',
  'reported',
  'linked',
  'unlinked',
  'routed',
  'expected',
  'progress',
  'joined',
  'left',
])

/** In charge of it, or going along. */
export const worksOn = ({ assignee, helpers }: Pick<OrderView, 'assignee' | 'helpers'>, personId: string): boolean =>
  assignee === personId || helpers.includes(personId)

/** The steps of a technician's work in their order; a later one includes the earlier. */
const workStates: readonly OrderState[] = ['dispatched', 'accepted', 'contacted', 'arrived', 'completed']

/** States of an order that is not done with, in the order of its life. */
export const openStates: OrderState[] = ['new', 'dispatched', 'accepted', 'contacted', 'arrived', 'suspended']

export const isOpen = (state: OrderState): boolean => openStates.includes(state)

export const atLeast = (state: OrderState, other: OrderState): boolean =>
  workStates.indexOf(state) >= workStates.indexOf(other)

export function replay(facts: readonly Fact[]): OrderView {
  const first = facts[0]
  if (first?.fact !== 'created') throw new Error('a journal begins with created')
  const view: OrderView = {
    state: 'new',
    fields: first.order,
    urgent: first.order.urgent,
    offered: false,
    assignee: null,
    helpers: [],
    shares: [],
    appointment: null,
    departed: false,
    suspended: null,
    unreachable: null,
    unconfirmed: false,
    outcome: null,
    revisit: null,
    photos: [],
    signature: null,
    linked: null,
    earlier: first.earlier ?? null,
    routed: null,
    version: facts.at(-1)?.seq ?? 0,
    step: facts.findLast(fact => !quiet.has(fact.fact))?.seq ?? 1,
    look: facts.findLast(fact => !unseen.has(fact.fact))?.seq ?? 1,
  }
  const live = standing(facts)
  for (const fact of live) apply(view, fact)
  const { helpers, shares } = crewOf(live)
  return Object.assign(view, { helpers, shares, revisit: revisitResult(live) })
}

/** The reason without its time, which passes and may be said anew. */
export function untimed(note: string, expected: KeptSpan | undefined): string {
  return (expected && note.replace(expected.words, '').replace(/[\s，,]*(?:到货?)?[\s，,]*$/, '')) || note
}

function apply(view: OrderView, fact: Fact): void {
  switch (fact.fact) {
    case 'created':
      return
    case 'linked': {
      const { why, to, code, technician, doneAt, days } = fact
      view.linked = { why, to, code, technician, doneAt, days }
      return
    }
    case 'unlinked':
      if (view.linked) view.earlier = view.linked
      view.linked = null
      return
    case 'routed':
      view.routed = { subject: fact.subject, to: fact.to }
      return
    case 'offered':
      view.offered = true
      return
    case 'offerEnded':
      view.offered = false
      return
    case 'unplaced':
      return
    case 'dispatched':
      Object.assign(view, {
        state: 'dispatched',
        assignee: fact.to,
        offered: false,
        departed: false,
        unreachable: null,
        unconfirmed: false,
      })
      return
    case 'accepted':
      view.state = 'accepted'
      return
    case 'declined':
    case 'withdrawn':
      Object.assign(view, {
        state: 'new',
        assignee: null,
        departed: false,
        suspended: null,
        unreachable: null,
        unconfirmed: false,
      })
      return
    case 'contacted':
      if (view.state !== 'suspended') view.state = 'contacted'
      if (fact.appointment) view.appointment = fact.appointment
      view.unreachable = null
      return
    case 'unreachable':
      Object.assign(view, { unreachable: 'reported', unconfirmed: true })
      return
    case 'unreachableConfirmed':
      if (view.unreachable) view.unreachable = 'confirmed'
      view.unconfirmed = false
      return
    case 'appointed':
      view.appointment = fact.appointment
      return
    case 'departed':
      view.departed = true
      return
    case 'arrived':
      view.state = 'arrived'
      return
    case 'suspended': {
      const { reason, note, expected } = fact
      view.suspended = { reason, note: untimed(note, expected), ...(expected && { expected }), from: view.state }
      view.state = 'suspended'
      return
    }
    case 'resumed':
      view.state = view.suspended?.from ?? 'accepted'
      view.suspended = null
      return
    case 'expected':
      if (view.suspended) view.suspended = { ...view.suspended, expected: fact.expected }
      return
    case 'completed': {
      const { result, charge, parts } = fact
      view.outcome = { result, ...(charge !== undefined && { charge }), parts: parts ?? [], empty: false }
      view.state = 'completed'
      return
    }
    case 'emptyRun':
      view.outcome = { result: fact.note ?? '空单', parts: [], empty: true }
      view.state = 'completed'
      return
    case 'closed':
      view.state = 'closed'
      return
    case 'cancelled':
      view.state = 'cancelled'
      return
    case 'rated':
      // An unhappy customer is not done with: what was closed is open again until somebody has seen to him.
      if (view.state === 'closed' && isBad(fact.grade)) view.state = 'completed'
      return
    case 'urged':
      view.urgent = true
      return
    case 'photo':
      view.photos.push(fact.media)
      return
    case 'signed': {
      const { media, name, at, result, charge } = fact
      view.signature = { media, name, at, ...(result && { result }), ...(charge && { charge }) }
      return
    }
    case 'joined':
    case 'left':
    case 'shared':
    case 'reported':
    case 'sampled':
    case 'revisited':
    case 'revisitTried':
    case 'complained':
    case 'located':
    case 'helpAsked':
    case 'progress':
    case 'returnAsked':
    case 'reminded':
    case 'asked':
    case 'reworked':
    case 'unreworked':
    case 'erased':
    case 'undone':
      return
    default:
      fact satisfies never
  }
}
