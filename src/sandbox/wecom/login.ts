import type { ServerResponse } from 'node:http'
import { Codes, choosePage, refusedPage, sendBack } from '../signin.ts'
import { minute } from '../window.ts'
import type { Call } from './call.ts'
import type { Desk } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'

const codeLifeMs = 5 * minute
/** Stand for open.weixin.qq.com and login.work.weixin.qq.com. */
const inside = 'open/connect/oauth2/authorize'
const browser = 'login/wwlogin/sso/login'

export const isLoginPage = (rest: string): boolean => rest === inside || rest === browser

/** Who somebody is: inside WeCom by OAuth2, in a browser by the page with the QR code (wecom.md §8.2; /98171, /98177). */
export class Login {
  private readonly codes: Codes

  constructor(private readonly desk: Desk) {
    this.codes = new Codes(desk, codeLifeMs)
  }

  /** `GET /cgi-bin/auth/getuserinfo` */
  who(call: Call): Answer {
    const person = this.codes.redeem(call.query.get('code') ?? '')
    if (!person) throw new Refused(40029, 'invalid code', 'used already, or older than five minutes')
    return ok({ userid: person.userId })
  }

  /** `as` names who signs in, without it one chooses. The real one knows inside the app, and looks at the QR code elsewhere. */
  page(path: string, query: URLSearchParams, res: ServerResponse): void {
    const why = path.endsWith(inside) ? this.wrongInside(query) : this.wrongInBrowser(query)
    const person = this.desk.phones.person(query.get('as') ?? '')
    if (why) refusedPage(res, '企业微信登录', why)
    else if (!person)
      choosePage(res, {
        title: '企业微信登录',
        people: this.desk.phones.everybody(),
        href: userId => `${path}?${new URLSearchParams([...query, ['as', userId]])}`,
      })
    else
      sendBack(res, query.get('redirect_uri') ?? '', {
        code: this.codes.issue(person),
        state: query.get('state') ?? '',
      })
  }

  private wrongInside(query: URLSearchParams): string | undefined {
    if (query.get('response_type') !== 'code') return 'response_type 必须是 code'
    if (query.get('scope') !== 'snsapi_base') return '沙盘只有 scope=snsapi_base'
    if (!/^[A-Za-z0-9]{0,128}$/.test(query.get('state') ?? '')) return 'state 只能是 128 个以内的字母和数字'
    return this.wrongApp(query)
  }

  private wrongInBrowser(query: URLSearchParams): string | undefined {
    if (query.get('login_type') !== 'CorpApp') return '沙盘只有 login_type=CorpApp'
    if (query.get('agentid') !== String(this.desk.credentials.agentId)) return 'agentid 不正确'
    return this.wrongApp(query)
  }

  private wrongApp(query: URLSearchParams): string | undefined {
    if (query.get('appid') !== this.desk.credentials.corpId) return 'appid 不正确'
    if (!this.desk.trusts(query.get('redirect_uri') ?? '')) return '50001：redirect_uri 的域名不是可信域名'
    return undefined
  }
}
