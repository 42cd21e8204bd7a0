import { Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'
import type { Place, Slip } from './slip.ts'

/** What a rule book's ranking goes by. */
export const rankedBy = ({ month, points, scorecards }: Policy): string =>
  month.rankBy ?? (points ? '积分' : (scorecards[0]?.name ?? '完成单'))

/** What a slip has under a name: a scorecard, a line, or a fact; null where it has no such thing. */
export function standingOf(slip: Slip, name: string): Num | null {
  const score = slip.scores.find(({ card }) => card === name)
  if (score) return new Num(score.total)
  const line = slip.lines.find(({ item }) => item === name)
  // Money never stands in a ranking: a group reads it.
  if (line) return line.value === undefined ? null : new Num(line.value)
  const fact = slip.facts[name]
  return fact ? new Num(fact.value) : null
}

/** Places by score, equal scores sharing one; those without a score are left out. */
export function rankingOf(slips: readonly Slip[], by: string): Place[] {
  const scored = slips.flatMap(slip => {
    const score = standingOf(slip, by)
    return score ? [{ slip, score }] : []
  })
  scored.sort((a, b) => b.score.cmp(a.score) || (a.slip.person < b.slip.person ? -1 : 1))
  let rank = 0
  return scored.map(({ slip, score }, index) => {
    if (index === 0 || !scored[index - 1]?.score.eq(score)) rank = index + 1
    const { person, name } = slip
    return { person, name, score: score.toDecimalPlaces(2, Num.ROUND_HALF_UP).toString(), rank }
  })
}
