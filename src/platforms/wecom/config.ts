import { Invalid } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { pairSecrets, type Secret } from '../envelope.ts'
import type { Exchange } from '../exchange.ts'
import type { Leases, Signals, TokenStore } from '../platform.ts'

interface CallbackSecrets {
  /** One, or two while they are being changed in the admin console; `aesKeys[i]` belongs to `tokens[i]`. */
  tokens: string[]
  aesKeys: string[]
}

export type BotConfig =
  | { mode: 'socket'; botId: string; secret: string; wsUrl?: string; names: string[] }
  | ({ mode: 'callback'; names: string[] } & CallbackSecrets)

export interface WecomConfig {
  /** Default `https://qyapi.weixin.qq.com`. */
  apiBase: string
  corpId: string
  agentId: number
  /** The app's Secret (the bot has one of its own). */
  secret: string
  callback: CallbackSecrets
  /** The 智能机器人 that hears groups. `names`: what people write after the @. */
  bot?: BotConfig
  /** The company's leave template in 审批: without it there are no approvals. */
  leaveTemplate?: string | undefined
  /** Check-ins are read from 打卡. */
  checkin?: boolean
  /** People sign in to the pages with WeCom. */
  login?: boolean
  /** Where the sign-in pages are: inside WeCom, and for browsers. */
  loginBases?: { app: string; browser: string }
}

export interface WecomDeps {
  clock: Clock
  tokens: TokenStore
  leases: Leases
  signals: Signals
  log: Log
  /** How long an answer may take to go out at once; later ones are the outbox's. Default 3500. */
  answerWithinMs?: number
  /** How the platform is asked over HTTP. */
  exchange?: Exchange
}

export interface Secrets {
  callback: Secret[]
  /** Empty when the bot does not use a callback. */
  bot: Secret[]
}

export const defaultApiBase = 'https://qyapi.weixin.qq.com'

/** Refuses to start half-configured. Throws `Invalid` naming the setting. */
export function checkConfig(config: WecomConfig): Secrets {
  const { bot } = config
  need('WECOM_CORP_ID', config.corpId)
  need('WECOM_SECRET', config.secret)
  if (!Number.isSafeInteger(config.agentId) || config.agentId <= 0)
    throw new Invalid('WECOM_AGENT_ID: must be a whole number')
  checkUrl('WECOM_API_BASE', config.apiBase || defaultApiBase, ['http:', 'https:'])
  if (bot?.mode === 'socket') {
    need('WECOM_BOT_ID', bot.botId)
    need('WECOM_BOT_SECRET', bot.secret)
    if (bot.wsUrl) checkUrl('WECOM_BOT_WS_URL', bot.wsUrl, ['ws:', 'wss:'])
  }
  return {
    callback: pairSecrets('WECOM_TOKEN / WECOM_AES_KEY', config.callback.tokens, config.callback.aesKeys),
    bot: bot?.mode === 'callback' ? pairSecrets('WECOM_BOT_TOKEN / WECOM_BOT_AES_KEY', bot.tokens, bot.aesKeys) : [],
  }
}

function need(name: string, value: string): void {
  if (!value.trim()) throw new Invalid(`${name}: is empty`)
}

function checkUrl(name: string, value: string, protocols: string[]): void {
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol))
    throw new Invalid(
      `${name}: must be an address beginning with ${protocols.map(protocol => `${protocol}//`).join(' or ')}`,
    )
}
