import { Prisma } from '../generated/prisma/client.ts'

/**
 * `column` is one of the values. One alone is compared as itself: for a list the planner supposes ten, finds each time that
 * it does better for the one there is, and never keeps a plan.
 */
export function among(column: Prisma.Sql, values: readonly string[], type: 'uuid' | 'text' = 'uuid'): Prisma.Sql {
  const [only] = values
  if (values.length === 1)
    return type === 'uuid' ? Prisma.sql`${column} = ${only}::uuid` : Prisma.sql`${column} = ${only}`
  const all = [...values]
  return type === 'uuid' ? Prisma.sql`${column} = ANY(${all}::uuid[])` : Prisma.sql`${column} = ANY(${all}::text[])`
}
