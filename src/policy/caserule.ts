import { z } from 'zod'
import { clockKind, orderKind } from './terms.ts'

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
