import { Num } from '../policy/formula.ts'

/**
 * An amount in parts by weight that add up to it exactly: each its whole fen, and of those left over one each to the largest
 * remainders, the earlier of equal ones first. Weights below zero count as nothing; null when there is no weight at all.
 */
export function shareByWeight(fen: bigint, weights: readonly Num[]): bigint[] | null {
  const counted = weights.map(weight => Num.max(weight, 0))
  const total = counted.reduce((sum, weight) => sum.plus(weight), new Num(0))
  if (total.isZero()) return null
  const exact = counted.map(weight => new Num(fen.toString()).times(weight).div(total))
  const whole = exact.map(part => BigInt(part.floor().toFixed(0)))
  let left = fen - whole.reduce((sum, part) => sum + part, 0n)
  const byRemainder = exact
    .map((part, index) => ({ index, remainder: part.minus(part.floor()) }))
    .sort((a, b) => b.remainder.cmp(a.remainder) || a.index - b.index)
  for (const { index } of byRemainder) {
    if (left <= 0n) break
    whole[index] = (whole[index] ?? 0n) + 1n
    left -= 1n
  }
  return whole
}

/** Rounded half up on the magnitude, to whole fen. */
export const roundToFen = (yuan: Num): bigint =>
  BigInt(yuan.times(100).toDecimalPlaces(0, Num.ROUND_HALF_UP).toFixed(0))

export const yuanOf = (fen: bigint): Num => new Num(fen.toString()).div(100)
