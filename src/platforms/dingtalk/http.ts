import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { guarded, mostBytes, refusal, short } from '../door.ts'
import { freshnessMs, openEnvelope, Refused, type Secret, sealEnvelope } from '../envelope.ts'
import type { RawAnswer, RawRequest, Route, Signals } from '../platform.ts'
import { type Ears, NotKept } from './hear.ts'

interface Parts {
  /** The app's secret, and the former one while it is being changed. */
  clientSecrets: readonly string[]
  cardSecrets: readonly string[]
  clientId: string
  events: readonly Secret[]
  clock: Clock
  signals: Signals
  log: Log
}

const json = (body: object): RawAnswer => ({
  ...{ status: 200, type: 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})

const single = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

/**
 * Checks a signature over a timestamp (dingtalk.md §2.7, §5.5). It says nothing of the body, so the time it is good for is
 * kept short: 5 minutes, not the hour the vendor allows. Pure; the reason is for counters.
 */
export function checkSignature(
  sign: string,
  timestamp: string,
  expected: readonly string[],
  now: Date,
): 'malformed' | 'signature' | 'stale' | null {
  if (!/^\d{13}$/.test(timestamp) || sign === '' || sign.length > 200) return 'malformed'
  const given = Buffer.from(sign)
  let right = false
  for (const one of expected) {
    const wanted = Buffer.from(one)
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) right = true
  }
  if (!right) return 'signature'
  return Math.abs(now.getTime() - Number(timestamp)) <= freshnessMs ? null : 'stale'
}

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64')

/** DingTalk's three doors in HTTP mode: what is said to the robot, taps on cards, events. */
export function httpRoutes(parts: Parts, ears: Ears): Route[] {
  const { clock, signals, log } = parts

  function shut(door: string, reason: string): RawAnswer {
    signals.refused(`dingtalk.${door}`, reason)
    return refusal(reason)
  }

  function bodyOf(request: RawRequest): unknown {
    try {
      return JSON.parse(request.body.toString())
    } catch {
      return undefined
    }
  }

  /** Resolves to the answer, or to «come again» when it could not be kept. */
  async function kept(door: string, work: () => Promise<RawAnswer>): Promise<RawAnswer> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof NotKept)) throw error
      log.warn({ door }, 'something DingTalk told could not be kept in time')
      return short(503, 'try again')
    }
  }

  async function robot(request: RawRequest): Promise<RawAnswer> {
    if (request.body.length > mostBytes) return shut('robot', 'size')
    const timestamp = single(request.headers.timestamp)
    const expected = parts.clientSecrets.map(secret => hmac(secret, `${timestamp}\n${secret}`))
    const reason = checkSignature(single(request.headers.sign), timestamp, expected, clock.now())
    if (reason) return shut('robot', reason)
    return kept('robot', async () => {
      await ears.robot(bodyOf(request))
      return json({ msgtype: 'empty' })
    })
  }

  async function card(request: RawRequest): Promise<RawAnswer> {
    if (request.body.length > mostBytes) return shut('card', 'size')
    const timestamp = single(request.headers['x-ddpaas-signature-timestamp'])
    const expected = parts.cardSecrets.map(secret => hmac(secret, timestamp))
    const sign = single(request.headers['x-ddpaas-signature'])
    const reason = checkSignature(sign, timestamp, expected, clock.now())
    if (reason) return shut('card', reason)
    return kept('card', async () => json(await ears.card(bodyOf(request), `http ${timestamp}`)))
  }

  /** `POST /dingtalk/events` (dingtalk.md §6.1): sealed like WeCom's callbacks, answered with a sealed «success». */
  async function events(request: RawRequest): Promise<RawAnswer> {
    if (request.body.length > mostBytes) return shut('events', 'size')
    const sealed = bodyOf(request)
    const cipher = typeof sealed === 'object' && sealed !== null && 'encrypt' in sealed ? sealed.encrypt : undefined
    let opened: ReturnType<typeof openEnvelope>
    try {
      const lock = { secrets: parts.events, receiveId: parts.clientId }
      // DingTalk's own samples look for either spelling of the time.
      const { timestamp = request.query.timeStamp } = request.query
      opened = openEnvelope(lock, { ...request.query, timestamp }, cipher, clock.now())
    } catch (error) {
      if (error instanceof Refused) return shut('events', error.reason)
      throw error
    }
    return kept('events', async () => {
      const event = recordOf(opened.message)
      const type = textIn(event, 'EventType')
      if (type !== 'check_url' && type !== '') {
        const eventId = textIn(event, 'eventId') || opened.nonce
        await ears.event({ eventType: type, eventId, corpId: textIn(event, 'CorpId') || undefined }, event)
      }
      const { encrypt, signature, timestamp, nonce } = sealEnvelope(
        opened.secret,
        parts.clientId,
        'success',
        clock.now(),
      )
      return json({ msg_signature: signature, timeStamp: timestamp, nonce, encrypt })
    })
  }

  const route = (path: string, handle: (request: RawRequest) => Promise<RawAnswer>): Route => ({
    ...{ methods: ['POST'], path, maxBytes: mostBytes },
    handle: guarded(handle, log),
  })
  return [
    route('/dingtalk/robot', robot),
    route('/dingtalk/card', card),
    ...(parts.events.length > 0 ? [route('/dingtalk/events', events)] : []),
  ]
}

function recordOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const textIn = (record: Record<string, unknown>, name: string): string => {
  const value = record[name]
  return typeof value === 'string' ? value : ''
}
