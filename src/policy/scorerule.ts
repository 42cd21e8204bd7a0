import { z } from 'zod'
import { constantOf, fixedNumber, Num, numberFormula, valueName } from './formula.ts'
import { listOf, oneOf } from './terms.ts'

/** Scorecards (考核表): items with full marks, who gives them, and the grades they add up to (domain.md R6.2–R6.4). */

const column = z.strictObject({
  /** Who marks: 自评, 上级, 总部. */
  name: z.string().trim().min(1).max(8),
  /** Its part of the score; a column of weight 0 is asked for and shown only. */
  weight: fixedNumber,
})

const common = {
  name: z.string().trim().min(1).max(16),
  /** Full marks. */
  full: fixedNumber,
  rule: z.string().max(60).optional(),
}

const scoreItem = z.discriminatedUnion(
  'by',
  [
    /** Each column gives up to the full marks. */
    z.strictObject({ ...common, by: z.literal('marks') }),
    /** Full marks × actual ÷ target, up to `most` of it (R6.3: 110 %). */
    z.strictObject({
      ...common,
      by: z.literal('completion'),
      target: numberFormula,
      actual: numberFormula,
      most: fixedNumber.prefault('110%'),
    }),
    /** Full marks × target ÷ actual, up to `most`: the less the better (控制类, R6.3: 100 %). */
    z.strictObject({
      ...common,
      by: z.literal('control'),
      target: numberFormula,
      actual: numberFormula,
      most: fixedNumber.prefault('100%'),
    }),
    /** Marks that a formula gives, between 0 and the full marks unless `most` says more. */
    z.strictObject({ ...common, by: z.literal('formula'), formula: numberFormula, most: fixedNumber.prefault('100%') }),
  ],
  { error: 'must say by: marks, completion, control or formula' },
)
export type ScoreItem = z.output<typeof scoreItem>

export const scorecardRule = z
  .strictObject({
    /** Formulas use the score by this name. */
    name: valueName,
    for: listOf(z.string().min(1)).optional(),
    period: oneOf({ month: '月', quarter: '季' }).default('month'),
    columns: z.array(column).default([]),
    items: z.array(scoreItem).min(1, 'is empty'),
    /** Marks besides: 5 for each award (R6.3). */
    plus: z.array(z.strictObject({ name: z.string().min(1).max(16), marks: numberFormula })).default([]),
    most: fixedNumber.optional(),
    /** Lower bounds, the best first; below the last one there is no grade. */
    grades: z.array(z.strictObject({ from: fixedNumber, name: z.string().min(1).max(8) })).default([]),
  })
  .check(context => {
    const { columns, items, grades } = context.value
    const say = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
    const marked = items.some(({ by }) => by === 'marks')
    if (marked && columns.length === 0) say(['columns'], 'is missing: who gives the marks')
    if (!marked && columns.length > 0) say(['columns'], 'is never used: no item is by marks')
    const weights = columns.reduce((sum, { weight }) => sum.plus(constantOf(weight)), new Num(0))
    if (marked && columns.length > 0 && !weights.eq(1)) say(['columns'], 'have weights that do not add up to 100%')
    for (const [index, { name }] of items.entries())
      if (items.findIndex(other => other.name === name) < index) say(['items', index, 'name'], `names ${name} twice`)
    for (const [index, { from }] of grades.entries()) {
      const before = grades[index - 1]
      if (before && constantOf(before.from).lte(constantOf(from)))
        say(['grades', index, 'from'], `does not lie below ${before.from.text}: grades would overlap`)
    }
  })
export type ScorecardRule = z.output<typeof scorecardRule>
