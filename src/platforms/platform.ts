import type { Message, Said } from '../chat/card.ts'
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
  headers?: Record<string, string>
  body: string
}

/** A door by HTTP. `handle` never throws; it may register work to be done after the answer left through `sent`. */
export interface Route {
  methods: ReadonlyArray<'GET' | 'POST'>
  path: string
  maxBytes: number
  handle(request: RawRequest): Promise<RawAnswer & { sent?: () => void }>
}

/** Who has seen an answer: a tap's answer redraws the card for everybody on some platforms, on others for the tapper alone. */
export type SeenBy = 'everyone' | 'tapper'

/** What to answer a person at once. `answered` tells that it reached the platform; else the outbox says it a moment later. */
export interface Answer {
  message: Said
  answered: (seenBy?: SeenBy) => Promise<void>
  /** The event was delivered again, and this is what was answered the first time: that answer may have been lost. */
  repeat?: boolean
  /** A card nobody else redraws for those who did not tap it. */
  forAll?: boolean
}

/**
 * What became of an inbound event.
 *
 * `stored` settles when the event is kept durably (from then on it may be acknowledged); it rejects when it could not
 * be kept, and the door must then let the platform deliver it again. `handled` settles with what to answer the person
 * at once; `null` means nothing is to be said here.
 */
export interface Receipt {
  stored: Promise<void>
  handled: Promise<Answer | null>
}

export type Receive = (inbound: Inbound) => Receipt

/** `robot`: a group's own webhook robot, named by its credentials. */
export type Recipient =
  | { kind: 'person'; userId: string }
  | { kind: 'group'; chatId: string; via: 'bot' }
  | { kind: 'group'; via: 'webhook'; robot: RobotKey }

export interface RobotKey {
  key: string
  /** DingTalk's robots sign what they are told (加签). */
  secret?: string
}

export interface Delivery {
  /** Stable over retries, unique per message: the platform's own duplicate check may use it. */
  id: string
  to: Recipient
  message: Message
  /** Unique id for a card so that taps name it. Required when the message is a card with buttons. */
  taskId?: string
  /** Repaint the card behind this code instead of sending a new message. */
  repaint?: { handle: string }
  /** It answers something this recipient said a moment ago. */
  answer?: boolean
}

export interface Sent {
  /** The platform's id of the message, when it gives one; used to recall it. */
  messageId?: string
  /** A right to repaint this card later; after a repaint it must be given anew to be used again. */
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

/** What a platform can do. Where it can't, the adapter says the same with what it has. */
export interface Abilities {
  /** Buttons that call back; without them a card prints the words to type. */
  buttons: boolean
  /** A card may be changed later: as often as one likes, once for each tap, or never. */
  repaint: 'always' | 'once' | 'never'
  /** Who sees the card redrawn that answers a tap. */
  answerShows: SeenBy
  /** Can call somebody in a group by name. */
  mention: boolean
  /** The platform hears what is said in groups (when the bot is addressed). */
  hearsGroup: boolean
  /** What somebody quotes in his own chat comes along. */
  quotes: boolean
  /** People can send the bot where they are. */
  locations: boolean
  /** A sent message can be taken back. */
  recall: boolean
}

/** How much of a monthly allowance is used. */
export interface Quota {
  /** `calls` of the API, `pushes` to and from the robot. */
  kind: 'calls' | 'pushes'
  /** `2026-11`, by the platform's calendar. */
  month: string
  used: number
  limit: number
}

/** Of what worth a message is when an allowance runs short: `must` always goes out. */
export type Worth = 'must' | 'should' | 'nice'

/** How a platform wants to be spared now (docs/dingtalk.md). */
export interface Thrift {
  leavesOut: readonly Worth[]
  /** One person is reminded this often at most; reminders merge meanwhile. */
  remindersEveryMs: number
  /** The allowance is gone and the platform refuses: what there is goes another way, if there is one. */
  exhausted: boolean
  /** For the operator, e.g. `86 % of 5000 calls of 2026-11 are used`. */
  why: string
}

/** Proof of who is looking at a page (design.md §10). Calls throw `Temporary` or `Permanent`. */
export interface Login {
  /** Who a code belongs to that a page got from the platform's app; null when it is wrong, used or too old. */
  byCode?(code: string): Promise<{ userId: string; name: string } | null>
  /** Names by which a page inside the app asks it for such a code; nothing of it is secret. */
  readonly inside?: { readonly corp: string; readonly client: string }
  /** Where somebody is sent to sign in: from within the platform's app, or from any browser. `state`: a-zA-Z0-9 only. */
  authorizeUrl(redirect: string, state: string, from: 'app' | 'browser'): string
  /** Who came back from there with this code; null when it is wrong, used, too old, or somebody of another company. */
  byAuthCode(code: string): Promise<{ userId: string; name: string } | null>
}

/** A leave as the platform's own approval is asked for it; a day's edges are local midnights, noon parts it in halves. */
export interface LeaveForm {
  /** User id of who is away, and of whoever decides: the steps in their order, any one of a step decides it. */
  applicant: string
  approvers: ReadonlyArray<readonly string[]>
  informed: readonly string[]
  /** The type's name, as the platform's form has it: 事假. */
  type: string
  unit: 'day' | 'halfDay' | 'hour'
  from: Date
  /** Not part of it. */
  to: Date
  /** As our rule book counts it: 1.5. */
  days: number
  reason: string
  /** Ours: asking twice with the same one is one request where the platform can tell. */
  id: string
}

/** `revoked`: taken back after it was approved (WeCom status 6, DingTalk REVOKE). */
export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted'

/** A platform's approval as it stands there. */
export interface Approval {
  /** Of the request itself, also where it was asked for by the id of what takes it back later (DingTalk's REVOKE). */
  id: string
  status: ApprovalStatus
  applicant: string
  /** Who decided last, and what he wrote. */
  decidedBy?: string
  words?: string
  submittedAt: Date
  /** What was asked for, where the form could be read. */
  form?: { type: string; from: Date; to: Date; reason: string }
}

/**
 * A platform's own approval, where a policy has it hold the decision (design.md §8). All throw `Temporary` or `Permanent`.
 * `Permanent` with code `approval-refused` means that the platform does not take this very request: its message is a
 * Chinese sentence for who asked. Any other `Permanent` is the operator's, and shown among the `problems` until it is over.
 */
export interface Approvals {
  /** Asked again with the same `id` within a week it answers the request that is there already. */
  submit(form: LeaveForm): Promise<{ id: string }>
  /** Null when the platform does not know it (any more). */
  read(id: string): Promise<Approval | null>
  /** Ids of requests for leave submitted between two moments, each once: what a lost event is found by. */
  submitted(from: Date, to: Date): Promise<string[]>
  /**
   * Takes a request back in the applicant's name; true also when it was taken back before. False where the platform does
   * not let a program do that, or it is decided. `Temporary` with code `too-early` right after it was submitted (DingTalk).
   */
  withdraw(id: string, applicant: string, words: string): Promise<boolean>
  /** Writes leave that was decided elsewhere into the platform's attendance, or takes it out; where it can. */
  record?(leave: Omit<LeaveForm, 'approvers' | 'informed'>): Promise<void>
  unrecord?(id: string, applicant: string): Promise<void>
}

/** A check-in (打卡) as the platform has it: DingTalk has one for each end of a shift, WeCom every one that was made. */
export interface Punch {
  userId: string
  /** When, or for a missing one when it should have been. */
  at: Date
  kind: 'in' | 'out' | 'outside'
  /** When work began or ended that day by the platform's own rule. */
  scheduledAt?: Date
  place?: string
  /** `missing`: there is none. `place`, `device`: it was made from elsewhere than agreed. */
  flags: ReadonlyArray<'missing' | 'place' | 'device'>
  /** The same record has the same one whenever it is read. */
  id: string
}

/** Check-ins of people between two moments, oldest first; throws `Temporary` or `Permanent`. */
export interface Attendance {
  punches(userIds: readonly string[], from: Date, to: Date): Promise<Punch[]>
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
  /** Allowances, where the platform has any. */
  quotas?(): Promise<Quota[]>
  /** Null when nothing is to be spared towards this recipient. From memory: it is asked within transactions. */
  thrift?(to: Recipient): Thrift | null
  login?: Login
  approvals?: Approvals
  attendance?: Attendance
  problems(): Problem[]
  /** Resolves when nothing that was heard is still being answered. */
  idle?(): Promise<void>
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

/** Meters of a monthly allowance, shared by all instances. */
export interface Meters {
  /** Adds to a meter and returns what it shows then. */
  add(name: string, count: number): Promise<number>
  read(name: string): Promise<number>
  /** Lifts a meter to at least this: the platform knows of more than we counted. */
  raise(name: string, to: number): Promise<void>
}
