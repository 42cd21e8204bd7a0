/** Two attempts are never closer than this, whatever the server does. */
export const spacingMs = 1_000
const firstMs = 1_000
const mostMs = 60_000

/** The wait after so many failures in a row: 1 s doubling to 60 s, of which chance (0..1) takes up to a half away. */
export function backoff(failures: number, chance: number): number {
  const full = Math.min(firstMs * 2 ** Math.max(failures - 1, 0), mostMs)
  return Math.round(full * (1 - chance / 2))
}

/** When the next attempt may begin. One for all connections: a server in trouble is not asked twice as often. */
export class Pace {
  private failed = 0
  private since = 0
  private until = 0

  constructor(private readonly chance: () => number) {}

  get failures(): number {
    return this.failed
  }

  remaining(now: number): number {
    this.mind(now)
    return Math.max(this.until - now, 0)
  }

  /** An attempt begins. */
  begin(now: number): void {
    this.hold(now, spacingMs)
  }

  /** An attempt failed, or a connection was lost. */
  fail(now: number): void {
    this.failed++
    this.hold(now, backoff(this.failed, this.chance()))
  }

  /** A connection proved to work. Waits that have begun still run out. */
  prove(): void {
    this.failed = 0
  }

  hold(now: number, ms: number): void {
    this.mind(now)
    this.until = Math.max(this.until, now + ms)
  }

  /** A machine's clock that was set back must not make a wait of it. */
  private mind(now: number): void {
    if (now < this.since) this.until = now
    this.since = now
  }
}
