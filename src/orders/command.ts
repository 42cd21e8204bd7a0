import type { OrderWish } from '../chat/intent.ts'
import type { Role } from '../people/person.ts'

/** Who asks, as seen from the order's team. `nameOf` gives people's names for sentences. */
export interface Actor {
  id: string
  roles: readonly Role[]
}

export interface World {
  code: string
  actor: Actor
  now: Date
  zone: string
  /** How long a reply can be taken back. */
  undoWithinMs: number
  nameOf(personId: string): string
  /** Technicians of the team: an order can be given to no one else (R1.6). */
  technicians: readonly string[]
}

/** A wish about an order with its people already looked up: `assign` and `take` name ids. */
export type OrderCommand =
  | Exclude<OrderWish, { do: 'assign' | 'show' | 'whyLate' }>
  | { do: 'assign'; to: string }
  | { do: 'undo' }

export type DeskCommand = Extract<
  OrderCommand,
  { do: 'offer' | 'urge' | 'cancel' | 'returns' | 'confirmUnreachable' | 'revisit' | 'close' }
>

/** What the technician in charge asks for. */
export type WorkCommand = Exclude<OrderCommand, DeskCommand | { do: 'accept' | 'undo' | 'assign' }>
