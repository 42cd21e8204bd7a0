/** A clock. Everything that needs the time is handed one; only this file reads the machine's. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that runs with the machine's but can be moved forward: the sandbox's and the tests'. */
export class MovableClock implements Clock {
  private offsetMs = 0
  private frozenAt: number | undefined

  now(): Date {
    return new Date((this.frozenAt ?? Date.now()) + this.offsetMs)
  }

  /** Milliseconds this clock is ahead of the machine's. */
  get offset(): number {
    return this.offsetMs
  }

  set offset(ms: number) {
    this.offsetMs = ms
  }

  /** Stop at `at`; from now on only `forward` moves it. */
  freeze(at: Date): void {
    this.frozenAt = at.getTime()
    this.offsetMs = 0
  }

  forward(ms: number): void {
    if (ms < 0) throw new RangeError('a clock is only moved forward')
    this.offsetMs += ms
  }
}

/** Alarms. Handed in like a clock, so that a test can let time pass by hand. */
export interface Timers {
  /** Does `work` after `ms`; the returned function takes the alarm back. */
  set(work: () => void, ms: number): () => void
}

export const systemTimers: Timers = {
  set(work, ms) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}
