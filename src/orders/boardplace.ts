import { z } from 'zod'

/** Where a page of the board ended; null `at`: among those of which nothing is known to come. */
export interface BoardPlace {
  at: Date | null
  id: string
}

/** A place as pages are asked for with it. */
export const placeText = z.string().regex(/^[A-Za-z0-9_-]{1,120}$/, 'must be the `next` of the page before')

const shape = z.strictObject({ at: z.iso.datetime().nullable(), id: z.uuid() })

export const writePlace = ({ at, id }: BoardPlace): string =>
  Buffer.from(JSON.stringify({ at: at?.toISOString() ?? null, id })).toString('base64url')

/** Null for what `writePlace` did not write. */
export function readPlace(text: string): BoardPlace | null {
  try {
    const { at, id } = shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { at: at === null ? null : new Date(at), id }
  } catch {
    return null
  }
}
