import type { MovableClock } from '../now.ts'
import type { SandboxPerson } from './wire.ts'

/** What the sandbox needs of a logger; a pino logger is one. */
export interface Log {
  debug(obj: object, msg: string): void
  info(obj: object, msg: string): void
  warn(obj: object, msg: string): void
  error(obj: object, msg: string): void
}

/** Everything a WeCom administrator would copy out of the admin console. */
export interface WecomCredentials {
  corpId: string
  agentId: number
  secret: string
  /** Token and EncodingAESKey of the app's callback URL. */
  token: string
  aesKey: string
  botId: string
  botSecret: string
  webhookKey: string
  botName: string
  appName: string
}

export interface SandboxGroup {
  id: string
  title: string
  /** userIds */
  members: string[]
  /** Somebody has addressed the bot here before, so the bot may speak first. Default: not yet. */
  spoken?: boolean
}

export interface SandboxSeed {
  people: SandboxPerson[]
  /** The bot is a member of every group, the webhook robot of the first. */
  groups: SandboxGroup[]
}

export interface Timing {
  /** How long an app callback may take (the platform's 5 s). */
  callbackTimeoutMs: number
  /** How long a person looks at the screen for the bot's answer; it may come later all the same. */
  botWaitMs: number
  /** Further attempts after a failed callback. */
  retries: number
  retryDelayMs: number
  /** How long the URL check of the admin console waits. */
  verifyTimeoutMs: number
}

export const defaultTiming: Timing = {
  callbackTimeoutMs: 5_000,
  botWaitMs: 5_000,
  retries: 3,
  retryDelayMs: 1_000,
  verifyTimeoutMs: 1_000,
}

export interface SandboxOptions {
  /** Shared with the service in the demo, so that both live in the same moved time. */
  clock: MovableClock
  log: Log
  /** Where this server is reachable, e.g. `http://127.0.0.1:3000`; the API base is `baseUrl() + '/sandbox/wecom'`. */
  baseUrl: () => string
  /** The service's app callback, e.g. `http://127.0.0.1:3000/wecom/callback`. */
  callbackUrl: () => string
  /** Keeps phones, messages and the clock's offset over restarts; none: memory only. */
  dataFile?: string
  /** The built page, served at `/sandbox/`. */
  pageDir?: string
  /** Called after the clock moved; awaited before the page gets its answer. */
  onClockMoved?: () => Promise<void> | void
  credentials?: Partial<WecomCredentials>
  seed?: SandboxSeed
  timing?: Partial<Timing>
}

/** What became of something a person did: the service answered, kept silent, or could not be reached. */
export type Outcome = 'answered' | 'empty' | 'failed'
