/**
 * Who may send now. Of the places there are no platform takes all while there are others: one that hangs would keep those
 * on the other from hearing anything.
 */
export class Places {
  private readonly sending = new Map<string, number>()
  /** Taken, and it is not known yet for which platform. */
  private undecided = 0
  private readonly share: number
  private wake: () => void = () => {}

  constructor(
    private readonly all: number,
    private readonly platforms: readonly string[],
  ) {
    this.share = platforms.length > 1 ? Math.floor((all * 3) / 4) : all
  }

  /** Platforms whose share is used up. */
  full(): string[] {
    return this.platforms.filter(name => this.busy(name) >= this.share)
  }

  /** How many more may begin, whatever platform they turn out to be for, as long as it is none that is full. */
  free(): number {
    const open = this.platforms.map(name => this.busy(name)).filter(busy => busy < this.share)
    const taken = [...this.sending.values()].reduce((sum, busy) => sum + busy, this.undecided)
    return Math.max(0, Math.min(this.all - taken, this.share - Math.max(0, ...open) - this.undecided))
  }

  take(): Place {
    let on: string | undefined
    this.undecided++
    return {
      decide: name => {
        if (this.busy(name) >= this.share) return false
        on = name
        this.undecided--
        this.sending.set(name, this.busy(name) + 1)
        this.wake()
        return true
      },
      leave: () => {
        if (on === undefined) this.undecided--
        else this.sending.set(on, this.busy(on) - 1)
        this.wake()
      },
    }
  }

  /** Resolves at the next change. */
  changed(): Promise<void> {
    return new Promise(resolve => {
      const before = this.wake
      this.wake = () => {
        before()
        this.wake = () => {}
        resolve()
      }
    })
  }

  private busy(name: string): number {
    return this.sending.get(name) ?? 0
  }
}

export interface Place {
  /** Now it is known for which platform. False when that one's share is used up: then it has to wait. */
  decide(platform: string): boolean
  leave(): void
}
