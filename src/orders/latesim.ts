import type { Policy } from '../policy/schema.ts'
import { type ClockView, clocksOf } from './clocks.ts'
import type { ClockKind } from './fact.ts'
import type { OrderRecord } from './record.ts'

/** What other rules would have made of orders: when each clock was due, and whether it was late. */

export interface ClockChange {
  kind: ClockKind
  before: { dueAt: Date | null; lateMs: number } | null
  after: { dueAt: Date | null; lateMs: number } | null
}

export interface OrderChange {
  code: string
  clocks: ClockChange[]
}

export interface LateChange {
  kind: ClockKind
  before: number
  after: number
}

const lateMs = ({ state, lateByMs }: ClockView): number =>
  state === 'late' || state === 'missed' ? (lateByMs ?? 0) : 0

/** Only what differs. Pure: the same journals under the same rules always give the same. */
export function clocksUnder(
  { code, facts }: Pick<OrderRecord, 'code' | 'facts'>,
  rules: { before: Policy; after: Policy },
  now: Date,
): { order: OrderChange; late: { before: ClockKind[]; after: ClockKind[] } } {
  const before = clocksOf(facts, rules.before, now)
  const after = clocksOf(facts, rules.after, now)
  const kinds = [...new Set([...before, ...after].map(({ kind }) => kind))]
  const of = (clocks: readonly ClockView[], kind: ClockKind) => {
    const clock = clocks.find(one => one.kind === kind)
    return clock ? { dueAt: clock.dueAt, lateMs: lateMs(clock) } : null
  }
  const clocks = kinds.map((kind): ClockChange => ({ kind, before: of(before, kind), after: of(after, kind) }))
  const late = (side: 'before' | 'after') => clocks.flatMap(one => ((one[side]?.lateMs ?? 0) > 0 ? [one.kind] : []))
  return {
    order: {
      code,
      clocks: clocks.filter(
        one =>
          one.before?.dueAt?.getTime() !== one.after?.dueAt?.getTime() ||
          (one.before?.lateMs ?? 0) > 0 !== (one.after?.lateMs ?? 0) > 0,
      ),
    },
    late: { before: late('before'), after: late('after') },
  }
}

/** How many were late of each kind. */
export function lateCounts(all: ReadonlyArray<{ late: { before: ClockKind[]; after: ClockKind[] } }>): LateChange[] {
  const counts = new Map<ClockKind, LateChange>()
  for (const { late } of all)
    for (const side of ['before', 'after'] as const)
      for (const kind of late[side]) {
        const known = counts.get(kind) ?? { kind, before: 0, after: 0 }
        counts.set(kind, { ...known, [side]: known[side] + 1 })
      }
  return [...counts.values()]
}
