import { z } from 'zod'
import { month, named, number, personRef, teamRef, whole } from './common.ts'

/** Numbers people enter for a month, as programs get them. */

const figure = named(
  'Figure',
  z.strictObject({
    name: z.string().describe('To enter it by: 毛利; of a mark `card/item/column`'),
    label: z.string(),
    of: z.enum(['team', 'person']),
    person: personRef.nullable(),
    unit: z.string(),
    value: number.nullable().describe('What the month is reckoned with'),
    standing: z.boolean().describe('It stays until it is changed'),
    from: month.nullable().describe('The month it was entered for; null: it is the usual one, or there is none'),
    missing: z.boolean().describe('The month can’t be published without it'),
    usual: number.nullable(),
    min: number.nullable(),
    max: number.nullable(),
    mark: z.strictObject({ card: z.string(), item: z.string(), column: z.string() }).nullable(),
  }),
)

export const figures = z.strictObject({
  team: teamRef,
  month,
  locked: z.boolean(),
  missing: z.int(),
  items: z.array(figure),
  ...whole,
})

export const figuresImported = figures.extend({ read: z.int(), changed: z.int() })
