import { WSClient, type WsFrame } from '@wecom/aibot-node-sdk'
import { Permanent, Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { hideSecrets } from '../exchange.ts'
import { meaningOf } from './errcode.ts'
import type { Body } from './render.ts'
import type { TemplateCard } from './template.ts'

/** What a line tells its owner. */
export interface LineEvents {
  heard(body: unknown, requestId: string): Promise<void>
  up(): void
  down(): void
  /** A newer connection took the bot over; this one is closed. */
  taken(): void
  /** The bot's id or secret was refused too often. */
  refused(): void
}

/** The bot's long connection. Its methods throw `Temporary` and `Permanent` only. */
export interface Line {
  /** Connected and let in. */
  readonly ready: boolean
  /** Answers a message: text as a finished stream, or a card (developer.work.weixin.qq.com/document/path/101031). */
  reply(requestId: string, body: ReplyBody): Promise<void>
  /** Answers `enter_chat`. */
  welcome(requestId: string, body: ReplyBody): Promise<void>
  /** Draws the tapped card anew, for everyone who sees it. */
  update(requestId: string, card: TemplateCard): Promise<void>
  /** Speaks first: `chat_type` 1 is a person's chat, 2 a group (/101463). */
  send(chatId: string, chatType: 1 | 2, body: Body): Promise<void>
  /** Hands a picture over; its id lives three days (/101463). */
  upload(png: Uint8Array, name: string): Promise<string>
  close(): void
}

export type ReplyBody =
  | { msgtype: 'stream'; stream: { id: string; finish: true; content: string } }
  | { msgtype: 'text'; text: { content: string } }
  | { msgtype: 'template_card'; template_card: TemplateCard }

export interface LineConfig {
  botId: string
  secret: string
  wsUrl?: string
}

export type OpenLine = (config: LineConfig, events: LineEvents, log: Log) => Line

/** Wrong secrets are not tried over and over: subscribing is protected by frequency (/101463). */
const loginTries = 2

/**
 * Opens a line with the official SDK, whose habits end here: handlers that reject, errors that are frames, log lines with
 * bodies in them, giving up after ten reconnects, and calling itself connected before it was let in.
 */
export const openLine: OpenLine = ({ botId, secret, wsUrl }, events, log) => {
  let ready = false
  let closed = false
  const client = new WSClient({
    botId,
    secret,
    ...(wsUrl && { wsUrl }),
    maxReconnectAttempts: -1,
    maxAuthFailureAttempts: loginTries,
    logger: quiet(log),
  })
  const heard = (frame: WsFrame) => {
    const body: unknown = frame.body
    const work = async () => events.heard(body, frame.headers.req_id)
    work().catch(error => log.error({ reason: nameOf(error) }, 'a message to the bot could not be worked on'))
  }
  const fell = () => {
    if (!ready) return
    ready = false
    events.down()
  }
  client.on('message', heard)
  client.on('event', frame => {
    if (frame.body?.event?.eventtype !== 'disconnected_event') return heard(frame)
    fell()
    events.taken()
  })
  client.on('authenticated', () => {
    ready = true
    events.up()
  })
  client.on('disconnected', fell)
  client.on('error', error => {
    if ('code' in error && error.code === 'WS_AUTH_FAILURE_EXHAUSTED') events.refused()
    else log.warn({ reason: error.message.slice(0, 200) }, 'the bot’s connection has trouble')
  })
  client.connect()

  async function ask(work: () => Promise<unknown>): Promise<void> {
    if (!ready) throw new Temporary('bot-offline', 'the bot is not connected', { retryAfterMs: 5_000 })
    try {
      await work()
    } catch (error) {
      throw lineError(error)
    }
  }

  return {
    get ready() {
      return ready && !closed
    },
    reply: (requestId, body) => ask(() => client.reply(headers(requestId), { ...body })),
    welcome: (requestId, body) => ask(() => client.reply(headers(requestId), { ...body }, 'aibot_respond_welcome_msg')),
    update: (requestId, card) =>
      ask(() =>
        client.reply(
          headers(requestId),
          { response_type: 'update_template_card', template_card: card },
          'aibot_respond_update_msg',
        ),
      ),
    // The SDK's typing of the body knows neither `chat_type` nor all of a card, so it goes the general way, which needs a
    // request id with the command's name in front.
    send: (chatId, chatType, body) =>
      ask(() =>
        client.reply(
          headers(`aibot_send_msg_${crypto.randomUUID()}`),
          { chatid: chatId, chat_type: chatType, ...body },
          'aibot_send_msg',
        ),
      ),
    async upload(png, name) {
      let mediaId = ''
      await ask(async () => {
        mediaId = (await client.uploadMedia(Buffer.from(png), { type: 'image', filename: name })).media_id
      })
      return mediaId
    },
    close() {
      closed = true
      ready = false
      client.removeAllListeners()
      client.disconnect()
    },
  }
}

const headers = (requestId: string) => ({ headers: { req_id: requestId } })

/** The SDK rejects with an `Error` when no answer came, and with the answer's frame when it was a refusal. */
export function lineError(error: unknown): Temporary | Permanent {
  if (typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number') {
    const errmsg = 'errmsg' in error && typeof error.errmsg === 'string' ? hideSecrets(error.errmsg).slice(0, 200) : ''
    const what = `bot: errcode ${error.errcode}: ${errmsg}`
    const meaning = meaningOf(error.errcode)
    if (meaning.is === 'permanent') return new Permanent(meaning.code, what, { fix: meaning.fix })
    return meaning.is === 'temporary'
      ? new Temporary(meaning.code, what, { retryAfterMs: meaning.waitMs })
      : new Temporary('bot-offline', what)
  }
  return new Temporary('timeout', 'bot: no answer in time', { retryAfterMs: 5_000 })
}

/** The SDK's own words without their arguments, which hold whole messages; below warnings nothing at all. */
function quiet(log: Log) {
  const say = (message: string) => log.warn({ sdk: hideSecrets(message).slice(0, 200) }, 'bot connection')
  return { debug() {}, info() {}, warn: say, error: say }
}

const nameOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))
