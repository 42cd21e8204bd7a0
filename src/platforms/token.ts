import type { Log } from '../log.ts'
import type { Clock } from '../now.ts'
import type { TokenStore } from './platform.ts'

/** A token is replaced this long before its end, so that no call sets out with one that dies on the way. */
const marginMs = 120_000

interface Kept {
  token: string
  expiresAt: Date
}

export interface TokenDeps {
  store: TokenStore
  clock: Clock
  log: Log
  /** Asks the platform. */
  fetch: () => Promise<{ token: string; seconds: number }>
}

/**
 * The app's access token (developer.work.weixin.qq.com/document/path/91039): cached here, shared with other instances
 * through the store, refreshed by one flight at a time. A failed refresh is told to those who waited for it and forgotten.
 */
export class Tokens {
  private kept: Kept | undefined
  private flight: Promise<string> | undefined

  /** `app` must name the app, not only the company: every app has a token of its own. */
  constructor(
    private readonly app: string,
    private readonly deps: TokenDeps,
  ) {}

  get(): Promise<string> {
    return this.isGood(this.kept) ? Promise.resolve(this.kept.token) : this.renew(undefined)
  }

  /** A token in place of one the platform just refused. */
  replace(bad: string): Promise<string> {
    if (this.isGood(this.kept) && this.kept.token !== bad) return Promise.resolve(this.kept.token)
    return this.renew(bad)
  }

  private renew(bad: string | undefined): Promise<string> {
    this.flight ??= this.load(bad).finally(() => {
      this.flight = undefined
    })
    return this.flight
  }

  private async load(bad: string | undefined): Promise<string> {
    this.kept = undefined
    const shared = await this.read()
    // Another instance may have been quicker.
    const kept = this.isGood(shared) && shared.token !== bad ? shared : await this.fetch()
    this.kept = kept
    return kept.token
  }

  private async fetch(): Promise<Kept> {
    const { token, seconds } = await this.deps.fetch()
    const kept = { token, expiresAt: new Date(this.deps.clock.now().getTime() + seconds * 1_000) }
    try {
      await this.deps.store.put(this.app, kept.token, kept.expiresAt)
    } catch (error) {
      this.complain(error)
    }
    return kept
  }

  /** A store that fails costs an extra request, no message. */
  private async read(): Promise<Kept | null> {
    try {
      return await this.deps.store.get(this.app)
    } catch (error) {
      this.complain(error)
      return null
    }
  }

  private complain(error: unknown): void {
    this.deps.log.warn(
      { reason: error instanceof Error ? error.name : 'unknown' },
      'the access token could not be shared',
    )
  }

  private isGood(kept: Kept | null | undefined): kept is Kept {
    return kept !== undefined && kept !== null && kept.expiresAt.getTime() - marginMs > this.deps.clock.now().getTime()
  }
}
