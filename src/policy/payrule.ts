import { z } from 'zod'
import { condition, constantOf, fixedNumber, numberFormula, valueName } from './formula.ts'
import { listOf, oneOf } from './terms.ts'

/**
 * Pay (工资, 提成) of a rule book as a list of small steps, worked through from the top: an item may use facts, figures,
 * constants and the items above it, nothing else (design.md §9).
 */

const posts = listOf(z.string().min(1).max(12))

/** Lower bounds only, rising: from each on its row holds, and the last one has no end. */
const row = z.strictObject({ from: fixedNumber, is: fixedNumber })

const tiers = z.strictObject({
  /** What decides the row. */
  by: numberFormula,
  /**
   * `whole` (整段): the row's rate on all of `of`. `marginal` (分段): each row's rate on what lies in it. `lookup` (取值):
   * what the row says itself. Always said: the three pay differently.
   */
  mode: oneOf({ whole: '整段', marginal: '分段', lookup: '取值' }),
  /** What the rate is of; `by` itself when missing. Only with `whole`. */
  of: numberFormula.optional(),
  rows: z.array(row).min(1, 'is empty').max(50),
})

const share = z.strictObject({
  /** A team's item above: the money that is shared. */
  pool: valueName,
  /** What it is shared by: each one's value of this; below zero counts as nothing. */
  by: valueName,
})

const aggregate = z.strictObject({
  of: valueName.optional(),
  as: oneOf({ sum: '合计', average: '平均', count: '人数', highest: '最高', lowest: '最低' }),
  for: posts.optional(),
})

const itemFile = z.strictObject({
  name: valueName,
  of: oneOf({ person: '个人', team: '班组' }).default('person'),
  /** Whose; everybody's when missing. */
  for: posts.optional(),
  /** `pay` is added, `deduct` taken off, `value` only used by items below. */
  as: oneOf({ pay: '应发', deduct: '扣款', value: '中间' }).optional(),
  /** Where this does not hold the item is nothing. */
  when: condition.optional(),
  formula: numberFormula.optional(),
  tiers: tiers.optional(),
  share: share.optional(),
  aggregate: aggregate.optional(),
  /** What leave and absence take (R4.1–R4.5); needs `dayWage`. */
  leave: z.literal('deductions', { error: 'must be deductions' }).optional(),
  /** What such an item took goes to the colleagues who were on duty that day (R4.4). */
  redistribute: valueName.optional(),
  /** Not less, not more than. */
  min: numberFormula.optional(),
  max: numberFormula.optional(),
  /** Only the part of the month in which he was employed there. */
  prorate: z.boolean().default(false),
  /** A fine: it obeys the ceiling. Other deductions obey the floor alone. */
  fine: z.boolean().default(false),
  /** Decimals a value is rounded to; money is always rounded to fen. */
  places: z.int().min(0).max(6).optional(),
  rule: z.string().max(60).optional(),
  /** Why, where the source leaves it open: printed with the line. */
  note: z.string().max(120).optional(),
})

const steps = ['formula', 'tiers', 'share', 'aggregate', 'leave', 'redistribute'] as const
export type PayStep = (typeof steps)[number]

const payItem = itemFile
  .check(context => {
    const { value } = context
    const say = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: value, path })
    const given = steps.filter(step => value[step] !== undefined)
    if (given.length === 0) say([], `says not how it is reckoned: give one of ${steps.join(', ')}`)
    if (given.length > 1) say([given[1] ?? ''], `stands beside ${given[0]}: an item has one way, divide it in two`)
    const as = value.as ?? (value.of === 'team' ? 'value' : 'pay')
    if (value.of === 'team' && as !== 'value') say(['as'], 'is of the team: pay and deductions are persons’')
    if (value.of === 'team' && value.for) say(['for'], 'is of the team: it has no post')
    if (value.aggregate && value.of !== 'team') say(['aggregate'], 'adds up persons: it needs `of: team`')
    if (value.aggregate && value.aggregate.as !== 'count' && !value.aggregate.of)
      say(['aggregate', 'of'], 'is missing: which value of each person')
    for (const step of ['share', 'leave', 'redistribute'] as const)
      if (value[step] !== undefined && value.of === 'team')
        say([step], 'gives something to persons: it needs `of: person`')
    if (value.leave && as !== 'deduct') say(['leave'], 'takes off: it needs `as: deduct`')
    if (value.fine && as !== 'deduct') say(['fine'], 'takes off: it needs `as: deduct`')
    if (value.prorate && value.of === 'team') say(['prorate'], 'is of persons')
    if (value.places !== undefined && as !== 'value') say(['places'], 'is for values: money is rounded to fen')
    const rows = value.tiers?.rows ?? []
    for (const [index, one] of rows.entries()) {
      const before = rows[index - 1]
      if (before && constantOf(before.from).gte(constantOf(one.from)))
        say(['tiers', 'rows', index, 'from'], `does not lie above ${before.from.text}: rows would overlap`)
    }
    if (value.tiers?.of && value.tiers.mode !== 'whole') say(['tiers', 'of'], 'is for mode whole (整段) only')
  })
  .transform(({ as, ...rest }) => ({ ...rest, as: as ?? (rest.of === 'team' ? ('value' as const) : ('pay' as const)) }))
export type PayItem = z.output<typeof payItem>

export const payRule = z.strictObject({
  /** Numbers with a name, e.g. the tax of the time: 增值税: 1.17. */
  constants: z.record(valueName, fixedNumber).default({}),
  /** A day's base wage, which leave and absence are reckoned by: an item's or figure's name, and the days it is divided by. */
  dayWage: z
    .strictObject({
      of: valueName,
      by: oneOf({ calendarDays: '当月天数', workdays: '当月工作日' }).or(fixedNumber),
    })
    .optional(),
  /**
   * No deduction goes further. `fines`: share of what is earned by then (工资支付暂行规定 art. 16), `none` to switch it off.
   * `floor`: what is left at least, the local minimum wage; for part of a month its part.
   */
  limits: z
    .strictObject({
      fines: z.union([z.literal('none'), fixedNumber], { error: 'must be a share like 20% or none' }).prefault('20%'),
      floor: z
        .string()
        .regex(/^\d{1,6}\.\d\d$/, { error: 'must be an amount in quotes like "2300.00"' })
        .optional(),
    })
    .prefault({}),
  items: z.array(payItem).min(1, 'is empty'),
})
export type PayRule = z.output<typeof payRule>
