import { randomInt } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { TextAnswer } from '../answers.ts'
import { randomId } from '../ids.ts'
import { type Call, shaped } from './call.ts'
import { type Ack, Connection, type Silence } from './connection.ts'
import { type Desk, here, nowOf } from './desk.ts'
import { refused } from './refused.ts'

const ticketLifeMs = 90_000
const largestFrame = 2 * 1_024 * 1_024

const opening = z.looseObject({
  clientId: z.string(),
  clientSecret: z.string(),
  subscriptions: z
    .array(z.looseObject({ type: z.enum(['EVENT', 'CALLBACK']), topic: z.string().min(1) }))
    .min(1)
    .refine(all => all.every(one => one.type !== 'EVENT' || one.topic === '*'), 'EVENT has the topic * only'),
})

export interface Pushed {
  type: 'EVENT' | 'CALLBACK'
  topic: string
  headers?: Record<string, string>
  data: object
}

/** The stream gateway: tickets, and the connections that were opened with them (dingtalk.md §4). */
export class Gateway {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: largestFrame })
  private readonly tickets = new Map<string, { topics: Set<string>; until: number }>()
  private readonly connections = new Set<Connection>()
  /** Pushes that were not acknowledged, or acknowledged as failed. */
  unacknowledged = 0

  constructor(private readonly desk: Desk) {}

  /** Connections something may be pushed to. */
  get open(): number {
    return [...this.connections].filter(connection => !connection.leaving).length
  }

  /** `POST /v1.0/gateway/connections/open` */
  opened(call: Call): Record<string, unknown> | TextAnswer {
    const { clientId, clientSecret, subscriptions } = shaped(opening, call)
    const { credentials } = this.desk
    if (clientId !== credentials.clientId || clientSecret !== credentials.clientSecret)
      throw refused('authFailed', '鉴权失败', undefined, 401)
    const ticket = randomId(24)
    const topics = new Set(subscriptions.map(({ type, topic }) => `${type} ${topic}`))
    this.tickets.set(ticket, { topics, until: nowOf(this.desk) + ticketLifeMs })
    this.desk.journal.hide(ticket)
    const endpoint = `${this.desk.baseUrl().replace(/^http/, 'ws')}${here}/connect`
    if (/json/.test(call.headers.accept ?? '')) return { endpoint, ticket }
    call.note('answered as XML: the request has no "Accept: application/json"')
    return new TextAnswer(
      `<?xml version="1.0"?><Response><endpoint>${endpoint}</endpoint><ticket>${ticket}</ticket></Response>`,
      'application/xml',
    )
  }

  /** A ticket opens one connection, within 90 seconds. */
  upgrade(ticket: string, req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const given = this.tickets.get(ticket)
    this.tickets.delete(ticket)
    if (!given || given.until < nowOf(this.desk) || this.desk.closing.aborted) {
      this.desk.log.warn({}, 'sandbox: a stream connection with an unknown, used or old ticket was refused')
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    this.server.handleUpgrade(req, socket, head, websocket => {
      const connection = new Connection(this.desk, websocket, given.topics, () => {
        this.connections.delete(connection)
        this.desk.changed()
      })
      this.connections.add(connection)
      this.desk.changed()
    })
  }

  /**
   * Pushes to one connection chosen at random among those that subscribed (dingtalk.md §4.5). Resolves with data of
   * the acknowledgement; with nothing when there was none in time, or one that says it failed.
   */
  async push(pushed: Pushed, timeoutMs: number, nth = 1): Promise<string | undefined> {
    const hearing = [...this.connections].filter(one => one.hears(topicOf(pushed)))
    const chosen = hearing[hearing.length > 1 ? randomInt(hearing.length) : 0]
    if (!chosen) {
      this.unacknowledged += 1
      this.log(pushed, JSON.stringify(pushed.data), undefined, 'no connection subscribed to this: nobody hears it')
      return undefined
    }
    const frame = {
      specVersion: '1.0',
      type: pushed.type,
      headers: { ...chosen.headers(pushed.topic), ...pushed.headers },
      data: JSON.stringify(pushed.data),
    }
    const started = performance.now()
    const made = await chosen.push(frame, timeoutMs)
    const failed = failureOf(made, timeoutMs)
    const ack = typeof made === 'string' ? undefined : made
    const note = [nth > 1 ? `attempt ${nth}` : '', failed].filter(Boolean).join('; ')
    this.log(pushed, JSON.stringify(frame), ack, note, Math.round(performance.now() - started))
    if (!failed) return ack?.data
    this.unacknowledged += 1
    this.desk.log.warn({ topic: pushed.topic, why: failed, attempt: nth }, 'sandbox: stream push failed')
    return undefined
  }

  disconnect(how: 'frame' | 'drop'): void {
    for (const connection of this.connections) if (how === 'drop') connection.cut()
    for (const connection of this.connections) if (how === 'frame' && !connection.leaving) connection.dismiss()
    this.desk.changed()
  }

  close(): void {
    for (const connection of this.connections) connection.cut()
    this.server.close()
  }

  private log(pushed: Pushed, raw: string, ack: Ack | undefined, note: string, ms?: number): void {
    this.desk.journal.add({
      direction: 'to-service',
      platform: 'dingtalk',
      channel: 'socket',
      what: pushed.headers?.eventType ?? topicOf(pushed),
      ...(ms === undefined ? {} : { ms }),
      ...(ack ? { status: ack.code } : {}),
      raw: `${raw}\n\n→ ${ack?.raw ?? ''}`,
      opened: `${JSON.stringify(pushed.data, null, 2)}\n\n→ ${ack?.data ?? ''}`,
      ...(note ? { note } : {}),
    })
  }
}

function failureOf(made: Ack | Silence, timeoutMs: number): string | undefined {
  if (made === 'gone') return 'the connection ended before it was acknowledged'
  if (made === 'late') return `not acknowledged within ${timeoutMs} ms`
  return made.code === 200 ? undefined : `acknowledged as failed: ${made.code}`
}

const topicOf = ({ type, topic }: Pushed): string => `${type} ${topic}`
