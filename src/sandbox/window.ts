/** Counts what happened per name within the last so many milliseconds. */
export class Counter {
  private readonly times = new Map<string, number[]>()

  constructor(private readonly keepMs: number) {}

  /** How often `name` happened in the `windowMs` before `now`. */
  count(name: string, now: number, windowMs: number): number {
    return (this.times.get(name) ?? []).filter(at => at > now - windowMs).length
  }

  add(name: string, now: number): void {
    const recent = (this.times.get(name) ?? []).filter(at => at > now - this.keepMs)
    recent.push(now)
    this.times.set(name, recent)
  }
}

export interface Cap {
  count: number
  windowMs: number
}

export const minute = 60_000
export const hour = 3_600_000
export const day = 86_400_000

/** Several caps at once, e.g. 30 a minute and 1,000 an hour. Takes a place when there is one. */
export class Limiter {
  private readonly counter: Counter

  constructor(private readonly caps: readonly Cap[]) {
    this.counter = new Counter(Math.max(...caps.map(cap => cap.windowMs)))
  }

  take(name: string, now: number): boolean {
    if (this.caps.some(cap => this.counter.count(name, now, cap.windowMs) >= cap.count)) return false
    this.counter.add(name, now)
    return true
  }
}
