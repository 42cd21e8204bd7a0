import { z } from 'zod'
import { clockKind, listOf, orderKind, reason, returnNeed, returnOutcome } from './terms.ts'

const momentHelp = 'a moment like 2026-11-25 09:00'

/** `2026-11-25 09:00` or with seconds, in the policy's zone. */
const moment = z.string({ error: `must be ${momentHelp}` }).regex(/^\d{4}-\d\d-\d\d \d{1,2}:\d\d(:\d\d)?$/, {
  error: `must be ${momentHelp}`,
})

export const caseStates = {
  running: '计时中',
  late: '已超时',
  paused: '暂停',
  met: '按时',
  missed: '超时完成',
  exempt: '免责',
  cancelled: '不计',
} as const

const stateOf = new Map<string, keyof typeof caseStates>(
  Object.entries(caseStates).flatMap(([key, word]) => [
    [key, key as keyof typeof caseStates],
    [word, key as keyof typeof caseStates],
  ]),
)

const expectHelp = `must be none, or ${momentHelp} and then, if wanted, a state: ${Object.values(caseStates).join(', ')}`

const expected = z.string({ error: expectHelp }).transform((text, context) => {
  if (text === 'none' || text === '没有') return null
  const [, due, , state = ''] = /^(\d{4}-\d\d-\d\d \d{1,2}:\d\d(:\d\d)?)(?:\s+(\S+))?$/.exec(text) ?? []
  if (due && state === '') return { due }
  const named = stateOf.get(state)
  if (due && named) return { due, state: named }
  context.addIssue({ code: 'custom', message: `${expectHelp}; not "${text}"` })
  return z.NEVER
})

/**
 * An example a policy carries with it: what happens to an order, and when its clocks are due. `npm run policy -- check`
 * and the tests run it.
 */
export const policyCase = z.strictObject({
  name: z.string({ error: 'must say what the case shows' }).min(1),
  order: z
    .strictObject({
      kind: orderKind.default('repair'),
      urgent: z.boolean().default(false),
      zone: z.string().optional(),
      distanceKm: z.number().min(0).optional(),
      warranty: z.enum(['in', 'out']).optional(),
      category: z.string().optional(),
      key: z.boolean().optional(),
      gone: z.boolean().optional(),
      units: z.int().min(1).optional(),
      fault: z.string().optional(),
      /** A job that was done there before, by the end of which it is known: `2026-02-02 12:00 安装 挂机`. */
      earlier: z
        .string()
        .regex(/^\d{4}-\d\d-\d\d \d{1,2}:\d\d \S+( .+)?$/, {
          error: 'must be a moment, a kind and the fault: 2026-11-02 17:00 维修 不制冷',
        })
        .optional(),
    })
    .prefault({}),
  /** `2026-11-25 09:00 派单`, `2026-11-25 10:00 已联系 2026-11-26 14:00-16:00`, `2026-11-25 11:00 挂起 等配件`. */
  facts: z.array(z.string()).min(1, 'names nothing that happens'),
  /** When it is looked at; at the last of the facts when missing. */
  at: moment.optional(),
  expect: z.array(
    z.tuple([clockKind, expected], { error: 'must be a clock and its due time: [完成, "2026-11-26 09:00"]' }),
  ),
})

export type PolicyCase = z.output<typeof policyCase>

const dayHelp = 'must be a day like "2026-11-25"'
const day = z.iso.date({ error: dayHelp })
const moneyHelp = 'must be an amount in quotes like "3299.00"'
const money = z.string({ error: moneyHelp }).regex(/^\d{1,8}\.\d\d$/, { error: moneyHelp })

/** An example of `returns`: what is known of a unit on some day, what its customer may have, and what is paid back. */
export const returnCase = z
  .strictObject({
    name: z.string({ error: 'must say what the case shows' }).min(1),
    invoice: z.strictObject({ date: day, price: money }),
    today: day,
    /** When the fault was reported; `today` when missing. */
    faultOn: day.optional(),
    mainFault: z.boolean().optional(),
    deformed: z.boolean().optional(),
    /** When the unit was handed in for repair; the day of the fault when missing. */
    handedInOn: day.optional(),
    waitsForParts: z.boolean().optional(),
    repairerSince: day.optional(),
    warranty: z.enum(['in', 'out'], { error: 'must be in (保内) or out (保外)' }).optional(),
    /** Days in repair or waiting for it: `[等配件, "2026-11-20", "2026-11-26"]`. */
    suspended: z
      .array(z.tuple([reason, day, day], { error: 'must be like [等配件, "2026-11-20", "2026-11-26"]' }))
      .default([]),
    sameModel: z.boolean().optional(),
    otherModel: z.boolean().optional(),
    /** What of `needs` is missing; all the rest is there. */
    lacks: listOf(returnNeed).default([]),
    expect: z.strictObject({ outcomes: listOf(returnOutcome), refund: money.optional() }),
  })
  .check(context => {
    const { outcomes, refund } = context.value.expect
    if (outcomes.includes('return') === (refund !== undefined)) return
    const message = refund === undefined ? 'is missing: 退货 pays something back' : 'needs 退货 among the outcomes'
    context.issues.push({ code: 'custom', message, continue: true, input: context.value, path: ['expect', 'refund'] })
  })

export type ReturnExample = z.output<typeof returnCase>
