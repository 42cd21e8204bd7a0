import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DingWorld, makeDingWorld } from './dingworld.ts'

let world: DingWorld
const hour = 3_600_000
const me = '/v1.0/contact/users/me'

beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())

const keys = () => world.sandbox.dingtalk.credentials

describe('contacts', () => {
  it('know people by id, phone and union', async () => {
    const { result } = (await world.old('/topapi/v2/user/get', { userid: 'Dd7003li' })) as {
      result: Record<string, unknown>
    }
    expect(result).toMatchObject({
      userid: 'Dd7003li',
      name: '李四',
      mobile: '13800000003',
      title: '技术员',
      active: true,
    })
    const found = { errcode: 0, result: { userid: 'Dd7003li' } }
    expect(await world.old('/topapi/v2/user/getbymobile', { mobile: '13800000003' })).toMatchObject(found)
    expect(await world.old('/topapi/user/getbyunionid', { unionid: result.unionid })).toMatchObject(found)
  })

  it('know departments', async () => {
    const { result } = (await world.old('/topapi/v2/department/listsub', { dept_id: 1 })) as { result: object[] }
    expect(result).toEqual([{ dept_id: 2, name: '售后部', parent_id: 1 }])
    expect(await world.old('/topapi/v2/department/listsub', { dept_id: 2 })).toMatchObject({ result: [] })
    const first = await world.old('/topapi/user/listsimple', { dept_id: 2, cursor: 0, size: 3 })
    expect(first.result).toMatchObject({
      has_more: true,
      next_cursor: 3,
      list: [{ userid: 'Dd7001zhao', name: '赵派工' }, {}, {}],
    })
    const rest = await world.old('/topapi/user/listsimple', { dept_id: 2, cursor: 3, size: 3 })
    expect(rest.result).toEqual({ has_more: false, list: [{ userid: 'Dd7004wang', name: '王经理' }] })
    expect(await world.old('/topapi/user/listsimple', { dept_id: 1, cursor: 0, size: 9 })).toMatchObject({
      result: { list: [] },
    })
  })

  it.each<[string, object, number]>([
    ['/topapi/v2/user/get', { userid: 'dd7003LI' }, 60121],
    ['/topapi/v2/user/get', {}, 40035],
    ['/topapi/v2/user/getbymobile', { mobile: '13800009998' }, 60121],
    ['/topapi/v2/user/getbymobile', { mobile: '110' }, 40104],
    ['/topapi/user/getbyunionid', { unionid: 'x' }, 60121],
    ['/topapi/v2/department/listsub', { dept_id: 3 }, 60003],
    ['/topapi/user/listsimple', { dept_id: 2, cursor: 0, size: 101 }, 40035],
  ])('%s refuses %o', async (path, given, errcode) => {
    expect(await world.old(path, given)).toMatchObject({ errcode })
  })
})

describe('signing in', () => {
  const info = '/topapi/v2/user/getuserinfo'
  const page = (query: Record<string, string>) =>
    fetch(`${world.base}/sandbox/dingtalk/login/oauth2/auth?${new URLSearchParams(query)}`, { redirect: 'manual' })
  const asked = () => ({
    ...{ client_id: keys().clientId, response_type: 'code', redirect_uri: `${world.base}/back?x=1` },
    ...{ scope: 'openid corpid', state: 's1', prompt: 'consent' },
  })

  it('inside DingTalk, with a code that is good once, for five minutes', async () => {
    const code = world.sandbox.dingtalk.loginCode('lisi')
    expect(await world.old(info, { code })).toMatchObject({
      errcode: 0,
      result: { userid: 'Dd7003li', name: '李四', sys_level: 0 },
    })
    expect(await world.old(info, { code })).toMatchObject({ errcode: 40078 })
    const late = world.sandbox.dingtalk.loginCode('lisi')
    world.clock.forward(300_001)
    expect(await world.old(info, { code: late })).toMatchObject({ errcode: 40078 })
    expect(() => world.sandbox.dingtalk.loginCode('x')).toThrow('nobody is called x')
  })

  it('in a browser', async () => {
    const target = new URL((await page({ ...asked(), as: 'lisi' })).headers.get('location') ?? '')
    expect([target.origin, target.searchParams.get('x'), target.searchParams.get('state')]).toEqual([
      world.base,
      '1',
      's1',
    ])
    const { clientId, clientSecret, corpId } = keys()
    const code = target.searchParams.get('authCode') ?? ''
    const given = { clientId, clientSecret, code, grantType: 'authorization_code' }
    const { body } = await world.ding('POST', '/v1.0/oauth2/userAccessToken', given, {})
    expect(body).toMatchObject({ refreshToken: expect.any(String), expireIn: 7_200, corpId })
    const headers = { 'x-acs-dingtalk-access-token': String(body.accessToken) }
    const who = await world.ding('GET', me, undefined, headers)
    expect(who.body).toMatchObject({ nick: '李四', mobile: '13800000003' })
    const unionid = who.body.unionId
    expect(await world.old('/topapi/user/getbyunionid', { unionid })).toMatchObject({ result: { userid: 'Dd7003li' } })
    const again = await world.ding('POST', '/v1.0/oauth2/userAccessToken', given, {})
    expect(again).toMatchObject({ status: 400, body: { code: 'invalidParameter.authCode.notFound' } })
    const wrong = await world.ding('POST', '/v1.0/oauth2/userAccessToken', { ...given, clientSecret: 'x' }, {})
    expect(wrong.body).toMatchObject({ code: 'invalidClientIdOrSecret' })
    world.clock.forward(2 * hour + 1)
    expect((await world.ding('GET', me, undefined, headers)).body).toMatchObject({ code: 'InvalidAuthentication' })
    expect((await world.ding('GET', me)).body).toMatchObject({ code: 'InvalidAuthentication' })
  })

  it('asks who, when nobody is named', async () => {
    await world.stop()
    const li = { userId: 'lisi', name: '李四<b>', title: '技术员', mobile: '13800000003' }
    world = await makeDingWorld({ seed: { people: [li], groups: [] } })
    const choosing = await page({ ...asked(), state: '"><script>' })
    expect(choosing.status).toBe(200)
    const html = await choosing.text()
    expect(html).toContain('<b>李四&#60;b&#62;</b><span>技术员</span>')
    expect(html).not.toMatch(/<script>|四<b>/)
  })

  it.each([
    { client_id: 'other' },
    { response_type: 'token' },
    { redirect_uri: 'javascript:alert(1)' },
    { redirect_uri: 'http://elsewhere.example/' },
  ])('refuses %o', async more => {
    expect((await page({ ...asked(), as: 'lisi', ...more })).status).toBe(400)
  })
})
