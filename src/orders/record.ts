import type { Fact } from './fact.ts'
import type { OrderView } from './order.ts'

/** An order with its journal and what follows from it. */
export interface OrderRecord {
  company: string
  id: string
  code: string
  teamId: string
  /** Name of the team. */
  team: string
  /** Name of the policy pack it came in under: what was promised stays promised when the team changes to another. */
  policy: string
  facts: Fact[]
  view: OrderView
}
