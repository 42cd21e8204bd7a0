import { z } from 'zod'
import { moment, named, page, personRef, teamRef } from './common.ts'
import { clockKind, kind, orderState } from './orders.ts'

/** The board as programs get it. */

export const boardItem = named(
  'BoardItem',
  z.strictObject({
    id: z.uuid(),
    code: z.string(),
    ...{ kind, state: orderState, urgent: z.boolean() },
    team: teamRef,
    assignee: personRef.nullable(),
    customer: z.strictObject({
      ...{ name: z.string(), phone: z.string(), address: z.string(), zone: z.string().nullable() },
      key: z.boolean().describe('A key account (重点客户)'),
    }),
    brand: z.string().nullable(),
    fault: z.string(),
    createdAt: moment,
    appointment: z.strictObject({ from: moment, to: moment.nullable() }).nullable(),
    due: z
      .strictObject({
        at: moment,
        by: z
          .union([clockKind, z.enum(['appointment', 'expected'])])
          .describe('A clock, an appointment, or when what suspended work waits for should be there'),
        late: z.boolean(),
      })
      .nullable()
      .describe('What is due or expected of it next'),
  }),
)

const count = z.int().min(0)
export const board = page(boardItem).extend({
  counts: z
    .strictObject({ open: count, late: count, unassigned: count })
    .describe('Of all that fit, not of this page alone'),
})
