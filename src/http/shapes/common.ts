import { z } from 'zod'

/** Shapes many answers have in common. */

/** A shape that is a component of the document, under this name. */
export function named<T extends z.ZodType>(id: string, shape: T, description?: string): T {
  z.globalRegistry.add(shape, { id, ...(description && { description }) })
  return shape
}

const uuid = z.uuid()
export const moment = z.iso.datetime({ offset: true }).describe('A moment, ISO 8601')
export const day = z.iso.date()
export const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month like 2026-11')
export const yuan = z
  .string()
  .regex(/^-?\d+\.\d\d$/)
  .describe('Yuan with two places: "1074.63"')
export const number = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .describe('An exact decimal number: "33.3333"')

export const personRef = named('PersonRef', z.strictObject({ id: uuid, name: z.string() }))
export const teamRef = named('TeamRef', z.strictObject({ id: uuid, name: z.string() }))
export const policyRef = z.strictObject({ name: z.string(), version: z.int() })

/** One fact of a journal: who did what, when, through what, with the original words. `by` null: the service, or a program. */
export const frame = {
  seq: z.int(),
  at: moment,
  via: z.enum(['button', 'text', 'api', 'page', 'import', 'system', 'platform']),
  words: z.string().optional(),
}

export const next = z
  .string()
  .nullable()
  .describe('The cursor of the next page: ask again with `after` set to it. Null: this was the last page.')

/** A page of a list. */
export const page = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), next })
/** A list that always comes whole. */
export const whole = { next: z.null().describe('This list comes whole.') }

export const problem = named(
  'Problem',
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong and what to do, in English; in Chinese where a person was told no.'),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Each fault with its place in the request'),
    scope: z.string().optional().describe('The scope the token lacks'),
  }),
  'RFC 9457',
)

/** Parts of requests many routes have in common. */
export const key = z.string().trim().min(1).max(80)
export const teamKey = key.describe('Name or id of a team')
export const personKey = key.describe('Name or id of a person')
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Entries of a page at most'),
  after: z.uuid().optional().describe('`next` of the page before'),
}
