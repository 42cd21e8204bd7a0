import type { Message } from '../chat/card.ts'
import type { Inbound, MediaRef, PlatformName } from '../chat/inbound.ts'

/** An HTTP request as a door sees it: raw, not yet trusted. Repeated query parameters arrive as arrays. */
export interface RawRequest {
  method: string
  path: string
  query: Record<string, string | string[] | undefined>
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

export interface RawAnswer {
  status: number
  type?: string
  body: string
}

/** A door by HTTP. `handle` never throws; it may register work to be done after the answer left through `sent`. */
export interface Route {
  methods: ReadonlyArray<'GET' | 'POST'>
  path: string
  maxBytes: number
  handle(request: RawRequest): Promise<RawAnswer & { sent?: () => void }>
}

/**
 * What became of an inbound event.
 *
 * `stored` settles when the event is kept durably (from then on it may be acknowledged); it rejects when it could not
 * be kept, and the door must then let the platform deliver it again. `handled` settles with what to answer the person
 * at once; `null` means nothing is to be said here. Calling `answered()` tells that the answer reached the platform;
 * otherwise the outbox says it a moment later.
 */
export interface Receipt {
  stored: Promise<void>
  handled: Promise<{ message: Message; answered: () => Promise<void> } | null>
}

export type Receive = (inbound: Inbound) => Receipt

export type Recipient = { kind: 'person'; userId: string } | { kind: 'group'; chatId: string; via: 'bot' | 'webhook' }

export interface Delivery {
  /** Stable over retries, unique per message: the platform's own duplicate check may use it. */
  id: string
  to: Recipient
  message: Message
  /** Unique id for a card so that taps name it. Required when the message is a card with buttons. */
  taskId?: string
  /** Repaint the card behind this one-use code instead of sending a new message. */
  repaint?: { handle: string }
}

export interface Sent {
  /** The platform's id of the message, when it gives one; used to recall it. */
  messageId?: string
  /** A one-use right to repaint this card later. */
  repaint?: { handle: string; expiresAt: Date }
}

/** Something an operator has to look at. Shown in `/health/ready`, never with a secret in it. */
export interface Problem {
  code: string
  what: string
  fix: string
  since: Date
}

export interface Limit {
  count: number
  windowMs: number
}

export interface Abilities {
  buttons: boolean
  /** A card may be changed later without a tap. */
  repaintLater: boolean
  mention: boolean
  /** The platform hears what is said in groups (when the bot is addressed). */
  hearsGroup: boolean
}

/**
 * A chat platform. It knows protocols and nothing of orders, people or the database.
 * `send`, `fetchMedia`, `recall` and `findByMobile` throw `Temporary` or `Permanent` (errors.ts) and nothing else;
 * a repaint code that is used up or expired is `Permanent` with code `stale-handle`.
 */
export interface Platform {
  readonly name: PlatformName
  readonly corpId: string
  readonly can: Abilities
  routes?(receive: Receive): Route[]
  /** Opens doors by socket; resolves to the function that closes them. */
  open?(receive: Receive): Promise<() => Promise<void>>
  send(delivery: Delivery): Promise<Sent>
  /** Takes a message back from people's screens; false when it is too late. */
  recall?(messageId: string): Promise<boolean>
  fetchMedia(ref: MediaRef): Promise<{ bytes: Buffer; mime: string; name?: string }>
  findByMobile?(mobile: string): Promise<string | null>
  /** How many messages one recipient may get; the outbox never goes beyond, since platforms drop the excess silently. */
  limits(to: Recipient): Limit[]
  problems(): Problem[]
}

/** Where a platform keeps its access token, shared by all instances. `refreshing` runs one refresh at a time. */
export interface TokenStore {
  get(app: string): Promise<{ token: string; expiresAt: Date } | null>
  put(app: string, token: string, expiresAt: Date): Promise<void>
}

/** Ownership with an end: only one instance holds a name at a time. */
export interface Leases {
  /** True when this instance holds `name` for another `ms`. Call again before it runs out to keep it. */
  hold(name: string, ms: number): Promise<boolean>
  release(name: string): Promise<void>
}

/** Facts a platform reports while running; counted in metrics. */
export interface Signals {
  refused(door: string, reason: string): void
  called(api: string, outcome: 'ok' | 'temporary' | 'permanent', ms: number): void
}
