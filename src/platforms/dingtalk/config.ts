import { createHmac } from 'node:crypto'
import { Invalid } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock, Timers } from '../../now.ts'
import { pairSecrets, type Secret } from '../envelope.ts'
import type { Exchange } from '../exchange.ts'
import type { Meters, Signals, TokenStore } from '../platform.ts'

export interface DingtalkConfig {
  /** New API; default `https://api.dingtalk.com`. */
  apiBase: string
  /** Old API; default `https://oapi.dingtalk.com`. */
  oapiBase: string
  corpId: string
  /** Client ID (AppKey) of the internal app. */
  clientId: string
  /** Client Secret; a second one is the former secret, taken at the doors while it is being changed. */
  clientSecrets: string[]
  robotCode: string
  receive:
    | { mode: 'stream'; events: boolean }
    | { mode: 'http'; events?: { tokens: string[]; aesKeys: string[] } | undefined }
  /** Id of the company's own card template (deploy/dingtalk-card.json); `none`: no interactive cards at all. */
  cardTemplate?: string | undefined
  /** Where people's phones and DingTalk reach this service. */
  publicUrl?: string | undefined
  /** What the company may use in a month (dingtalk.md §1.4). */
  quota: { calls: number; pushes: number }
  /** What people write after the @. */
  names: string[]
  /** Code of the company's own approval form for leave; `auto`: one is made. Without it there are no approvals. */
  leaveProcess?: string | undefined
  /** Results of the attendance are read. */
  checkin?: boolean
  /** People sign in to the pages with DingTalk. */
  login?: boolean
  /** Where the sign-in page is; default `https://login.dingtalk.com`. */
  loginBase?: string
}

export interface DingtalkDeps {
  clock: Clock
  /** The machine's own time and alarms, for connections: a sandbox's clock that is moved says nothing of them. */
  machine: Clock
  timers: Timers
  tokens: TokenStore
  meters: Meters
  signals: Signals
  log: Log
  /** Within this a tap is answered by redrawing its card; DingTalk waits 2 s (dingtalk.md §5.3). Default 1700. */
  answerWithinMs?: number
  /** How long an event may take to be kept before the platform is left to deliver it again. Default 2300. */
  storeWithinMs?: number
  /** How the platform is asked over HTTP. */
  exchange?: Exchange
}

export const defaultApiBase = 'https://api.dingtalk.com'
export const defaultOapiBase = 'https://oapi.dingtalk.com'

/** The public card template of DingTalk's own SDK (dingtalk.md §5.6, route C). */
export const publicTemplate = '1366a1eb-bc54-4859-ac88-517c56a9acb1.schema'

/** Key of the address card taps are sent to in HTTP mode. */
export const cardRouteKey = 'paigong'

export interface Doors {
  events: Secret[]
  /** Card taps are signed with it: made from the app's secret, so that every instance has the same. */
  cardSecrets: string[]
}

/** Refuses to start half-configured. Throws `Invalid` naming the setting. */
export function checkConfig(config: DingtalkConfig): Doors {
  const { receive, publicUrl, clientSecrets, quota } = config
  for (const [name, value] of [
    ['DINGTALK_CORP_ID', config.corpId],
    ['DINGTALK_CLIENT_ID', config.clientId],
    ['DINGTALK_ROBOT_CODE', config.robotCode],
  ] as const)
    if (!value.trim()) throw new Invalid(`${name}: is empty`)
  if (clientSecrets.length < 1 || clientSecrets.length > 2 || clientSecrets.some(secret => !secret.trim()))
    throw new Invalid('DINGTALK_CLIENT_SECRET: give one Client Secret, or the new and the former one while changing it')
  for (const [name, value] of [
    ['DINGTALK_API_BASE', config.apiBase],
    ['DINGTALK_OAPI_BASE', config.oapiBase],
  ] as const)
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
      throw new Invalid(`${name}: must be an address beginning with https:// or http://`)
  if (receive.mode === 'http' && !publicUrl)
    throw new Invalid('PUBLIC_URL: DINGTALK_MODE=http needs the address DingTalk reaches this service at')
  if (!(quota.calls > 0 && quota.pushes > 0)) throw new Invalid('DINGTALK_QUOTA: must be two positive numbers')
  const events = receive.mode === 'http' ? receive.events : undefined
  return {
    events: events ? pairSecrets('DINGTALK_EVENT_TOKEN / DINGTALK_EVENT_AES_KEY', events.tokens, events.aesKeys) : [],
    cardSecrets: clientSecrets.map(secret => createHmac('sha256', secret).update('paigong card route').digest('hex')),
  }
}
