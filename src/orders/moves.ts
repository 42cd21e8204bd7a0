import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { type Fact, standing } from './fact.ts'
import { replay } from './order.ts'

/** What an order does by itself about getting a technician, and when: given, put up for grabs, or not for grabs any more. */
export interface Move {
  do: 'give' | 'offer' | 'endOffer'
  at: Date
}

/**
 * The next thing dispatch does without anybody (policy `assign`); null while it is up to people. Pure: the journal says
 * who had the order and whose turn it is.
 */
export function moveOf(facts: readonly Fact[], policy: Policy): Move | null {
  const view = replay(facts)
  if (view.state !== 'new') return null
  const { assign } = policy
  const last = standing(facts).findLast(fact => turning.has(fact.fact))
  if (last === undefined) return null
  const since = new Date(last.at)
  switch (last.fact) {
    case 'created':
      if (assign.mode === 'desk') return null
      return { do: assign.mode === 'auto' ? 'give' : 'offer', at: opening(policy, since, view) }
    case 'offered':
      return assign.offerForMs === null ? null : { do: 'endOffer', at: new Date(since.getTime() + assign.offerForMs) }
    case 'declined':
    case 'withdrawn':
      if (assign.notAccepted === 'back' || (last.fact === 'withdrawn' && !last.notAccepted)) return null
      if (hadIt(facts).length >= assign.tries) return null
      return { do: 'give', at: opening(policy, since, view) }
    default:
      return null
  }
}

/** Facts after which it is somebody else's turn. */
const turning: ReadonlySet<string> = new Set([
  'created',
  'offered',
  'offerEnded',
  'unplaced',
  'dispatched',
  'declined',
  'withdrawn',
])

/** Technicians who gave an order back, or let the time for accepting pass, since the desk last gave it to somebody. */
export function hadIt(facts: readonly Fact[]): string[] {
  const had: string[] = []
  let holder: string | null = null
  for (const fact of standing(facts)) {
    if (fact.fact === 'dispatched') {
      if (!fact.auto && fact.to !== holder) had.length = 0
      holder = fact.to
    }
    if (holder && (fact.fact === 'declined' || (fact.fact === 'withdrawn' && fact.notAccepted))) had.push(holder)
  }
  return [...new Set(had)]
}

/**
 * At once in working time, else when work begins; urgent orders and key customers pick first there (R1.12), so they come
 * a moment before the others.
 */
function opening(policy: Policy, at: Date, order: ReturnType<typeof replay>): Date {
  if (policy.assign.hours === 'always') return at
  const opens = calendarOf(policy).nextOpening(at)
  if (opens.getTime() === at.getTime()) return at
  const behind = order.urgent ? 0 : order.fields.customer.key ? 1_000 : 2_000
  return new Date(opens.getTime() + behind)
}
