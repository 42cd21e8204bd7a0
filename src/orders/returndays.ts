import { numberOf } from '../policy/days.ts'
import { fenOf, millionthsOf } from '../policy/fen.ts'
import type { Refund, ReturnFacts } from './returncase.ts'

/** Days are the difference of two dates (domain.md, "Readings for money"). */
export const daysBetween = (from: string, to: string): number => numberOf(to) - numberOf(from)

/** What is paid back today, `millionths` of the price deducted for each day that counts. */
export function refundAt(facts: ReturnFacts, today: string, millionths: number): Refund {
  const price = facts.price === undefined ? null : fenOf(facts.price)
  if (millionths === 0) return { fen: price, price, depreciation: null }
  if (facts.invoicedOn === undefined)
    return { fen: null, price, depreciation: { millionths, days: null, free: 0, fen: null } }
  const days = daysBetween(facts.invoicedOn, today)
  const free = Math.min(days, freeDays(facts, today))
  const fen = price === null ? null : millionthsOf(price, millionths, days - free)
  const left = price === null || fen === null ? null : price > fen ? price - fen : 0n
  return { fen: left, price, depreciation: { millionths, days, free, fen } }
}

/** Days in repair and waiting for it, from the invoice to today; days that are said twice count once. */
function freeDays({ invoicedOn = '', inRepair, daysInRepair }: ReturnFacts, today: string): number {
  if (daysInRepair !== undefined) return daysInRepair
  const spans = inRepair
    .map(({ from, to }) => [from, to < today ? to : today] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  let counted = 0
  let reached = invoicedOn
  for (const [from, to] of spans) {
    const begin = from > reached ? from : reached
    if (to <= begin) continue
    counted += daysBetween(begin, to)
    reached = to
  }
  return counted
}
