import { describe, expect, it } from 'vitest'
import { AppApi } from '../../../src/platforms/wecom/api.ts'
import { Client } from '../../../src/platforms/wecom/client.ts'
import { createLogin } from '../../../src/platforms/wecom/login.ts'
import { outside } from '../web.ts'
import { agentId, appSecret, base, corpId, frozenClock, keptLog, keptSignals, memoryTokens } from './help.ts'

const web = outside()

function made() {
  const clock = frozenClock()
  const log = keptLog()
  const client = new Client(base, { clock, signals: keptSignals(), log, timeoutMs: 2_000, exchange: web.exchange })
  const api = new AppApi({ corpId, agentId, secret: appSecret }, { client, store: memoryTokens(), clock, log })
  web
    .at(base)
    .get('/cgi-bin/gettoken')
    .query(true)
    .reply(200, { errcode: 0, errmsg: 'ok', access_token: 'T1', expires_in: 7_200 })
  return { login: createLogin({ corpId, agentId }, api), log }
}

const says = (answer: object, status = 200) =>
  web.at(base).get('/cgi-bin/auth/getuserinfo').query({ code: 'CODE', access_token: 'T1' }).reply(status, answer)
const back = 'https://paigong.example/login/wecom/back?a=1&b=2'

describe('somebody is sent to sign in', () => {
  it('inside WeCom silently, with the fragment WeCom insists on', () => {
    const url = new URL(made().login.authorizeUrl(back, 's7', 'app'))
    expect(url.origin + url.pathname + url.hash).toBe(
      'https://open.weixin.qq.com/connect/oauth2/authorize#wechat_redirect',
    )
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ appid: corpId, redirect_uri: back, response_type: 'code', scope: 'snsapi_base', state: 's7' },
      agentid: String(agentId),
    })
  })

  it('in a browser to the page with the QR code', () => {
    const url = new URL(made().login.authorizeUrl(back, 's7', 'browser'))
    expect(url.origin + url.pathname + url.hash).toBe('https://login.work.weixin.qq.com/wwlogin/sso/login')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ login_type: 'CorpApp', appid: corpId, agentid: String(agentId), redirect_uri: back, state: 's7' },
    })
  })
})

describe('who comes back', () => {
  it('is the member the code belongs to', async () => {
    const { login } = made()
    says({ errcode: 0, errmsg: 'ok', userid: 'Zhang3' })
    expect(await login.byAuthCode('CODE')).toEqual({ userId: 'Zhang3', name: '' })
  })

  it.each([
    ['a wrong or used code', { errcode: 40029, errmsg: 'invalid code' }],
    ['somebody from outside', { errcode: 0, errmsg: 'ok', openid: 'oX', external_userid: 'wmX' }],
    ['an empty user id', { errcode: 0, errmsg: 'ok', userid: '' }],
    ['a user id that is no text', { errcode: 0, errmsg: 'ok', userid: 7 }],
  ])('is nobody by %s', async (_, answer) => {
    const { login } = made()
    const asked = says(answer)
    expect(await login.byAuthCode('CODE')).toBeNull()
    expect(asked.isDone()).toBe(true)
  })

  it('is nobody by what cannot be a code, without asking', async () => {
    const { login } = made()
    expect([await login.byAuthCode(''), await login.byAuthCode('码'.repeat(171))]).toEqual([null, null])
    expect(web.isDone()).toBe(false)
  })

  it.each([
    [
      'a domain that is not entered',
      { errcode: 50001, errmsg: 'redirect_url domain not registered' },
      'untrusted-domain',
    ],
    ['a busy platform', { errcode: -1, errmsg: 'system busy' }, 'busy'],
  ])('fails by %s', async (_, answer, code) => {
    const { login } = made()
    says(answer)
    await expect(login.byAuthCode('CODE')).rejects.toMatchObject({ name: 'Temporary', code })
  })

  it('leaves no code in a message', async () => {
    const { login, log } = made()
    says({ errcode: 50001, errmsg: 'bad url?code=PLANTED123&x, more info at somewhere' })
    const error = await login.byAuthCode('CODE').catch((failed: Error) => failed)
    expect(`${error} ${log.lines.join()}`).not.toContain('PLANTED123')
  })
})
