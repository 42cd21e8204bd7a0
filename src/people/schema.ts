import { z } from 'zod'
import { roles } from './person.ts'

/** Shapes of teams and people as programs and the teams file give them. */

const name = z.string().trim().min(1).max(40)
const mobile = z
  .string()
  .trim()
  .regex(/^1\d{10}$/, 'must be a mobile number of 11 digits')
const account = z.strictObject({
  userId: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[\w\-@.]+$/, 'may have letters, digits and - _ @ .'),
})
const webhook = z.strictObject({
  webhookKey: z.string().trim().min(8).max(100).optional(),
  chatId: z.string().trim().min(1).max(128).optional(),
})

export const teamInput = z.strictObject({
  name,
  policy: z.string().trim().min(1).max(60).default('default'),
  wecom: webhook.optional(),
})

export const personInput = z.strictObject({
  name,
  team: z.string().trim().min(1).optional(),
  roles: z.array(z.enum(roles)).min(1).optional(),
  mobile: mobile.optional(),
  wecom: account.optional(),
  dingtalk: account.optional(),
})

export const personPatch = z.strictObject({ mobile: mobile.nullable().optional(), active: z.boolean().optional() })

export const teamsFile = z.strictObject({
  teams: z
    .array(
      teamInput.extend({
        people: z.array(personInput.omit({ team: true }).extend({ roles: z.array(z.enum(roles)).min(1) })).default([]),
      }),
    )
    .min(1),
})

export type TeamInput = z.infer<typeof teamInput>
export type PersonInput = z.infer<typeof personInput>
export type TeamsFile = z.infer<typeof teamsFile>
