import { type ClockView, clockRunsOf } from '../orders/clocks.ts'
import { type Fact, type OrderKind, standing } from '../orders/fact.ts'
import { replay } from '../orders/order.ts'
import { isBad, revisitResult } from '../orders/revisitresult.ts'
import { calendarOf } from '../policy/business.ts'
import type { IncidentItem, IncidentSource, IncidentsRule } from '../policy/incidentrule.ts'
import type { Policy } from '../policy/schema.ts'
import { clockKindNames } from '../policy/terms.ts'
import { verdictOf } from '../rating/verdict.ts'
import type { Ground } from './fact.ts'

/** Something an order's journal tells that the catalogue may have an item for, and of whom. */
export interface Miss {
  /** Where it comes from; what a proposal's source begins with. */
  source: string
  person: string
  /** The items it may be, those that weigh most first. */
  items: Array<{ item: IncidentItem; ground: Ground; day: string }>
}

type ClockSource = Extract<IncidentSource, { clock: unknown }>
type OrderSource = Extract<IncidentSource, { order: unknown }>

const fromClock = (item: IncidentItem): ClockSource | null => (item.from && 'clock' in item.from ? item.from : null)
const fromOrder = (item: IncidentItem): OrderSource | null => (item.from && 'order' in item.from ? item.from : null)

const isOf = ({ kind }: ClockSource, order: OrderKind): boolean => kind?.includes(order) ?? true

/** Whether a catalogue takes anything from orders at all. */
export const takesFromOrders = (rule: IncidentsRule | null): rule is IncidentsRule =>
  rule?.items.some(item => fromClock(item) || fromOrder(item)) ?? false

/**
 * What stands of an order's journal that proposes incidents (R3.4): clocks missed by more than an item's limit, and what
 * the customer said. Taken back, excused or handed to somebody else, it is not there any more. Pure.
 */
export function missesOf(
  order: { id: string; code: string; facts: readonly Fact[] },
  policy: Policy,
  now: Date,
): Miss[] {
  const { incidents: rule } = policy
  if (!takesFromOrders(rule)) return []
  return [...clockMisses(order, rule, policy, now), ...wordMisses(order, rule, policy)]
}

/** The next moment at which a clock that runs late comes to weigh more; null when none will. */
export function nextMiss(facts: readonly Fact[], policy: Policy, now: Date): Date | null {
  const limits = policy.incidents?.items.flatMap(item => fromClock(item) ?? []) ?? []
  if (limits.length === 0) return null
  const { kind } = replay(facts).fields
  const ahead = clockRunsOf(facts, policy, now)
    .filter(({ state }) => state === 'running' || state === 'late')
    .flatMap(run =>
      limits.flatMap(limit => (limit.clock === run.kind && isOf(limit, kind) ? passedAt(run, limit) : [])),
    )
    .filter(at => at > now.getTime())
  return ahead.length > 0 ? new Date(Math.min(...ahead)) : null
}

/** The first millisecond at which a limit is passed. */
function passedAt({ startedAt, dueAt }: ClockView, { over, counted }: ClockSource): number {
  const due = dueAt?.getTime() ?? 0
  return counted === 'start' ? Math.max(startedAt.getTime() + over, due) + 1 : due + over + 1
}

function clockMisses(
  { id, facts }: { id: string; facts: readonly Fact[] },
  rule: IncidentsRule,
  policy: Policy,
  now: Date,
): Miss[] {
  const calendar = calendarOf(policy)
  const { kind } = replay(facts).fields
  const limits = rule.items.flatMap(item => {
    const limit = fromClock(item)
    return limit && isOf(limit, kind) ? [{ item, limit }] : []
  })
  return clockRunsOf(facts, policy, now).flatMap((run): Miss[] => {
    if (run.state !== 'missed' && run.state !== 'late') return []
    const end = run.stoppedAt ?? now
    const passed = limits
      .filter(({ limit }) => limit.clock === run.kind && passedAt(run, limit) <= end.getTime())
      .sort((a, b) => passedAt(run, b.limit) - passedAt(run, a.limit))
    const person = passed.length > 0 ? whoseClock(run, facts) : null
    if (person === null) return []
    const items = passed.map(({ item, limit }) => ({
      ...{ item, ground: groundOf(run, limit), day: calendar.dayOf(new Date(passedAt(run, limit) - 1)) },
    }))
    return [{ source: `clock:${id}:${run.kind}:${run.startedBy}`, person, items }]
  })
}

function groundOf(run: ClockView, { over, counted }: ClockSource): Ground {
  const { kind, rule, startedAt, dueAt, stoppedAt } = run
  return {
    ...{ of: 'clock', clock: kind, name: rule.name ?? clockKindNames[kind], counted, overMs: over },
    ...{ startedAt: startedAt.toISOString(), dueAt: (dueAt ?? startedAt).toISOString() },
    ...(stoppedAt && { stoppedAt: stoppedAt.toISOString() }),
  }
}

/**
 * Who had the order when it fell due, and has it still (or did when it was done): nobody pays for a lateness he was
 * handed. What the desk owes (派单, 回访) is the one's who did it in the end.
 */
function whoseClock({ kind, dueAt, stoppedBy }: ClockView, facts: readonly Fact[]): string | null {
  const real = standing(facts)
  if (kind === 'dispatch' || kind === 'revisit') return real.find(({ seq }) => seq === stoppedBy)?.by ?? null
  const due = dueAt?.getTime() ?? 0
  const atDue = holder(real.filter(({ at }) => Date.parse(at) <= due))
  const atEnd = holder(stoppedBy === undefined ? real : real.filter(({ seq }) => seq <= stoppedBy))
  return atDue !== null && atDue === atEnd ? atDue : null
}

function holder(facts: readonly Fact[]): string | null {
  const last = facts.findLast(({ fact }) => fact === 'dispatched' || fact === 'withdrawn' || fact === 'declined')
  return last?.fact === 'dispatched' ? last.to : null
}

function wordMisses(
  { id, code, facts }: { id: string; code: string; facts: readonly Fact[] },
  rule: IncidentsRule,
  policy: Policy,
): Miss[] {
  const calendar = calendarOf(policy)
  const real = standing(facts)
  const done = real.findLast(({ fact }) => fact === 'completed' || fact === 'emptyRun')
  const person = done ? holder(real.filter(({ seq }) => seq <= done.seq)) : null
  if (!done || person === null) return []
  const itemsFor = (
    what: OrderSource['order'],
    { at, code: shownIn, note, days = 0 }: { at: string; code: string; note?: string; days?: number },
  ): Miss['items'] =>
    rule.items
      .flatMap(item => {
        const from = fromOrder(item)
        const within = from?.within ?? Number.POSITIVE_INFINITY
        return from?.order === what && days <= within ? [{ item, within }] : []
      })
      // Of a leak and a repeated fault what asks for the fewest days since the job comes first (R9.6).
      .sort((a, b) => (a.within === b.within ? 0 : a.within - b.within))
      .map(({ item }) => ({
        item,
        day: calendar.dayOf(new Date(at)),
        ground: { of: 'order', what, code: shownIn, at, ...(note && { note }) },
      }))
  const links = new Map(
    real.flatMap(fact =>
      fact.fact === 'reworked' || fact.fact === 'unreworked' ? [[fact.order, fact.seq] as const] : [],
    ),
  )
  const found = real.flatMap((fact): Array<Omit<Miss, 'person'>> => {
    if (fact.fact === 'complained')
      return [{ source: `order:${id}:complaint:${fact.code}`, items: itemsFor('complaint', fact) }]
    if (fact.fact === 'reworked' && links.get(fact.order) === fact.seq)
      return [{ source: `order:${id}:${fact.why}:${fact.order}`, items: itemsFor(fact.why, fact) }]
    return []
  })
  const verdict = verdictOf(revisitResult(facts), policy.rating.prefer)
  const own = verdict?.by === 'customer' ? ['客户自评'] : []
  const note = [...own, ...(verdict?.note ? [verdict.note] : [])].join('：')
  if (verdict && isBad(verdict.grade))
    found.push({
      source: `order:${id}:unhappy`,
      items: itemsFor('unhappy', { at: verdict.at, code, ...(note && { note }) }),
    })
  return found.filter(({ items }) => items.length > 0).map(miss => ({ ...miss, person }))
}

/** The item a miss comes to for somebody's post; one for his own post comes before one for everybody. */
export function pick({ items }: Miss, post: string | null): Miss['items'][number] | null {
  const fitting = items.filter(({ item }) => !item.for || (post !== null && item.for.includes(post)))
  const own = fitting.filter(({ item }) => item.for)
  return own[0] ?? fitting[0] ?? null
}
