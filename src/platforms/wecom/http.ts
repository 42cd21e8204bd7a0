import type { Inbound } from '../../chat/inbound.ts'
import { settle } from '../answer.ts'
import { type DoorDeps, guarded, mostBytes, refusal, short, told } from '../door.ts'
import { openEnvelope, Refused, type Secret, sealEnvelope } from '../envelope.ts'
import type { Answer, RawAnswer, RawRequest, Receive, Route } from '../platform.ts'
import { isForeign, readCallback } from './inbound.ts'
import { replyText } from './render.ts'
import { drawTemplate } from './template.ts'
import { cardReply, parseXml, sealedPart, sealedReply, textReply, type XmlRecord } from './xml.ts'

export interface CallbackDoor {
  corpId: string
  agentId: number
  secrets: readonly Secret[]
  /** Template of the approvals that are ours. */
  leaveTemplate?: string | undefined
}

/** WeCom hangs up after 5 s and calls again (developer.work.weixin.qq.com/document/path/90238): by then it must be kept. */
export const storeWithinMs = 4_300

const door = 'wecom.callback'

/** What came through the door: a check of the address, or a record sealed with `secret`. */
export type Came = { kind: 'echo'; plain: string } | { kind: 'record'; record: XmlRecord; secret: Secret }

/** The door itself: opens what WeCom sealed. Pure; returns why it stays shut as a word for counters. */
export function openCallback(
  request: RawRequest,
  { corpId, secrets }: CallbackDoor,
  now: Date,
): Came | { refused: string } {
  if (request.body.length > mostBytes) return { refused: 'size' }
  const lock = { secrets, receiveId: corpId }
  try {
    if (request.method === 'GET')
      return { kind: 'echo', plain: openEnvelope(lock, request.query, request.query.echostr, now).message }
    const { message, secret } = openEnvelope(lock, request.query, sealedPart(request.body.toString()), now)
    const record = parseXml(message)
    if (!record) return { refused: 'xml' }
    return record.ToUserName === corpId ? { kind: 'record', record, secret } : { refused: 'receiver' }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.reason }
    throw error
  }
}

/** `GET|POST /wecom/callback`: messages and events of the app. */
export function callbackRoute(config: CallbackDoor, deps: DoorDeps, receive: Receive): Route {
  const { clock, signals, log } = deps
  async function handle(request: RawRequest): Promise<RawAnswer & { sent?: () => void }> {
    const came = openCallback(request, config, clock.now())
    if ('refused' in came) {
      signals.refused(door, came.refused)
      return refusal(came.refused)
    }
    if (came.kind === 'echo') return short(200, came.plain)
    const inbound = isForeign(came.record, config.agentId, config.leaveTemplate) ? null : readCallback(came.record)
    if (!inbound) {
      // Verified, so it is not hostile: acknowledged, or WeCom would call three more times.
      signals.refused(door, 'not-ours')
      return short(200, '')
    }
    const outcome = await settle(() => receive(inbound), { storeMs: storeWithinMs, answerMs: deps.answerWithinMs })
    if (outcome.kind === 'lost') {
      log.warn({ key: inbound.key }, 'an event could not be kept in time: WeCom is asked to deliver it again')
      return short(503, 'try again')
    }
    const plain = outcome.answer && passiveReply(inbound, outcome.answer, config.corpId, clock.now())
    if (!outcome.answer || !plain) return short(200, '')
    const sealed = sealEnvelope(came.secret, config.corpId, plain, clock.now())
    const { answered } = outcome.answer
    return {
      status: 200,
      type: 'application/xml; charset=utf-8',
      body: sealedReply(sealed),
      sent: () => told(answered, log),
    }
  }
  return { methods: ['GET', 'POST'], path: '/wecom/callback', maxBytes: mostBytes, handle: guarded(handle, log) }
}

/** The answer as a passive reply (developer.work.weixin.qq.com/document/path/90241); null when it can't be said that way. */
function passiveReply(inbound: Inbound, { message }: Answer, corpId: string, now: Date): string | null {
  const to = { userId: inbound.sender.userId, corpId, at: Math.floor(now.getTime() / 1_000) }
  const tapped = inbound.said.kind === 'button'
  // A tap is answered by drawing the card anew, anything else by text; the outbox says the rest.
  if (message.kind === 'text') return tapped ? null : textReply(to, replyText(message.text))
  const card = tapped ? drawTemplate(message.card, { channel: 'app', repaint: true }) : null
  return card && cardReply(to, card)
}
