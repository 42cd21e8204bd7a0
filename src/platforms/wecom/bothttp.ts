import type { Inbound } from '../../chat/inbound.ts'
import { Permanent } from '../../errors.ts'
import { settle } from '../answer.ts'
import { type DoorDeps, guarded, mostBytes, refusal, short, told } from '../door.ts'
import { openEnvelope, Refused, type Secret, sealEnvelope } from '../envelope.ts'
import { inWords } from '../picture.ts'
import type { Answer, Delivery, RawAnswer, RawRequest, Receive, Route, Sent } from '../platform.ts'
import { botReply } from './bot.ts'
import { type BotSelf, readBotBody } from './botinbound.ts'
import type { Client } from './client.ts'
import { storeWithinMs } from './http.ts'
import { botBody } from './render.ts'
import { drawTemplate } from './template.ts'

type Came = { kind: 'echo'; plain: string } | { kind: 'body'; body: unknown; secret: Secret; nonce: string }

const door = 'wecom.bot'

/** Opens what the platform sealed for the bot: JSON, and an empty receive id (/101033). Pure. */
export function openBotCallback(
  request: RawRequest,
  secrets: readonly Secret[],
  now: Date,
): Came | { refused: string } {
  if (request.body.length > mostBytes) return { refused: 'size' }
  const lock = { secrets, receiveId: '' }
  try {
    if (request.method === 'GET')
      return { kind: 'echo', plain: openEnvelope(lock, request.query, request.query.echostr, now).message }
    const sealed = /^\s*\{\s*"encrypt"\s*:\s*"([A-Za-z0-9+/=\\]*)"\s*\}\s*$/
      .exec(request.body.toString())?.[1]
      ?.replaceAll('\\/', '/')
    const { message, secret, nonce } = openEnvelope(lock, request.query, sealed, now)
    return { kind: 'body', body: JSON.parse(message), secret, nonce }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.reason }
    if (error instanceof SyntaxError) return { refused: 'json' }
    throw error
  }
}

/** One more answer per message, at an address the message brought; an hour, once (/101138). */
interface Spare {
  url: string
  until: number
}

const spareLifeMs = 3_600_000
const mostSpares = 1_000

/**
 * The bot in callback mode: `GET|POST /wecom/bot` (developer.work.weixin.qq.com/document/path/101033). It answers at once or
 * by the message's own address; speaking first in a group needs the long connection or a webhook robot.
 */
export class BotCallback {
  private readonly spares = new Map<string, Spare>()

  constructor(
    private readonly secrets: readonly Secret[],
    private readonly self: BotSelf,
    private readonly client: Client,
    private readonly deps: DoorDeps,
  ) {}

  route(receive: Receive): Route {
    const { clock, signals, log, answerWithinMs } = this.deps
    const handle = async (request: RawRequest): Promise<RawAnswer & { sent?: () => void }> => {
      const came = openBotCallback(request, this.secrets, clock.now())
      if ('refused' in came) {
        signals.refused(door, came.refused)
        return refusal(came.refused)
      }
      if (came.kind === 'echo') return short(200, came.plain)
      const heard = readBotBody(came.body, this.self, clock.now())
      // `stream` asks how a stream goes on; ours are finished when they begin.
      if (!heard || isStreamPoll(came.body)) return short(200, '')
      const { inbound, responseUrl } = heard
      if (responseUrl) this.keep(inbound.chat.id, responseUrl)
      const outcome = await settle(() => receive(inbound), { storeMs: storeWithinMs, answerMs: answerWithinMs })
      if (outcome.kind === 'lost') return short(503, 'try again')
      const reply = outcome.answer && passive(inbound, outcome.answer)
      if (!outcome.answer || !reply) return short(200, '')
      const { encrypt, signature, timestamp, nonce } = sealEnvelope(
        came.secret,
        '',
        JSON.stringify(reply),
        clock.now(),
        came.nonce,
      )
      const body = JSON.stringify({ encrypt, msgsignature: signature, timestamp: Number(timestamp), nonce })
      const { answered } = outcome.answer
      return { status: 200, type: 'application/json; charset=utf-8', body, sent: () => told(answered, log) }
    }
    return { methods: ['GET', 'POST'], path: '/wecom/bot', maxBytes: mostBytes, handle: guarded(handle, log) }
  }

  /** Speaks where somebody spoke within the hour, once per thing said. Throws `Temporary` and `Permanent`. */
  async send({ message, taskId, repaint }: Delivery, chatId: string): Promise<Sent> {
    if (repaint) throw new Permanent('stale-handle', 'the bot cannot change a card without a tap')
    const spare = this.spares.get(chatId)
    if (!spare || spare.until <= this.deps.clock.now().getTime())
      throw new Permanent('cannot-speak-first', 'the bot in callback mode may only answer', {
        fix: 'use the bot’s long connection (WECOM_BOT_ID, WECOM_BOT_SECRET) or give the team a webhook robot',
      })
    this.spares.delete(chatId)
    const api = 'bot/response_url'
    return this.client.counted(api, async () => {
      const answer = await this.client.ask({
        api,
        method: 'POST',
        url: spare.url,
        // There is no way to show a picture at that address (/101138).
        body: botBody(message.kind === 'picture' ? inWords(message) : message, taskId),
        elsewhere: api,
      })
      this.client.settle(api, answer, 'bot')
      return {}
    })
  }

  private keep(chatId: string, url: string): void {
    if (!/^https?:\/\//i.test(url)) return
    this.spares.delete(chatId)
    this.spares.set(chatId, { url, until: this.deps.clock.now().getTime() + spareLifeMs })
    const oldest = this.spares.keys().next()
    if (this.spares.size > mostSpares && !oldest.done) this.spares.delete(oldest.value)
  }
}

const isStreamPoll = (body: unknown) =>
  typeof body === 'object' && body !== null && 'msgtype' in body && body.msgtype === 'stream'

/** The answer as a passive reply of the bot's (/101031); null when the outbox has to say it. */
function passive({ key, said }: Inbound, { message }: Answer): object | null {
  if (said.kind !== 'button') return botReply(message, key, said.kind === 'event')
  const card =
    message.kind === 'card' ? drawTemplate(message.card, { channel: 'bot', repaint: true, taskId: said.taskId }) : null
  return card && { response_type: 'update_template_card', template_card: card }
}
