import { Permanent, Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock, Timers } from '../../now.ts'
import type { Problem } from '../platform.ts'
import type { Api } from './api.ts'

interface Parts {
  api: Api
  timers: Timers
  clock: Clock
  log: Log
  routeKey: string
  url: string
  secret: string
}

const againMs = 60_000

/** Tells DingTalk where taps on cards go in HTTP mode (dingtalk.md §5.5), until it has taken it. Every instance tells the same. */
export class Registration {
  private alarm = () => {}
  private closed = false
  private trouble: Problem | undefined

  constructor(private readonly parts: Parts) {}

  open(): void {
    void this.attempt()
  }

  close(): void {
    this.closed = true
    this.alarm()
  }

  problems(): Problem[] {
    return this.trouble ? [this.trouble] : []
  }

  private async attempt(): Promise<void> {
    const { api, routeKey, url, secret, timers, log, clock } = this.parts
    try {
      await api.call({
        ...{ api: 'card/register', path: '/v1.0/card/callbacks/register' },
        body: { callbackRouteKey: routeKey, callbackUrl: url, apiSecret: secret, forceUpdate: true },
      })
      this.trouble = undefined
    } catch (error) {
      if (!(error instanceof Permanent || error instanceof Temporary)) throw error
      log.warn({ code: error.code }, 'the address for card taps could not be registered')
      this.trouble = {
        ...{
          code: 'no-card-route',
          what: `taps on cards do not arrive: ${error.message}`,
          since: this.trouble?.since ?? clock.now(),
        },
        fix: `give the app Card.Instance.Write, and see that DingTalk reaches PUBLIC_URL (${new URL(url).origin})`,
      }
      if (!this.closed) this.alarm = timers.set(() => void this.attempt(), againMs)
    }
  }
}
