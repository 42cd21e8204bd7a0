import type { Policy } from '../policy/schema.ts'
import type { OrderRecord } from './record.ts'

interface RuleBooks {
  policy(name: string, at?: Date): Policy
}

/**
 * The policy an order runs by: the one its team had when it came in, in the version that was in force then. What was
 * promised stays promised, whether the rules change or the team takes others.
 */
export function rulesOf(books: RuleBooks, { policy, facts }: Pick<OrderRecord, 'policy' | 'facts'>): Policy {
  const came = facts[0]?.at
  return books.policy(policy, came === undefined ? undefined : new Date(came))
}
