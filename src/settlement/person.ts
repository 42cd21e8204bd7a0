import { sayFen } from '../policy/fen.ts'
import type { PayItem, PayRule } from '../policy/payrule.ts'
import { belowZero, ceiling, floorHeld } from './how.ts'
import type { Known } from './known.ts'
import { type Purse, roomFor } from './limits.ts'
import type { LeaveTaken, PersonMonth } from './month.ts'
import type { Line, Score } from './slip.ts'

/** One person's month while it is being reckoned. */
export interface Person {
  of: PersonMonth
  known: Known
  purse: Purse
  lines: Line[]
  scores: Score[]
  /** What leave really took, by item, where it can be handed on. */
  leave: Map<string, Array<LeaveTaken & { taken: bigint }>>
}

interface Found {
  item: PayItem
  line: Line
  fen: bigint
  limits: PayRule['limits']
  /** Days of the month. */
  month: number
}

/** Adds a line of pay, and returns what it is. One below zero takes no more than a deduction may. */
export function earned(person: Person, found: Found): bigint {
  const { line, fen } = overridden(person, found)
  const { room } = roomFor(person.purse, found.limits, daysOf(person, found), false)
  const kept = fen < -room ? -room : fen
  person.purse.gross += kept
  person.lines.push({ ...line, fen: `${kept}`, ...(kept > fen && { notTaken: `${kept - fen}` }) })
  return kept
}

/** Takes a deduction as far as ceiling and floor let it, and returns what was taken. */
export function deducted(person: Person, found: Found): bigint {
  const { line, fen: wanted } = overridden(person, found)
  const fen = wanted < 0n ? 0n : wanted
  const steps = wanted < 0n ? [...line.steps, belowZero] : [...line.steps]
  const { room, by, bound } = roomFor(person.purse, found.limits, daysOf(person, found), found.item.fine)
  const taken = fen < room ? fen : room
  if (taken < fen) steps.push(by === 'ceiling' ? ceiling(sayFen(bound)) : floorHeld(sayFen(bound)))
  person.purse.taken += taken
  if (found.item.fine) person.purse.fines += taken
  handedOn(person, found.item.name, taken)
  person.lines.push({ ...line, steps, fen: `${taken}`, ...(taken < fen && { notTaken: `${fen - taken}` }) })
  return taken
}

const daysOf = ({ of }: Person, { month }: Found) => ({ employed: of.days.employed, month })

/** What was set by hand stands in the line together with what was reckoned, and survives every reckoning anew. */
function overridden({ of }: Person, { item, line, fen }: Found): { line: Line; fen: bigint } {
  const set = of.overrides.get(item.name)
  if (!set) return { line, fen }
  const { fault: _, ...rest } = line
  return { line: { ...rest, override: { reckoned: `${fen}`, reason: set.reason, by: set.by } }, fen: set.fen }
}

/** Only what was really taken can be handed on: day by day until it is used up. */
function handedOn(person: Person, item: string, taken: bigint): void {
  let left = taken
  for (const one of person.leave.get(item) ?? []) {
    one.taken = one.fen < left ? one.fen : left
    left -= one.taken
  }
}
