import type { Card, Message } from '../chat/card.ts'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Worth } from '../platforms/platform.ts'
import type { OutboxRow } from './store.ts'

export type { Worth } from '../platforms/platform.ts'

/** Who gets it, before the platform's ids are looked up. */
export type Addressee =
  /** `on`: on this platform and no other, e.g. because his card is there. */
  | { person: string; on?: PlatformName }
  | { user: string; platform: PlatformName }
  | { group: string; platform: PlatformName; via: 'bot' | 'webhook'; teamId?: string }

export interface ToSend {
  to: Addressee
  /** A function where drawing takes its time: it is asked once the transaction is over, so that nobody waits for it. */
  message: Message | (() => Promise<Message>)
  taskId?: string
  repaint?: { handle: string }
  /** Persons to be called by name where it is posted. */
  mention?: readonly string[]
  /** What it is worth when a platform's allowance runs short; `must` when missing. */
  worth?: Worth
  /** It answers what was said a moment ago. */
  answer?: boolean
  /** It can't get through for now (the allowance is gone): who else has to know. Called at each try. */
  held?(tx: Tx): Promise<void>
  /** Done in the transaction that marks the row sent. */
  sent?(
    tx: Tx,
    result: { messageId?: string; repaint?: { handle: string; expiresAt: Date } },
    platform: PlatformName,
  ): Promise<void>
  /** A card this one replaces: taken back once this one is out, or drawn as replaced where that can't be; best effort. */
  recall?: Recall
  /** The repaint code was spent or too old: what to do instead, in the transaction that ends the row. */
  stale?(tx: Tx): Promise<void>
}

/** Nothing is to be said; `recall` takes back what was said before, best effort. */
export interface Dropped {
  drop: string
  recall?: Recall
}

/** `instead`: how it is drawn by its code where the platform takes nothing back. */
export interface Recall {
  platform: PlatformName
  messageId: string
  instead?: { handle: string; card: Card } | undefined
}

export type Composed = ToSend | Dropped

/** Turns a row into words, from the state as it is when it is sent (design.md §6). */
export type Composer = (row: OutboxRow, tx: Tx, ctx: Context) => Promise<Composed>
export type Composers = Readonly<Record<string, Composer>>
