/** Knows whether anything is still on its way. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>()

  track<T>(work: Promise<T>): Promise<T> {
    const entry: Promise<unknown> = work.then(
      () => this.running.delete(entry),
      () => this.running.delete(entry),
    )
    this.running.add(entry)
    return work
  }

  /** Resolves when nothing is under way, also nothing that started meanwhile. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running)
  }
}
