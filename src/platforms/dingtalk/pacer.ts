import type { Timers } from '../../now.ts'

/** At most so many starts of one API within any second: DingTalk refuses above 20 (dingtalk.md §1.4). */
export const perSecond = 15
const windowMs = 1_000

/** One queue per API. Runs on the machine's own steps of time, since what it protects does. */
export class Pacer {
  private readonly starts = new Map<string, number[]>()

  constructor(
    private readonly timers: Timers,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Resolves when a call of this API may start. First come, first served. */
  async slot(api: string): Promise<void> {
    const starts = this.starts.get(api) ?? []
    this.starts.set(api, starts)
    const now = this.elapsed()
    const earliest = starts.at(-perSecond)
    const at = earliest === undefined ? now : Math.max(now, earliest + windowMs)
    starts.push(at)
    if (starts.length > perSecond) starts.shift()
    if (at > now) await new Promise<void>(resolve => this.timers.set(resolve, at - now))
  }
}
