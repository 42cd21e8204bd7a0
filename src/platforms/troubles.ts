import { Permanent } from '../errors.ts'
import type { Clock } from '../now.ts'
import type { Problem } from './platform.ts'

/** What an operator has to mend before one ability of a platform works; it is over when a call went through again. */
export class Troubles {
  private readonly open = new Map<string, Problem>()

  /** `codes` of `Permanent` that speak of the ability, not of one request. */
  constructor(
    private readonly codes: readonly string[],
    private readonly clock: Clock,
  ) {}

  async watch<T>(work: () => Promise<T>): Promise<T> {
    try {
      const done = await work()
      this.open.clear()
      return done
    } catch (error) {
      if (error instanceof Permanent) this.note(error)
      throw error
    }
  }

  /** For what is answered in another way than by failing. */
  note({ code, message: what, fix = '' }: Permanent): void {
    if (this.codes.includes(code))
      this.open.set(code, { code, what, fix, since: this.open.get(code)?.since ?? this.clock.now() })
  }

  problems(): Problem[] {
    return [...this.open.values()]
  }
}
