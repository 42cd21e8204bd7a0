import { runningClock } from './card.ts'
import type { ClockView } from './clocks.ts'
import type { ClockKind, Fact } from './fact.ts'
import { isOpen, replay } from './order.ts'

/** What makes somebody do something about an order next, and when. */
export interface Pressing {
  at: Date
  by: ClockKind | 'appointment' | 'expected'
}

/**
 * The clock that runs out first; else the appointment; else when what suspended work waits for should be there. Null for an
 * order that is over, and for one of which nothing is known to come: kept with it, the board is sorted by it.
 */
export function pressingOf(facts: readonly Fact[], clocks: readonly ClockView[]): Pressing | null {
  const { state, appointment, suspended } = replay(facts)
  if (!isOpen(state)) return null
  const clock = runningClock(clocks)
  if (clock?.dueAt) return { at: clock.dueAt, by: clock.kind }
  if (appointment && state !== 'suspended') return { at: new Date(appointment.from), by: 'appointment' }
  const expected = suspended?.expected
  return expected ? { at: new Date(expected.from), by: 'expected' } : null
}
