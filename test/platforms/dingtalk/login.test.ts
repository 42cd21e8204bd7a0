import { describe, expect, it } from 'vitest'
import { createLogin } from '../../../src/platforms/dingtalk/login.ts'
import { benches, config, errcode, ok, planted, refuses, tokenCall } from './help.ts'

const bench = benches()
const infoCall = 'POST /topapi/v2/user/getuserinfo'
const userTokenCall = 'POST /v1.0/oauth2/userAccessToken'
const meCall = 'GET /v1.0/contact/users/me'
const unionCall = 'POST /topapi/user/getbyunionid'
const { code } = planted

function made() {
  const parts = bench()
  parts.hosts
    .answer(infoCall, ok({ errcode: 0, result: { userid: 'zhang3', unionid: 'U', name: '张三', sys: false } }))
    .answer(userTokenCall, ok({ accessToken: 'user-token', refreshToken: 'r', expireIn: 7_200, corpId: config.corpId }))
    .answer(meCall, ok({ unionId: 'U', nick: '张三', mobile: '13800000001' }))
    .answer(unionCall, ok({ errcode: 0, result: { contact_type: 0, userid: 'zhang3' } }))
  return { ...parts, login: createLogin(config, parts) }
}

describe('a page inside DingTalk', () => {
  it('proves by its code who looks at it, and costs nothing', async () => {
    const { login, hosts, meter } = made()
    expect(await login.byCode(code)).toEqual({ userId: 'zhang3', name: '张三' })
    const [asked] = hosts.of(infoCall)
    expect(asked?.query.get('access_token')).toBe(`${planted.token}-1`)
    expect(asked?.body).toEqual({ code })
    expect((await meter.quotas()).map(({ used }) => used)).toEqual([0, 0])
  })

  it('does without a name', async () => {
    const { login, hosts } = made()
    hosts.answer(infoCall, ok({ errcode: 0, result: { userid: 'zhang3' } }))
    expect(await login.byCode(code)).toEqual({ userId: 'zhang3', name: '' })
  })

  it.each([
    ['a wrong code', errcode(40078)],
    ['a wrong code, within 88', errcode(88, 'ding talk error[subcode=40078,submsg=不存在的临时授权码]')],
    ['nobody', errcode(60121)],
    ['an answer without a person', ok({ errcode: 0 })],
    ['an empty user id', ok({ errcode: 0, result: { userid: '' } })],
  ])('proves nothing by %s', async (_, reply) => {
    const { login, hosts } = made()
    hosts.answer(infoCall, reply)
    expect(await login.byCode(code)).toBeNull()
  })

  it('fails where trouble is not the code’s', async () => {
    const { login, hosts, failure } = made()
    hosts.answer(infoCall, errcode(60011), errcode(-1))
    expect(await failure(login.byCode(code))).toMatchObject({ name: 'Temporary', code: 'no-permission' })
  })
})

describe('a browser', () => {
  it('is sent to sign in with everything DingTalk wants to know', () => {
    const { login } = made()
    const address = login.authorizeUrl('https://paigong.example/login?a=1&b=2', 's t+a&te', 'browser')
    const url = new URL(address)
    expect(url.origin + url.pathname).toBe('https://login.dingtalk.com/oauth2/auth')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ redirect_uri: 'https://paigong.example/login?a=1&b=2', response_type: 'code', client_id: config.clientId },
      ...{ scope: 'openid corpid', state: 's t+a&te', prompt: 'consent', corpId: config.corpId },
    })
    // As the documentation writes it: a plus sign is a space only to those who decode forms.
    expect(address).toContain('scope=openid%20corpid&')
    expect(address).not.toContain('+')
    expect(address).not.toContain(planted.clientSecret)
  })

  it('that comes back is who its code says, by three calls that cost nothing', async () => {
    const { login, hosts, meter } = made()
    expect(await login.byAuthCode(code)).toEqual({ userId: 'zhang3', name: '张三' })
    expect(hosts.asked.map(({ what }) => what)).toEqual([userTokenCall, meCall, tokenCall, unionCall])
    expect(hosts.body(userTokenCall)).toEqual({
      ...{ clientId: config.clientId, clientSecret: planted.clientSecret, code, grantType: 'authorization_code' },
    })
    expect(hosts.of(meCall)[0]?.headers).toMatchObject({ 'x-acs-dingtalk-access-token': 'user-token' })
    expect(hosts.body(unionCall)).toEqual({ unionid: 'U' })
    expect(hosts.of(unionCall)[0]?.query.get('access_token')).toBe(`${planted.token}-1`)
    expect((await meter.quotas()).map(({ used }) => used)).toEqual([0, 0])
  })

  it('does so where no company is named', async () => {
    const { login, hosts } = made()
    hosts.answer(userTokenCall, ok({ accessToken: 'user-token' }))
    hosts.answer(unionCall, ok({ errcode: 0, result: { userid: 'zhang3' } }))
    expect(await login.byAuthCode(code)).toMatchObject({ userId: 'zhang3' })
  })

  it.each([
    ['a wrong code', userTokenCall, refuses(400, 'invalidParameter.authCode.notFound'), 1],
    ['no token', userTokenCall, ok({}), 1],
    ['somebody of another company', userTokenCall, ok({ accessToken: 'x', corpId: 'dingOTHER' }), 1],
    ['a token that is not taken', meCall, refuses(400, 'InvalidAuthentication'), 2],
    ['a missing right', meCall, refuses(400, 'x.y'), 2],
    ['nobody', meCall, ok({ nick: '张三' }), 2],
    ['somebody unknown here', unionCall, errcode(60121), 3],
    ['no user id', unionCall, ok({ errcode: 0, result: {} }), 3],
    ['an outside contact', unionCall, ok({ errcode: 0, result: { contact_type: 1, userid: 'ext7' } }), 3],
  ])('is nobody by %s', async (_, what, reply, calls) => {
    const { login, hosts } = made()
    hosts.answer(what, reply)
    expect(await login.byAuthCode(code)).toBeNull()
    expect(hosts.names).toHaveLength(calls)
  })

  it.each([userTokenCall, meCall, unionCall])('fails where trouble is not the code’s: %s', async what => {
    const { login, hosts, failure } = made()
    hosts.answer(what, 'drop')
    expect(await failure(login.byAuthCode(code))).toMatchObject({ name: 'Temporary', code: 'unreachable' })
  })
})
