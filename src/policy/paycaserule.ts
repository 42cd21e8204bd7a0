import { z } from 'zod'
import { clockKind, duration, listOf, orderKind } from './terms.ts'

/** Examples of a month's money a policy carries with it (`payCases`): month facts in, lines out. */

const day = z.iso.date({ error: 'must be a day like "2026-11-25"' })
const value = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)], { error: 'must be a number' })
  .transform(String)
const money = z
  .string({ error: 'must be an amount in quotes like "600.00", or none' })
  .regex(/^(-?\d+(\.\d+)?|none)$/, {
    error: 'must be an amount in quotes like "600.00", or none',
  })

/** Orders he finished, `times` alike on that day. */
const finished = z.strictObject({
  day,
  times: z.int().min(1).max(5000).default(1),
  kind: orderKind.default('repair'),
  warranty: z.enum(['in', 'out']).optional(),
  category: z.string().optional(),
  brand: z.string().optional(),
  zone: z.string().optional(),
  urgent: z.boolean().default(false),
  key: z.boolean().default(false),
  units: z.int().min(1).default(1),
  charge: z
    .string()
    .regex(/^\d+\.\d\d$/)
    .optional(),
  empty: z.boolean().default(false),
  grade: z.int().min(1).max(5).optional(),
  complained: z.boolean().default(false),
  rework: z.boolean().default(false),
  leak: z.boolean().default(false),
  reworked: z.boolean().default(false),
  leaked: z.boolean().default(false),
  inTime: listOf(clockKind).default([]),
  late: z.partialRecord(clockKind, duration).default({}),
  /** Who went along, with his part in percents. */
  with: z.record(z.string(), z.int().min(0).max(100)).default({}),
})

/** `2026-11-03 未穿鞋套`, or with what was said of it. */
const incident = z.union(
  [
    z
      .string()
      .regex(/^\d{4}-\d\d-\d\d \S+$/)
      .transform(text => ({ day: text.slice(0, 10), item: text.slice(11) })),
    z.strictObject({
      day,
      item: z.string().min(1),
      /** The order it is about. */
      order: z.string().optional(),
      /** How much, where the catalogue leaves it open; the sum it is reckoned from; what is to be compensated. */
      points: z.number().optional(),
      amount: z.string().optional(),
      base: z.string().optional(),
      loss: z.string().optional(),
    }),
  ],
  { error: 'must be like "2026-11-03 未穿鞋套", or { day, item, points, amount, base, loss }' },
)

const person = z.strictObject({
  post: z.string().optional(),
  /** When he was employed there; all month when missing. */
  from: day.optional(),
  to: day.optional(),
  figures: z.record(z.string(), value).default({}),
  /** Facts and counts as they are, in place of what is counted. */
  facts: z.record(z.string(), value).default({}),
  orders: z.array(finished).default([]),
  incidents: z.array(incident).default([]),
  /** Days that cost something: so much of a day, so many times the day's wage, and who was on duty and gets it. */
  leave: z
    .array(
      z.strictObject({
        day,
        share: z.number().min(0).max(1).default(1),
        times: z.number().min(0).max(10).default(1),
        to: listOf(z.string()).default([]),
      }),
    )
    .default([]),
  /** `月考核: { 工作态度: { 上级: 9 } }` */
  marks: z.record(z.string(), z.record(z.string(), z.record(z.string(), value))).default({}),
  /** What an earlier month owes or is owed: `{ of: "2026-10", item: 提成, amount: "-20.00" }`. */
  corrections: z.array(z.strictObject({ of: z.string(), item: z.string(), amount: money })).default([]),
})

export const payCase = z.strictObject({
  name: z.string({ error: 'must say what the case shows' }).min(1),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month like "2026-11"' })
    .default('2026-11'),
  figures: z.record(z.string(), value).default({}),
  people: z.record(z.string(), person).default({}),
  /**
   * By person, or 班组: what lines come to; also 应发, 扣款, 实发, 没扣到, 积分, a fact's or scorecard's name, and its grade as
   * 名字等级. Lines not named may be anything. `missing`: what the draft says is not entered.
   */
  expect: z.record(z.string(), z.record(z.string(), money.or(z.number().transform(String)).or(z.string()))),
  missing: z.array(z.string()).optional(),
})
export type PayCase = z.output<typeof payCase>
