import { Permanent, Temporary } from '../../../errors.ts'
import type { Clock, Timers } from '../../../now.ts'
import type { Desk } from './desk.ts'
import { readFrame } from './frames.ts'
import { attemptMs } from './gateway.ts'
import type { Life } from './next.ts'
import { Socket } from './socket.ts'

/** What a line tells its owner. */
export interface LineEvents {
  opened(line: Line): void
  /** It works: it brought something, or stayed for a while. */
  proved(line: Line): void
  /** The platform will close it soon. */
  leaves(line: Line): void
  /** The last that is heard of it. No code when that was to be expected. */
  ended(line: Line, code: string | undefined): void
}

export interface LineDeps {
  clock: Clock
  timers: Timers
  desk: Desk
  events: boolean
  askGateway: () => Promise<URL>
}

/** A connection open for so long has proved itself without having brought anything. */
const proofMs = 60_000
/** How long a connection we close stays for acknowledgements on their way. */
const drainMs = 3_000

/** One connection from the question to the gateway to its end. */
export class Line {
  life: Life = 'opening'
  proven = false
  private socket: Socket | undefined
  private readonly working = new Set<Promise<void>>()
  /** There is one thing at a time a line can't wait for any longer. */
  private alarm = () => {}
  private settle: () => void = () => {}
  private readonly end = new Promise<void>(resolve => {
    this.settle = resolve
  })

  constructor(
    readonly id: number,
    private readonly deps: LineDeps,
    private readonly owner: LineEvents,
  ) {}

  dial(): void {
    this.until(attemptMs, () => this.finish('timeout'))
    this.deps.askGateway().then(
      url => this.connect(url),
      error => this.finish(error instanceof Temporary || error instanceof Permanent ? error.code : 'bug'),
    )
  }

  /** Closes it, when it is open after the acknowledgements on their way went out. Resolves when it is gone. */
  close(): Promise<void> {
    if (this.life === 'closing' || this.life === 'gone') return this.end
    const open = this.life !== 'opening'
    this.life = 'closing'
    if (!this.socket) this.finish(undefined)
    else if (!open) this.socket.drop('closed')
    else void this.drain(this.socket)
    return this.end
  }

  private connect(url: URL): void {
    // Given up meanwhile; the ticket is void after 90 s.
    if (this.life !== 'opening') return
    this.until(attemptMs, () => this.socket?.drop('timeout'))
    try {
      this.socket = new Socket(url, this.deps, {
        up: () => this.up(),
        text: text => this.hear(text),
        down: reason => this.finish(reason),
      })
    } catch {
      // Its words have the address in them, and with it the ticket.
      this.finish('bad-endpoint')
    }
  }

  private up(): void {
    if (this.life !== 'opening') return
    this.life = 'up'
    this.until(proofMs, () => this.prove())
    this.owner.opened(this)
  }

  private hear(text: string): void {
    const frame = readFrame(text, this.deps.events)
    if (frame.is === 'disconnect') {
      this.leave()
      return
    }
    if (frame.is !== 'bad') this.prove()
    const work = this.deps.desk.work(frame, answer => this.socket?.send(answer))
    this.working.add(work)
    void work.then(() => this.working.delete(work))
  }

  private leave(): void {
    if (this.life !== 'up') return
    this.life = 'leaving'
    this.owner.leaves(this)
  }

  private prove(): void {
    if (this.proven) return
    this.proven = true
    this.owner.proved(this)
  }

  private async drain(socket: Socket): Promise<void> {
    this.until(drainMs, () => socket.close())
    while (this.working.size > 0) await Promise.all(this.working)
    socket.close()
  }

  private finish(reason: string | undefined): void {
    if (this.life === 'gone') return
    const expected = this.life === 'closing' || this.life === 'leaving'
    this.life = 'gone'
    this.alarm()
    this.settle()
    this.owner.ended(this, expected ? undefined : reason)
  }

  private until(ms: number, work: () => void): void {
    this.alarm()
    this.alarm = this.deps.timers.set(work, ms)
  }
}
