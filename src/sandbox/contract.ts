import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Acts, Done } from './acts.ts'
import type { Fault } from './faults.ts'
import type { Office } from './office.ts'
import type { DingtalkCredentials, Outcome, WecomCredentials } from './options.ts'
import type { LeaveTemplate } from './wecom/leavetemplate.ts'
import type { SandboxActions, SandboxLogEntry, SandboxMessage, SandboxState } from './wire.ts'

/** What belongs to the simulated DingTalk alone. */
export interface DingtalkControls {
  readonly credentials: DingtalkCredentials
  /** Stream connections that something may be pushed to. */
  connections(): number
  /** Pushes nobody heard, nobody acknowledged in time, or that were acknowledged as failed. */
  unacknowledged(): number
  /** All connections get a SYSTEM disconnect frame, or are cut without a word. */
  disconnect(how: 'frame' | 'drop'): void
  /** Pushes an event, e.g. `user_leave_org`. Resolves when acknowledged, or given up. */
  event(name: string, data: object): Promise<Outcome>
  /** Sets meters or limits of this month. */
  setQuota(values: Partial<{ calls: number; callLimit: number; pushes: number; pushLimit: number }>): void
  /** A one-use code as `requestAuthCode` gives it to a page. */
  loginCode(userId: string): string
  /** `check_url`, as saving the address in the console does (HTTP mode). */
  verifyEvents(): Promise<boolean>
  /** Sends a file to the robot, in this person's chat with it. */
  file(act: { as: string; name: string; bytes: Buffer }): Promise<Done>
}

/** A simulated WeCom and DingTalk with phones. The acts resolve when the service answered, or could not. */
export interface Sandbox
  extends Pick<Acts, 'say' | 'tap' | 'photo' | 'voice' | 'location' | 'read' | 'switch'>,
    Pick<Office, 'approval' | 'punch'> {
  /** WeCom's. */
  readonly credentials: WecomCredentials
  readonly dingtalk: DingtalkControls
  /** True when the path is below `/sandbox` and was taken. */
  handle(req: IncomingMessage, res: ServerResponse): boolean
  /** True when it was the bot's socket (`/sandbox/wecom/ws`) or a stream connection (`/sandbox/dingtalk/connect`). */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean
  state(): SandboxState
  /** Somebody opens WeCom's app. */
  enter(userId: string): Promise<{ status: Outcome }>
  /** An administrator changes WeCom's leave template. */
  editTemplate(change: Partial<LeaveTemplate>): void
  /** Makes something fail on the platform's side, until the returned function is called. */
  fail(fault: Fault): () => void
  /** Invalidates all access tokens early, as the platforms may. */
  expireTokens(): void
  /** The URL check WeCom's admin console makes (GET with echostr). */
  verifyCallback(): Promise<boolean>
  /** Every new message on a phone. Returns how to stop. */
  onMessage(listener: (message: SandboxMessage) => void): () => void
  /** Any change of what the phones show. Returns how to stop. */
  onChange(listener: () => void): () => void
  moveClock(how: SandboxActions['clock']): Promise<void>
  /** Resolves when no callback, push, retry, API call or awaited bot answer is under way. */
  idle(): Promise<void>
  log(): SandboxLogEntry[]
  /** How many exchanges there were since the start. */
  exchanges(): number
  close(): Promise<void>
}
