import type { SuspendReason } from '../chat/intent.ts'
import { lengthOf } from '../policy/limit.ts'
import type { ClockRule, Policy } from '../policy/schema.ts'
import { type NotCounted, type Run, resumedAt, runsOf } from './clockrun.ts'
import type { ClockKind, Fact, KeptSpan } from './fact.ts'
import { sayLimit } from './limitwords.ts'

export type { NotCounted } from './clockrun.ts'

/**
 * - `running`: not due yet, or due at this very moment; `late`: past due and not stopped
 * - `paused`: suspended for an accepted reason; `dueAt` is what it would be if work went on now
 * - `met`: stopped in time (exactly at due is in time); `missed`: stopped after due
 * - `exempt`: the customer was reported unreachable in time and the dispatcher confirmed it (R1.3)
 * - `cancelled`: the order, or this technician's turn, ended first; with `lateByMs` when it was late by then
 */
export type ClockState = 'running' | 'late' | 'paused' | 'met' | 'missed' | 'exempt' | 'cancelled'

export interface ClockPause {
  from: Date
  to?: Date
  reason: SuspendReason
  /** `seq` of the fact that began it. */
  by: number
}

/** One run of a clock as it stands at a moment. */
export interface ClockView {
  kind: ClockKind
  rule: ClockRule
  state: ClockState
  startedAt: Date
  /** `seq` of the fact that started it. */
  startedBy: number
  dueAt: Date | null
  /** When what holds now was set: the start, or the moment the appointment that replaced the limit was agreed. */
  dueSetAt: Date
  stoppedAt?: Date
  stoppedBy?: number
  /** How long after due it was stopped, or is by now. */
  lateByMs?: number
  /**
   * `ms` in the limit's own time (elapsed or working), null where it is a point in time; `dueAt` as it alone has it;
   * `cut`: its `latest` comes first, pauses counted.
   */
  limit: { ms: number | null; words: string; dueAt: Date; cut: boolean }
  /** Years whose holidays the due time needed and nobody knows: it rests on weekdays alone there. */
  unknownYears: number[]
  /** The agreed appointment it runs to instead of its limit. */
  appointment?: KeptSpan
  /** `seq` of the fact that agreed it. */
  appointedBy?: number
  pauses: ClockPause[]
  notCounted: NotCounted[]
}

/**
 * The clocks of an order as of `now`: the latest run of each kind, in the order of the policy. Pure: the same journal,
 * policy and moment always give the same. Facts taken back have no effect. Rules: domain.md R1–R2, "Readings taken".
 */
export function clocksOf(facts: readonly Fact[], policy: Policy, now: Date): ClockView[] {
  const latest = new Map<ClockKind, Run>()
  for (const run of runsOf(facts, policy)) latest.set(run.rule.kind, run)
  const kinds = [...new Set(policy.clocks.map(rule => rule.kind))]
  return kinds.flatMap(kind => latest.get(kind) ?? []).map(run => viewOf(run, now.getTime()))
}

/** Every run of every clock, oldest first: a clock that restarts on reassignment has one for each technician. */
export function clockRunsOf(facts: readonly Fact[], policy: Policy, now: Date): ClockView[] {
  return runsOf(facts, policy).map(run => viewOf(run, now.getTime()))
}

function viewOf(run: Run, moment: number): ClockView {
  // A machine whose clock was set back must not see the future of its own journal.
  const now = Math.max(moment, run.lastAt)
  const { due, uncapped } = resumedAt(run, now)
  const state = stateOf(run, due, now)
  const end = state === 'exempt' ? run.exemptAt : run.ended?.at
  const measured = state === 'late' ? now : state === 'missed' || state === 'cancelled' ? end : undefined
  const lateByMs = measured === undefined ? 0 : measured - due
  return {
    kind: run.rule.kind,
    rule: run.rule,
    state,
    startedAt: new Date(run.startedAt),
    startedBy: run.startedBy,
    dueAt: new Date(due),
    dueSetAt: new Date(run.dueSetAt),
    ...(end !== undefined && { stoppedAt: new Date(end) }),
    ...(run.ended && state !== 'exempt' && { stoppedBy: run.ended.by }),
    ...(lateByMs > 0 && { lateByMs }),
    limit: limitOf(run, due < uncapped && !run.appointment),
    unknownYears: unknownYears(run, due),
    ...(run.appointment && { appointment: run.appointment.span, appointedBy: run.appointment.by }),
    pauses: run.pauses.map(({ from, to, reason, by }) => ({
      from: new Date(from),
      ...(to !== undefined && { to: new Date(to) }),
      ...{ reason, by },
    })),
    notCounted: run.notCounted,
  }
}

function limitOf({ reckoning, limitDue }: Run, cut: boolean): ClockView['limit'] {
  const { limit, units } = reckoning
  return { ms: lengthOf(limit, units), words: sayLimit(limit, units), dueAt: new Date(limitDue), cut }
}

function unknownYears({ reckoning, appointment, startedAt }: Run, due: number): number[] {
  if (reckoning.limit.form === 'elapsed' || appointment) return []
  return reckoning.calendar.unknownYears(new Date(startedAt), new Date(due))
}

function stateOf(run: Run, due: number, now: number): ClockState {
  if (run.ended?.how === 'stopped' && run.ended.at <= due) return 'met'
  if (run.exemptAt !== undefined) return 'exempt'
  if (run.ended) return run.ended.how === 'stopped' ? 'missed' : 'cancelled'
  if (run.pauses.some(pause => pause.to === undefined)) return 'paused'
  return now > due ? 'late' : 'running'
}
