import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import { isRecord, parseRecord } from '../json.ts'
import { type Desk, nowOf } from './desk.ts'

/** What a client says to a push. */
export interface Ack {
  code: number
  data: string
  raw: string
}

/** Why there is none: time ran out, or the connection did. */
export type Silence = 'late' | 'gone'

/** One stream connection of a client: what it subscribed to, and what it has not acknowledged yet. */
export class Connection {
  readonly id = randomUUID()
  /** Told to go: nothing is pushed here any more. */
  leaving = false
  private readonly waiting = new Map<string, (ack: Ack | Silence) => void>()
  private readonly pinging: NodeJS.Timeout

  constructor(
    private readonly desk: Desk,
    private readonly socket: WebSocket,
    /** `EVENT *`, `CALLBACK /v1.0/im/bot/messages/get`… */
    private readonly topics: ReadonlySet<string>,
    ended: () => void,
  ) {
    socket.on('message', data => this.receive(String(data)))
    socket.on('error', error => desk.log.warn({ error: error.message }, 'sandbox: stream connection'))
    socket.on('close', () => {
      clearInterval(this.pinging)
      for (const settle of this.waiting.values()) settle('gone')
      this.waiting.clear()
      ended()
    })
    this.pinging = setInterval(() => this.system('ping', { opaque: randomUUID() }), desk.timing.pingMs)
    this.pinging.unref()
    this.system('CONNECTED', {})
  }

  hears(topic: string): boolean {
    return !this.leaving && this.socket.readyState === this.socket.OPEN && this.topics.has(topic)
  }

  /** Sends a frame; resolves with its acknowledgement, or why there is none. */
  push(frame: { headers: { messageId: string } }, timeoutMs: number): Promise<Ack | Silence> {
    const { messageId } = frame.headers
    return new Promise(resolve => {
      const timer = setTimeout(() => settle('late'), timeoutMs)
      timer.unref()
      const settle = (ack: Ack | Silence) => {
        clearTimeout(timer)
        this.waiting.delete(messageId)
        resolve(ack)
      }
      this.waiting.set(messageId, settle)
      this.socket.send(JSON.stringify(frame))
    })
  }

  /** Says goodbye; the connection ends a while later, whatever the client does (dingtalk.md §4.2). */
  dismiss(): void {
    this.leaving = true
    this.system('disconnect', { reason: 'connection is expired' })
    const timer = setTimeout(() => this.cut(), this.desk.timing.closeDelayMs)
    timer.unref()
    this.socket.on('close', () => clearTimeout(timer))
  }

  /** Ends without a word. */
  cut(): void {
    this.socket.terminate()
  }

  headers(topic: string): Record<string, string> & { messageId: string } {
    return {
      appId: this.desk.credentials.clientId,
      connectionId: this.id,
      contentType: 'application/json',
      messageId: randomUUID(),
      time: String(nowOf(this.desk)),
      topic,
    }
  }

  private system(topic: string, data: object): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    const frame = { specVersion: '1.0', type: 'SYSTEM', headers: this.headers(topic), data: JSON.stringify(data) }
    this.socket.send(JSON.stringify(frame))
    if (topic !== 'ping') this.note(`SYSTEM ${topic}`, 'to-service', JSON.stringify(frame))
  }

  private receive(text: string): void {
    const frame = parseRecord(text)
    const messageId = isRecord(frame?.headers) ? frame.headers.messageId : undefined
    if (!frame || typeof messageId !== 'string' || typeof frame.code !== 'number')
      return void this.note(
        '(unreadable frame)',
        'to-platform',
        text,
        'an acknowledgement has code and headers.messageId',
      )
    const data = typeof frame.data === 'string' ? frame.data : ''
    const settle = this.waiting.get(messageId)
    if (settle) return void settle({ code: frame.code, data, raw: text })
    // Pings are acknowledged too, and are nobody's news.
    if (parseRecord(data)?.opaque === undefined)
      this.note('(late acknowledgement)', 'to-platform', text, 'nothing waits for this messageId any more')
  }

  private note(what: string, direction: 'to-platform' | 'to-service', raw: string, note?: string): void {
    this.desk.journal.add({ direction, platform: 'dingtalk', channel: 'socket', what, raw, ...(note ? { note } : {}) })
  }
}
