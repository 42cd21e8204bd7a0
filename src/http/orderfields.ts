import type { OrderFields } from '../orders/fact.ts'
import type { OrderInput } from './schema.ts'

/** An order as it is kept, out of what came in. */
export function fieldsOf({ team: _team, assign: _assign, wantedAt, ...rest }: OrderInput): OrderFields {
  const wanted = wantedAt ? { wanted: { from: new Date(wantedAt).toISOString(), exact: true, words: wantedAt } } : {}
  return JSON.parse(JSON.stringify({ ...rest, ...wanted })) as OrderFields
}
