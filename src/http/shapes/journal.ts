import { z } from 'zod'

/** Journals: facts that share a frame and differ in what they tell. */

interface AnyFact {
  fact: string
}
type Keys<T> = T extends unknown ? keyof T : never

/**
 * What each fact tells besides its frame: every fact the journal knows, each with all of its fields, but for what a customer's
 * phone is known again by.
 */
export type Told<F extends AnyFact> = {
  [Name in F['fact']]: {
    [Key in Exclude<
      Keys<Extract<F, { fact: Name }>>,
      'fact' | 'seq' | 'at' | 'by' | 'via' | 'words' | 'visitor'
    >]-?: z.ZodType
  }
}

export function facts<Frame extends z.ZodRawShape>(frame: Frame, told: Readonly<Record<string, z.ZodRawShape>>) {
  const [first, ...rest] = Object.entries(told).map(([fact, fields]) =>
    z.strictObject({ ...frame, fact: z.literal(fact), ...fields }),
  )
  if (!first) throw new Error('a journal without facts')
  return z.discriminatedUnion('fact', [first, ...rest])
}
