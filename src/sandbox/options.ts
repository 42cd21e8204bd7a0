import type { MovableClock } from '../now.ts'
import type { PhonePlatform, SandboxPerson } from './wire.ts'

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
  /** Template of the leave form in 审批. */
  leaveTemplateId: string
}

/** Everything a DingTalk administrator would copy out of the developer console. */
export interface DingtalkCredentials {
  corpId: string
  clientId: string
  clientSecret: string
  robotCode: string
  /** Token and aes_key of the event subscription (HTTP push). */
  eventToken: string
  eventAesKey: string
  /** The app's own card template. */
  cardTemplateId: string
  robotName: string
  /** The custom robot of the group: what its webhook address ends in, and its 加签 secret (`SEC…`). */
  webhookToken: string
  webhookSecret: string
  agentId: number
}

/** What an administrator of WeCom set for the app; may be changed while it runs. */
export interface WecomOptions {
  /** 企业可信IP: nobody else may call the API. Default: everybody may. */
  trustedIps?: string[]
  /** 可见范围, userIds. Default: everybody. */
  visible?: string[]
  /** The app is switched off. */
  disabled?: boolean
  /** WeCom's own apps that do not have this one under 可调用接口的应用. */
  notCallable?: Array<'approval' | 'checkin'>
}

/** What an administrator of DingTalk set for the app; may be changed while it runs. */
export interface DingtalkOptions {
  /** 服务器出口IP: nobody else may call the APIs. Default: everybody may. */
  trustedIps?: string[]
  /** Permission points (权限点) the app was not given, e.g. `qyapi_robot_sendmsg`. Default: it has all. */
  notGranted?: string[]
  /** How the app receives. Default `stream`. */
  mode?: 'stream' | 'http'
  /** In HTTP mode, as typed into the console. */
  robotUrl?: () => string
  eventUrl?: () => string
  /** Calls a second for one API; default 20, as on the Standard edition. */
  qps?: number
}

export interface SandboxGroup {
  id: string
  /** Default: WeCom. */
  platform?: PhonePlatform
  title: string
  /** userIds */
  members: string[]
  /** Somebody has addressed the bot here before, so the bot may speak first. Default: not yet. */
  spoken?: boolean
}

export interface SandboxSeed {
  /** Default: a DingTalk account named after the userId, WeCom in use. */
  people: Array<Omit<SandboxPerson, 'dingtalkId' | 'uses'> & Partial<SandboxPerson>>
  /** The bot is a member of every group, the webhook robot of the platform's first. */
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
  /** How long a robot message or an event of DingTalk may stay unacknowledged. */
  ackTimeoutMs: number
  /** How long a tap on a DingTalk card may (dingtalk.md §5.4). */
  cardTimeoutMs: number
  /** After so long an unacknowledged robot message comes again (dingtalk.md §4.3). */
  robotResendMs: number
  /** Between two SYSTEM pings on a stream connection. */
  pingMs: number
  /** From the SYSTEM disconnect frame to the end of the connection (dingtalk.md §4.2). */
  closeDelayMs: number
}

export const defaultTiming: Timing = {
  callbackTimeoutMs: 5_000,
  botWaitMs: 5_000,
  retries: 3,
  retryDelayMs: 1_000,
  verifyTimeoutMs: 1_000,
  ackTimeoutMs: 3_000,
  cardTimeoutMs: 2_000,
  robotResendMs: 60_000,
  pingMs: 20_000,
  closeDelayMs: 10_000,
}

export interface SandboxOptions {
  /** Shared with the service in the demo, so that both live in the same moved time. */
  clock: MovableClock
  log: Log
  /**
   * Where this server is reachable, e.g. `http://127.0.0.1:3000`. Below it `/sandbox/wecom` is WeCom's API,
   * `/sandbox/dingtalk/api` stands for api.dingtalk.com and `/sandbox/dingtalk/oapi` for oapi.dingtalk.com.
   */
  baseUrl: () => string
  /** The service's app callback, e.g. `http://127.0.0.1:3000/wecom/callback`. */
  callbackUrl: () => string
  /**
   * Hosts the app's pages are on, as entered in the consoles (可信域名, 重定向 URL): people who sign in are sent back to no
   * other. Default: the host of `baseUrl`.
   */
  trustedHosts?: () => string[]
  /** Keeps phones, messages and the clock's offset over restarts; none: memory only. */
  dataFile?: string
  /** The built page, served at `/sandbox/`. */
  pageDir?: string
  /** Called after the clock moved; awaited before the page gets its answer. */
  onClockMoved?: () => Promise<void> | void
  /** Called when a person took up the other app; awaited before the act ends. */
  onSwitched?: (person: SandboxPerson) => Promise<void> | void
  credentials?: Partial<WecomCredentials>
  wecom?: WecomOptions
  dingtalk?: DingtalkOptions
  dingtalkCredentials?: Partial<DingtalkCredentials>
  seed?: SandboxSeed
  timing?: Partial<Timing>
}

/** What became of something a person did: the service answered, kept silent, or could not be reached. */
export type Outcome = 'answered' | 'empty' | 'failed'
