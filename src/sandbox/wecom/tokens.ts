import { randomId } from '../ids.ts'
import { Counter, hour } from '../window.ts'
import type { Desk } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'

const lifeSeconds = 7_200
/** Wrong secrets within an hour after which the caller is locked out. */
export const mostWrongSecrets = 100

/** Access tokens of the one app. Kept in memory only: after a restart old tokens are unknown (40014), as can happen. */
export class Tokens {
  private readonly known = new Map<string, number>()
  private readonly wrong = new Counter(hour)

  constructor(private readonly desk: Desk) {}

  /** `GET /cgi-bin/gettoken`: the same token again as long as it is valid. */
  issue(query: URLSearchParams): Answer {
    const { corpId, secret } = this.desk.credentials
    const now = this.desk.clock.now().getTime()
    if (this.wrong.count('', now, hour) >= mostWrongSecrets)
      throw new Refused(45009, 'api freq out of limit', 'too many gettoken calls with a wrong secret within the hour')
    if (!query.get('corpid')) throw new Refused(41002, 'corpid missing')
    if (!query.get('corpsecret')) throw new Refused(41004, 'corpsecret missing')
    if (query.get('corpid') !== corpId) throw new Refused(40013, 'invalid corpid')
    if (query.get('corpsecret') !== secret) {
      this.wrong.add('', now)
      throw new Refused(40001, 'invalid credential, secret does not match the corpid')
    }
    for (const [token, until] of this.known)
      if (until > now) return ok({ access_token: token, expires_in: Math.ceil((until - now) / 1_000) })
    const token = randomId(160)
    this.known.set(token, now + lifeSeconds * 1_000)
    this.desk.journal.hide(token)
    return ok({ access_token: token, expires_in: lifeSeconds })
  }

  /** Throws 41001 (missing), 40014 (unknown) or 42001 (expired). */
  check(token: string | null): void {
    if (!token) throw new Refused(41001, 'access_token missing')
    const until = this.known.get(token)
    if (until === undefined) throw new Refused(40014, 'invalid access_token')
    if (until <= this.desk.clock.now().getTime()) throw new Refused(42001, 'access_token expired')
  }

  /** The platform may invalidate tokens early at any time. */
  expireAll(): void {
    for (const token of this.known.keys()) this.known.set(token, 0)
  }
}
