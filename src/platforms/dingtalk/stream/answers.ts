import type { Clock } from '../../../now.ts'

const keptMs = 5 * 60_000
const most = 1_000

/**
 * What was answered lately, so that a push that comes again gets the same answer and is not worked on again. It spares
 * work; that nothing is done twice is for the store behind to see to.
 */
export class Answers {
  private readonly working = new Map<string, Promise<string>>()
  /** Oldest first. */
  private readonly done = new Map<string, { text: string; at: number }>()

  constructor(private readonly clock: Clock) {}

  /** The answer to this push: from memory, from the work under way, or by working. A failure is not remembered. */
  to(key: string, work: () => Promise<string>): Promise<string> {
    this.forget()
    const known = this.done.get(key)
    if (known) return Promise.resolve(known.text)
    const running = this.working.get(key) ?? this.work(key, work)
    this.working.set(key, running)
    return running
  }

  private async work(key: string, work: () => Promise<string>): Promise<string> {
    try {
      // Never before `to` has noted it as running.
      const text = await Promise.resolve().then(work)
      this.done.set(key, { text, at: this.clock.now().getTime() })
      return text
    } finally {
      this.working.delete(key)
      this.forget()
    }
  }

  private forget(): void {
    const now = this.clock.now().getTime()
    for (const [key, { at }] of this.done) {
      if (this.done.size <= most && now - at < keptMs) return
      this.done.delete(key)
    }
  }
}
