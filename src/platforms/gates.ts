import { Temporary } from '../errors.ts'
import type { Clock } from '../now.ts'
import type { Problem } from './platform.ts'

interface Closed {
  code: string
  until: number
  since: Date
  /** How many times in a row. */
  times: number
  shown: { what: string; fix: string } | undefined
}

export interface Closing {
  code: string
  waitMs: number
  /** For the operator; a short pause needs none. */
  shown?: { what: string; fix: string } | undefined
}

/**
 * What must not be asked again for a while, so that a trouble of the whole company is not hammered with every message.
 * A gate stays on the list of problems until something went through it.
 */
export class Gates {
  private readonly closed = new Map<string, Closed>()

  constructor(private readonly clock: Clock) {}

  /** Throws `Temporary` when one of these gates is closed still. */
  check(...names: string[]): void {
    const now = this.clock.now().getTime()
    for (const name of names) {
      const gate = this.closed.get(name)
      if (!gate || gate.until <= now) continue
      throw new Temporary(gate.code, `not asked again yet (${name})`, { retryAfterMs: gate.until - now })
    }
  }

  /** Milliseconds a gate stays closed for this reason: calls that were under way when it closed are not a second time. */
  remaining(name: string, code: string): number {
    const gate = this.closed.get(name)
    return gate?.code === code ? Math.max(gate.until - this.clock.now().getTime(), 0) : 0
  }

  /** How many times in a row this gate was closed. */
  times(name: string): number {
    return this.closed.get(name)?.times ?? 0
  }

  close(name: string, { code, waitMs, shown }: Closing): void {
    const now = this.clock.now()
    const before = this.closed.get(name)
    const same = before?.code === code
    this.closed.set(name, {
      code,
      until: now.getTime() + waitMs,
      since: same ? before.since : now,
      times: same ? before.times + 1 : 1,
      shown,
    })
  }

  /**
   * Something went through: whatever was wrong is over. What comes through while a gate is closed was under way before
   * and says nothing of what would happen to the next: the gate stays.
   */
  open(...names: string[]): void {
    const now = this.clock.now().getTime()
    for (const name of names) if ((this.closed.get(name)?.until ?? 0) <= now) this.closed.delete(name)
  }

  problems(): Problem[] {
    return [...this.closed.values()].flatMap(({ code, shown, since }) => (shown ? [{ code, ...shown, since }] : []))
  }
}
