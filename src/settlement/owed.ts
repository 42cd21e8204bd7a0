import type { Owed } from './month.ts'
import type { Correction, Slip } from './slip.ts'

/** What a line adds to what somebody gets, in fen. */
const worth = (slip: Slip | undefined): Map<string, bigint> =>
  new Map(
    (slip?.lines ?? []).flatMap(({ item, as, fen }) =>
      fen === undefined ? [] : [[item, as === 'deduct' ? -BigInt(fen) : BigInt(fen)] as const],
    ),
  )

/**
 * The differences between a locked month and the same month reckoned anew, less what corrections of later months have paid
 * or taken by now: original + corrections = the month as it is right, in whatever order they come (R15.4).
 */
export function owedOf(
  month: string,
  locked: Slip | undefined,
  anew: Slip | undefined,
  corrections: readonly Correction[],
  why: string,
): Owed[] {
  const before = worth(locked)
  const after = worth(anew)
  const paid = new Map<string, bigint>()
  for (const { of, item, fen } of corrections) if (of === month) paid.set(item, (paid.get(item) ?? 0n) + BigInt(fen))
  const items = new Set([...before.keys(), ...after.keys(), ...paid.keys()])
  return [...items].sort().flatMap(item => {
    const fen = (after.get(item) ?? 0n) - (before.get(item) ?? 0n) - (paid.get(item) ?? 0n)
    return fen === 0n ? [] : [{ of: month, item, fen, why }]
  })
}
