import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DingWorld, group, makeDingWorld } from './dingworld.ts'
import { pngUrl } from './world.ts'

let world: DingWorld
const hour = 3_600_000
const toPeople = '/v1.0/robot/oToMessages/batchSend'
const toGroup = '/v1.0/robot/groupMessages/send'

beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())

const keys = () => world.sandbox.dingtalk.credentials
const sending = (msgKey: string, msgParam: object, more: Record<string, unknown> = {}) => ({
  ...{ robotCode: keys().robotCode, userIds: ['Dd7003li'], msgKey, msgParam: JSON.stringify(msgParam) },
  ...more,
})
const text = (more: Record<string, unknown> = {}) => sending('sampleText', { content: '你好' }, more)
const inGroup = (more: Record<string, unknown> = {}) => text({ openConversationId: group, ...more })

describe('tokens', () => {
  it('are one, renewed by asking, good on both hosts for two hours', async () => {
    const { clientId, clientSecret, corpId } = keys()
    const first = await world.ding(
      'POST',
      '/v1.0/oauth2/accessToken',
      { appKey: clientId, appSecret: clientSecret },
      {},
    )
    expect(first).toEqual({ status: 200, body: { accessToken: expect.any(String), expireIn: 7_200 } })
    const given = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' }
    const second = await world.ding('POST', `/v1.0/oauth2/${corpId}/token`, given, {})
    expect(second.body).toEqual({ access_token: first.body.accessToken, expires_in: 7_200 })
    const third = await world.old('/gettoken', undefined, { appkey: clientId, appsecret: clientSecret }, 'GET')
    expect(third).toEqual({ errcode: 0, errmsg: 'ok', access_token: first.body.accessToken, expires_in: 7_200 })
    world.clock.forward(hour)
    const access_token = await world.token()
    expect(access_token).toBe(first.body.accessToken)
    world.clock.forward(1.5 * hour)
    expect(await world.old('/topapi/v2/department/listsub', {}, { access_token })).toMatchObject({ errcode: 0 })
    world.clock.forward(hour)
    expect(await world.old('/topapi/v2/department/listsub', {}, { access_token })).toMatchObject({ errcode: 42001 })
    expect(await world.token()).not.toBe(access_token)
  })

  it.each<[string, Record<string, string>, number, string]>([
    ['another app', { client_id: 'other' }, 400, 'invalid.client'],
    ['a wrong secret', { client_secret: 'wrong' }, 400, 'invalid.client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported.grant.type'],
  ])('are refused to %s', async (_name, more, status, code) => {
    const { clientId, clientSecret, corpId } = keys()
    const given = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials', ...more }
    expect(await world.ding('POST', `/v1.0/oauth2/${corpId}/token`, given, {})).toMatchObject({
      status,
      body: { code },
    })
  })

  it('are refused to who does not know the secret, and of another corp', async () => {
    const { clientId, clientSecret } = keys()
    const wrong = await world.ding('POST', '/v1.0/oauth2/accessToken', { appKey: clientId, appSecret: 'x' }, {})
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalidClientIdOrSecret' } })
    const old = await world.old('/gettoken', undefined, { appkey: clientId, appsecret: 'x' }, 'GET')
    expect(old).toMatchObject({ errcode: 40001 })
    const given = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' }
    const corp = await world.ding('POST', '/v1.0/oauth2/dingother/token', given, {})
    expect(corp).toMatchObject({ status: 401, body: { code: 'unauthorized.client' } })
  })

  it('are asked for, in the words of each host', async () => {
    const invalid = { status: 400, body: { code: 'InvalidAuthentication' } }
    expect(await world.ding('POST', toPeople, text(), {})).toMatchObject(invalid)
    expect(await world.ding('POST', toPeople, text(), { 'x-acs-dingtalk-access-token': 'x' })).toMatchObject(invalid)
    expect(await world.old('/topapi/v2/user/get', {}, {})).toMatchObject({ errcode: 43007 })
    expect(await world.old('/topapi/v2/user/get', {}, { access_token: 'x' })).toMatchObject({ errcode: 40014 })
    const token = await world.token()
    world.sandbox.expireTokens()
    expect(await world.ding('POST', toPeople, text(), { 'x-acs-dingtalk-access-token': token })).toMatchObject(invalid)
    expect(await world.old('/topapi/v2/user/get', {}, { access_token: token })).toMatchObject({ errcode: 42001 })
  })
})

describe('what both hosts refuse', () => {
  it('unknown APIs, other methods, other bodies', async () => {
    const { status, body } = await world.ding('POST', '/v1.0/nothing', {})
    expect([status, body.code]).toEqual([404, 'InvalidAction.NotFound'])
    expect(await world.old('/nothing', {})).toMatchObject({ errcode: 22 })
    expect(await world.ding('GET', toPeople)).toMatchObject({ status: 405 })
    expect(await world.old('/topapi/v2/user/get', undefined, undefined, 'GET')).toMatchObject({ errcode: 43002 })
    expect(await world.old('/gettoken', {}, {})).toMatchObject({ errcode: 43001 })
    expect(await world.old('/topapi/v2/user/get', 'userid')).toMatchObject({ errcode: 43009 })
    expect(await world.ding('POST', toPeople, '{')).toMatchObject({ status: 400, body: { code: 'invalidParameter' } })
    const access_token = await world.token()
    const url = `${world.base}/sandbox/dingtalk/oapi/topapi/v2/user/get?access_token=${access_token}`
    const post = (type: string, body: string) =>
      fetch(url, { method: 'POST', body, headers: { 'content-type': type } }).then(answer => answer.json())
    expect(await post('text/plain', '{}')).toMatchObject({ errcode: 43004 })
    expect(await post('application/x-www-form-urlencoded', 'userid=Dd7003li')).toMatchObject({ errcode: 0 })
    expect((await fetch(`${world.base}/sandbox/dingtalk/elsewhere`)).status).toBe(404)
  })
})

describe('injected faults', () => {
  it('speak like either host, by method and path or by path', async () => {
    const stop = world.sandbox.fail({ api: `POST ${toGroup}`, status: 500, code: 'system.busy', message: '忙' })
    expect(await world.ding('POST', toGroup, inGroup())).toEqual({
      status: 500,
      body: { requestid: expect.any(String), code: 'system.busy', message: '忙' },
    })
    expect(world.sandbox.log().at(-1)).toMatchObject({ status: 500, code: 'system.busy', note: 'fault injected' })
    stop()
    world.sandbox.fail({ api: '/topapi/v2/user/get', errcode: 60011, times: 1 })
    expect(await world.old('/topapi/v2/user/get', { userid: 'Dd7003li' })).toMatchObject({ errcode: 60011 })
    expect(await world.old('/topapi/v2/user/get', { userid: 'Dd7003li' })).toMatchObject({ errcode: 0 })
    expect(await world.ding('POST', toGroup, inGroup())).toMatchObject({ status: 200 })
  })

  it('ban an address', async () => {
    const body = '{"status":1111,"wait":5,"source":"x5","punish":"deny"}'
    world.sandbox.fail({ api: toGroup, body, times: 1 })
    expect(await world.ding('POST', toGroup, inGroup())).toEqual({ status: 200, body: JSON.parse(body) })
  })

  it('break off after the work was done', async () => {
    const token = await world.token()
    world.sandbox.fail({ api: toGroup, dropAfterCommit: true, times: 1 })
    const headers = { 'x-acs-dingtalk-access-token': token }
    await expect(world.ding('POST', toGroup, inGroup(), headers)).rejects.toThrow()
    expect(world.messages(group)).toHaveLength(1)
  })
})

describe('the log', () => {
  it('shows no secrets', async () => {
    await world.connect()
    const { clientId, clientSecret } = keys()
    await world.old('/gettoken', undefined, { appkey: clientId, appsecret: clientSecret }, 'GET')
    await world.ding('POST', '/v1.0/card/callbacks/register', {
      ...{ callbackRouteKey: 'r', callbackUrl: 'http://x.example/', apiSecret: 's3cretS3cret' },
    })
    await world.sandbox.photo({ as: 'lisi', chat: 'ding:lisi', image: pngUrl })
    await world.sandbox.say({ as: 'lisi', chat: 'ding:lisi', text: `密码是 ${clientSecret}` })
    const log = JSON.stringify(world.sandbox.log())
    for (const secret of [clientSecret, await world.token(), 's3cretS3cret']) expect(log).not.toContain(secret)
    expect(world.sandbox.log().every(entry => entry.platform === 'dingtalk')).toBe(true)
  })
})
