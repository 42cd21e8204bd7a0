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

/** A card on somebody's screen. */
export interface ShownCard {
  id: string
  orderId: string
  personId: string
  platform: string
  taskId: string
  messageId: string | null
  handle: string | null
  handleExpiresAt: Date | null
  /** The order's `look` that it shows. */
  version: number
  /** False once it was taken back or replaced by another. */
  live: boolean
  sentAt: Date
}
