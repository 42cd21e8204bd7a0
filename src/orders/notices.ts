import type { Fact, FactName } from './fact.ts'
import type { OrderView } from './order.ts'

/**
 * Who has to know what, as facts; the words are made when they are sent.
 *
 * - `card`: a person gets the order's card (new).
 * - `tell`: a person gets a sentence about the fact.
 * - `group`: the team's group gets a masked sentence about the fact.
 */
export type Notice =
  | { say: 'card'; to: 'assignee' | 'technicians' | 'desk' }
  | { say: 'tell'; to: { person: string } | 'desk'; seq: number }
  | { say: 'group'; seq: number }

const deskHears: ReadonlySet<FactName> = new Set([
  'accepted',
  'declined',
  'contacted',
  'appointed',
  'unreachable',
  'arrived',
  'suspended',
  'resumed',
  'completed',
  'emptyRun',
  'reported',
  'cancelled',
  'helpAsked',
  'progress',
  'undone',
])

const groupHears: ReadonlySet<FactName> = new Set([
  'dispatched',
  'offered',
  'accepted',
  'contacted',
  'appointed',
  'completed',
  'emptyRun',
  'cancelled',
])

/** Facts the technician in charge has to hear of when somebody else made them. */
const assigneeHears: ReadonlySet<FactName> = new Set(['cancelled', 'urged', 'unreachableConfirmed', 'closed'])

/** Several facts of one moment are told once, by the last that matters: 到达 said without 已联系 is one message. */
function speaking(added: readonly Fact[]): Fact[] {
  const real = added.filter(fact => !('implied' in fact && fact.implied) && fact.fact !== 'reminded')
  const accepting = real.find(fact => fact.fact === 'accepted')
  if (accepting && real.some(fact => fact.fact === 'dispatched')) return [accepting]
  return real.slice(-1)
}

/** Nobody has it any more: the desk gets its card again, with the names to give it to. */
function backToDesk(fact: Fact, added: readonly Fact[]): boolean {
  if (fact.fact !== 'declined' && fact.fact !== 'withdrawn') return false
  return !added.some(other => other.fact === 'dispatched')
}

/** What to say after `added` facts turned `before` into `after`. */
export function noticesFor(before: OrderView | null, after: OrderView, added: readonly Fact[]): Notice[] {
  const notices: Notice[] = []
  if (before === null) notices.push({ say: 'card', to: 'desk' })
  for (const fact of added) {
    if (fact.fact === 'withdrawn') notices.push({ say: 'tell', to: { person: fact.from }, seq: fact.seq })
    // Who grabbed an order has its card already: that one is repainted.
    const grabbed = added.some(other => other.fact === 'accepted')
    if (fact.fact === 'dispatched' && !grabbed) notices.push({ say: 'card', to: 'assignee' })
    if (backToDesk(fact, added)) notices.push({ say: 'card', to: 'desk' })
    if (fact.fact === 'offered') notices.push({ say: 'card', to: 'technicians' })
  }
  for (const fact of speaking(added)) {
    if (deskHears.has(fact.fact)) notices.push({ say: 'tell', to: 'desk', seq: fact.seq })
    if (groupHears.has(fact.fact)) notices.push({ say: 'group', seq: fact.seq })
    const assignee = before?.assignee ?? after.assignee
    if (assignee && assigneeHears.has(fact.fact)) notices.push({ say: 'tell', to: { person: assignee }, seq: fact.seq })
  }
  return notices
}
