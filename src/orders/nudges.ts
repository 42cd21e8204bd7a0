import { type Role, roles } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { Calendar } from '../policy/calendar.ts'
import { inSpan, type Policy, type WarnStep } from '../policy/schema.ts'
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
  const come = pending(clock, policy, now, told).filter(step => step.at <= now.getTime())
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
  const steps = pending(clock, policy, now, told)
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
function pending(clock: ClockView, policy: Policy, now: Date, told: readonly ToldStep[]): Planned[] {
  if ((clock.state !== 'running' && clock.state !== 'late') || !clock.dueAt) return []
  const steps = planned(clock, clock.dueAt.getTime(), policy)
  const last = steps.findLastIndex(step =>
    told.some(one => one.clock === clock.kind && one.step === step.step && one.at.getTime() >= step.at),
  )
  return steps
    .slice(last + 1)
    .filter(step => step.kind === 'overdue' || clock.state === 'running' || step.at > now.getTime())
}

function planned(clock: ClockView, due: number, policy: Policy): Planned[] {
  const warnings = clock.rule.warn.map((step): Planned => {
    return { step: step.name, kind: 'warn', tell: step.tell, takeBack: false, at: warnAt(clock, due, step, policy) }
  })
  const overdue = clock.rule.overdue.map(({ name, afterMs, from, tell, takeBack }): Planned => {
    // What is counted from the start moves with due: a pause or a time agreed with the customer puts it off, too.
    const late = from === 'due' ? afterMs : clock.startedAt.getTime() + afterMs - clock.limit.dueAt.getTime()
    return { step: name, kind: 'overdue', tell, takeBack, at: due + Math.max(0, late) }
  })
  // What was agreed a moment ago needs no warning that was due before it was agreed.
  const useful = warnings.filter(step => step.at > clock.dueSetAt.getTime()).sort((a, b) => a.at - b.at)
  return [...useful, ...overdue.sort((a, b) => a.at - b.at)]
}

/**
 * Where a limit depends on the calendar, a share of its time is a share of its working time: 80 % of «by next noon» does
 * not come at night. `30m` before is working time for a limit in working time, else time that passes.
 */
function warnAt(clock: ClockView, due: number, { beforeMs, share }: WarnStep, policy: Policy): number {
  const form = clock.appointment ? 'elapsed' : clock.rule.limit.form
  if (form === 'elapsed' || (beforeMs !== undefined && form !== 'working')) {
    const total = due - clock.startedAt.getTime() - pausedMs(clock)
    return momentWith(clock, due, beforeMs ?? (1 - (share ?? 1)) * total)
  }
  const calendar = calendarOf(policy)
  const left = (at: number) => workingLeft(clock, due, at, calendar)
  const start = clock.startedAt.getTime()
  const at = firstWith(left, beforeMs ?? Math.round((1 - (share ?? 1)) * left(start)), start, due)
  // Nobody reads at closing time what is as true in the morning.
  return Math.min(calendar.nextOpening(new Date(at)).getTime(), due)
}

/** Working time from a moment to due, pauses left out. */
function workingLeft({ pauses }: ClockView, due: number, at: number, calendar: Calendar): number {
  const between = (from: number, to: number) => calendar.workingMs(new Date(from), new Date(to))
  const paused = pauses.reduce(
    (sum, { from, to }) => sum + between(Math.max(at, from.getTime()), Math.min(due, to?.getTime() ?? due)),
    0,
  )
  return between(at, due) - paused
}

/** The first moment at which no more than so much is left. */
function firstWith(left: (at: number) => number, remaining: number, start: number, due: number): number {
  let [low, high] = [start, due]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (left(middle) <= remaining) high = middle
    else low = middle + 1
  }
  return low
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
  return policy.quietHours !== null && inSpan(policy.quietHours, calendarOf(policy).minuteOf(at))
}

/** The moment itself, or the end of the quiet hours it lies in. */
export function afterQuiet(policy: Policy, at: Date): Date {
  if (!policy.quietHours || !inQuiet(policy, at)) return at
  const calendar = calendarOf(policy)
  const today = calendar.dayOf(at)
  const end = calendar.momentOf(today, policy.quietHours.to)
  return end > at ? end : calendar.momentOf(calendar.dayAfter(today, 1), policy.quietHours.to)
}

export { type DailyList, dailyDue, nextDaily, periodOf } from './daily.ts'
