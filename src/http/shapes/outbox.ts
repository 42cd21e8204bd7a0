import { z } from 'zod'
import { moment, whole } from './common.ts'

/** Messages on their way as programs get them. */

export const outboxStatus = z.enum(['waiting', 'sending', 'sent', 'answered', 'dropped', 'dead'])

export const outboxRows = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.uuid(),
      kind: z.string(),
      lane: z.string(),
      status: outboxStatus,
      attempts: z.int(),
      nextAt: moment,
      reason: z.string().nullable(),
      createdAt: moment,
      sentAt: moment.nullable(),
    }),
  ),
  ...whole,
})
