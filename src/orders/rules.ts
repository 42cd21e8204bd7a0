import type { Policy } from '../policy/schema.ts'
import type { OrderRecord } from './record.ts'

interface RuleBooks {
  policy(name: string, at?: Date): Policy
}

/** The policy an order runs by: the version that was in force when it came in. What was promised then stays promised. */
export function rulesOf(books: RuleBooks, { policy, facts }: Pick<OrderRecord, 'policy' | 'facts'>): Policy {
  const came = facts[0]?.at
  return books.policy(policy, came === undefined ? undefined : new Date(came))
}
