import { Prisma } from '../generated/prisma/client.ts'

/**
 * `column` is one of the values. One alone is compared as itself: for a list the planner supposes ten, finds each time that
 * it does better for the one there is, and never keeps a plan.
 */
export function among(column: string, values: readonly string[], type: 'uuid' | 'text' = 'uuid'): Prisma.Sql {
  const [only] = values
  const cast = casts[type]
  if (values.length === 1) return Prisma.sql`${Prisma.raw(column)} = ${only}${cast.one}`
  return Prisma.sql`${Prisma.raw(column)} = ANY(${[...values]}${cast.all})`
}

const casts = {
  uuid: { one: Prisma.raw('::uuid'), all: Prisma.raw('::uuid[]') },
  text: { one: Prisma.empty, all: Prisma.raw('::text[]') },
}
