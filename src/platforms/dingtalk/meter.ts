import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import type { Meters, Quota } from '../platform.ts'

type Kind = Quota['kind']

const kinds: readonly Kind[] = ['calls', 'pushes']
const freshMs = 30_000
/** After the platform said that nothing is left, it is asked again this often: somebody may have bought more. */
const probeMs = 3_600_000

// Made once: to make one takes a hundred times as long as to use it.
const chinaDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' })

/** The month of DingTalk's meters: `2026-01`. */
export const monthOf = (at: Date): string => chinaDay.format(at).slice(0, 7)

/**
 * Counts what is billed in a month (dingtalk.md §1.4): calls of the API, and messages to and from the robot. Ours only:
 * other apps of the company draw on the same allowance, so a refusal of the platform's counts more than the meter.
 */
export class Meter {
  private month = ''
  private readAt = Number.NEGATIVE_INFINITY
  private used: Record<Kind, number> = { calls: 0, pushes: 0 }
  private refusedUntil: Record<Kind, number> = { calls: 0, pushes: 0 }

  constructor(
    private readonly limits: Record<Kind, number>,
    private readonly deps: { meters: Meters; clock: Clock; log: Log },
  ) {}

  /** Adds one. A meter that can't be kept holds up nothing. */
  async count(kind: Kind): Promise<void> {
    this.turn()
    const month = this.month
    try {
      const used = await this.deps.meters.add(nameOf(kind, month), 1)
      if (month === this.month) this.used[kind] = Math.max(this.used[kind], used)
    } catch (error) {
      this.used[kind] += 1
      this.complain(error, 'a meter could not be kept')
    }
  }

  /** The platform refused for want of allowance. */
  async refused(kind: Kind): Promise<void> {
    this.turn()
    const now = this.deps.clock.now().getTime()
    this.refusedUntil[kind] = now + probeMs
    this.used[kind] = Math.max(this.used[kind], this.limits[kind])
    await this.deps.meters.raise(nameOf(kind, this.month), this.limits[kind]).catch(() => {})
  }

  /** It went through: there is allowance, whatever was said before. */
  granted(kind: Kind): void {
    this.refusedUntil[kind] = 0
  }

  /** Milliseconds until it is worth asking again; 0 when the platform has not refused lately. */
  refusedFor(kind: Kind): number {
    this.turn()
    return Math.max(this.refusedUntil[kind] - this.deps.clock.now().getTime(), 0)
  }

  /** Used part of the allowance, from memory. */
  share(kind: Kind): number {
    this.turn()
    return this.used[kind] / this.limits[kind]
  }

  why(kind: Kind): string {
    return `${Math.floor(this.share(kind) * 100)} % of ${this.limits[kind]} ${kind} of ${this.month} are used`
  }

  async quotas(): Promise<Quota[]> {
    await this.refresh()
    return kinds.map(kind => ({ kind, month: this.month, used: this.used[kind], limit: this.limits[kind] }))
  }

  /** What other instances counted meanwhile; from memory where it can't be read. */
  async refresh(): Promise<void> {
    this.turn()
    const now = this.deps.clock.now().getTime()
    if (now - this.readAt < freshMs) return
    this.readAt = now
    const month = this.month
    try {
      for (const kind of kinds) {
        const used = await this.deps.meters.read(nameOf(kind, month))
        if (month === this.month) this.used[kind] = Math.max(this.used[kind], used)
      }
    } catch (error) {
      this.complain(error, 'the meters could not be read')
    }
  }

  private complain(error: unknown, what: string): void {
    this.deps.log.warn({ reason: error instanceof Error ? error.name : 'unknown' }, what)
  }

  /** A new month begins at nothing. */
  private turn(): void {
    const month = monthOf(this.deps.clock.now())
    if (month === this.month) return
    this.month = month
    this.readAt = Number.NEGATIVE_INFINITY
    this.used = { calls: 0, pushes: 0 }
    this.refusedUntil = { calls: 0, pushes: 0 }
  }
}

const nameOf = (kind: Kind, month: string): string => `dingtalk:${kind}:${month}`
