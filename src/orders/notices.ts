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
  | { say: 'tell'; to: { person: string } | 'desk' | 'managers'; seq: number }
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
  'expected',
  'completed',
  'emptyRun',
  'reported',
  'cancelled',
  'helpAsked',
  'progress',
  'undone',
  'unplaced',
  'offerEnded',
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

/** Kept in the journal for who looks there: nobody is told. */
const silent: ReadonlySet<FactName> = new Set(['reminded', 'asked', 'reworked', 'unreworked'])

/** Several facts of one moment are told once, by the last that matters: 到达 said without 已联系 is one message. */
function speaking(added: readonly Fact[]): Fact[] {
  const real = added.filter(fact => !('implied' in fact && fact.implied) && !silent.has(fact.fact))
  const accepting = real.find(fact => fact.fact === 'accepted')
  if (accepting && real.some(fact => fact.fact === 'dispatched')) return [accepting]
  // What the service does by itself after what a person said is a thing of its own.
  return [...new Set(real.map(fact => fact.via))].flatMap(via => real.findLast(fact => fact.via === via) ?? [])
}

/** Facts after which nobody has it. */
const backToDesk: ReadonlySet<FactName> = new Set(['created', 'declined', 'withdrawn', 'offerEnded', 'unplaced'])

/** The desk gets its card, with the names to give it to, where an order is nobody's after what happened. */
function forDesk(added: readonly Fact[]): boolean {
  if (added.some(fact => fact.fact === 'dispatched')) return false
  return added.some(fact => backToDesk.has(fact.fact))
}

/** Complaints are the manager's business at once (R1.14), and again when the desk has said where one goes (R1.13). */
function managerHears(fact: Fact, { fields }: OrderView): boolean {
  if (fields.kind !== 'complaint') return false
  return fact.fact === 'created' || (fact.fact === 'routed' && fact.via !== 'system')
}

/** What to say after `added` facts turned `before` into `after`. */
export function noticesFor(
  before: OrderView | null,
  after: OrderView,
  added: readonly Fact[],
  /** The desk has a question to answer on its card. */
  asksDesk = false,
): Notice[] {
  const notices: Notice[] = []
  if (asksDesk || forDesk(added)) notices.push({ say: 'card', to: 'desk' })
  for (const fact of added) {
    if (fact.fact === 'withdrawn') notices.push({ say: 'tell', to: { person: fact.from }, seq: fact.seq })
    // Who grabbed an order has its card already: that one is repainted.
    const grabbed = added.some(other => other.fact === 'accepted')
    if (fact.fact === 'dispatched' && !grabbed) notices.push({ say: 'card', to: 'assignee' })
    if (fact.fact === 'offered') notices.push({ say: 'card', to: 'technicians' })
    if (managerHears(fact, after)) notices.push({ say: 'tell', to: 'managers', seq: fact.seq })
  }
  for (const fact of speaking(added)) {
    const chosen = fact.fact === 'dispatched' && fact.auto
    if (chosen || deskHears.has(fact.fact)) notices.push({ say: 'tell', to: 'desk', seq: fact.seq })
    if (groupHears.has(fact.fact)) notices.push({ say: 'group', seq: fact.seq })
    const assignee = before?.assignee ?? after.assignee
    if (assignee && assigneeHears.has(fact.fact)) notices.push({ say: 'tell', to: { person: assignee }, seq: fact.seq })
  }
  return notices
}
