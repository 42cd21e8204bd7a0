import WebSocket from 'ws'
import type { Clock, Timers } from '../../../now.ts'

export interface SocketEvents {
  up(): void
  text(text: string): void
  /** Once, and the last. */
  down(reason: string): void
}

const mostBytes = 1_048_576
const pingMs = 25_000
const mostMissed = 2
const idleMs = 90_000
const goodbyeMs = 1_000

/** One WebSocket that notices when nobody is at the other end. Errors end here as a reason that holds no address. */
export class Socket {
  private readonly ws: WebSocket
  private reason: string | undefined
  private missed = 0
  private aliveAt: number
  private tick = () => {}
  private goodbye: (() => void) | undefined

  constructor(
    url: URL,
    private readonly deps: { clock: Clock; timers: Timers },
    events: SocketEvents,
  ) {
    // Compression would let a small frame grow behind `maxPayload`'s back and is worth nothing here.
    this.ws = new WebSocket(url, { maxPayload: mostBytes, perMessageDeflate: false })
    this.aliveAt = this.now()
    this.ws.on('open', () => {
      this.alive()
      this.keepAsking()
      events.up()
    })
    this.ws.on('message', data => {
      this.alive()
      events.text(Buffer.isBuffer(data) ? data.toString('utf8') : '')
    })
    this.ws.on('ping', () => this.alive())
    this.ws.on('pong', () => {
      this.missed = 0
      this.alive()
    })
    this.ws.on('error', error => this.drop(reasonOf(error)))
    this.ws.on('close', () => {
      this.tick()
      this.goodbye?.()
      events.down(this.reason ?? 'closed')
    })
  }

  /** What can't be said any more is dropped: the platform delivers again. */
  send(text: string): void {
    this.ws.send(text, () => {})
  }

  /** Says goodbye after what was sent, and does not wait long for the answer. */
  close(): void {
    if (this.goodbye) return
    this.ws.close(1000)
    this.goodbye = this.deps.timers.set(() => this.ws.terminate(), goodbyeMs)
  }

  drop(reason: string): void {
    // The first one: giving up a handshake is an error of its own.
    this.reason ??= reason
    this.ws.terminate()
  }

  private keepAsking(): void {
    this.tick = this.deps.timers.set(() => {
      // By the clock: after a machine slept, its timers know nothing of the time that passed.
      if (this.now() - this.aliveAt >= idleMs) return this.drop('idle')
      if (this.missed >= mostMissed) return this.drop('no-pong')
      this.missed++
      this.ws.ping()
      this.keepAsking()
    }, pingMs)
  }

  private alive(): void {
    this.aliveAt = this.now()
  }

  private now(): number {
    return this.deps.clock.now().getTime()
  }
}

function reasonOf(error: Error): string {
  const status = /^Unexpected server response: (\d{3})$/.exec(error.message)?.[1]
  if (status) return `handshake-${status}`
  return 'code' in error && typeof error.code === 'string' ? error.code : 'handshake'
}
