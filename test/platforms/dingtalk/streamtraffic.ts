import { Temporary } from '../../../src/errors.ts'
import type { Heard } from '../../../src/platforms/dingtalk/stream/stream.ts'
import type { Ack } from './streamgateway.ts'
import { type Bench, robotFrame, system } from './streamhelp.ts'

/** The same numbers for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * What people say to a robot, as a bad day delivers it: every frame twice and out of order, over any connection, among
 * rubbish; what is not acknowledged comes again after a minute as a new push. On our side work takes a while and
 * sometimes fails.
 */
export class Traffic {
  /** What was kept, as often as it was handed to the store, by what was said and by push. */
  readonly kept = new Map<string, number>()
  readonly keptPushes = new Map<string, number>()
  readonly failedPushes = new Map<string, number>()
  readonly wrong: string[] = []
  private readonly open = new Map<string, number>()
  private readonly said: string[] = []
  private readonly pushes = new Map<string, string>()
  private readonly acked = new Map<string, string>()
  private waiting: string[] = []
  private next = 0

  constructor(
    private readonly bench: Bench,
    private readonly chance: () => number,
  ) {
    bench.work = frame => this.work(frame)
    bench.gateway.onAck = ack => this.take(ack)
  }

  get unacked(): number {
    return this.open.size
  }

  get total(): number {
    return this.said.length
  }

  /** Once every quarter of a second. */
  tick(talking: boolean): void {
    const now = this.bench.time.ms
    if (talking && this.chance() < 0.2) {
      const msgId = `msg${this.said.length}`
      this.said.push(msgId)
      this.open.set(msgId, now)
    }
    for (const [msgId, due] of this.open) if (due <= now) this.push(msgId, now)
    if (this.chance() < 0.3) this.flush()
  }

  private push(msgId: string, now: number): void {
    const messageId = `push${this.next++}`
    this.pushes.set(messageId, msgId)
    this.open.set(msgId, now + 60_000)
    const frame = robotFrame(messageId, { msgId })
    const rubbish = ['{', system('KEEPALIVE'), robotFrame('', {}), robotFrame('R', {}).replace('"{}"', '"?"')]
    this.waiting.push(frame, frame, rubbish[this.next % rubbish.length] ?? '')
  }

  private flush(): void {
    const sockets = [...this.bench.gateway.sockets].filter(({ readyState }) => readyState === 1)
    if (sockets.length === 0) return
    const frames = this.waiting.map(frame => ({ frame, by: this.chance() })).sort((a, b) => a.by - b.by)
    this.waiting = []
    for (const { frame } of frames) sockets[Math.floor(this.chance() * sockets.length)]?.send(frame)
  }

  private async work({ messageId }: Heard): Promise<object> {
    await new Promise<void>(resolve => void this.bench.time.set(resolve, this.chance() * 2_500))
    if (this.chance() < 0.15) {
      count(this.failedPushes, messageId)
      throw new Temporary('busy', 'the database is away')
    }
    count(this.kept, this.pushes.get(messageId) ?? 'nothing that was said')
    count(this.keptPushes, messageId)
    return { answerTo: messageId, chance: this.chance() }
  }

  private take({ code, headers: { messageId }, data }: Ack): void {
    const msgId = this.pushes.get(messageId)
    if (code !== 200 || msgId === undefined) this.wrong.push(`an ack ${code} of ${messageId}`)
    else if (!this.keptPushes.has(messageId)) this.wrong.push(`${messageId} was acknowledged and not kept`)
    else if ((this.acked.get(messageId) ?? data) !== data) this.wrong.push(`${messageId} was answered in two ways`)
    this.acked.set(messageId, data)
    if (msgId !== undefined) this.open.delete(msgId)
  }

  /** How often something was pushed anew. */
  pushesOf(msgId: string): number {
    return [...this.pushes.values()].filter(said => said === msgId).length
  }
}

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
