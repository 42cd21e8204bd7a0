import { constantOf, DividedByZero, type Formula, Num, numberOf } from '../policy/formula.ts'
import type { ScorecardRule, ScoreItem } from '../policy/scorerule.ts'
import { divided } from './how.ts'
import type { Score, ScoreLine } from './slip.ts'

/** Under which name a mark is kept with the month's figures. */
export const markName = (card: string, item: string, column: string): string => `${card}/${item}/${column}`

export interface Marking {
  /** The mark of an item in a column; undefined while nobody gave it. */
  mark(name: string): Num | undefined
  value(name: string): Num
}

/** A person's scorecard, and the marks that are missing. Marks are decimals; the total is not rounded (R6.2–R6.4). */
export function scoreOf(card: ScorecardRule, by: Marking): { score: Score; total: Num; missing: string[] } {
  const missing: string[] = []
  const reckoned = card.items.map(item => lineOf(card, item, by, missing))
  const plus = card.plus.map(({ name, marks }) => ({
    name,
    marks: whole(() => numberOf(marks, by.value), `${card.name} ${name}`, missing) ?? zero,
  }))
  const sum = [...reckoned.map(one => one.score), ...plus.map(one => one.marks)].reduce(
    (total, one) => total.plus(one),
    new Num(0),
  )
  const total = card.most ? Num.min(sum, constantOf(card.most)) : sum
  const grade = card.grades.find(({ from }) => total.gte(constantOf(from)))
  return {
    score: {
      card: card.name,
      lines: reckoned.map(({ line }) => line),
      plus: plus.filter(one => !one.marks.isZero()).map(({ name, marks }) => ({ name, marks: marks.toString() })),
      total: shown(total),
      grade: grade?.name ?? null,
    },
    total,
    missing,
  }
}

const zero = new Num(0)

/** What can't be reckoned counts as nothing, and holds the month up until it is mended. */
function whole<T>(reckon: () => T, what: string, missing: string[]): T | null {
  try {
    return reckon()
  } catch (error) {
    if (!(error instanceof DividedByZero)) throw error
    missing.push(`${what}：${divided(error.by)}`)
    return null
  }
}

const shown = (value: Num): string => value.toDecimalPlaces(4, Num.ROUND_HALF_UP).toString()

function lineOf(card: ScorecardRule, item: ScoreItem, by: Marking, missing: string[]): { line: ScoreLine; score: Num } {
  const full = constantOf(item.full)
  const [score, marks, steps] =
    item.by === 'marks'
      ? marked(card, item.name, full, by, missing)
      : (whole(() => figured(item, full, by.value), `${card.name} ${item.name}`, missing) ?? [zero, {}, []])
  const line = { item: item.name, full: full.toString(), marks, score: shown(score), steps }
  return { line, score }
}

type Reckoned = [score: Num, marks: Record<string, string>, steps: string[]]

/** What the columns gave, by their weights. */
function marked(card: ScorecardRule, item: string, full: Num, by: Marking, missing: string[]): Reckoned {
  let score = new Num(0)
  const marks: Record<string, string> = {}
  for (const { name, weight } of card.columns) {
    const mark = by.mark(markName(card.name, item, name))
    if (mark === undefined) {
      // What has no weight is shown where it was given, and nothing waits for it.
      if (!constantOf(weight).isZero()) missing.push(`${card.name} ${item} ${name}`)
      continue
    }
    const within = Num.max(Num.min(mark, full), 0)
    marks[name] = within.toString()
    score = score.plus(within.times(constantOf(weight)))
  }
  return [score, marks, []]
}

function figured(item: Exclude<ScoreItem, { by: 'marks' }>, full: Num, value: (name: string) => Num): Reckoned {
  const most = full.times(constantOf(item.most))
  const capped = (score: Num) => Num.max(Num.min(score, most), 0)
  if (item.by === 'formula') return [capped(numberOf(item.formula, value)), {}, [item.formula.text]]
  const [target, actual] = [numberOf(item.target, value), numberOf(item.actual, value)]
  const [top, bottom] = item.by === 'completion' ? [actual, target] : [target, actual]
  const part = ratio(top, bottom, constantOf(item.most))
  const told = `${words(item.target)} ${target} → ${words(item.actual)} ${actual}`
  const percent = part.times(100).toDecimalPlaces(2, Num.ROUND_HALF_UP)
  return [capped(full.times(part)), {}, [told, `完成率 ${percent}%${part.gt(constantOf(item.most)) ? '，按上限' : ''}`]]
}

/** Nothing to divide by: a target of 0 that was reached is done in full, a control figure of 0 is the best there is. */
function ratio(top: Num, bottom: Num, most: Num): Num {
  if (!bottom.isZero()) return top.div(bottom)
  return top.isNegative() ? new Num(0) : most
}

const words = ({ text }: Formula): string => text
