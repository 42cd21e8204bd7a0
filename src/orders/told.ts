import type { ClockKind, Fact } from './fact.ts'

/** A step somebody was told of, from the journal. */
export interface ToldStep {
  clock: ClockKind
  step: string
  at: Date
  /** Person id; empty when nobody held the role. */
  to: string
  /** The technician in charge himself was told. */
  mine?: boolean
  /** Name of the warning that asked the technician in charge for his progress, as long as he has the order. */
  asks?: string | undefined
  /** The technician in charge rests: the other one heard of it instead, and he hears of it himself then. */
  until?: Date | undefined
  /** When the technician in charge said anything of the order afterwards, the first time. */
  repliedAt?: Date | undefined
}

/** Every reminder of an order with what the technician in charge said after it, oldest first. */
export function toldSteps(facts: readonly Fact[]): ToldStep[] {
  const told: ToldStep[] = []
  let holder: string | null = null
  for (const fact of facts) {
    if (fact.fact === 'reminded') {
      const { clock, step, to, asks, until } = fact
      const at = new Date(fact.at)
      told.push({
        clock,
        step,
        at,
        to,
        mine: to === holder,
        ...(asks && { asks }),
        ...(until && { until: new Date(until) }),
      })
    } else if (fact.by !== null && fact.by === holder) reply(told, new Date(fact.at))
    if (fact.fact === 'dispatched' || fact.fact === 'declined' || fact.fact === 'withdrawn') {
      holder = fact.fact === 'dispatched' ? fact.to : null
      // What was asked of one who does not have it any more is nobody's question.
      for (const one of told) Object.assign(one, { asks: undefined, until: undefined })
    }
  }
  return told
}

function reply(told: readonly ToldStep[], at: Date): void {
  for (const one of told) one.repliedAt ??= at
}

/** The question for progress that is put to the technician in charge and that nothing has answered yet. */
export function openQuestion(facts: readonly Fact[]): ToldStep | null {
  return toldSteps(facts).findLast(one => one.asks && !one.until && !one.repliedAt) ?? null
}
