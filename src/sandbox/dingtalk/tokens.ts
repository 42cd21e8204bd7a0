import { z } from 'zod'
import { randomId } from '../ids.ts'
import { type Call, okOld, shaped } from './call.ts'
import { type Desk, nowOf } from './desk.ts'
import { oldRefused, Refused, refused } from './refused.ts'

const lifeSeconds = 7_200
const keys = z.looseObject({ appKey: z.string(), appSecret: z.string() })
const unified = z.looseObject({ client_id: z.string(), client_secret: z.string(), grant_type: z.string() })

/** Access tokens of the one app, good on both hosts (dingtalk.md §1). Not kept over a restart. */
export class Tokens {
  private readonly known = new Map<string, number>()

  constructor(private readonly desk: Desk) {}

  /** `POST /v1.0/oauth2/accessToken` */
  issue(call: Call): Record<string, unknown> {
    const { appKey, appSecret } = shaped(keys, call)
    if (!this.right(appKey, appSecret)) throw refused('invalidClientIdOrSecret', '无效的clientId或者clientSecret')
    return { accessToken: this.token(), expireIn: lifeSeconds }
  }

  /** `POST /v1.0/oauth2/{corpId}/token` */
  unified(call: Call): Record<string, unknown> {
    const given = shaped(unified, call)
    if (given.grant_type !== 'client_credentials') throw refused('unsupported.grant.type', '不支持的grant_type')
    if (!this.right(given.client_id, given.client_secret)) throw refused('invalid.client', '无效的client')
    if (call.named !== this.desk.credentials.corpId)
      throw refused('unauthorized.client', '应用未授权给该企业', undefined, 401)
    return { access_token: this.token(), expires_in: lifeSeconds }
  }

  /** `GET /gettoken` of the old host */
  old(call: Call): Record<string, unknown> {
    if (!this.right(call.query.get('appkey') ?? '', call.query.get('appsecret') ?? ''))
      throw oldRefused(40001, '获取access_token时Secret错误，或者access_token无效')
    return okOld({ access_token: this.token(), expires_in: lifeSeconds })
  }

  check(token: string | null | undefined): void {
    const code = 'InvalidAuthentication'
    if (!token) throw new Refused({ code, errcode: 43007 }, '不合法的access_token: 需要授权')
    const until = this.known.get(token)
    if (until === undefined) throw new Refused({ code, errcode: 40014 }, '不合法的access_token')
    if (until <= nowOf(this.desk)) throw new Refused({ code, errcode: 42001 }, 'access_token超时')
  }

  /** The platform may invalidate tokens early at any time. */
  expireAll(): void {
    for (const token of this.known.keys()) this.known.set(token, 0)
  }

  private right(id: string, secret: string): boolean {
    const { clientId, clientSecret } = this.desk.credentials
    return id === clientId && secret === clientSecret
  }

  /** The same one as long as it is valid, its life renewed. */
  private token(): string {
    const now = nowOf(this.desk)
    const valid = [...this.known].find(([, until]) => until > now)?.[0]
    const token = valid ?? randomId(24)
    this.known.set(token, now + lifeSeconds * 1_000)
    this.desk.journal.hide(token)
    return token
  }
}
