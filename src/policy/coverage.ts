import type { OrderKind } from '../orders/fact.ts'
import type { Policy } from './schema.ts'
import { orderKindNames } from './terms.ts'

/**
 * Kinds of order that no rule of a policy gives a time for completion, whatever else is true of them. That is no fault:
 * such orders run without that clock, so nobody is reminded and nothing of it is late.
 */
export function withoutCompletion({ clocks }: Policy): OrderKind[] {
  const rules = clocks.filter(({ kind }) => kind === 'complete')
  const kinds = Object.keys(orderKindNames) as OrderKind[]
  return kinds.filter(kind => !rules.some(({ when }) => !when?.kind || when.kind.includes(kind)))
}
