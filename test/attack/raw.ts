import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A client that keeps no rule of HTTP: bytes over a socket. */
export class Wire {
  /** Everything that came back. */
  got = ''
  /** Milliseconds from the first byte until the other side ended it; null: it is open. */
  endedAfter: number | null = null
  private readonly begun = performance.now()

  private constructor(
    private readonly socket: Socket,
    readonly ended: Promise<void>,
  ) {}

  static async open(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    // Being cut off in the middle of a word is what is tried here.
    socket.on('error', () => socket.destroy())
    const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    const wire = new Wire(socket, ended)
    socket.on('data', bytes => {
      wire.got += bytes.toString('latin1')
    })
    void ended.then(() => {
      wire.endedAfter = performance.now() - wire.begun
    })
    return wire
  }

  send(bytes: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** One byte after the other, as long as it is let. */
  async drip(bytes: string, everyMs: number): Promise<void> {
    for (const byte of bytes) {
      if (this.socket.destroyed) return
      this.send(byte)
      await Promise.race([pause(everyMs, undefined, { ref: false }), this.ended])
    }
  }

  /** Waits for the other side to end it, and ends it itself after so long. */
  async over(withinMs: number): Promise<void> {
    await Promise.race([this.ended, pause(withinMs, undefined, { ref: false })])
    this.cut()
  }

  cut(): void {
    this.socket.destroy()
  }

  /** Statuses of all answers. */
  get statuses(): number[] {
    return [...this.got.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  }
}

/** A request as it is written, with whatever headers. */
export const written = (method: string, path: string, headers: readonly string[], body = ''): string =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: paigong.example', ...headers].join('\r\n')}\r\n\r\n${body}`
