import { afterEach, beforeEach, expect } from 'vitest'
import type { WebSocket } from 'ws'
import type { Clock, Timers } from '../../../src/now.ts'
import { type Heard, Stream, type StreamConfig } from '../../../src/platforms/dingtalk/stream/stream.ts'
import { Gateway } from './streamgateway.ts'

/** Time moved by hand: an alarm goes off while time passes over it. */
export class HandTime implements Clock, Timers {
  private at = Date.parse('2026-11-20T02:00:00Z')
  private readonly alarms = new Set<{ work: () => void; at: number }>()

  now(): Date {
    return new Date(this.at)
  }

  get ms(): number {
    return this.at
  }

  get pending(): number {
    return this.alarms.size
  }

  set(work: () => void, ms: number): () => void {
    const alarm = { work, at: this.at + Math.max(ms, 0) }
    this.alarms.add(alarm)
    return () => void this.alarms.delete(alarm)
  }

  /** True when an alarm went off. */
  pass(ms: number): boolean {
    const end = this.at + ms
    let rang = false
    for (;;) {
      const [next] = [...this.alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.alarms.delete(next)
      this.at = Math.max(this.at, next.at)
      next.work()
      rang = true
    }
    this.at = end
    return rang
  }

  /** The machine sleeps: time goes on, alarms do not. */
  sleep(ms: number): void {
    this.at += ms
    for (const alarm of this.alarms) alarm.at += ms
  }
}

export const secret = 'demo-client-secret-value'
export const words = '客户说空调不制冷'

/** A stream, the gateway it talks to, and what came of it. */
export class Bench {
  readonly time = new HandTime()
  readonly gateway = new Gateway(this.time)
  readonly heard: Heard[] = []
  readonly refusals: string[] = []
  readonly calls: string[] = []
  readonly lines: string[] = []
  work: (frame: Heard) => Promise<object> = async () => ({ response: null })
  chance: () => number = () => 0
  stream: Stream | undefined

  make(more: Partial<StreamConfig> = {}): Stream {
    const keep = (fields: object, message: string) => void this.lines.push(`${message} ${JSON.stringify(fields)}`)
    this.stream = new Stream(
      { apiBase: this.gateway.base, clientId: 'dingdemo', clientSecret: secret, events: false, ...more },
      {
        clock: this.time,
        timers: this.time,
        chance: () => this.chance(),
        log: { debug: keep, info: keep, warn: keep, error: keep },
        signals: {
          refused: (door, reason) => void this.refusals.push(`${door} ${reason}`),
          called: (api, outcome) => void this.calls.push(`${api} ${outcome}`),
        },
        heard: frame => {
          this.heard.push(frame)
          return this.work(frame)
        },
      },
    )
    return this.stream
  }

  /** Opens it, and both connections come up. */
  async open(more: Partial<StreamConfig> = {}): Promise<Stream> {
    const stream = this.make(more)
    stream.open()
    await this.gateway.settle()
    await this.gateway.pass(2_000)
    return stream
  }

  async push(text: string, which = 0): Promise<void> {
    this.gateway.socket(which).send(text)
    await this.gateway.settle()
  }

  /** What a frame is worked on for. */
  takes(ms: number, answer: object = {}): void {
    this.work = () => new Promise(resolve => void this.time.set(() => resolve(answer), ms))
  }

  get acks() {
    return this.gateway.acks.map(({ ack }) => ack)
  }

  get codes(): string[] {
    return this.stream?.problems().map(({ code }) => code) ?? []
  }

  dropAfter(ws: WebSocket, ms: number): void {
    ws.on(
      'close',
      this.time.set(() => ws.terminate(), ms),
    )
  }
}

/** A bench for every test; afterwards nothing is left of its stream, and no line told a secret. */
export function benches(): () => Bench {
  let bench: Bench
  beforeEach(async () => {
    bench = new Bench()
    await bench.gateway.start()
  })
  afterEach(async () => {
    const { gateway, time, stream, lines } = bench
    const closed = stream?.close()
    await gateway.pass(6_000)
    await closed
    expect(time.pending, 'alarms left behind').toBe(0)
    expect(gateway.upgrades.size, 'sockets left behind').toBe(0)
    expect(gateway.most, 'sockets at once').toBeLessThanOrEqual(2)
    for (const never of [secret, gateway.ticket, encodeURIComponent(gateway.ticket), words])
      expect(lines.join('\n')).not.toContain(never)
    await gateway.stop()
  })
  return () => bench
}

export const robotFrame = (messageId: string, data: object) => callback('/v1.0/im/bot/messages/get', messageId, data)

export const callback = (topic: string, messageId: string, data: object) =>
  JSON.stringify({
    specVersion: '1.0',
    type: 'CALLBACK',
    headers: { topic, messageId, contentType: 'application/json', time: '1' },
    data: JSON.stringify(data),
  })

export const system = (topic: string, data = '{}', messageId = 'S1') =>
  JSON.stringify({ specVersion: '1.0', type: 'SYSTEM', headers: { topic, messageId }, data })
