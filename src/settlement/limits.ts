import { fenOf } from '../policy/fen.ts'
import { constantOf, Num } from '../policy/formula.ts'
import type { PayRule } from '../policy/payrule.ts'
import { roundToFen, yuanOf } from './shares.ts'

/** What one person has by the items above. In fen. */
export interface Purse {
  gross: bigint
  taken: bigint
  fines: bigint
}

/**
 * How much more may be taken: a fine up to the ceiling, rounded down, of what is earned by then (工资支付暂行规定 art. 16),
 * and nothing that would leave less than the floor, for part of a month its part.
 */
export function roomFor(
  purse: Purse,
  limits: PayRule['limits'],
  days: { employed: number; month: number },
  fine: boolean,
): { room: bigint; by: 'ceiling' | 'floor'; bound: bigint } {
  const floor = limits.floor
    ? roundToFen(yuanOf(fenOf(limits.floor)).times(days.employed).div(Math.max(days.month, 1)))
    : 0n
  const above = larger(purse.gross - purse.taken - floor, 0n)
  if (!fine || limits.fines === 'none') return { room: above, by: 'floor', bound: floor }
  const share = constantOf(limits.fines)
  const most = BigInt(new Num(purse.gross.toString()).times(share).floor().toFixed(0))
  const left = larger(most - purse.fines, 0n)
  return left < above ? { room: left, by: 'ceiling', bound: left } : { room: above, by: 'floor', bound: floor }
}

const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other)
