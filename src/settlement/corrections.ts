import type { PayRule } from '../policy/payrule.ts'
import { type Purse, roomFor } from './limits.ts'
import type { Owed } from './month.ts'
import type { Correction } from './slip.ts'

/** What an earlier month owes or is owed, as lines of this one (R15.4). What is taken back obeys the floor; the rest stays owed. */
export function corrected(
  owed: readonly Owed[],
  purse: Purse,
  limits: PayRule['limits'] | undefined,
  employed: number,
  month: number,
): Correction[] {
  const left: Purse = { ...purse }
  const paid = [...owed].sort((a, b) => (a.of === b.of ? compare(a.item, b.item) : compare(a.of, b.of)))
  // What is owed to him comes first: it may be what the rest is taken from.
  return [...paid.filter(({ fen }) => fen >= 0n), ...paid.filter(({ fen }) => fen < 0n)].map(
    ({ of, item, fen, why }) => {
      if (fen >= 0n) {
        left.gross += fen
        return { of, item, fen: `${fen}`, why }
      }
      const { room } = roomFor(left, limits ?? { fines: 'none' }, { employed, month }, false)
      const taken = -fen < room ? -fen : room
      left.taken += taken
      return { of, item, fen: `${-taken}`, why, ...(taken < -fen && { notTaken: `${-fen - taken}` }) }
    },
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
