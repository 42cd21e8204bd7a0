/** Money in whole fen, without a fraction anywhere. */

/** `3299.00`, `3299` → 329900. */
export function fenOf(amount: string): bigint {
  const [whole = '0', places = ''] = amount.split('.')
  return BigInt(`${whole}${places.padEnd(2, '0').slice(0, 2)}`)
}

/** 329900 → `3299.00`. */
export function amountOf(fen: bigint): string {
  if (fen < 0n) return `-${amountOf(-fen)}`
  const digits = fen.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** 329900 → `¥3,299.00`, -5000 → `-¥50.00`. */
export const sayFen = (fen: bigint): string =>
  fen < 0n ? `-${sayFen(-fen)}` : `¥${amountOf(fen)}`.replace(/\B(?=(\d{3})+\.)/g, ',')

/** So many millionths of an amount, so many times, rounded half up once at the end. Nothing is below zero. */
export function millionthsOf(fen: bigint, millionths: number, times: number): bigint {
  return (fen * BigInt(millionths) * BigInt(times) + 500_000n) / 1_000_000n
}
