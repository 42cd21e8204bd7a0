import { z } from 'zod'
import { roles } from '../../people/person.ts'
import { day, named, page } from './common.ts'

/** Teams and people as programs get them. */

export const team = named('Team', z.strictObject({ id: z.uuid(), name: z.string(), policy: z.string() }))
export const teamPage = page(team)

const time = {
  post: z.string().nullable().describe('岗位'),
  joinedOn: day.nullable(),
}

export const person = named(
  'Person',
  z.strictObject({
    id: z.uuid(),
    name: z.string(),
    mobile: z.string().nullable(),
    platform: z.enum(['wecom', 'dingtalk']).nullable().describe('Where his messages go when he has several accounts'),
    skills: z.array(z.string()),
    areas: z.array(z.string()),
    restDays: z.array(z.int().min(1).max(7)).describe('1 Monday … 7 Sunday'),
    daysOff: z.array(day),
    ...time,
    leftOn: day.nullable(),
    memberships: z.array(z.strictObject({ team: z.string(), role: z.enum(roles), ...time })),
  }),
)
export const personPage = page(person)
