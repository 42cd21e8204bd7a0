import type { Point } from './points.ts'

/** An entry of the points ledger as it is kept. `hundredths` of a point; `corrects`: it takes back or mends what was there. */
export interface LedgerEntry extends Point {
  corrects: boolean
}

const keyOf = ({ source, subject, rule }: Pick<Point, 'source' | 'subject' | 'rule'>): string =>
  `${source}\n${subject}\n${rule}`

/**
 * What is to be added to a ledger so that it says what the records say: nothing is ever taken out, what was wrong is taken
 * back by an entry of its own.
 */
export function ledgerDiff(kept: readonly Point[], wanted: readonly Point[]): LedgerEntry[] {
  const sums = new Map<string, number>()
  for (const one of kept) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0) + one.hundredths)
  const last = new Map(kept.map(one => [keyOf(one), one]))
  const targets = new Map<string, Point>()
  for (const one of wanted) {
    const known = targets.get(keyOf(one))
    targets.set(keyOf(one), known ? { ...known, hundredths: known.hundredths + one.hundredths } : one)
  }
  const added = [...targets].flatMap(([key, one]): LedgerEntry[] => {
    const hundredths = one.hundredths - (sums.get(key) ?? 0)
    return hundredths === 0 ? [] : [{ ...one, hundredths, corrects: last.has(key) }]
  })
  const gone = [...sums].flatMap(([key, sum]): LedgerEntry[] => {
    const one = last.get(key)
    return targets.has(key) || sum === 0 || !one ? [] : [{ ...one, hundredths: -sum, corrects: true }]
  })
  return [...added, ...gone].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}
