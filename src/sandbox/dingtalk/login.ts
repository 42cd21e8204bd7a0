import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { Invalid } from '../../errors.ts'
import { randomId } from '../ids.ts'
import { Codes, choosePage, refusedPage, sendBack } from '../signin.ts'
import { minute } from '../window.ts'
import { type Call, okOld, oldShaped, shaped } from './call.ts'
import { type Desk, here, unionIdOf } from './desk.ts'
import { oldRefused, refused } from './refused.ts'

const codeLifeMs = 5 * minute
const tokenSeconds = 7_200

const exchange = z.looseObject({
  clientId: z.string(),
  clientSecret: z.string(),
  code: z.string(),
  grantType: z.literal('authorization_code'),
})

/** Who somebody is: inside DingTalk by 免登, in a browser by OAuth2 (dingtalk.md §8.4, §8.5). */
export class Login {
  private readonly inside: Codes
  private readonly browser: Codes
  private readonly tokens: Codes

  constructor(private readonly desk: Desk) {
    this.inside = new Codes(desk, codeLifeMs)
    this.browser = new Codes(desk, codeLifeMs)
    this.tokens = new Codes(desk, tokenSeconds * 1_000)
  }

  /** As `dd.requestAuthCode` gives it to a page: once, for five minutes. */
  code(userId: string): string {
    const person = this.desk.phones.person(userId) ?? this.desk.phones.byDingtalkId(userId)
    if (!person) throw new Invalid(`nobody is called ${userId}`)
    return this.inside.issue(person)
  }

  /** `POST /topapi/v2/user/getuserinfo` */
  insider(call: Call): Record<string, unknown> {
    const { code } = oldShaped(z.looseObject({ code: z.string() }), call)
    const person = this.inside.redeem(code)
    if (!person) throw oldRefused(40078, '不存在的临时授权码')
    const { dingtalkId: userid, name } = person
    const unionid = unionIdOf(this.desk, person)
    return okOld({ result: { userid, unionid, name, sys: false, sys_level: 0, device_id: `phone-${person.userId}` } })
  }

  /** `POST /v1.0/oauth2/userAccessToken` */
  token(call: Call): Record<string, unknown> {
    const given = shaped(exchange, call)
    const { clientId, clientSecret, corpId } = this.desk.credentials
    if (given.clientId !== clientId || given.clientSecret !== clientSecret)
      throw refused('invalidClientIdOrSecret', '无效的clientId或者clientSecret')
    const person = this.browser.redeem(given.code)
    if (!person) throw refused('invalidParameter.authCode.notFound', '不合法的临时授权码')
    const accessToken = this.tokens.issue(person)
    return { accessToken, refreshToken: randomId(24), expireIn: tokenSeconds, corpId }
  }

  /** `GET /v1.0/contact/users/me` */
  me(call: Call): Record<string, unknown> {
    const person = this.tokens.holder(String(call.headers['x-acs-dingtalk-access-token']))
    if (!person) throw refused('InvalidAuthentication', '不合法的access_token')
    const { name, mobile } = person
    const unionId = unionIdOf(this.desk, person)
    return { nick: name, unionId, openId: `open${unionId}`, mobile, stateCode: '86' }
  }

  /** Stands for the page at login.dingtalk.com: `as` names who signs in, without it one chooses. */
  page(query: URLSearchParams, res: ServerResponse): void {
    const target = query.get('redirect_uri') ?? ''
    const wrong =
      query.get('client_id') !== this.desk.credentials.clientId ||
      query.get('response_type') !== 'code' ||
      !this.desk.trusts(target)
    const person = this.desk.phones.person(query.get('as') ?? '')
    if (wrong) refusedPage(res, '钉钉登录', 'client_id、response_type 或 redirect_uri 不正确')
    else if (!person)
      choosePage(res, {
        title: '钉钉登录',
        people: this.desk.phones.everybody(),
        href: userId => `${here}/login/oauth2/auth?${new URLSearchParams([...query, ['as', userId]])}`,
      })
    else sendBack(res, target, { authCode: this.browser.issue(person), state: query.get('state') ?? '' })
  }
}
