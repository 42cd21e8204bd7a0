import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type DingWorld, group, makeDingWorld, publicCard, robotTopic } from './dingworld.ts'

let world: DingWorld
const toPeople = '/v1.0/robot/oToMessages/batchSend'

beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())

const send = (token?: string) =>
  world.ding(
    'POST',
    toPeople,
    {
      ...{ robotCode: world.sandbox.dingtalk.credentials.robotCode, userIds: ['Dd7003li'] },
      ...{ msgKey: 'sampleText', msgParam: '{"content":"好"}' },
    },
    token === undefined ? undefined : { 'x-acs-dingtalk-access-token': token },
  )
const quota = () => world.sandbox.state().dingtalkQuota
const say = () => world.sandbox.say({ as: 'lisi', chat: 'ding:lisi', text: '接单' })

describe('calls of a month', () => {
  it('are 5,000 on the Standard edition; tokens, contacts and signing in are free', async () => {
    expect(quota()).toEqual({ month: '2026-01', calls: 0, callLimit: 5_000, pushes: 0, pushLimit: 3_000 })
    await world.old('/topapi/v2/user/get', { userid: 'Dd7003li' })
    await world.old('/topapi/v2/user/getuserinfo', { code: world.sandbox.dingtalk.loginCode('lisi') })
    await world.ticket()
    expect(quota().calls).toBe(0)
    await send()
    await world.ding('POST', '/v1.0/card/instances/createAndDeliver', publicCard(world, 'wo-1'))
    await world.ding('PUT', '/v1.0/card/instances', { outTrackId: 'wo-9' })
    expect(quota().calls).toBe(3)
  })

  it('run out, on both hosts, until the month in China is over', async () => {
    world.sandbox.dingtalk.setQuota({ calls: 4_999 })
    expect(await send()).toMatchObject({ status: 200 })
    expect(await send()).toMatchObject({ status: 403, body: { code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' } })
    expect(await world.old('/media/upload', {})).toMatchObject({ errcode: 90020 })
    expect(await world.old('/topapi/v2/user/get', { userid: 'Dd7003li' })).toMatchObject({ errcode: 0 })
    expect(quota().calls).toBe(5_000)
    world.clock.forward(new Date('2026-01-31T15:59:59Z').getTime() - world.clock.now().getTime())
    expect(await send()).toMatchObject({ status: 403 })
    world.clock.forward(1_000)
    expect(quota()).toMatchObject({ month: '2026-02', calls: 0, callLimit: 5_000 })
    expect(await send()).toMatchObject({ status: 200 })
  })

  it('have a limit that can be bought', async () => {
    world.sandbox.dingtalk.setQuota({ callLimit: 1, pushLimit: 9 })
    expect(quota()).toMatchObject({ callLimit: 1, pushLimit: 9 })
    expect([(await send()).status, (await send()).status]).toEqual([200, 403])
  })
})

describe('calls of a second', () => {
  it('are 20 per API, and those above are not counted', async () => {
    const token = await world.token()
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(token)))
    const refused = answers.filter(({ status }) => status === 403)
    expect(refused.length).toBeGreaterThanOrEqual(1)
    expect(refused.length).toBeLessThanOrEqual(10)
    expect(refused[0]?.body).toMatchObject({ code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' })
    expect(quota().calls).toBe(30 - refused.length)
    expect(await world.ding('PUT', '/v1.0/card/instances', { outTrackId: 'x' })).toMatchObject({ status: 400 })
  })

  it('may be more, and the old host has its own word', async () => {
    await world.stop()
    world = await makeDingWorld({ dingtalk: { qps: 2 } })
    const access_token = await world.token()
    const get = () => world.old('/topapi/v2/user/get', { userid: 'Dd7003li' }, { access_token })
    const codes = (await Promise.all([get(), get(), get()])).map(({ errcode }) => errcode)
    expect(codes.sort()).toEqual([0, 0, 90018])
  })
})

describe('messages of a month', () => {
  let client: Client
  beforeEach(async () => {
    client = await world.connect()
  })
  const newest = () => client.heard(robotTopic).at(-1) ?? {}
  const answer = () =>
    world.old(
      '/robot/sendBySession',
      { msgtype: 'text', text: { content: '好' } },
      {
        session: new URL(String(newest().sessionWebhook)).searchParams.get('session') ?? '',
      },
    )

  it('count what the robot hears and says in a session, and events that are not about contacts', async () => {
    await say()
    await world.sandbox.say({ as: 'lisi', chat: group, text: '中午吃什么' })
    await answer()
    expect(quota().pushes).toBe(2)
    await world.sandbox.dingtalk.event('user_leave_org', {})
    expect(quota().pushes).toBe(2)
    await world.sandbox.dingtalk.event('bpms_instance_change', {})
    expect(quota()).toMatchObject({ pushes: 3, calls: 0 })
  })

  it('do not count again when one is pushed again', async () => {
    client.react(frame =>
      client.frames.filter(({ data }) => data.msgId === frame.data.msgId).length > 2 ? {} : { code: 500 },
    )
    await say()
    await world.sandbox.idle()
    expect([client.heard(robotTopic).length, quota().pushes]).toEqual([3, 1])
  })

  it('run out: the robot hears that, and nothing of what was said', async () => {
    world.sandbox.dingtalk.setQuota({ pushes: 2_999 })
    await say()
    expect(newest()).toMatchObject({ text: { content: '接单' } })
    expect(await answer()).toMatchObject({ errcode: 90020 })
    await world.sandbox.voice({ as: 'lisi', chat: 'ding:lisi', text: '接单' })
    expect(newest()).toMatchObject({ msgtype: 'audio', errorCode: 20001, errorMessage: expect.any(String) })
    expect(newest()).not.toHaveProperty('content')
    await say()
    expect(newest()).not.toHaveProperty('text')
    expect(world.messages('ding:lisi').filter(({ from }) => from.kind !== 'person')).toEqual([])
    expect(quota().pushes).toBe(3_000)
  })
})
