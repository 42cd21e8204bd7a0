import type { Part } from '../chat/intent.ts'
import { type Fact, type FactName, type KeptSpan, type OrderFields, standing } from './fact.ts'

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

/** An order as it is, computed from its journal. */
export interface OrderView {
  state: OrderState
  fields: OrderFields
  urgent: boolean
  /** Put up for grabs and not yet taken. */
  offered: boolean
  assignee: string | null
  appointment: KeptSpan | null
  departed: boolean
  suspended: { reason: string; note: string; expected?: KeptSpan; from: OrderState } | null
  /** The customer was reported unreachable and has not been reached since. */
  unreachable: 'reported' | 'confirmed' | null
  /** 联系不上 was reported in this turn and the desk has not confirmed it, reached since or not. */
  unconfirmed: boolean
  outcome: { result: string; charge?: string; parts: Part[]; empty: boolean } | null
  photos: string[]
  /** `seq` of the last fact: for writers. */
  version: number
  /** `seq` of the last fact that changed what may be done next: buttons carry it, so that a stale tap is known. */
  step: number
  /** `seq` of the last fact a card shows: a card drawn earlier has to be repainted. */
  look: number
}

/** Facts that no card shows. */
const unseen = new Set<FactName>(['photo', 'located', 'reminded', 'helpAsked', 'returnAsked'])

/** Facts that leave what may be done next as it is: a button shown before them is still good. */
const quiet = new Set<FactName>([
  ...unseen,
  'urged',
  'appointed',
  'departed',
  'unreachable',
  'unreachableConfirmed',
  'reported',
  'revisited',
])

/** The steps of a technician's work in their order; a later one includes the earlier. */
const workStates: readonly OrderState[] = ['dispatched', 'accepted', 'contacted', 'arrived', 'completed']

export const isOpen = (state: OrderState): boolean =>
  state !== 'completed' && state !== 'closed' && state !== 'cancelled'

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
    appointment: null,
    departed: false,
    suspended: null,
    unreachable: null,
    unconfirmed: false,
    outcome: null,
    photos: [],
    version: facts.at(-1)?.seq ?? 0,
    step: facts.findLast(fact => !quiet.has(fact.fact))?.seq ?? 1,
    look: facts.findLast(fact => !unseen.has(fact.fact))?.seq ?? 1,
  }
  for (const fact of standing(facts)) apply(view, fact)
  return view
}

function apply(view: OrderView, fact: Fact): void {
  switch (fact.fact) {
    case 'created':
      return
    case 'offered':
      view.offered = true
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
      view.suspended = { reason, note, ...(expected && { expected }), from: view.state }
      view.state = 'suspended'
      return
    }
    case 'resumed':
      view.state = view.suspended?.from ?? 'accepted'
      view.suspended = null
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
    case 'urged':
      view.urgent = true
      return
    case 'photo':
      view.photos.push(fact.media)
      return
    case 'reported':
    case 'revisited':
    case 'located':
    case 'helpAsked':
    case 'returnAsked':
    case 'reminded':
    case 'undone':
      return
    default:
      fact satisfies never
  }
}
