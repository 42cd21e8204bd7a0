import type { Message } from '../../src/chat/card.ts'
import type { Abilities } from '../../src/platforms/platform.ts'

/** A platform with people on it, as the contract suite drives it. 张三 is a technician, 赵派工 the dispatcher. */
export interface Bench {
  readonly can: Abilities
  says(who: Who, text: string, about?: Seen): Promise<void>
  saysInGroup(who: Who, text: string): Promise<void>
  taps(who: Who, button: string): Promise<void>
  sendsPhoto(who: Who): Promise<void>
  /** The service says something of its own accord: to him alone, or in the group. */
  tells(who: Who | 'group', message: Message): Promise<void>
  /** What the service said to him alone since the last look, oldest first. */
  reads(who: Who): Seen[]
  /** What it said in the group since the last look. */
  groupReads(): Seen[]
  /** Cards on his screen as they are now. */
  cards(who: Who): Seen[]
  /** The platform delivers the last event again. */
  again(): Promise<void>
  /** The next send of a message to a person fails. */
  failsOnce(how: 'temporary' | 'permanent'): void
  api<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<{ status: number; body: T }>
  forward(duration: string): Promise<void>
  /** Lines of level error so far. */
  errors(): string[]
  close(): Promise<void>
}

export type Who = '张三' | '赵派工'

/** Words on a screen; buttons stand in them as `[接单]`. `ref` is the platform's own, for quoting. */
export interface Seen {
  text: string
  ref: unknown
}
