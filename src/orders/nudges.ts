import { type OrderRole, orderRoles } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { Calendar } from '../policy/calendar.ts'
import type { Policy, WarnStep } from '../policy/schema.ts'
import { writeDuration } from '../policy/units.ts'
import type { ClockView } from './clocks.ts'
import { maySpeak, nextSpeaking } from './quiet.ts'
import type { ToldStep } from './told.ts'

/**
 * A step whose time has come: who is told. `step` is kept in the journal (`warn:30m`, `warn:80%`, `overdue:0m`,
 * `unanswered:20m`).
 */
export interface DueStep {
  step: string
  kind: 'warn' | 'overdue' | 'unanswered'
  tell: OrderRole[]
  /** The order goes back to the dispatcher now (accept clock only). */
  takeBack: boolean
  /** Name of the warning that asks the technician for his progress. */
  asks?: string | undefined
}

interface Planned extends DueStep {
  at: number
}

export interface NudgeOptions {
  /** Urgent orders are spoken of in quiet hours and on days off, too. */
  urgent?: boolean
}

/**
 * Steps to tell now: at most one of the chain, since those that came due while nobody looked are told once, as the
 * latest of them, to everybody they were for; and beside it a question nobody answered. A warning is never given after
 * due, nor anything in quiet hours, on a day off that the policy keeps, or after the stop.
 */
export function stepsDue(
  clock: ClockView,
  policy: Policy,
  now: Date,
  told: readonly ToldStep[],
  { urgent = false }: NudgeOptions = {},
): DueStep[] {
  if (!urgent && !maySpeak(policy, now)) return []
  const come = (steps: Planned[]) => steps.filter(step => step.at <= now.getTime())
  const chain = come(pending(clock, policy, now, told))
  const last = chain.at(-1)
  const gathered = last ? [asOne(last, chain)] : []
  const hears = (role: OrderRole) => gathered.some(step => step.tell.includes(role))
  const other = come(beside(clock, told)).filter(step => step.kind === 'unanswered' || !hears('technician'))
  return [...gathered, ...other.map(({ at: _, ...step }) => step)]
}

function asOne(last: Planned, come: readonly Planned[]): DueStep {
  const together = come.filter(step => step.kind === last.kind)
  const asks = together.findLast(step => step.asks)?.asks
  return {
    ...{ step: last.step, kind: last.kind, takeBack: together.some(step => step.takeBack) },
    tell: orderRoles.filter(role => together.some(step => step.tell.includes(role))),
    ...(asks && { asks }),
  }
}

/**
 * When to look at a clock next and for which step; null when there is nothing more to tell. Never before `now`, and
 * moved to when people may be spoken to unless the order is urgent.
 */
export function nextLook(
  clock: ClockView,
  policy: Policy,
  now: Date,
  told: readonly ToldStep[],
  { urgent = false }: NudgeOptions = {},
): { at: Date; step: string } | null {
  const looked = (step: Planned): Date => {
    const wanted = new Date(Math.max(step.at, now.getTime()))
    return urgent ? wanted : nextSpeaking(policy, wanted)
  }
  // A warning that waits until after due for when people may be spoken to is never given.
  const steps = [...pending(clock, policy, now, told), ...beside(clock, told)]
    .filter(step => step.kind !== 'warn' || !clock.dueAt || looked(step) <= clock.dueAt)
    .sort((a, b) => a.at - b.at)
  const [first] = steps
  if (!first) return null
  const at = looked(first)
  const step = steps.findLast(one => one.at <= at.getTime()) ?? first
  return { at, step: step.step }
}

/** What happens when nothing is heard: who above the reader is told next and when, or when the order is taken back. */
export interface NextTelling {
  at: Date
  tell: OrderRole
  takeBack: boolean
}

export function nextTelling(
  clock: ClockView,
  policy: Policy,
  now: Date,
  told: readonly ToldStep[],
  { reader, urgent = false }: NudgeOptions & { reader: OrderRole },
): NextTelling | null {
  const above = orderRoles.slice(orderRoles.indexOf(reader) + 1)
  const steps = pending(clock, policy, now, told).filter(step => step.kind === 'overdue' && step.at > now.getTime())
  const next = steps.find(step => step.takeBack || step.tell.some(role => above.includes(role)))
  if (!next) return null
  const at = urgent ? new Date(next.at) : nextSpeaking(policy, new Date(next.at))
  const then = steps.filter(step => step.at <= at.getTime())
  const tell = orderRoles.findLast(role => then.some(step => step.tell.includes(role))) ?? 'manager'
  return { at, tell, takeBack: then.some(step => step.takeBack) }
}

/**
 * Steps of the chain still to come, earliest first. A reminder counts only for a due time it was given under: when an
 * appointment moves the due time, its steps are told again.
 */
function pending(clock: ClockView, policy: Policy, now: Date, told: readonly ToldStep[]): Planned[] {
  if (!clock.dueAt || !runs(clock)) return []
  const steps = planned(clock, clock.dueAt.getTime(), policy)
  const wasTold = (step: Planned) => (one: ToldStep) =>
    one.clock === clock.kind && one.step === step.step && one.at.getTime() >= step.at
  const last = steps.findLastIndex(step => told.some(wasTold(step)))
  const left = steps
    .slice(last + 1)
    .filter(step => step.kind === 'overdue' || clock.state === 'running' || step.at > now.getTime())
  const before = steps[last]
  return before?.kind === 'overdue' ? held(left, told.find(wasTold(before))?.repliedAt, policy.replyHoldsMs) : left
}

/**
 * A word of the technician after a step holds what comes next. Only his first word does, so nobody puts a chain off for
 * ever by answering; and an order that nobody accepts goes back whatever is said.
 */
function held(steps: readonly Planned[], repliedAt: Date | undefined, holdsMs: number): Planned[] {
  if (!repliedAt || holdsMs === 0) return [...steps]
  const until = repliedAt.getTime() + holdsMs
  return steps
    .map(step => (step.takeBack ? step : { ...step, at: Math.max(step.at, until) }))
    .sort((a, b) => a.at - b.at)
}

/** What is told beside the chain: a question nobody answered, and what waits for a technician who rested. */
function beside(clock: ClockView, told: readonly ToldStep[]): Planned[] {
  if (!runs(clock)) return []
  const own = told.filter(one => one.clock === clock.kind && one.at >= clock.startedAt)
  return [...unanswered(clock, own), ...spared(clock, own)]
}

function unanswered({ rule }: ClockView, told: readonly ToldStep[]): Planned[] {
  const asked = told.findLast(one => one.asks && !one.until)
  const waits = rule.warn.find(step => step.name === asked?.asks)?.unansweredMs
  if (!asked || asked.repliedAt || waits === undefined) return []
  const step = `unanswered:${writeDuration(waits)}`
  if (told.slice(told.indexOf(asked)).some(one => one.step === step)) return []
  return [{ step, kind: 'unanswered', tell: ['dispatcher'], takeBack: false, at: asked.at.getTime() + waits }]
}

function spared({ state }: ClockView, told: readonly ToldStep[]): Planned[] {
  const index = told.findLastIndex(one => one.until)
  const { step = '', until, asks, repliedAt } = told[index] ?? {}
  if (!until || repliedAt || told.slice(index).some(one => one.mine)) return []
  const kind = step.startsWith('warn') ? 'warn' : 'overdue'
  if (kind === 'warn' && state !== 'running') return []
  return [{ step, kind, tell: ['technician'], takeBack: false, at: until.getTime(), ...(asks && { asks }) }]
}

const runs = ({ state }: ClockView): boolean => state === 'running' || state === 'late'

function planned(clock: ClockView, due: number, policy: Policy): Planned[] {
  const warnings = clock.rule.warn.map((step): Planned => {
    const at = warnAt(clock, due, step, policy)
    const { name, tell, ask } = step
    return { step: name, kind: 'warn', tell, takeBack: false, at, ...(ask && { asks: name }) }
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

export { type DailyList, dailyDue, nextDaily, periodOf } from './daily.ts'
export { afterQuiet, inQuiet } from './quiet.ts'
export { type ToldStep, toldSteps } from './told.ts'
