import { randomBytes } from 'node:crypto'
import type { Clock } from '../../now.ts'
import type { ApprovalKept, PunchKept } from '../approvals.ts'
import type { Faults } from '../faults.ts'
import type { InFlight } from '../inflight.ts'
import type { Journal } from '../journal.ts'
import type { Shelf } from '../media.ts'
import type { Log, Timing, WecomCredentials, WecomOptions } from '../options.ts'
import type { Phones } from '../phones.ts'
import type { SandboxChat } from '../wire.ts'
import type { LeaveTemplate } from './leavetemplate.ts'

/** A one-use right to change a card; good for 72 hours. */
export interface CodeKept {
  messages: string[]
  /** ISO */
  at: string
  used: boolean
}

/** What WeCom's servers remember beyond what is on the phones. Maps hold the oldest entry first. */
export interface WecomKept {
  codes: Map<string, CodeKept>
  /** Task ids are unique per app and per bot, for ever. */
  appTaskIds: Set<string>
  botTaskIds: Set<string>
  /** msgid → what it put on phones, for recall. */
  sent: Map<string, { messages: string[]; at: string }>
  /** userIds that opened the app's chat before. */
  entered: Set<string>
  /** userId → day (of China) of the last `enter_chat`. */
  greeted: Map<string, string>
  /** Chats where somebody spoke to the bot. */
  heard: Set<string>
  /** By sp_no. */
  approvals: Map<string, ApprovalKept>
  /** Newest last. */
  punches: PunchKept[]
  template: LeaveTemplate
}

/** What all parts of the simulated WeCom work with. */
export interface Desk {
  clock: Clock
  log: Log
  timing: Timing
  credentials: WecomCredentials
  console: WecomOptions
  phones: Phones
  media: Shelf
  journal: Journal
  faults: Faults
  inFlight: InFlight
  kept: WecomKept
  /** Group the webhook robot belongs to. */
  robotGroup: () => SandboxChat | undefined
  baseUrl: () => string
  /** 可信域名 */
  trustedDomain: () => string
  /** An address people may be sent back to after they signed in. */
  trusts: (address: string) => boolean
  callbackUrl: () => string
  /** Something in `kept` changed. */
  changed: () => void
  /** Aborted when the sandbox closes. */
  closing: AbortSignal
}

/** A 64-bit decimal number as a string, larger than what a JavaScript number holds exactly. */
export const bigId = (): string => String(randomBytes(8).readBigUInt64BE() | (1n << 62n))

export const nameOf = (desk: Desk) => (userId: string) => desk.phones.person(userId)?.name
