import { DateTime } from 'luxon'
import { type Role, roles } from '../people/person.ts'
import { inSpan, type Policy } from '../policy/schema.ts'
import type { ClockView } from './clocks.ts'
import { type ClockKind, type Fact, standing } from './fact.ts'

/** A step somebody was told of, from the journal. */
export interface ToldStep {
  clock: ClockKind
  step: string
  at: Date
  /** Person id; empty when nobody held the role. */
  to: string
}

export function toldSteps(facts: readonly Fact[]): ToldStep[] {
  return standing(facts).flatMap(fact =>
    fact.fact === 'reminded' ? [{ clock: fact.clock, step: fact.step, at: new Date(fact.at), to: fact.to }] : [],
  )
}

/** A step whose time has come: who is told. `step` is kept in the journal (`warn:30m`, `warn:80%`, `overdue:0m`). */
export interface DueStep {
  step: string
  kind: 'warn' | 'overdue'
  tell: Role[]
  /** The order goes back to the dispatcher now (accept clock only). */
  takeBack: boolean
}

interface Planned extends DueStep {
  at: number
}

export interface NudgeOptions {
  /** Urgent orders are spoken of in quiet hours too. */
  urgent?: boolean
}

/**
 * Steps to tell now, at most one: those that came due while nobody looked are told once, as the latest of them, to
 * everybody they were for. A warning is never given after due, nor anything in quiet hours or after the stop.
 */
export function stepsDue(
  clock: ClockView,
  policy: Policy,
  now: Date,
  told: readonly ToldStep[],
  { urgent = false }: NudgeOptions = {},
): DueStep[] {
  if (!urgent && inQuiet(policy, now)) return []
  const come = pending(clock, now, told).filter(step => step.at <= now.getTime())
  const last = come.at(-1)
  if (!last) return []
  const together = come.filter(step => step.kind === last.kind)
  const tell = roles.filter(role => together.some(step => step.tell.includes(role)))
  return [{ step: last.step, kind: last.kind, tell, takeBack: together.some(step => step.takeBack) }]
}

/**
 * When to look at a clock next and for which step; null when there is nothing more to tell. Never before `now`, and
 * moved to the end of the quiet hours unless the order is urgent.
 */
export function nextLook(
  clock: ClockView,
  policy: Policy,
  now: Date,
  told: readonly ToldStep[],
  { urgent = false }: NudgeOptions = {},
): { at: Date; step: string } | null {
  const steps = pending(clock, now, told)
  const [first] = steps
  if (!first) return null
  const wanted = new Date(Math.max(first.at, now.getTime()))
  const at = urgent ? wanted : afterQuiet(policy, wanted)
  const step = steps.findLast(one => one.at <= at.getTime()) ?? first
  return { at, step: step.step }
}

/**
 * Steps still to come, earliest first. A reminder counts only for a due time it was given under: when an appointment
 * moves the due time, its steps are told again.
 */
function pending(clock: ClockView, now: Date, told: readonly ToldStep[]): Planned[] {
  if ((clock.state !== 'running' && clock.state !== 'late') || !clock.dueAt) return []
  const steps = planned(clock, clock.dueAt.getTime())
  const last = steps.findLastIndex(step =>
    told.some(one => one.clock === clock.kind && one.step === step.step && one.at.getTime() >= step.at),
  )
  return steps
    .slice(last + 1)
    .filter(step => step.kind === 'overdue' || clock.state === 'running' || step.at > now.getTime())
}

function planned(clock: ClockView, due: number): Planned[] {
  const total = due - clock.startedAt.getTime() - pausedMs(clock)
  const warnings = clock.rule.warn.map(({ name, beforeMs, share, tell }): Planned => {
    const remaining = beforeMs ?? (1 - (share ?? 1)) * total
    return { step: name, kind: 'warn', tell, takeBack: false, at: momentWith(clock, due, remaining) }
  })
  const overdue = clock.rule.overdue.map(({ name, afterMs, tell, takeBack }): Planned => {
    return { step: name, kind: 'overdue', tell, takeBack, at: due + afterMs }
  })
  // What was agreed a moment ago needs no warning that was due before it was agreed.
  const useful = warnings.filter(step => step.at > clock.dueSetAt.getTime()).sort((a, b) => a.at - b.at)
  return [...useful, ...overdue]
}

function pausedMs({ pauses }: ClockView): number {
  return pauses.reduce((sum, { from, to }) => sum + (to ? to.getTime() - from.getTime() : 0), 0)
}

/** The moment at which so much of the clock's own time was left: pauses are stepped over, so a step comes once. */
function momentWith(clock: ClockView, due: number, remaining: number): number {
  let [at, left] = [due, remaining]
  for (const { from, to } of clock.pauses.toReversed()) {
    const end = to?.getTime() ?? at
    if (at - left >= end) break
    left -= at - end
    at = from.getTime()
  }
  return Math.round(at - left)
}

/** Whether a moment lies in the policy's quiet hours; their end is outside. */
export function inQuiet(policy: Policy, at: Date): boolean {
  if (!policy.quietHours) return false
  const local = DateTime.fromJSDate(at, { zone: policy.zone })
  return inSpan(policy.quietHours, local.hour * 60 + local.minute)
}

/** The moment itself, or the end of the quiet hours it lies in. */
export function afterQuiet(policy: Policy, at: Date): Date {
  if (!policy.quietHours || !inQuiet(policy, at)) return at
  const day = DateTime.fromJSDate(at, { zone: policy.zone })
  const end = minutesInto(day, policy.quietHours.to)
  return (end > day ? end : minutesInto(day.plus({ days: 1 }), policy.quietHours.to)).toJSDate()
}

function minutesInto(day: DateTime, minutes: number): DateTime {
  const midnight = day.startOf('day')
  return minutes === 1440
    ? midnight.plus({ days: 1 })
    : midnight.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
}

export { type DailyList, dailyDue, nextDaily, periodOf } from './daily.ts'
