import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { Invalid } from '../../errors.ts'
import { send } from '../http.ts'
import { randomId } from '../ids.ts'
import { minute } from '../window.ts'
import type { SandboxPerson } from '../wire.ts'
import { type Call, okOld, oldShaped, shaped } from './call.ts'
import { type Desk, here, nowOf, unionIdOf } from './desk.ts'
import { oldRefused, refused } from './refused.ts'

const codeLifeMs = 5 * minute
const tokenSeconds = 7_200

const exchange = z.looseObject({
  clientId: z.string(),
  clientSecret: z.string(),
  code: z.string(),
  grantType: z.literal('authorization_code'),
})

type Codes = Map<string, { person: SandboxPerson; until: number }>

/** Who somebody is: inside DingTalk by 免登, in a browser by OAuth2 (dingtalk.md §8.4, §8.5). */
export class Login {
  private readonly inside: Codes = new Map()
  private readonly browser: Codes = new Map()
  private readonly tokens: Codes = new Map()

  constructor(private readonly desk: Desk) {}

  /** As `dd.requestAuthCode` gives it to a page: once, for five minutes. */
  code(userId: string): string {
    const person = this.desk.phones.person(userId) ?? this.desk.phones.byDingtalkId(userId)
    if (!person) throw new Invalid(`nobody is called ${userId}`)
    return this.issue(this.inside, person, codeLifeMs)
  }

  /** `POST /topapi/v2/user/getuserinfo` */
  insider(call: Call): Record<string, unknown> {
    const { code } = oldShaped(z.looseObject({ code: z.string() }), call)
    const person = this.redeem(this.inside, code)
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
    const person = this.redeem(this.browser, given.code)
    if (!person) throw refused('invalidParameter.authCode.notFound', '不合法的临时授权码')
    const accessToken = this.issue(this.tokens, person, tokenSeconds * 1_000)
    return { accessToken, refreshToken: randomId(24), expireIn: tokenSeconds, corpId }
  }

  /** `GET /v1.0/contact/users/me` */
  me(call: Call): Record<string, unknown> {
    const found = this.tokens.get(String(call.headers['x-acs-dingtalk-access-token']))
    if (!found || found.until < nowOf(this.desk)) throw refused('InvalidAuthentication', '不合法的access_token')
    const { name, mobile } = found.person
    const unionId = unionIdOf(this.desk, found.person)
    return { nick: name, unionId, openId: `open${unionId}`, mobile, stateCode: '86' }
  }

  /** Stands for the page at login.dingtalk.com: `as` names who signs in, without it one may choose. */
  page(query: URLSearchParams, res: ServerResponse): void {
    const target = query.get('redirect_uri') ?? ''
    const wrong =
      query.get('client_id') !== this.desk.credentials.clientId ||
      query.get('response_type') !== 'code' ||
      !/^https?:\/\//.test(target) ||
      !URL.canParse(target)
    if (wrong) return void html(res, 400, '<p>client_id、response_type 或 redirect_uri 不正确</p>')
    const person = this.desk.phones.person(query.get('as') ?? '')
    if (!person) return void html(res, 200, this.choices(query))
    const url = new URL(target)
    url.searchParams.set('authCode', this.issue(this.browser, person, codeLifeMs))
    url.searchParams.set('state', query.get('state') ?? '')
    res.writeHead(302, { location: url.href, 'cache-control': 'no-store' }).end()
  }

  private choices(query: URLSearchParams): string {
    const links = this.desk.phones.everybody().map(({ userId, name, title }) => {
      const href = `${here}/login/oauth2/auth?${new URLSearchParams([...query, ['as', userId]])}`
      return `<li><a href="${escaped(href)}">${escaped(`${name} ${title}`)}</a></li>`
    })
    return `<h1>钉钉登录（沙盒）</h1><p>以谁的身份登录？</p><ul>${links.join('')}</ul>`
  }

  private issue(codes: Codes, person: SandboxPerson, lifeMs: number): string {
    const now = nowOf(this.desk)
    for (const [code, { until }] of codes) if (until < now) codes.delete(code)
    const code = randomId(16)
    codes.set(code, { person, until: now + lifeMs })
    this.desk.journal.hide(code)
    return code
  }

  private redeem(codes: Codes, code: string): SandboxPerson | undefined {
    const found = codes.get(code)
    codes.delete(code)
    return found && found.until >= nowOf(this.desk) ? found.person : undefined
  }
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const html = (res: ServerResponse, status: number, body: string): void =>
  send(res, status, 'text/html; charset=utf-8', `<!doctype html><meta charset="utf-8"><title>钉钉登录</title>${body}`, {
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  })
