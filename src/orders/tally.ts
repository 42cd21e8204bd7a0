import type { Policy } from '../policy/schema.ts'
import { type Cause, type Caused, causeOf, causes } from './causes.ts'
import { type ClockView, clockRunsOf } from './clocks.ts'
import type { Span } from './daily.ts'
import { type ClockKind, type Fact, type FactName, standing } from './fact.ts'

/** An order and the runs of its clocks as of now. */
export interface Counted {
  code: string
  customer: string
  facts: readonly Fact[]
  policy: Policy
  runs: readonly ClockView[]
}

export interface LateOrder {
  code: string
  customer: string
  kind: ClockKind
  dueAt: Date
  /** Who had it when it fell due; null when nobody had. */
  owner: string | null
  lateByMs: number
  /** It is late still. */
  open: boolean
  cause: Caused
}

/** What happened to a team's orders in a span (R15.1, R15.2). */
export interface Tally {
  opened: number
  completed: number
  cancelled: number
  /** Of the clocks that were decided in the span; kinds none was decided of are left out. */
  onTime: ReadonlyArray<{ kind: ClockKind; met: number; missed: number }>
  /** Each order once, by the promise that weighs most; those that are late still first. */
  late: readonly LateOrder[]
  /** Of `late`, the most frequent first. */
  causes: ReadonlyArray<{ cause: Cause; orders: number }>
  /** Who completed or was late, most completed first. */
  people: ReadonlyArray<{ person: string; completed: number; late: number }>
}

export function countedAt(order: Omit<Counted, 'runs'>, now: Date): Counted {
  return { ...order, runs: clockRunsOf(order.facts, order.policy, now) }
}

/**
 * A run counts in the span in which it was decided: kept when it was stopped, not kept when it fell due. So each counts
 * once, and a day that is over stays as it was, however late the order is finished.
 */
export function tally(orders: readonly Counted[], span: Span): Tally {
  const late = orders.flatMap(order => worst(order, missedIn(order, span)) ?? []).sort(byLateness)
  return {
    opened: happened(orders, span, 'created').length,
    completed: completedIn(orders, span).length,
    cancelled: happened(orders, span, 'cancelled').length,
    onTime: onTime(orders, span),
    late,
    causes: causesOf(late),
    people: byPerson(late, completedIn(orders, span)),
  }
}

/** Orders that fell due before a span and are late still. */
export function lateSince(orders: readonly Counted[], { from }: Span): LateOrder[] {
  const still = ({ state, dueAt }: ClockView) => state === 'late' && dueAt !== null && dueAt < from
  return orders.flatMap(order => worst(order, order.runs.filter(still)) ?? []).sort(byLateness)
}

const within = (at: Date | null | undefined, { from, to }: Span): boolean => !!at && at >= from && at < to

function missedIn({ runs }: Counted, span: Span): ClockView[] {
  return runs.filter(({ lateByMs, dueAt }) => lateByMs !== undefined && within(dueAt, span))
}

/** What is late weighs more the nearer it is to the end of the work; papers and calls after it least. */
const weights: readonly ClockKind[] = ['complete', 'arrive', 'contact', 'accept', 'dispatch', 'revisit', 'report']

/** The weightiest of the runs that were late, of two turns the one that was later, with its cause. */
function worst({ code, customer, facts, policy }: Counted, runs: readonly ClockView[]): LateOrder | null {
  const [run] = [...runs].sort(
    (a, b) => weights.indexOf(a.kind) - weights.indexOf(b.kind) || (b.lateByMs ?? 0) - (a.lateByMs ?? 0),
  )
  const cause = run && causeOf(facts, policy, run)
  if (!cause || !run.dueAt || run.lateByMs === undefined) return null
  const { kind, lateByMs, dueAt, state } = run
  return { ...{ code, customer, kind, dueAt, lateByMs, cause }, owner: ownerAt(facts, dueAt), open: state === 'late' }
}

function byLateness(one: LateOrder, other: LateOrder): number {
  return Number(other.open) - Number(one.open) || other.lateByMs - one.lateByMs
}

/** The technician in charge at a moment. */
function ownerAt(facts: readonly Fact[], at: Date): string | null {
  let owner: string | null = null
  for (const fact of standing(facts)) {
    if (Date.parse(fact.at) > at.getTime()) break
    if (fact.fact === 'dispatched') owner = fact.to
    if (fact.fact === 'declined' || fact.fact === 'withdrawn') owner = null
  }
  return owner
}

function happened(orders: readonly Counted[], span: Span, ...names: FactName[]): Array<{ order: Counted; fact: Fact }> {
  return orders.flatMap(order => {
    const fact = standing(order.facts).findLast(one => names.includes(one.fact) && within(new Date(one.at), span))
    return fact ? [{ order, fact }] : []
  })
}

/** Persons who finished orders, one for each; null when nobody was in charge. */
function completedIn(orders: readonly Counted[], span: Span): Array<string | null> {
  return happened(orders, span, 'completed', 'emptyRun').map(({ order, fact }) =>
    ownerAt(order.facts, new Date(fact.at)),
  )
}

function onTime(orders: readonly Counted[], span: Span): Tally['onTime'] {
  const kinds = new Map<ClockKind, { met: number; missed: number }>()
  const of = (kind: ClockKind) => {
    const known = kinds.get(kind) ?? { met: 0, missed: 0 }
    kinds.set(kind, known)
    return known
  }
  for (const order of orders) {
    for (const run of order.runs) if (run.state === 'met' && within(run.stoppedAt, span)) of(run.kind).met += 1
    for (const run of missedIn(order, span)) of(run.kind).missed += 1
  }
  const known: readonly ClockKind[] = ['dispatch', 'accept', 'contact', 'arrive', 'complete', 'report', 'revisit']
  return known.flatMap(kind => {
    const found = kinds.get(kind)
    return found ? [{ kind, ...found }] : []
  })
}

function causesOf(late: readonly LateOrder[]): Tally['causes'] {
  return causes
    .map(cause => ({ cause, orders: late.filter(one => one.cause.cause === cause).length }))
    .filter(({ orders }) => orders > 0)
    .sort((a, b) => b.orders - a.orders)
}

function byPerson(late: readonly LateOrder[], completed: ReadonlyArray<string | null>): Tally['people'] {
  const people = new Map<string, { completed: number; late: number }>()
  const add = (person: string | null, what: 'completed' | 'late') => {
    if (person === null) return
    const known = people.get(person) ?? { completed: 0, late: 0 }
    people.set(person, { ...known, [what]: known[what] + 1 })
  }
  for (const person of completed) add(person, 'completed')
  for (const { owner } of late) add(owner, 'late')
  return [...people]
    .map(([person, counts]) => ({ person, ...counts }))
    .sort((a, b) => b.completed - a.completed || b.late - a.late)
}
