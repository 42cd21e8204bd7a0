import type { Fact, FactName } from './fact.ts'
import { isOpen, type OrderView } from './order.ts'
import { isBad, isUnhappy, latestGrade } from './revisitresult.ts'

/**
 * Who has to know what, as facts; the words are made when they are sent.
 *
 * - `card`: a person gets the order's card (new); with `done` it says what was done and asks the desk to call the customer.
 * - `tell`: a person gets a sentence about the fact.
 * - `group`: the team's group gets a masked sentence about the fact.
 */
export type Notice =
  | { say: 'card'; to: 'assignee' | 'technicians' | 'desk' | { person: string }; done?: number }
  | { say: 'tell'; to: { person: string } | 'desk' | 'managers'; seq: number }
  | { say: 'group'; seq: number }

/** 满意 and better. */
const praise = 4

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
const assigneeHears: ReadonlySet<FactName> = new Set([
  'cancelled',
  'urged',
  'unreachableConfirmed',
  'closed',
  'joined',
  'left',
])

/** Facts that no sentence is about: they come with another one that says more, or are for who looks in the journal. */
const silent: ReadonlySet<FactName> = new Set(['reminded', 'sampled', 'asked', 'reworked', 'unreworked', 'erased'])

/** Whether a fact may be a reason to tell anybody or to redraw a card; the sweep tells of its reminders by itself. */
export const isNews = ({ fact }: Pick<Fact, 'fact'>): boolean => !silent.has(fact)

/** Several facts of one moment are told once, by the last that matters: 到达 said without 已联系 is one message. */
function speaking(added: readonly Fact[]): Fact[] {
  const real = added.filter(fact => !('implied' in fact && fact.implied) && isNews(fact))
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
function managerHears(fact: Fact, { fields }: OrderView, managersKnow: boolean): boolean {
  if (fields.kind !== 'complaint') return false
  return (fact.fact === 'created' && !managersKnow) || (fact.fact === 'routed' && fact.via !== 'system')
}

export interface NoticeOptions {
  /** The policy wants the customer called back, so the desk hears of a completion by the card it does that with. */
  wantsCall?: boolean
  /** The desk has a question to answer on its card. */
  asksDesk?: boolean
  /** The managers have heard already what a new complaint says. */
  managersKnow?: boolean
  /** It came in with many others: neither the desk nor the group is told of each. */
  many?: boolean
}

/** What to say after `added` facts turned `before` into `after`. */
export function noticesFor(
  before: OrderView | null,
  after: OrderView,
  added: readonly Fact[],
  { wantsCall = false, asksDesk = false, managersKnow = false, many = false }: NoticeOptions = {},
): Notice[] {
  const notices: Notice[] = []
  if (asksDesk || (forDesk(added) && !many)) notices.push({ say: 'card', to: 'desk' })
  for (const fact of added) {
    if (fact.fact === 'withdrawn') notices.push({ say: 'tell', to: { person: fact.from }, seq: fact.seq })
    // Who grabbed an order has its card already: that one is repainted.
    const grabbed = added.some(other => other.fact === 'accepted')
    if (fact.fact === 'dispatched' && !grabbed) notices.push({ say: 'card', to: 'assignee' })
    if (fact.fact === 'offered') notices.push({ say: 'card', to: 'technicians' })
    if (managerHears(fact, after, managersKnow)) notices.push({ say: 'tell', to: 'managers', seq: fact.seq })
  }
  const spoken = speaking(added)
  for (const fact of spoken) {
    const chosen = fact.fact === 'dispatched' && fact.auto
    const done = wantsCall && (fact.fact === 'completed' || fact.fact === 'emptyRun')
    if (done) notices.push({ say: 'card', to: 'desk', done: fact.seq })
    else if (chosen || deskHears.has(fact.fact)) notices.push({ say: 'tell', to: 'desk', seq: fact.seq })
    if (groupHears.has(fact.fact) && !many) notices.push({ say: 'group', seq: fact.seq })
    const assignee = before?.assignee ?? after.assignee
    if (assignee && assigneeHears.has(fact.fact)) notices.push({ say: 'tell', to: { person: assignee }, seq: fact.seq })
  }
  for (const fact of added) if (fact.fact === 'rated') notices.push(...forRating(before, after, fact))
  const [first] = spoken
  if (first) notices.push(...forManagers(before, after, first), ...forHelpers(before, after, first))
  return notices
}

/** An unhappy customer is the manager's business at once (R1.14), and so is that he was noted so by mistake. */
function forManagers(before: OrderView | null, after: OrderView, { fact, seq }: Fact): Notice[] {
  const changed = fact !== 'rated' && latestGrade(before?.revisit) !== latestGrade(after.revisit)
  const unhappy = isUnhappy(before?.revisit) || isUnhappy(after.revisit)
  return changed && unhappy ? [{ say: 'tell', to: 'managers', seq }] : []
}

/**
 * The customer's own word: an unhappy one is the desk's and the managers' at once, and so is that he thought better of it.
 * A good one is told to who did the work, once: what was good before it was changed he has heard.
 */
function forRating(
  before: OrderView | null,
  after: OrderView,
  { grade, seq }: Extract<Fact, { fact: 'rated' }>,
): Notice[] {
  const old = before?.revisit?.rating?.grade
  const heard = old !== undefined && old >= praise
  const crew = grade >= praise && !heard ? [after.assignee, ...after.helpers].flatMap(person => person ?? []) : []
  return [
    ...(isBad(grade) || isBad(old)
      ? (['desk', 'managers'] as const).map((to): Notice => ({ say: 'tell', to, seq }))
      : []),
    ...crew.map((person): Notice => ({ say: 'tell', to: { person }, seq })),
  ]
}

/** Who goes along gets a card, and hears that he need not go any more. */
function forHelpers(before: OrderView | null, after: OrderView, { fact, seq }: Fact): Notice[] {
  const earlier = before?.helpers ?? []
  const come = isOpen(after.state) ? after.helpers.filter(person => !earlier.includes(person)) : []
  const gone = earlier.filter(person => !after.helpers.includes(person) && after.assignee !== person)
  const over = fact === 'cancelled' ? after.helpers : []
  return [
    ...come.map((person): Notice => ({ say: 'card', to: { person } })),
    ...[...gone, ...over].map((person): Notice => ({ say: 'tell', to: { person }, seq })),
  ]
}
