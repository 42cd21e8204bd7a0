import type { Grade, OrderWish } from '../chat/intent.ts'
import type { Role } from '../people/person.ts'
import type { CompletionRule } from '../policy/evidencerule.ts'
import type { Link, Share } from './fact.ts'
import type { Obstacle } from './ranking.ts'

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
  /** What has to be there before the work may be reported done; nothing when missing. */
  evidence?: readonly CompletionRule[]
  /** Address of the order's page on the phone, where there is one. */
  page?: string
  /** What speaks against giving it to somebody, by person. */
  obstacles: ReadonlyMap<string, Obstacle>
}

/** A wish about an order with what it names already looked up: people by their ids, an earlier job, a department. */
export type OrderCommand =
  | Exclude<
      OrderWish,
      {
        do:
          | ('assign' | 'show' | 'whyLate' | 'link' | 'route' | 'revisit' | 'complain' | 'join' | 'leave' | 'share')
          | 'ratingCode'
      }
    >
  | { do: 'assign'; to: string; note?: string }
  /** It goes back to the desk, by itself: whoever has it will be away (R4.11). */
  | { do: 'release'; reason: string }
  | { do: 'link'; link: Link }
  | { do: 'route'; route: { subject: string; to: string } }
  | { do: 'undo' }
  | RevisitCommand
  | CrewCommand
  | RateCommand

/** Calling the customer back, and the complaint order (its code) that came of it. */
export type RevisitCommand =
  | { do: 'revisit'; reached: boolean; grade?: Grade; note?: string }
  | { do: 'complain'; code: string }

/** The customer rates the visit on his own page. `settles`: by the policy that is the revisit, if he is content. */
export interface RateCommand {
  do: 'rate'
  grade: Grade
  tags: readonly string[]
  /** In his own words. */
  words?: string
  /** Sign of the phone it comes from. */
  visitor?: string
  settles: boolean
}

/** Who goes along, and how the work is divided; without shares they are told. */
export type CrewCommand =
  | { do: 'join'; person: string; share?: number }
  | { do: 'leave'; person: string }
  | { do: 'share'; shares?: Share[] }

export type DeskCommand = Extract<
  OrderCommand,
  { do: 'offer' | 'urge' | 'link' | 'unlink' | 'route' | 'cancel' | 'returns' | 'confirmUnreachable' | 'close' }
>

/** What the technician in charge asks for. */
export type WorkCommand = Exclude<
  OrderCommand,
  DeskCommand | RevisitCommand | CrewCommand | RateCommand | { do: 'accept' | 'undo' | 'assign' | 'release' }
>
