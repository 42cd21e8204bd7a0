import type { MediaRef } from '../../chat/inbound.ts'
import { Permanent } from '../../errors.ts'
import type { Delivery, Limit, Platform, Receive, Recipient, Route, Sent } from '../platform.ts'
import { AppApi } from './api.ts'
import { LeaveApprovals } from './approvals.ts'
import { Bot } from './bot.ts'
import { BotCallback } from './bothttp.ts'
import { Checkins } from './checkin.ts'
import { Client } from './client.ts'
import { checkConfig, defaultApiBase, type WecomConfig, type WecomDeps } from './config.ts'
import { callbackRoute } from './http.ts'
import { createLogin } from './login.ts'
import { fetchBotFile } from './media.ts'
import { sendByWebhook, webhookLimits } from './webhook.ts'

export type { BotConfig, WecomConfig, WecomDeps } from './config.ts'

/** Per member and app, /90454; per conversation of the bot, /101463 (developer.work.weixin.qq.com/document/path). */
const conversationLimits: Limit[] = [
  { count: 30, windowMs: 60_000 },
  { count: 1_000, windowMs: 3_600_000 },
]

const lines = async () => (await import('./botline.ts')).openLine

/** WeCom (企业微信): the app's 1:1 chat, the 智能机器人 in groups, group webhook robots. Throws `Invalid` when half-configured. */
export function createWecom(config: WecomConfig, deps: WecomDeps): Platform {
  const secrets = checkConfig(config)
  const { corpId, agentId, secret, bot: botConfig, leaveTemplate } = config
  const { clock, signals, log, leases, answerWithinMs = 3_500 } = deps
  const client = new Client((config.apiBase || defaultApiBase).replace(/\/+$/, ''), {
    clock,
    signals,
    log,
    exchange: deps.exchange,
  })
  const api = new AppApi({ corpId, agentId, secret }, { client, store: deps.tokens, clock, log })
  const approvals = leaveTemplate
    ? new LeaveApprovals(leaveTemplate, api, { store: deps.tokens, clock, log }, `${corpId}:${agentId}`)
    : undefined
  const door = { clock, signals, log, answerWithinMs }
  const self = { corpId, names: botConfig?.names ?? [] }
  const bot =
    botConfig?.mode === 'socket' ? new Bot(botConfig, self, { clock, leases, log, lines, answerWithinMs }) : undefined
  const botCallback = botConfig?.mode === 'callback' ? new BotCallback(secrets.bot, self, client, door) : undefined

  function send(delivery: Delivery): Promise<Sent> {
    const { to } = delivery
    if (to.kind === 'person') return api.send(delivery, to.userId)
    if (to.via === 'webhook') return sendByWebhook(client, to.robot.key, delivery)
    const speaker = bot ?? botCallback
    if (speaker) return speaker.send(delivery, to.chatId)
    const fix = 'set WECOM_BOT_ID and WECOM_BOT_SECRET, or give the team a webhook robot'
    return Promise.reject(new Permanent('no-bot', 'no bot is configured to speak in groups', { fix }))
  }

  return {
    name: 'wecom',
    corpId,
    can: {
      ...{ buttons: true, repaint: 'once', answerShows: 'everyone', mention: true },
      ...{ hearsGroup: botConfig !== undefined, quotes: false, locations: true, recall: true },
    },
    routes(receive: Receive): Route[] {
      const callback = callbackRoute({ corpId, agentId, secrets: secrets.callback, leaveTemplate }, door, receive)
      return botCallback ? [callback, botCallback.route(receive)] : [callback]
    },
    ...(bot && { open: (receive: Receive) => bot.open(receive) }),
    send,
    recall: messageId => api.recall(messageId),
    fetchMedia: ({ source }: MediaRef) => {
      if ('mediaId' in source) return api.media(source.mediaId)
      // In callback mode files are sealed with the bot's own key, which never travels in an event.
      const keys = source.aesKey === null ? secrets.bot.map(({ aesKey }) => aesKey) : [source.aesKey]
      return fetchBotFile(client, source.url, keys)
    },
    findByMobile: mobile => api.findByMobile(mobile),
    limits: (to: Recipient) => (to.kind === 'group' && to.via === 'webhook' ? webhookLimits : conversationLimits),
    ...(config.login && { login: createLogin(config, api) }),
    ...(approvals && { approvals }),
    ...(config.checkin && { attendance: new Checkins(api) }),
    problems: () => [...client.gates.problems(), ...(approvals?.problems() ?? []), ...(bot?.problems() ?? [])],
  }
}
