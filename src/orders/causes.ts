import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import type { ClockView } from './clocks.ts'
import { type Fact, type FactName, owedAfter, standing } from './fact.ts'

/** Why a clock ran out, the desk's part before the technician's (R15.2). */
export const causes = [
  'lateDispatch',
  'notAccepted',
  'declined',
  'withdrawn',
  'reassigned',
  'parts',
  'majorRepair',
  'customer',
  'otherPause',
  'unreachable',
  'agreedLate',
  'onSite',
  'onTheWay',
  'silent',
  'slow',
] as const
export type Cause = (typeof causes)[number]

/** A cause and the fact that shows it. */
export interface Caused {
  cause: Cause
  seq: number
}

interface Told {
  fact: Fact
  /** Milliseconds since 1970; within a journal time does not run backwards. */
  at: number
}

/** A stretch of a run in which nobody worked on it, and why; `cause` is null while somebody had it in hand. */
interface Stretch extends Told {
  cause: Cause | null
  to: number
}

/** What a technician says of his work. Taking the order is not yet work. */
const reports: ReadonlySet<FactName> = new Set([
  ...(['contacted', 'unreachable', 'appointed', 'departed', 'arrived', 'suspended', 'resumed'] as const),
  ...(['completed', 'emptyRun', 'helpAsked', 'photo', 'signed', 'located', 'reported', 'revisited'] as const),
])

/** With so much of the limit gone before he had it, it was not his to keep. */
const mostLost = 0.5

/**
 * The one cause of a run that is late, was missed, or was late when it ended; null for any other. The first that holds:
 *
 * 1. a clock of dispatching: `notAccepted` when it was up for grabs by due, else `lateDispatch`; one of accepting:
 *    `declined` when that ended it, else `notAccepted`
 * 2. what stood in the way at due: suspended without a pause that counts (`parts`, `majorRepair`, `customer`,
 *    `otherPause`), the customer not reached (`unreachable`, unconfirmed or beside this clock), an appointment after due
 *    that does not replace the limit (`agreedLate`); the latest of them
 * 3. nobody had it in hand by due, or half of the limit and more was gone before the one in charge had it: what took
 *    most of that time of `lateDispatch`, `notAccepted`, `declined`, `withdrawn`, `reassigned`. Pauses are left out, and
 *    where the limit knows the calendar only working time counts.
 * 4. what was given as a reason only after due: a suspension, 联系不上, an appointment, a 拒单; the first of them
 * 5. `onSite`, `onTheWay`: arrived or departed by due, and not done
 * 6. `silent`: nothing was reported between the last reminder, or the last dispatch or start after it, and due
 * 7. `slow`: it was worked on and not done
 *
 * What is owed after the work (报单, 回访) has only the last two. Pure, and facts taken back have no effect.
 */
export function causeOf(facts: readonly Fact[], policy: Policy, run: ClockView): Caused | null {
  if (run.lateByMs === undefined || !run.dueAt) return null
  const due = run.dueAt.getTime()
  const told = timeline(facts)
  if (run.rule.kind === 'dispatch') return undispatched(told, run, due)
  if (run.rule.kind === 'accept') return unaccepted(told, run)
  const untold = silence(told, run, due)
  if (owedAfter.has(run.kind)) return untold
  return (
    standingAt(told, run, due) ??
    lostBefore(told, run, due, policy) ??
    saidAfter(told, run, due) ??
    underWay(told, run, due) ??
    untold
  )
}

function timeline(facts: readonly Fact[]): Told[] {
  let at = Number.NEGATIVE_INFINITY
  return standing(facts).map(fact => {
    at = Math.max(at, Date.parse(fact.at))
    return { fact, at }
  })
}

function undispatched(told: readonly Told[], { startedBy, stoppedBy }: ClockView, due: number): Caused {
  const offered = told.findLast(({ fact, at }) => fact.fact === 'offered' && fact.seq > startedBy && at <= due)
  if (offered) return { cause: 'notAccepted', seq: offered.fact.seq }
  return { cause: 'lateDispatch', seq: stoppedBy ?? startedBy }
}

function unaccepted(told: readonly Told[], { startedBy, stoppedBy }: ClockView): Caused {
  const end = told.find(({ fact }) => fact.seq === stoppedBy)?.fact
  return end?.fact === 'declined' ? { cause: 'declined', seq: end.seq } : { cause: 'notAccepted', seq: startedBy }
}

/** What kept the order from being worked on as the clock ran out, said before. */
function standingAt(told: readonly Told[], run: ClockView, due: number): Caused | null {
  let stood: Caused | null = null
  for (const { fact, at } of told) {
    if (at > due || fact.seq <= run.startedBy) continue
    switch (fact.fact) {
      case 'suspended':
        stood = run.pauses.some(({ by }) => by === fact.seq)
          ? null
          : { cause: causeOfPause(fact.reason), seq: fact.seq }
        break
      case 'unreachable':
        stood = { cause: 'unreachable', seq: fact.seq }
        break
      case 'contacted':
      case 'appointed':
        if (!('implied' in fact)) stood = appointedAfter(fact, run, due)
        break
      case 'resumed':
      case 'arrived':
      case 'dispatched':
      case 'declined':
      case 'withdrawn':
        stood = null
    }
  }
  return stood
}

function causeOfPause(reason: Extract<Fact, { fact: 'suspended' }>['reason']): Cause {
  return reason === 'other' ? 'otherPause' : reason
}

/** A time agreed with the customer that lies after due and is not what due comes from. */
function appointedAfter(fact: Fact, { appointedBy }: ClockView, due: number): Caused | null {
  const appointment = fact.fact === 'contacted' || fact.fact === 'appointed' ? fact.appointment : undefined
  if (!appointment || appointedBy === fact.seq) return null
  return Date.parse(appointment.to ?? appointment.from) > due ? { cause: 'agreedLate', seq: fact.seq } : null
}

function lostBefore(told: readonly Told[], run: ClockView, due: number, policy: Policy): Caused | null {
  const measure = measureOf(run, policy, due)
  const stretches = stretchesOf(told, run.startedAt.getTime(), due)
  const lost = stretches.filter(stretch => stretch.cause !== null)
  const sum = (some: readonly Stretch[]) => some.reduce((total, { at, to }) => total + measure(at, to), 0)
  if (lost.length === 0 || sum(lost) < mostLost * sum(stretches)) return null
  const [most] = causes
    .map(cause => lost.filter(stretch => stretch.cause === cause))
    .filter(own => own.length > 0)
    .sort((a, b) => sum(b) - sum(a))
  const [longest] = [...(most ?? [])].sort((a, b) => measure(b.at, b.to) - measure(a.at, a.to))
  return longest?.cause ? { cause: longest.cause, seq: longest.fact.seq } : null
}

/** How long a stretch was in the clock's own time. */
function measureOf(run: ClockView, policy: Policy, due: number): (from: number, to: number) => number {
  const calendar = calendarOf(policy)
  const elapsed = (from: number, to: number) => Math.max(0, to - from)
  const working = (from: number, to: number) => calendar.workingMs(new Date(from), new Date(to))
  const knows = run.rule.limit.form !== 'elapsed' && !run.appointment && working(run.startedAt.getTime(), due) > 0
  const bare = knows ? working : elapsed
  return (from, to) => {
    const pauses = run.pauses.map(({ from: begun, to: ended }) =>
      bare(Math.max(from, begun.getTime()), Math.min(to, ended?.getTime() ?? to)),
    )
    return bare(from, to) - pauses.reduce((sum, ms) => sum + ms, 0)
  }
}

/** Who had it and who had not, from the run's start to due. What a technician gave back or lost is lost as a whole. */
function stretchesOf(told: readonly Told[], from: number, due: number): Stretch[] {
  const done: Stretch[] = []
  let turn = 0
  let given = false
  let open: Omit<Stretch, 'to'> | undefined
  const next = (one: Told, cause: Cause | null) => {
    if (open) done.push({ ...open, to: one.at })
    open = { ...one, cause }
  }
  const lose = (one: Told, cause: Cause) => {
    next(one, cause)
    for (const stretch of done.slice(turn)) Object.assign(stretch, { cause, fact: one.fact })
    given = false
  }
  for (const one of told) {
    if (one.at > due) break
    const { fact } = one
    if (fact.fact === 'created') next(one, 'lateDispatch')
    else if (fact.fact === 'offered' && !given) next(one, 'notAccepted')
    else if (fact.fact === 'declined') lose(one, 'declined')
    else if (fact.fact === 'withdrawn') lose(one, fact.via === 'system' ? 'notAccepted' : 'withdrawn')
    else if (fact.fact === 'dispatched') {
      const moved = open?.cause === 'withdrawn' && open.fact.fact === 'withdrawn' && open.at === one.at
      if (given || moved) lose(one, 'reassigned')
      else if (open?.cause === 'lateDispatch') open.fact = fact
      next(one, 'notAccepted')
      turn = done.length
      given = true
    } else if (given && open?.cause === 'notAccepted' && (fact.fact === 'accepted' || reports.has(fact.fact)))
      next(one, null)
  }
  if (open) done.push({ ...open, to: due })
  return done
    .map(stretch => ({ ...stretch, at: Math.max(stretch.at, from) }))
    .filter((stretch, index, { length }) => stretch.to > stretch.at || index === length - 1)
}

function saidAfter(told: readonly Told[], run: ClockView, due: number): Caused | null {
  for (const { fact, at } of told) {
    if (at <= due || fact.seq <= run.startedBy || (run.stoppedBy !== undefined && fact.seq > run.stoppedBy)) continue
    if (fact.fact === 'suspended') return { cause: causeOfPause(fact.reason), seq: fact.seq }
    if (fact.fact === 'unreachable' || fact.fact === 'declined') return { cause: fact.fact, seq: fact.seq }
    const agreed = fact.seq === run.stoppedBy ? null : appointedAfter(fact, run, due)
    if (agreed) return agreed
  }
  return null
}

function underWay(told: readonly Told[], { kind }: ClockView, due: number): Caused | null {
  if (kind === 'contact') return null
  const last = told.findLast(
    ({ fact, at }) => at <= due && (fact.fact === 'dispatched' || fact.fact === 'departed' || fact.fact === 'arrived'),
  )?.fact
  if (last?.fact === 'arrived') return { cause: 'onSite', seq: last.seq }
  return last?.fact === 'departed' ? { cause: 'onTheWay', seq: last.seq } : null
}

function silence(told: readonly Told[], { kind, startedBy }: ClockView, due: number): Caused {
  const before = told.filter(({ fact, at }) => at <= due && fact.seq > startedBy)
  // What is told at due itself asks for nothing that could still have been said in time.
  const asking = before.filter(
    ({ fact, at }) => fact.fact === 'dispatched' || (fact.fact === 'reminded' && fact.clock === kind && at < due),
  )
  const since = asking.at(-1)?.fact.seq ?? startedBy
  const last = before.findLast(({ fact }) => reports.has(fact.fact) && fact.seq > since)
  return last ? { cause: 'slow', seq: last.fact.seq } : { cause: 'silent', seq: since }
}
