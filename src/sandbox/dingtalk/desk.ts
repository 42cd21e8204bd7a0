import { createHash, createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../now.ts'
import type { Faults } from '../faults.ts'
import type { InFlight } from '../inflight.ts'
import type { Journal } from '../journal.ts'
import type { Shelf } from '../media.ts'
import type { DingtalkCredentials, DingtalkOptions, Log, Timing } from '../options.ts'
import type { Phones } from '../phones.ts'
import type { SandboxChat, SandboxPerson } from '../wire.ts'
import type { DingtalkKept } from './kept.ts'
import type { Meters } from './meters.ts'

/** What all parts of the simulated DingTalk work with. */
export interface Desk {
  clock: Clock
  log: Log
  timing: Timing
  credentials: DingtalkCredentials
  console: DingtalkOptions
  phones: Phones
  media: Shelf
  journal: Journal
  faults: Faults
  inFlight: InFlight
  kept: DingtalkKept
  meters: Meters
  /** Group the custom robot belongs to. */
  robotGroup: () => SandboxChat | undefined
  baseUrl: () => string
  /** An address people may be sent back to after they signed in. */
  trusts: (address: string) => boolean
  /** Something in `kept` changed. */
  changed: () => void
  /** Aborted when the sandbox closes. */
  closing: AbortSignal
}

export const here = '/sandbox/dingtalk'

export const nowOf = (desk: Desk): number => desk.clock.now().getTime()

const digest = (text: string) => createHash('sha256').update(text).digest('base64').replace(/[+/]/g, '0')

/** The 1:1 conversation of a person with the robot; a group's id is its conversation's. */
export const conversationOf = (desk: Desk, chat: SandboxChat): string =>
  chat.kind === 'group' ? chat.id : `cid${digest(`${desk.credentials.corpId} ${chat.id}`).slice(0, 22)}==`

/** The encrypted id the robot sees; of no use as a key (dingtalk.md §2.6). */
export const encryptedId = (desk: Desk, id: string): string =>
  `$:LWCP_v1:$${createHmac('sha256', desk.credentials.corpId).update(id).digest('base64')}`

/** Per person across the apps of one developer. */
export const unionIdOf = (desk: Desk, person: SandboxPerson): string =>
  digest(`union ${desk.credentials.corpId} ${person.dingtalkId}`).slice(0, 24)

/** The robot's name of a message on the phones. */
export const msgIdOf = (message: string): string => `msg${digest(`message ${message}`).slice(0, 22)}==`

export const dingGroup = (desk: Desk, id: string): SandboxChat | undefined => {
  const chat = desk.phones.chat(id)
  return chat?.platform === 'dingtalk' && chat.kind === 'group' ? chat : undefined
}

export const robotChat = (desk: Desk, person: SandboxPerson): SandboxChat | undefined =>
  desk.phones.chat(`ding:${person.userId}`)

/** Waits, or until the sandbox closes. */
export const pause = (desk: Desk, ms: number): Promise<void> =>
  wait(ms, undefined, { signal: desk.closing, ref: false }).catch(() => {})

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
