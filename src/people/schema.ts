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
const chatId = z.string().trim().min(1).max(128).optional()
const wecomGroup = z.strictObject({ webhookKey: z.string().trim().min(8).max(100).optional(), chatId })
const dingtalkGroup = z.strictObject({
  /** Of the group robot's address, behind `access_token=`. */
  webhookToken: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]{16,100}$/, 'must be what stands behind access_token= in the robot’s address')
    .optional(),
  /** 加签. */
  webhookSecret: z.string().trim().startsWith('SEC', 'must begin with SEC (安全设置 → 加签)').max(100).optional(),
  chatId,
})

const words = z.array(z.string().trim().min(1).max(20)).max(50)

/** What a technician can do, where, and when not. Lists given replace those there are. */
const profile = {
  /** In the company's own words, as the policy's `assign.needs` has them: 安装, 冰箱. None named: everything. */
  skills: words.optional(),
  /** Zones as orders name them: 金水区. */
  areas: words.optional(),
  /** Weekdays not worked, 1 Monday … 7 Sunday. */
  restDays: z
    .array(z.int().min(1, 'weekdays are 1 (Monday) to 7').max(7, 'weekdays are 1 (Monday) to 7'))
    .max(6, 'a person who never works needs no rest days: set active to false')
    .optional(),
  daysOff: z
    .array(z.iso.date({ error: 'must be a day like 2026-12-01' }))
    .max(400)
    .optional(),
}

const day = z.iso.date({ error: 'must be a day like 2026-11-25' })

/** His time in the team: 岗位 as the team's policy lists them, the day he joined, his last day there. */
const employment = {
  post: z.string().trim().min(1).max(12).optional(),
  joinedOn: day.optional(),
  leftOn: day.optional(),
}

export const teamInput = z.strictObject({
  name,
  policy: z.string().trim().min(1).max(60).default('default'),
  wecom: wecomGroup.optional(),
  dingtalk: dingtalkGroup.optional(),
})

export const personInput = z.strictObject({
  name,
  team: z.string().trim().min(1).optional(),
  roles: z.array(z.enum(roles)).min(1).optional(),
  mobile: mobile.optional(),
  wecom: account.optional(),
  dingtalk: account.optional(),
  platform: z.enum(['wecom', 'dingtalk']).optional(),
  ...profile,
  ...employment,
})

export const personPatch = z.strictObject({
  mobile: mobile.nullable().optional(),
  active: z.boolean().optional(),
  platform: z.enum(['wecom', 'dingtalk']).nullable().optional(),
  ...profile,
  ...employment,
  post: employment.post.unwrap().nullable().optional(),
  /** Which team's `post`, `joinedOn` and `leftOn` are meant, where he is in several. */
  team: z.string().trim().min(1).optional(),
})

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
export type PersonPatch = z.infer<typeof personPatch>
export type TeamsFile = z.infer<typeof teamsFile>
