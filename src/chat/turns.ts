/** Work that is begun in the order in which it was given, for each of many names; those of other names do not wait. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>()

  /** Begins `work` once all that was given for this name before has come to its end, also a bad one. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.last.get(name) ?? Promise.resolve()).then(work)
    const settled: Promise<unknown> = mine
      .catch(() => {})
      .finally(() => {
        if (this.last.get(name) === settled) this.last.delete(name)
      })
    this.last.set(name, settled)
    return mine
  }
}
