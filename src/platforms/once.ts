import { Permanent, Temporary } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../now.ts'
import type { TokenStore } from './platform.ts'

const lifeMs = 7 * 86_400_000
/** It may have been made: its answer was lost, or whoever made it died before he could say so. */
const unknown = '?'
const never = '-'

export interface OnceDeps {
  store: TokenStore
  clock: Clock
  log: Log
}

/**
 * Makes a thing once for each name, where the platform itself cannot tell a second time from the first: what came of it is
 * kept for a week, shared with other instances. A store that fails costs that memory, no more.
 */
export class Once {
  constructor(
    private readonly prefix: string,
    private readonly deps: OnceDeps,
  ) {}

  /** `find` looks for what `make` may have made before its answer was lost. */
  async run(name: string, make: () => Promise<string>, find: () => Promise<string | null>): Promise<string> {
    const before = await this.read(name)
    if (before && before !== unknown) return before
    const found = before === unknown ? await find() : null
    if (found) return this.keep(name, found)
    await this.keep(name, unknown)
    try {
      return await this.keep(name, await make())
    } catch (error) {
      if (error instanceof Permanent || (error instanceof Temporary && !isUncertain(error)))
        await this.keep(name, never)
      throw error
    }
  }

  private async read(name: string): Promise<string | null> {
    const kept = await this.deps.store.get(`${this.prefix}:${name}`).catch(error => this.complain(error))
    return kept && kept.token !== never && kept.expiresAt > this.deps.clock.now() ? kept.token : null
  }

  private async keep(name: string, made: string): Promise<string> {
    const until = new Date(this.deps.clock.now().getTime() + lifeMs)
    await this.deps.store.put(`${this.prefix}:${name}`, made, until).catch(error => this.complain(error))
    return made
  }

  private complain(error: unknown): null {
    const reason = error instanceof Error ? error.name : 'unknown'
    this.deps.log.warn({ reason }, 'what was asked of a platform could not be kept')
    return null
  }
}

/** No answer at all: it may have been done nevertheless. */
export const isUncertain = (error: unknown): boolean =>
  error instanceof Temporary && ['timeout', 'unreachable', 'bad-status', 'not-json', 'no-id'].includes(error.code)
