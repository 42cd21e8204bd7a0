/** So many of a kind within a minute for one key; what is not asked for any more is forgotten. */
export class RateLimit {
  readonly #times = new Map<string, number[]>()

  constructor(
    private readonly most: number,
    private readonly withinMs: number,
    private readonly mostKeys = 10_000,
  ) {}

  /** Whether one more may be let through at `now`; if so it counts. */
  takes(key: string, now: Date): boolean {
    const at = now.getTime()
    const recent = (this.#times.get(key) ?? []).filter(time => time <= at && time > at - this.withinMs)
    const room = recent.length < this.most
    // Set anew at the end: the first of the map is the one that was quiet longest.
    this.#times.delete(key)
    this.#times.set(key, room ? [...recent, at] : recent)
    const [oldest] = this.#times.size > this.mostKeys ? this.#times.keys() : []
    if (oldest !== undefined) this.#times.delete(oldest)
    return room
  }
}
