const most = 1_000

/** Things that may have been done although no answer came. Forgets the oldest; a lost doubt costs one message too many. */
export class Doubts {
  private readonly open = new Set<string>()

  raise(id: string): void {
    this.open.add(id)
    const oldest = this.open.values().next()
    if (this.open.size > most && !oldest.done) this.open.delete(oldest.value)
  }

  /** True when there was a doubt; it is over now. */
  settle(id: string): boolean {
    return this.open.delete(id)
  }
}
