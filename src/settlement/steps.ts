import { constantOf, DividedByZero, type Formula, holds, isTooLarge, Num, numberOf } from '../policy/formula.ts'
import type { PayItem } from '../policy/payrule.ts'
import { belowTiers, divided, gateClosed, heldTo, inTier, prorated, sliceOf, tooLarge } from './how.ts'
import { faultWords, type Known } from './known.ts'
import type { Line } from './slip.ts'

/** What an item comes to before it is rounded, with what led to it. */
export interface Reckoned {
  value: Num
  steps: string[]
  gate?: Line['gate']
  fault?: string
}

const zero = new Num(0)

/** The value of an item by `own`, its way of reckoning: first its condition, then that, its part of the month, its bounds. */
export function reckon(item: PayItem, known: Known, own: (steps: string[]) => Num): Reckoned {
  known.begin()
  const steps: string[] = []
  try {
    // The condition comes first: what it rules out is not reckoned, and nothing of it can fail.
    const gate = item.when && { when: item.when.text, held: holds(item.when, known.value) }
    const missing = () => known.used().faults
    if (gate && !gate.held && missing().length === 0) return { value: zero, gate, steps: [gateClosed(gate.when)] }
    const value = bounded(item, known, whole(item, known, own(steps), steps), steps)
    const faults = missing()
    if (faults.length > 0) return { value: zero, steps, ...(gate && { gate }), fault: faultWords(faults) }
    if (isTooLarge(value)) return { value: zero, steps, ...(gate && { gate }), fault: tooLarge }
    return { value, steps, ...(gate && { gate }) }
  } catch (error) {
    if (error instanceof DividedByZero) return { value: zero, steps, fault: faultOf(known, error) }
    throw error
  }
}

/** A figure that is missing is the cause of a division by zero that follows from it. */
function faultOf(known: Known, { by }: DividedByZero): string {
  const { faults } = known.used()
  return faults.length > 0 ? faultWords(faults) : divided(by)
}

function whole({ prorate }: PayItem, known: Known, value: Num, steps: string[]): Num {
  if (!prorate) return value
  const [part, all] = [known.value('在职天数'), known.value('当月天数')]
  if (part.eq(all)) return value
  steps.push(prorated(part.toString(), all.toString()))
  return value.times(part).div(all)
}

function bounded({ min, max }: PayItem, known: Known, value: Num, steps: string[]): Num {
  const upper = max && numberOf(max, known.value)
  const lower = min && numberOf(min, known.value)
  if (upper && value.gt(upper)) {
    steps.push(heldTo('上限', upper.toString()))
    return upper
  }
  if (lower && value.lt(lower)) {
    steps.push(heldTo('下限', lower.toString()))
    return lower
  }
  return value
}

/** `formula` and `tiers`; the other ways need more than one person's values. */
export function ownWay(item: PayItem, known: Known): (steps: string[]) => Num {
  return steps => {
    if (item.formula) return numberOf(item.formula, known.value)
    return item.tiers ? tiered(item.tiers, known, steps) : zero
  }
}

/** Lower bounds only: from each on its row holds, also for what lies between two whole numbers. */
export function tiered({ by, of, mode, rows }: NonNullable<PayItem['tiers']>, known: Known, steps: string[]): Num {
  const value = numberOf(by, known.value)
  const base = of ? numberOf(of, known.value) : value
  const first = rows[0]
  if (!first || value.lt(constantOf(first.from))) {
    steps.push(belowTiers(told(value), first?.from.text ?? '0'))
    return zero
  }
  if (mode === 'marginal') return slices(value, rows, steps)
  const row = rows.findLast(({ from }) => value.gte(constantOf(from))) ?? first
  steps.push(inTier(told(value), row.from.text, row.is.text))
  return mode === 'lookup' ? constantOf(row.is) : base.times(constantOf(row.is))
}

function slices(value: Num, rows: ReadonlyArray<{ from: Formula; is: Formula }>, steps: string[]): Num {
  let sum = zero
  for (const [index, { from, is }] of rows.entries()) {
    const next = rows[index + 1]
    const upper = next ? Num.min(value, constantOf(next.from)) : value
    const part = upper.minus(constantOf(from))
    if (part.lte(0)) continue
    steps.push(sliceOf(from.text, told(part), is.text))
    sum = sum.plus(part.times(constantOf(is)))
  }
  return sum
}

/** As people read it: at most six decimals. */
export const told = (value: Num): string => value.toDecimalPlaces(6, Num.ROUND_HALF_UP).toString()
