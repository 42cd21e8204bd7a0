import type { SuspendReason } from '../chat/intent.ts'
import { calendarOf } from '../policy/business.ts'
import type { Calendar } from '../policy/calendar.ts'
import type { ClockRule, Condition, Policy } from '../policy/schema.ts'
import { afterPause, capped, firstDue, type Reckoning } from './clockdue.ts'
import { type ClockKind, type Fact, type KeptSpan, type Link, type OrderFields, owedAfter, standing } from './fact.ts'

/** A fact that people may think changes a clock, and why it does not. */
export interface NotCounted {
  seq: number
  why: 'agreedTooLate' | 'agreedForThePast' | 'suspendedTooLate' | 'reasonNotAccepted' | 'reportedTooLate'
}

/** A clock's run while the journal is read; times are milliseconds since 1970. */
export interface Run {
  rule: ClockRule
  /** Which technician's turn it was started in. */
  turn: number
  startedAt: number
  startedBy: number
  reckoning: Reckoning
  /** Due as the limit alone has it. */
  limitDue: number
  /** Due by the limit if there were no `latest`; as in `due`, pauses that are over are in it, one that is open is not yet. */
  uncapped: number
  due: number
  dueSetAt: number
  pauses: Array<{ from: number; to?: number; reason: SuspendReason; by: number }>
  appointment?: Agreed
  reportedInTime?: boolean
  exemptAt?: number
  ended?: { at: number; by: number; how: 'stopped' | 'cancelled' }
  notCounted: NotCounted[]
  /** Time of the last fact of the order. */
  lastAt: number
}

interface Agreed {
  span: KeptSpan
  by: number
}

/** What the conditions of a rule look at; `urgent` and `linked` as they are by now. */
export type Subject = Pick<OrderFields, 'kind' | 'customer' | 'warranty' | 'units' | 'category'> & {
  urgent: boolean
  linked: Link['why'] | null
}

/** All runs of all clocks, in the order they were started. */
export function runsOf(facts: readonly Fact[], policy: Policy): Run[] {
  const runs: Run[] = []
  const kinds = [...new Set(policy.clocks.map(rule => rule.kind))]
  const calendar = calendarOf(policy)
  const latest = new Map<ClockKind, Run>()
  let subject: Subject | undefined
  let agreed: Agreed | undefined
  let turn = 0
  let at = Number.NEGATIVE_INFINITY
  const real = withoutWrongLinks(standing(facts))
  for (const [index, fact] of real.entries()) {
    // Machines' clocks are set back now and then; in a journal time does not run backwards.
    at = Math.max(at, Date.parse(fact.at))
    if (fact.fact === 'created') subject = { ...fact.order, linked: linkedAtOnce(real) }
    if (fact.fact === 'linked' && subject) subject.linked = fact.why
    if (fact.fact === 'urged' && subject) subject.urgent = true
    if (fact.fact === 'dispatched') turn += 1
    for (const run of latest.values()) if (!run.ended) step(run, fact, at)
    // Confirmed after the customer was reached at last: what was reported in time still counts (R1.3).
    if (fact.fact === 'unreachableConfirmed')
      for (const run of latest.values()) if (run.reportedInTime) run.exemptAt ??= at
    const appointment = appointmentOf(fact)
    if (appointment) agreed = { span: appointment, by: fact.seq }
    for (const kind of kinds) {
      const rule = subject && ruleFor(policy, kind, { fact, at, subject, calendar })
      const before = latest.get(kind)
      if (!rule || (before && !(rule.restartOnReassign && before.turn < turn))) continue
      // 改派 takes an order and gives it in one breath: between the two nobody is timed.
      const next = real[index + 1]
      if (before && next?.at === fact.at && rule.stop.some(event => event === eventOf(next))) continue
      if (before && !before.ended) end(before, fact, at, 'cancelled')
      const run = start(rule, { turn, fact, at, agreed, calendar, units: subject?.units ?? 1 })
      latest.set(kind, run)
      runs.push(run)
    }
  }
  for (const run of runs) run.lastAt = at
  return runs
}

/** A link that turned out wrong never was: nobody's time is shorter for it. */
function withoutWrongLinks(facts: readonly Fact[]): Fact[] {
  const wrong = facts.findLastIndex(fact => fact.fact === 'unlinked')
  return facts.filter((fact, index) => fact.fact !== 'linked' || index > wrong)
}

/** What was found when the order came in stands right behind its beginning, and holds for the clocks that begin with it. */
function linkedAtOnce([first, second]: readonly Fact[]): Link['why'] | null {
  return second?.fact === 'linked' && second.at === first?.at ? second.why : null
}

interface Beginning {
  turn: number
  fact: Fact
  at: number
  agreed: Agreed | undefined
  calendar: Calendar
  units: number
}

function start(rule: ClockRule, { turn, fact, at, agreed, calendar, units }: Beginning): Run {
  const reckoning = { limit: rule.limit, calendar, units, startedAt: at }
  const uncapped = firstDue(reckoning)
  const due = capped(reckoning, uncapped, 0)
  const run: Run = {
    ...{ rule, turn, startedAt: at, startedBy: fact.seq, reckoning, limitDue: due, uncapped, due, dueSetAt: at },
    ...{ pauses: [], notCounted: [], lastAt: at },
  }
  if (agreed && endOf(agreed.span, rule) > at) appoint(run, agreed, at)
  return run
}

/** An order at the moment a condition is asked about it. */
export interface Moment {
  at: number
  subject: Subject
  calendar: Calendar
}

function ruleFor(policy: Policy, kind: ClockKind, moment: Moment & { fact: Fact }): ClockRule | undefined {
  const name: string = eventOf(moment.fact)
  return policy.clocks.find(
    rule => rule.kind === kind && rule.start.some(event => event === name) && agrees(rule.when, moment),
  )
}

export function agrees(when: Condition | undefined, { subject, at, calendar }: Moment): boolean {
  if (!when) return true
  const { kind, urgent, warranty, customer, units, category, linked } = subject
  const { zone, distanceKm } = customer
  const minute = calendar.minuteOf(new Date(at))
  return (
    (when.kind === undefined || when.kind.includes(kind)) &&
    (when.urgent === undefined || when.urgent === urgent) &&
    (when.key === undefined || when.key === (customer.key ?? false)) &&
    (when.warranty === undefined || when.warranty === warranty) &&
    (when.zone === undefined || (zone !== undefined && when.zone.includes(zone))) &&
    (when.minDistanceKm === undefined || (distanceKm !== undefined && distanceKm > when.minDistanceKm)) &&
    (when.maxDistanceKm === undefined || (distanceKm !== undefined && distanceKm <= when.maxDistanceKm)) &&
    (when.startedFrom === undefined || minute >= when.startedFrom) &&
    (when.startedBefore === undefined || minute < when.startedBefore) &&
    (when.category === undefined || (category !== undefined && when.category.includes(category))) &&
    (when.customerGone === undefined || when.customerGone === (customer.gone ?? false)) &&
    (when.batch === undefined || when.batch === (units ?? 1) > 1) &&
    (when.rework === undefined || when.rework === (linked === 'rework')) &&
    (when.leak === undefined || when.leak === (linked === 'leak'))
  )
}

/** What a fact does to a run that goes on. */
function step(run: Run, fact: Fact, at: number): void {
  const { rule } = run
  const appointment = appointmentOf(fact)
  if (appointment && rule.appointment === 'replaces') appoint(run, { span: appointment, by: fact.seq }, at)
  const name: string = eventOf(fact)
  if (rule.stop.some(event => event === name)) {
    end(run, fact, at, 'stopped')
    return
  }
  switch (fact.fact) {
    case 'suspended':
      suspend(run, fact, at)
      return
    case 'resumed':
    case 'dispatched':
      resume(run, at)
      return
    case 'declined':
    case 'withdrawn':
      resume(run, at)
      if (rule.restartOnReassign) end(run, fact, at, 'cancelled')
      return
    case 'closed':
      if (!owedAfter.has(rule.kind)) end(run, fact, at, 'cancelled')
      return
    case 'cancelled':
      end(run, fact, at, 'cancelled')
      return
    case 'unreachable':
      if (!rule.exempt.includes('unreachable')) return
      if (at <= dueOf(run, at)) run.reportedInTime = true
      else if (!run.reportedInTime) run.notCounted.push({ seq: fact.seq, why: 'reportedTooLate' })
      return
    default:
      return
  }
}

/** A customer's own rating that is the revisit is one to the clocks, too. */
const eventOf = (fact: Fact): string => (fact.fact === 'rated' && fact.settles ? 'revisited' : fact.fact)

function appointmentOf(fact: Fact): KeptSpan | undefined {
  return fact.fact === 'contacted' || fact.fact === 'appointed' ? fact.appointment : undefined
}

/** An appointment window is due at its end, a point at the point and the policy's grace (domain.md, "Readings taken"). */
function endOf({ from, to }: KeptSpan, rule: ClockRule): number {
  return to === undefined ? Date.parse(from) + rule.exactGraceMs : Date.parse(to)
}

/** A time agreed while the work is suspended says when it goes on: the pause is over. Agreed after a miss it cures nothing. */
function appoint(run: Run, agreed: Agreed, at: number): void {
  if (run.rule.appointment !== 'replaces') return
  if (at > dueOf(run, at)) {
    run.notCounted.push({ seq: agreed.by, why: 'agreedTooLate' })
    return
  }
  const due = endOf(agreed.span, run.rule)
  if (due < at) {
    run.notCounted.push({ seq: agreed.by, why: 'agreedForThePast' })
    return
  }
  resume(run, at)
  run.appointment = agreed
  run.due = due
  run.dueSetAt = at
}

function suspend(run: Run, fact: Extract<Fact, { fact: 'suspended' }>, at: number): void {
  resume(run, at)
  if (run.rule.pauses.length === 0) return
  if (!run.rule.pauses.includes(fact.reason)) run.notCounted.push({ seq: fact.seq, why: 'reasonNotAccepted' })
  else if (at > run.due) run.notCounted.push({ seq: fact.seq, why: 'suspendedTooLate' })
  else run.pauses.push({ from: at, reason: fact.reason, by: fact.seq })
}

/** When a run is due if an open pause ends at `at`. */
export function dueOf(run: Run, at: number): number {
  return resumedAt(run, at).due
}

function resume(run: Run, at: number): void {
  const open = run.pauses.find(pause => pause.to === undefined)
  if (!open) return
  Object.assign(run, resumedAt(run, at))
  open.to = at
}

/** Due times when an open pause ends. A time agreed with the customer is a moment: the time that passed is given back. */
export function resumedAt(run: Run, at: number): Pick<Run, 'due' | 'uncapped'> {
  const { due, uncapped, reckoning, pauses } = run
  const open = pauses.find(pause => pause.to === undefined)
  if (!open) return { due, uncapped }
  if (run.appointment) return { due: due + (at - open.from), uncapped }
  const paused = pauses.reduce((sum, pause) => sum + (pause.to ?? at) - pause.from, 0)
  const moved = afterPause(reckoning, uncapped, open.from, at)
  return { due: capped(reckoning, moved, paused), uncapped: moved }
}

function end(run: Run, fact: Fact, at: number, how: 'stopped' | 'cancelled'): void {
  resume(run, at)
  run.ended = { at, by: fact.seq, how }
}
