import { createHmac } from 'node:crypto'
import type { Said } from '../../../src/chat/card.ts'
import type { Inbound } from '../../../src/chat/inbound.ts'
import { Ears } from '../../../src/platforms/dingtalk/hear.ts'
import { httpRoutes } from '../../../src/platforms/dingtalk/http.ts'
import { openEnvelope, type Secret, sealEnvelope } from '../../../src/platforms/envelope.ts'
import type { RawRequest, Receipt } from '../../../src/platforms/platform.ts'
import { type Bench, bare, config, fakeReceive, planted, start } from './help.ts'

export const { corpId, clientId } = config
export const formerSecret = 'PLANTED-former-secret'
export const cardSecret = 'card-secret'
export const formerCardSecret = 'former-card-secret'
export const eventSecret: Secret = { token: 'EventToken', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
export const formerEventSecret: Secret = { token: 'FormerToken', aesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg' }

/** The ears of an adapter, and what they hand on. */
export function makeEars(made: Bench, answer: (inbound: Inbound) => Partial<Receipt> = () => ({})) {
  const { robot, cards, sessions, meter, clock, signals, log } = made
  const { heard, receive } = fakeReceive(answer)
  const parts = {
    corpId,
    robot,
    cards,
    sessions,
    meter,
    clock,
    signals,
    log,
    storeWithinMs: 2_300,
    answerWithinMs: 1_700,
    leaveProcess: async () => leaveProcess,
  }
  return { ears: new Ears(parts, receive), heard }
}

/** Code of the form leave is asked for with. */
export const leaveProcess = 'PROC-LEAVE'

/** DingTalk's doors in HTTP mode, while all secrets are being changed. */
export function makeDoors(
  made: Bench,
  answer: (inbound: Inbound) => Partial<Receipt> = () => ({}),
  more: { clientId?: string; events?: Secret[] } = {},
) {
  const { ears, heard } = makeEars(made, answer)
  const { clock, signals, log } = made
  const secrets = {
    clientSecrets: [planted.clientSecret, formerSecret],
    cardSecrets: [cardSecret, formerCardSecret],
    ...{ clientId, events: [eventSecret, formerEventSecret], ...more },
  }
  const routes = httpRoutes({ ...secrets, clock, signals, log }, ears)
  const to = (path: string) => (request: RawRequest) => {
    const route = routes.find(one => one.path === path)
    if (!route) throw new Error(`no door at ${path}`)
    return route.handle(request)
  }
  const [robot, card, events] = [to('/dingtalk/robot'), to('/dingtalk/card'), to('/dingtalk/events')]
  return { ears, heard, routes, robot, card, events }
}

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64')
const bytes = (body: unknown) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))

export function toRobot(body: unknown, secret: string = planted.clientSecret, at = start): RawRequest {
  const timestamp = String(at.getTime())
  return bare({ headers: { timestamp, sign: hmac(secret, `${timestamp}\n${secret}`) }, body: bytes(body) })
}

export function toCard(body: unknown, secret = cardSecret, at = start): RawRequest {
  const timestamp = String(at.getTime())
  const headers = { 'x-ddpaas-signature-timestamp': timestamp, 'x-ddpaas-signature': hmac(secret, timestamp) }
  return bare({ headers, body: bytes(body) })
}

export function toEvents(event: unknown, secret = eventSecret, owner = clientId, at = start): RawRequest {
  const text = typeof event === 'string' ? event : JSON.stringify(event)
  const { encrypt, signature, timestamp, nonce } = sealEnvelope(secret, owner, text, at)
  return bare({ query: { msg_signature: signature, timestamp, nonce }, body: bytes({ encrypt }) })
}

/** Opens what a door answered an event with, as DingTalk does. */
export function openAnswer(body: string, secret = eventSecret, owner = clientId): string {
  const { msg_signature, timeStamp: timestamp, nonce, encrypt, ...more } = JSON.parse(body)
  if (Object.keys(more).length > 0) throw new Error(`too much in the answer: ${Object.keys(more)}`)
  return openEnvelope({ secrets: [secret], receiveId: owner }, { msg_signature, timestamp, nonce }, encrypt, start)
    .message
}

export const said = {
  ...{
    msgtype: 'text',
    text: { content: ' 接单 1024' },
    msgId: 'msgA==',
    conversationType: '2',
    conversationId: 'cidG',
  },
  ...{ senderStaffId: 'zhang3', senderCorpId: corpId, chatbotCorpId: corpId, createAt: start.getTime() },
}
export const tapped = {
  ...{ type: 'actionCallback', outTrackId: 'T1', corpId, userId: 'zhang3' },
  content: JSON.stringify({ cardPrivateData: { actionIds: ['o:1:1:accept'], params: { p: 'o:1:1:accept' } } }),
}
export const event = {
  EventType: 'bpms_instance_change',
  eventId: 'E1',
  CorpId: corpId,
  staffId: 'zhang3',
  type: 'finish',
}

export const never = new Promise<never>(() => {})
export const answers = (message: Said, more: object = {}): Partial<Receipt> => ({
  handled: Promise.resolve({ message, answered: async () => {}, ...more }),
})
/** The database is away: the real service fails both. */
export const lost = (): Partial<Receipt> => ({
  stored: Promise.reject(new Error('down')),
  handled: Promise.reject(new Error('down')),
})
