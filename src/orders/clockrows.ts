import { nextMiss } from '../incidents/misses.ts'
import type { Policy } from '../policy/schema.ts'
import { type ClockView, clocksOf } from './clocks.ts'
import { creditOf, type OrderCredit } from './credit.ts'
import type { Fact } from './fact.ts'
import { moveOf } from './moves.ts'
import { nextLook, toldSteps } from './nudges.ts'
import { replay } from './order.ts'
import { type Pressing, pressingOf } from './pressing.ts'
import { waitsOf } from './waits.ts'

/** What the sweep needs of a clock, or of what the order waits for. */
export interface ClockRow {
  kind: string
  state: string
  startedAt: Date
  dueAt: Date | null
  stoppedAt: Date | null
  nextLookAt: Date | null
  nextStep: string | null
}

/** What follows from a journal by the rule book and is kept beside it. Given to the store, which knows nothing of policies. */
export interface Following {
  clocks: ClockRow[]
  credit: OrderCredit | null
  pressing: Pressing | null
}

export function following(policy: Policy, now: Date): (facts: readonly Fact[]) => Following {
  return facts => {
    const clocks = clocksOf(facts, policy, now)
    return {
      ...{ clocks: rowsOf(policy, now, facts, clocks), credit: creditOf(facts, policy, now) },
      pressing: pressingOf(facts, clocks),
    }
  }
}

/** Rows of the sweep's index for a journal. */
export function clockRows(policy: Policy, now: Date): (facts: readonly Fact[]) => ClockRow[] {
  return facts => rowsOf(policy, now, facts, clocksOf(facts, policy, now))
}

function rowsOf(policy: Policy, now: Date, facts: readonly Fact[], clocks: readonly ClockView[]): ClockRow[] {
  const told = toldSteps(facts)
  const { urgent } = replay(facts)
  const rows = clocks.map(clock => {
    const look = nextLook(clock, policy, now, told, { urgent })
    const { kind, state, startedAt, dueAt, stoppedAt = null } = clock
    return { kind, state, startedAt, dueAt, stoppedAt, nextLookAt: look?.at ?? null, nextStep: look?.step ?? null }
  })
  return [...rows, ...waits(facts, policy, now)]
}

function waits(facts: readonly Fact[], policy: Policy, now: Date): ClockRow[] {
  const move = moveOf(facts, policy)
  const miss = nextMiss(facts, policy, now)
  const all = [
    ...(move ? [{ kind: 'dispatch', at: move.at, step: move.do }] : []),
    ...(miss ? [{ kind: 'incident', at: miss, step: 'propose' }] : []),
    ...waitsOf(facts, policy, now),
  ]
  return all.map(({ kind, at, step }) => ({
    ...{ kind: `wait:${kind}`, state: 'waiting', startedAt: now, dueAt: at, stoppedAt: null },
    ...{ nextLookAt: at, nextStep: step },
  }))
}
