import type { Policy } from '../policy/schema.ts'
import type { ClockView } from './clocks.ts'
import { type Fact, standing } from './fact.ts'
import { isOpen, type OrderView } from './order.ts'
import { nextSpeaking } from './quiet.ts'
import { openQuestion } from './told.ts'

/** A question for progress that is open: shown on the card of whom it was put to until he says anything. */
export interface Question {
  clock: ClockView
  to: string
  /** From then on the dispatcher is told that nothing came back; null when nobody is. */
  until: Date | null
}

export type ProgressFact = Extract<Fact, { fact: 'progress' }>

/** Whether progress can be asked of an order: somebody took it and is at it. */
export const canBeAsked = ({ state, assignee }: OrderView): boolean =>
  assignee !== null && isOpen(state) && state !== 'new' && state !== 'dispatched'

/** The open question of an order; one whose clock is over or late by now asks nothing that could be answered. */
export function questionOf(
  { facts, view }: { facts: readonly Fact[]; view: OrderView },
  clocks: readonly ClockView[],
  policy: Policy,
): Question | null {
  const asked = openQuestion(facts)
  const clock = clocks.find(one => one.kind === asked?.clock && one.state === 'running')
  if (!asked || !clock || !canBeAsked(view)) return null
  const waits = clock.rule.warn.find(step => step.name === asked.asks)?.unansweredMs
  const at = waits === undefined ? null : new Date(asked.at.getTime() + waits)
  return { clock, to: asked.to, until: at && (view.urgent ? at : nextSpeaking(policy, at)) }
}

/** What the technician in charge said last of his progress; null when the order went to another one since. */
export function latestProgress(facts: readonly Fact[]): ProgressFact | null {
  const since = standing(facts)
  const turn = since.findLastIndex(({ fact }) => fact === 'dispatched')
  const found = since.slice(turn + 1).findLast(fact => fact.fact === 'progress')
  return found ?? null
}
