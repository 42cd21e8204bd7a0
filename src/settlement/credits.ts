import type { OrderCredit } from '../orders/credit.ts'
import type { CreditCondition } from '../policy/creditrule.ts'
import { Num } from '../policy/formula.ts'

/** A finished order as it counts for one person. `percent`: his part of the work; `charge`: he was in charge. */
export interface Credited {
  id: string
  code: string
  credit: OrderCredit
  percent: number
  inCharge: boolean
}

export interface Counting {
  when?: CreditCondition | undefined
  sum?: 'orders' | 'charge' | 'units' | 'grade'
  from?: number | undefined
  unless?: CreditCondition | undefined
  split: 'shares' | 'charge' | 'each'
}

/** In the order in which they were done: what `from: 7` counts by. */
export const inOrder = (orders: readonly Credited[]): Credited[] =>
  [...orders].sort((a, b) => compare(a.credit.doneAt, b.credit.doneAt) || compare(a.code, b.code))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Orders that count, in the order they were done; those of a day before its `from`-th, and of a day that `unless` spoils,
 * left out. `orders` as `inOrder` has them.
 */
export function chosen(
  orders: readonly Credited[],
  { when, from, unless, split }: Pick<Counting, 'when' | 'from' | 'unless' | 'split'>,
  is: (credit: OrderCredit) => boolean = () => true,
): Credited[] {
  const own = split === 'charge' ? orders.filter(({ inCharge }) => inCharge) : orders
  const spoilt = new Set(unless ? own.flatMap(({ credit }) => (agrees(unless, credit) ? [credit.day] : [])) : [])
  const fitting = own.filter(({ credit }) => is(credit) && (!when || agrees(when, credit)) && !spoilt.has(credit.day))
  if (from === undefined) return fitting
  const seen = new Map<string, number>()
  return fitting.filter(({ credit: { day } }) => {
    const nth = (seen.get(day) ?? 0) + 1
    seen.set(day, nth)
    return nth >= from
  })
}

/** In hundredths of an order: what part of it is his. */
export const partOf = ({ percent }: Credited, split: Counting['split']): number => (split === 'shares' ? percent : 100)

export function counted(
  orders: readonly Credited[],
  counting: Counting,
  is?: (credit: OrderCredit) => boolean,
): { value: Num; evidence?: { orders: string[] } } {
  const found = chosen(orders, counting, is)
  let hundredths = 0
  for (const one of found) hundredths += partOf(one, counting.split) * worth(one.credit, counting.sum ?? 'orders')
  // Charges are in fen: a hundredth of a hundredth.
  const value = new Num(hundredths).div(counting.sum === 'charge' ? 10_000 : 100)
  return { value, ...(found.length > 0 && { evidence: { orders: found.map(({ code }) => code) } }) }
}

function worth({ charge, units, grade }: OrderCredit, sum: NonNullable<Counting['sum']>): number {
  if (sum === 'charge') return Math.round(Number(charge ?? 0) * 100)
  return sum === 'units' ? units : sum === 'grade' ? (grade ?? 0) : 1
}

/** Whether an order is what a condition asks for; every field that is given must agree. */
export function agrees(when: CreditCondition, credit: OrderCredit): boolean {
  const { late, inTime, minGrade, maxGrade, graded } = when
  const listed = (wanted: readonly string[] | undefined, is: string | undefined) =>
    wanted === undefined || (is !== undefined && wanted.includes(is))
  const same = (wanted: boolean | undefined, is: boolean) => wanted === undefined || wanted === is
  return (
    listed(when.kind, credit.kind) &&
    listed(when.category, credit.category) &&
    listed(when.brand, credit.brand) &&
    listed(when.zone, credit.zone) &&
    (when.warranty === undefined || when.warranty === credit.warranty) &&
    same(when.urgent, credit.urgent) &&
    same(when.key, credit.key) &&
    same(when.empty, credit.empty) &&
    same(when.rework, credit.rework) &&
    same(when.leak, credit.leak) &&
    same(when.reworked, credit.reworked.length > 0) &&
    same(when.leaked, credit.leaked.length > 0) &&
    same(when.complained, credit.complained) &&
    same(graded, credit.grade !== undefined) &&
    (minGrade === undefined || (credit.grade !== undefined && credit.grade >= minGrade)) &&
    (maxGrade === undefined || (credit.grade !== undefined && credit.grade <= maxGrade)) &&
    (inTime === undefined || credit.inTime.includes(inTime)) &&
    (late === undefined || (credit.late[late.clock] ?? -1) > late.over)
  )
}
