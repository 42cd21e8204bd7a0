import { z } from 'zod'
import { fixedNumber, valueName } from './formula.ts'
import { clockKind, duration, listOf, oneOf, orderKind } from './terms.ts'

/** What finished orders count for in a month: points and counts of a rule book (domain.md R6–R12). */

const grade = z.int({ error: 'must be a grade of satisfaction, 1 to 5' }).min(1).max(5)

/** Which finished orders are meant; every field that is given must agree. */
export const creditCondition = z
  .strictObject({
    kind: listOf(orderKind).optional(),
    warranty: z.enum(['in', 'out'], { error: 'must be in (保内) or out (保外)' }).optional(),
    category: listOf(z.string().min(1)).optional(),
    brand: listOf(z.string().min(1)).optional(),
    zone: listOf(z.string().min(1)).optional(),
    urgent: z.boolean().optional(),
    key: z.boolean().optional(),
    /** Closed as an empty run (空单, R1.9). */
    empty: z.boolean().optional(),
    /** It followed from an earlier job: the same fault again (R1.10), or a leak after an install (R9.5). */
    rework: z.boolean().optional(),
    leak: z.boolean().optional(),
    /** A later job followed from it: this one was not done right. */
    reworked: z.boolean().optional(),
    leaked: z.boolean().optional(),
    /** The customer complained when called back. */
    complained: z.boolean().optional(),
    graded: z.boolean().optional(),
    minGrade: grade.optional(),
    maxGrade: grade.optional(),
    /** A clock of it was kept, or missed by more than `over`. */
    inTime: clockKind.optional(),
    late: z.strictObject({ clock: clockKind, over: duration.default(0) }).optional(),
  })
  .check(context => {
    const say = (message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path: [] })
    if (Object.keys(context.value).length === 0) say('has no condition: leave `when` out or name one')
    for (const [key, value] of Object.entries(context.value))
      if (Array.isArray(value) && value.length === 0) say(`${key} is empty: no order can match`)
    const { minGrade = 1, maxGrade = 5 } = context.value
    if (minGrade > maxGrade) say('minGrade is above maxGrade: no order can match')
  })
export type CreditCondition = z.output<typeof creditCondition>

/** Of work that several did: by their shares, to the one in charge alone, or whole to each of them. */
const split = oneOf({ shares: '分成', charge: '负责人', each: '各算' })

const nth = {
  /** Only the n-th of a day and those after it: `from: 7` (R9.4). */
  from: z.int().min(2).max(100).optional(),
  /** Nothing of a day on which one of the person's orders, of whatever kind, was like this: a complaint (R9.4). */
  unless: creditCondition.optional(),
  split: split.default('shares'),
}

/** A number that is counted from a month's records and that formulas use by its name. */
export const countRule = z.discriminatedUnion(
  'of',
  [
    z.strictObject({
      name: valueName,
      of: z.literal('orders'),
      when: creditCondition.optional(),
      /** What is added up: orders, what was charged (元), units, or the customers' grades. */
      sum: oneOf({ orders: '单数', charge: '收费', units: '台数', grade: '评分' }).default('orders'),
      ...nth,
    }),
    z.strictObject({
      name: valueName,
      of: z.literal('incidents'),
      /** Names of the catalogue; all of them when missing. */
      items: listOf(z.string().min(1)).optional(),
      sum: oneOf({ times: '次数', fine: '罚款', reward: '奖金', points: '分' }).default('times'),
      /** Of the month alone, or with the months before it of the same quarter or year (R6.3). */
      within: oneOf({ month: '月', quarter: '季', year: '年' }).default('month'),
    }),
  ],
  { error: 'must say `of: orders` or `of: incidents`' },
)
export type CountRule = z.output<typeof countRule>

const pointsHelp = 'must be points from -1000 to 1000 with at most two places, like 3 or -0.5'
export const points = z.number({ error: pointsHelp }).min(-1000, pointsHelp).max(1000, pointsHelp).multipleOf(0.01, {
  error: pointsHelp,
})

const pointRule = z.strictObject({
  /** As the ledger names it: 上门维修. */
  name: z.string().trim().min(1).max(16),
  when: creditCondition.optional(),
  points,
  ...nth,
  rule: z.string().max(60).optional(),
})
export type PointRule = z.output<typeof pointRule>

/** Points (积分) of a month: what everybody begins with, and what each order brings. Incidents bring their own. */
export const pointsRule = z.strictObject({
  /** What the ledger begins a month with. */
  start: points.default(0),
  orders: z.array(pointRule).default([]),
})
export type PointsRule = z.output<typeof pointsRule>

const unit = z.string().trim().min(1).max(6)

/** A number a person enters for a month (月度数字): gross profit, output, a grade's wage. */
export const figureRule = z.strictObject({
  name: valueName,
  /** Of the team, or of each person. */
  of: oneOf({ team: '班组', person: '个人' }).default('team'),
  /** Whose; everybody's when missing. */
  for: listOf(z.string().min(1)).optional(),
  unit: unit.default('元'),
  /** `quarter`: asked for in the last month of a quarter only, for a quarter's scorecard (R6.3). */
  period: oneOf({ month: '月', quarter: '季' }).default('month'),
  /** It stays what it is until it is changed, as a grade's wage does. */
  standing: z.boolean().default(false),
  /** Taken where nobody entered one; without it the month can't be published before it is entered. */
  usual: fixedNumber.optional(),
  min: fixedNumber.optional(),
  max: fixedNumber.optional(),
  /** Other words for it in a sentence. */
  words: listOf(z.string().min(1).max(16)).default([]),
})
export type FigureRule = z.output<typeof figureRule>
