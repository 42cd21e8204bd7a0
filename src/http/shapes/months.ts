import { z } from 'zod'
import type { MonthEntry } from '../../settlement/fact.ts'
import { day, frame, moment, month, named, next, number, page, personRef, teamRef, whole, yuan } from './common.ts'
import { facts, type Told } from './journal.ts'

/** Months, payslips and points as programs get them. */

const id = z.uuid()
const text = z.string()
export const monthState = z.enum(['draft', 'published', 'locked'])
const rules = z.strictObject({ name: text, title: text, version: z.int() })
const progress = z.strictObject({ done: z.int(), of: z.int() }).nullable().describe('While it is being reckoned')
const missing = z
  .array(z.strictObject({ what: text, person: text.optional() }))
  .describe('What the month can’t be published without; `person` by name')

const line = named(
  'PayLine',
  z.strictObject({
    item: text,
    as: z.enum(['pay', 'deduct', 'value']),
    amount: yuan.optional().describe('Of pay and deductions, above zero for both'),
    value: number.optional(),
    how: text.describe('毛利 × 20%'),
    inputs: z.array(
      z.strictObject({
        name: text,
        value: text,
        from: z.enum(['figure', 'fact', 'count', 'item', 'constant', 'scorecard']),
      }),
    ),
    gate: z.strictObject({ when: text, held: z.boolean() }).optional(),
    steps: z.array(text),
    notTaken: yuan.optional().describe('What a ceiling or the floor kept from being taken'),
    fault: text.optional(),
    override: z
      .strictObject({ reckoned: number, reason: text, by: text })
      .optional()
      .describe('It was set by hand in place of what was reckoned'),
    rule: text.optional(),
    note: text.optional(),
  }),
)

const summary = {
  person: personRef,
  post: text.nullable(),
  month,
  policy: rules,
  ...{ gross: yuan, deducted: yuan, corrected: yuan, net: yuan },
}
const evidence = z.strictObject({
  orders: z.array(text).optional(),
  incidents: z.array(text).optional(),
  leaves: z.array(text).optional(),
  days: z.array(text).optional(),
})
const score = z.strictObject({
  card: text,
  lines: z.array(
    z.strictObject({ item: text, full: text, marks: z.record(text, text), score: text, steps: z.array(text) }),
  ),
  plus: z.array(z.strictObject({ name: text, marks: text })),
  total: text,
  grade: text.nullable(),
})

export const payslipPage = z.strictObject({
  state: monthState,
  items: z.array(named('PayslipSummary', z.strictObject(summary))),
  next,
})
export const payslip = named(
  'Payslip',
  z.strictObject({
    state: monthState,
    ...summary,
    days: z.strictObject({ employed: z.number(), month: z.number() }),
    lines: z.array(line),
    scores: z.array(score),
    facts: z.record(text, z.strictObject({ value: text, evidence: evidence.optional() })),
    remarks: z.array(text),
    corrections: z.array(z.strictObject({ of: text, item: text, amount: yuan, notTaken: yuan.optional(), why: text })),
  }),
)

export const points = z.strictObject({
  items: z.array(
    z.strictObject({
      day,
      source: z.enum(['start', 'order', 'incident', 'attendance']),
      code: text.nullable().describe('Of the order or the incident'),
      rule: text,
      points: z.number(),
      corrects: z.boolean().describe('It takes back or mends an entry before it'),
      at: moment,
      policy: z.strictObject({ name: text, version: z.int() }),
    }),
  ),
  total: z.number(),
  ...whole,
})

const sums = z.record(text, text)
const result = z.strictObject({
  month,
  team: text,
  policy: rules,
  lines: z.array(line),
  ranking: z.array(z.strictObject({ person: id, name: text, rank: z.int(), score: text })),
  rankBy: text,
  facts: sums,
  ...{ gross: yuan, net: yuan, people: z.int() },
  moved: z.array(z.strictObject({ name: text, amount: yuan })).describe('Against the month before'),
  before: z.strictObject({ facts: sums, places: z.record(text, z.int()) }).nullable(),
  year: z.strictObject({ facts: sums }).nullable().describe('The same month a year ago'),
})

const settlement = {
  id,
  team: teamRef,
  month,
  state: monthState,
  wanted: z.boolean().describe('It is to be reckoned anew'),
  progress,
  reckonedAt: moment.nullable(),
  publishedAt: moment.nullable(),
  appealsUntil: moment.nullable(),
  lockedAt: moment.nullable(),
  missing,
  adjustments: z.array(
    z.strictObject({ person: personRef, item: text, amount: yuan, reason: text, by: id.nullable() }),
  ),
  appeals: z.array(
    z.strictObject({
      ...{ nr: z.int(), person: personRef, item: text, reason: text, at: moment },
      answer: z.strictObject({ upheld: z.boolean(), reason: text, by: personRef.nullable(), at: moment }).nullable(),
    }),
  ),
  result: result.nullable(),
}

/** As `timelineOf` shows it: fen are yuan there. */
export const monthFact = named(
  'MonthFact',
  facts({ ...frame, by: id.nullable() }, {
    wanted: {},
    reckoned: {
      ...{ policy: text, rules: z.int(), people: z.int(), net: yuan, missing: z.int(), changed: z.array(id) },
      until: moment.optional(),
    },
    adjusted: { person: id, item: text, amount: yuan.nullable(), reason: text },
    published: { until: moment },
    appealed: { person: id, item: text, nr: z.int(), reason: text },
    answered: { nr: z.int(), upheld: z.boolean(), reason: text },
    locked: {},
  } satisfies Told<Exclude<MonthEntry, { fact: 'adjusted' }>> & { adjusted: z.ZodRawShape }),
)

export const settled = named('Settlement', z.strictObject(settlement), 'A month of a team (月结)')
export const monthWithTimeline = named('SettlementWithTimeline', settled.extend({ timeline: z.array(monthFact) }))
export const monthPage = page(
  z.strictObject({
    ...{ id, team: teamRef, month, state: monthState },
    policy: text,
    rules: z.int().describe('Version of the policy'),
    people: z.int().nullable(),
    net: yuan.nullable(),
    missing: z.int(),
    progress,
  }),
)

const change = { before: yuan, after: yuan, difference: yuan }
const brief = z.array(z.strictObject({ person: personRef, difference: yuan }))
export const simulation = z.strictObject({
  team: teamRef,
  month,
  before: rules.extend({ kept: z.boolean().describe('These are the slips that are kept') }),
  after: rules,
  missing,
  total: z.strictObject(change),
  changed: z.int().describe('People for whom something differs'),
  gain: brief,
  lose: brief,
  items: z.array(
    z.strictObject({
      person: personRef,
      ...change,
      items: z.array(
        z.strictObject({
          item: text,
          as: z.enum(['pay', 'deduct', 'value']),
          before: number.describe('Yuan, of a value the exact number'),
          after: number,
          difference: number,
        }),
      ),
    }),
  ),
  ...whole,
})
