import type { Clock } from '../../now.ts'
import { dayOf } from '../ids.ts'
import { Limiter } from '../window.ts'
import type { MetersKept } from './kept.ts'
import { Refused } from './refused.ts'

/** Address-book events are free (dingtalk.md §1.4). */
const freeEvent = /^(?:user_(?:add|modify|leave|active)_org|org_dept_|label_|org_admin_|org_change)/

export interface MeterOptions {
  /** What remembers; changed in place. */
  kept: MetersKept
  clock: Clock
  /** Calls a second for one API. */
  qps: number
  changed: () => void
}

/** The corp's month and the app's second (dingtalk.md §1.4). */
export class Meters {
  private readonly pace: Limiter

  constructor(private readonly options: MeterOptions) {
    this.pace = new Limiter([{ count: options.qps, windowMs: 1_000 }])
  }

  /** The meters of this month in China. */
  get now(): Readonly<MetersKept> {
    const { kept, clock } = this.options
    const month = dayOf(clock.now()).slice(0, 7)
    if (kept.month !== month) Object.assign(kept, { month, calls: 0, pushes: 0 })
    return kept
  }

  set(values: Partial<Omit<MetersKept, 'month'>>): void {
    Object.assign(this.options.kept, this.now, values)
    this.options.changed()
  }

  /** One app, one API: so many a second, by the machine's time, as a moved clock makes no server faster. */
  takePlace(api: string): void {
    if (this.pace.take(api, performance.now())) return
    const code = 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'
    throw new Refused({ status: 403, code, errcode: 90018 }, '应用调用该接口超过了每秒的限制，请稍后再试')
  }

  /** Counts a billed call, or refuses it when the month's are gone. */
  call(): void {
    const { calls, callLimit } = this.now
    if (calls >= callLimit) {
      const code = 'Forbidden.AccessDenied.ApiCountLimitForOrg'
      throw new Refused({ status: 403, code, errcode: 90020 }, '企业本月的API调用次数已用完')
    }
    this.set({ calls: calls + 1 })
  }

  /** Counts a Webhook&Stream message; false when the month's are gone. */
  push(): boolean {
    const { pushes, pushLimit } = this.now
    if (pushes >= pushLimit) return false
    this.set({ pushes: pushes + 1 })
    return true
  }

  event(name: string): void {
    if (!freeEvent.test(name)) this.push()
  }
}
