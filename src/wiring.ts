import { randomUUID } from 'node:crypto'
import type { Config, PlatformChoice } from './config.ts'
import { leases, meters, tokenStore } from './db/keep.ts'
import type { Database } from './db/open.ts'
import type { Log } from './log.ts'
import { type Clock, systemClock, systemTimers } from './now.ts'
import type { Checkup, CheckupDeps } from './platforms/checkup.ts'
import { checkupDingtalk } from './platforms/dingtalk/checkup.ts'
import { createDingtalk, type DingtalkConfig } from './platforms/dingtalk/index.ts'
import type { Platform, Signals } from './platforms/platform.ts'
import { checkupPublic } from './platforms/publicdoor.ts'
import { checkupWecom } from './platforms/wecom/checkup.ts'
import { createWecom, type WecomConfig } from './platforms/wecom/index.ts'
import type { Sandbox } from './sandbox/index.ts'

/** The platforms of a deployment, as its settings or the sandbox have them. A new platform is one more line of each. */
export interface PlatformConfigs {
  wecom?: WecomConfig
  dingtalk?: DingtalkConfig
}

/** `readConfig` has seen to it that what PLATFORMS needs is there. */
export function platformsOf(config: Config): PlatformConfigs {
  return {
    ...(config.platforms.includes('wecom') && { wecom: wecomOf(config) }),
    ...(config.platforms.includes('dingtalk') && { dingtalk: dingtalkOf(config) }),
  }
}

function wecomOf(config: Config): WecomConfig {
  const {
    WECOM_CORP_ID = '',
    WECOM_AGENT_ID = 0,
    WECOM_SECRET = '',
    WECOM_TOKEN = [],
    WECOM_AES_KEY = [],
    WECOM_BOT_ID,
    WECOM_BOT_SECRET,
  } = config
  const names = [config.WECOM_BOT_NAME]
  const socket = WECOM_BOT_ID && WECOM_BOT_SECRET
  const callback = config.WECOM_BOT_TOKEN && config.WECOM_BOT_AES_KEY
  return {
    ...{ apiBase: config.WECOM_API_BASE, corpId: WECOM_CORP_ID, agentId: WECOM_AGENT_ID, secret: WECOM_SECRET },
    callback: { tokens: WECOM_TOKEN, aesKeys: WECOM_AES_KEY },
    ...{ leaveTemplate: config.WECOM_LEAVE_TEMPLATE_ID, checkin: config.WECOM_CHECKIN === 'on' },
    login: config.WECOM_LOGIN === 'on',
    ...(socket && {
      bot: {
        mode: 'socket',
        botId: WECOM_BOT_ID,
        secret: WECOM_BOT_SECRET,
        names,
        ...(config.WECOM_BOT_WS_URL && { wsUrl: config.WECOM_BOT_WS_URL }),
      },
    }),
    ...(!socket &&
      callback && {
        bot: { mode: 'callback', tokens: config.WECOM_BOT_TOKEN ?? [], aesKeys: config.WECOM_BOT_AES_KEY ?? [], names },
      }),
  }
}

function dingtalkOf(config: Config): DingtalkConfig {
  const { DINGTALK_EVENT_TOKEN: tokens, DINGTALK_EVENT_AES_KEY: aesKeys } = config
  return {
    ...{ apiBase: config.DINGTALK_API_BASE, oapiBase: config.DINGTALK_OAPI_BASE },
    ...{ corpId: config.DINGTALK_CORP_ID ?? '', clientId: config.DINGTALK_CLIENT_ID ?? '' },
    ...{ clientSecrets: config.DINGTALK_CLIENT_SECRET ?? [], robotCode: config.DINGTALK_ROBOT_CODE ?? '' },
    receive:
      config.DINGTALK_MODE === 'http'
        ? { mode: 'http', ...(tokens && aesKeys && { events: { tokens, aesKeys } }) }
        : // Without events what was decided in 审批 would be found by the daily look alone.
          {
            mode: 'stream',
            events: config.DINGTALK_EVENTS === 'on' || config.DINGTALK_LEAVE_PROCESS_CODE !== undefined,
          },
    ...{ cardTemplate: config.DINGTALK_CARD_TEMPLATE_ID, publicUrl: config.PUBLIC_URL, quota: config.DINGTALK_QUOTA },
    names: [config.DINGTALK_BOT_NAME],
    ...{ leaveProcess: config.DINGTALK_LEAVE_PROCESS_CODE, checkin: config.DINGTALK_CHECKIN === 'on' },
    login: config.DINGTALK_LOGIN === 'on',
  }
}

/** The sandbox hands out credentials the way the admin consoles do. `here` is where it is reached from this machine. */
export function sandboxPlatforms({ credentials, dingtalk }: Sandbox, here: string, publicUrl: string): PlatformConfigs {
  const { corpId, agentId, secret, token, aesKey, botId, botSecret, botName, leaveTemplateId } = credentials
  const { clientId, clientSecret, robotCode, robotName } = dingtalk.credentials
  const ws = `${here.replace('http', 'ws')}/sandbox/wecom/ws`
  const pages = publicUrl.replace(/\/+$/, '')
  return {
    wecom: {
      ...{ apiBase: `${here}/sandbox/wecom`, corpId, agentId, secret },
      callback: { tokens: [token], aesKeys: [aesKey] },
      bot: { mode: 'socket', botId, secret: botSecret, wsUrl: ws, names: [botName] },
      ...{ leaveTemplate: leaveTemplateId, checkin: true, login: true },
      loginBases: { app: `${pages}/sandbox/wecom/open`, browser: `${pages}/sandbox/wecom/login` },
    },
    dingtalk: {
      ...{ apiBase: `${here}/sandbox/dingtalk/api`, oapiBase: `${here}/sandbox/dingtalk/oapi` },
      ...{ corpId: dingtalk.credentials.corpId, clientId, clientSecrets: [clientSecret], robotCode, publicUrl },
      receive: { mode: 'stream', events: true },
      quota: { calls: 5_000, pushes: 3_000 },
      names: [robotName],
      ...{ leaveProcess: 'auto', checkin: true, login: true, loginBase: `${pages}/sandbox/dingtalk/login` },
    },
  }
}

export interface PlatformDeps {
  company: string
  db: Database
  clock: Clock
  log: Log
  /** Names this instance where instances take turns. */
  owner?: string
  /** How long an answer may take to go out at once; each platform has its own idea when missing. */
  answerWithinMs?: number
}

/** Makes the platforms, on what all instances share. */
export function createPlatforms(configs: PlatformConfigs, deps: PlatformDeps, signals: Signals): Platform[] {
  const { company, db, clock, log, answerWithinMs } = deps
  const owner = deps.owner ?? `${process.pid}-${randomUUID().slice(0, 8)}`
  const tokens = tokenStore(db, company)
  const shared = { clock, log, signals, tokens, ...(answerWithinMs !== undefined && { answerWithinMs }) }
  const { wecom, dingtalk } = configs
  return [
    ...(wecom ? [createWecom(wecom, { ...shared, leases: leases(db, company, owner, clock) })] : []),
    ...(dingtalk
      ? [
          createDingtalk(dingtalk, {
            ...shared,
            meters: meters(db, company),
            machine: systemClock,
            timers: systemTimers,
          }),
        ]
      : []),
  ]
}

/** What the doctor looks at, and the road it asks on. */
export { exchange } from './platforms/exchange.ts'

/** PUBLIC_URL first: what it leads to matters to all. */
export const checkupsOf = (config: Config): Array<{ platform?: PlatformChoice; checkup: Checkup }> => {
  const { wecom, dingtalk } = platformsOf(config)
  return [
    ...(wecom || dingtalk ? [{ checkup: checkupPublic }] : []),
    ...(wecom ? [{ platform: 'wecom' as const, checkup: (deps: CheckupDeps) => checkupWecom(wecom, deps) }] : []),
    ...(dingtalk
      ? [{ platform: 'dingtalk' as const, checkup: (deps: CheckupDeps) => checkupDingtalk(dingtalk, deps) }]
      : []),
  ]
}

/** What people call the bot by, on any platform. */
export const botNames = ({ wecom, dingtalk }: PlatformConfigs): string[] => [
  ...new Set([...(wecom?.bot?.names ?? []), ...(dingtalk?.names ?? [])]),
]
