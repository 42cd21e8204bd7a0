import { z } from 'zod'
import { grantable } from '../scopes.ts'
import { moment, named, page } from './common.ts'

/** Tokens as programs get them. */

export const token = named(
  'Token',
  z.strictObject({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.enum(grantable)),
    createdAt: moment,
    lastUsedAt: moment.nullable().describe('To the minute'),
    expiresAt: moment.nullable(),
    revokedAt: moment.nullable(),
  }),
)
export const tokenPage = page(token)
export const freshToken = named(
  'FreshToken',
  token.extend({ secret: z.string().describe('What goes behind "Bearer": shown this once, kept nowhere') }),
)

export const tokenInput = named(
  'TokenInput',
  z.strictObject({
    name: z.string().trim().min(1).max(60).describe('What it is for: ERP'),
    scopes: z
      .array(z.enum(grantable, { error: `must be one of ${grantable.join(', ')}` }))
      .min(1)
      .max(grantable.length)
      .describe('What it may do; `orders:*` is all of orders'),
    expiresAt: z.iso
      .datetime({ offset: true, error: 'must be an ISO time with its offset, e.g. 2027-11-24T10:00:00+08:00' })
      .optional()
      .describe('When it stops being good; never unless told'),
  }),
)
