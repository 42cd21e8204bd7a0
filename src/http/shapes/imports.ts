import { z } from 'zod'
import { moment, month, named, page, personRef, teamRef } from './common.ts'

/** Imports, as programs get them. */

export const importKind = z.enum(['orders', 'people', 'figures'])
const note = z.strictObject({ row: z.int(), message: z.string() })

const line = {
  id: z.uuid(),
  kind: importKind,
  state: z
    .enum(['ready', 'faulty', 'importing', 'imported', 'expired'])
    .describe('`faulty`: something is wrong with it and it can’t be confirmed'),
  team: teamRef.nullable(),
  month: month.nullable(),
  fileName: z.string().nullable(),
  total: z.int().describe('Rows with something in them, below the headings'),
  good: z.int().describe('Rows that would be imported'),
  known: z.int().describe('Rows of what is there already: they are skipped'),
  bad: z.int().describe('Rows with a fault'),
  done: z.int().describe('Rows that are through'),
  result: z
    .strictObject({
      imported: z.int(),
      updated: z.int(),
      skipped: z.int(),
      failed: z.int().describe('Rows that could not be imported any more when their turn came'),
      notes: z.array(note),
      sameAs: z.uuid().optional().describe('The import of the same file that did it all'),
    })
    .nullable(),
  by: personRef.nullable(),
  token: z.string().nullable().describe('Name of the token it came with'),
  createdAt: moment,
  expiresAt: moment.describe('Until when it can be confirmed'),
  importedAt: moment.nullable(),
}

export const importLine = named('ImportLine', z.strictObject(line))
export const importPage = page(importLine)
export const importShape = named(
  'Import',
  z.strictObject({
    ...line,
    badRows: z.array(z.int()).describe('The number of every row with a fault, as the person sees it in the file'),
    faults: z
      .array(z.strictObject({ row: z.int(), column: z.string().nullable(), value: z.string(), message: z.string() }))
      .describe('Everything that is wrong, in Chinese; of the first 1,000 bad rows'),
    warnings: z.array(z.string()),
    notes: z.array(note).describe('What is said of good rows: skipped, updated with what'),
    sample: z
      .array(z.strictObject({ row: z.int(), values: z.record(z.string(), z.string()) }))
      .describe('The first rows as they were understood, by heading'),
  }),
)

export const exportFormat = z.enum(['xlsx', 'csv']).default('xlsx')
