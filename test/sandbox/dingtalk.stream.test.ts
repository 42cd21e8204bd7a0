import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { cardTopic, type DingWorld, group, makeDingWorld, publicCard, robotTopic } from './dingworld.ts'

let world: DingWorld

beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())
/** A platform that does not wait long: for tests of silence. */
const impatient = async () => {
  await world.stop()
  world = await makeDingWorld({ timing: { ackTimeoutMs: 100, cardTimeoutMs: 100 } })
}

const say = (text = '接单') => world.sandbox.say({ as: 'lisi', chat: 'ding:lisi', text })
const sendCard = async (outTrackId = 'wo-1') => {
  await world.ding('POST', '/v1.0/card/instances/createAndDeliver', publicCard(world, outTrackId))
  return world.last(group).id
}

describe('the gateway', () => {
  it('gives tickets to those who know the secret', async () => {
    expect(await world.ticket()).toMatch(/^[\w-]{32}$/)
    const { clientId } = world.sandbox.dingtalk.credentials
    const open = '/v1.0/gateway/connections/open'
    const subscriptions = [{ type: 'EVENT', topic: '*' }]
    const wrong = await world.ding('POST', open, { clientId, clientSecret: 'wrong', subscriptions }, {})
    expect(wrong).toMatchObject({ status: 401, body: { code: 'authFailed', requestid: expect.any(String) } })
    expect(await world.ticket({ subscriptions: [] })).toBe('undefined')
    expect(await world.ticket({ subscriptions: [{ type: 'EVENT', topic: 'user_leave_org' }] })).toBe('undefined')
  })

  it('answers as XML who does not ask for JSON', async () => {
    const { clientId, clientSecret } = world.sandbox.dingtalk.credentials
    const body = JSON.stringify({ clientId, clientSecret, subscriptions: [{ type: 'EVENT', topic: '*' }] })
    const url = `${world.base}/sandbox/dingtalk/api/v1.0/gateway/connections/open`
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(response.headers.get('content-type')).toContain('xml')
    expect(await response.text()).toMatch(/<endpoint>ws:.*<\/endpoint><ticket>/)
  })

  it('takes a ticket once, within 90 seconds', async () => {
    const knock = async (ticket: string) => {
      const socket = new WebSocket(`${world.base.replace('http', 'ws')}/sandbox/dingtalk/connect?ticket=${ticket}`)
      return new Promise<string>(resolve => {
        socket.once('open', () => resolve('open')).once('error', error => resolve(error.message))
      }).finally(() => socket.terminate())
    }
    const ticket = await world.ticket()
    expect(await knock(ticket)).toBe('open')
    expect(await knock(ticket)).toContain('401')
    const late = await world.ticket()
    world.clock.forward(90_001)
    expect(await knock(late)).toContain('401')
    expect(await knock('guessed')).toContain('401')
  })

  it('is online while somebody is connected', async () => {
    expect(world.sandbox.state().dingtalkOnline).toBe(false)
    const client = await world.connect()
    expect([world.sandbox.state().dingtalkOnline, world.sandbox.dingtalk.connections()]).toEqual([true, 1])
    client.socket.close()
    await vi.waitFor(() => expect(world.sandbox.state().dingtalkOnline).toBe(false))
  })
})

describe('a connection', () => {
  it('answers protocol pings and sends SYSTEM pings of its own', async () => {
    await world.stop()
    world = await makeDingWorld({ timing: { pingMs: 5 } })
    const client = await world.connect()
    await vi.waitFor(() => expect(client.frames.filter(frame => frame.headers.topic === 'ping')).not.toHaveLength(0))
    const ping = client.frames.find(frame => frame.headers.topic === 'ping')
    expect(ping).toMatchObject({ type: 'SYSTEM', data: { opaque: expect.any(String) } })
    const pong = new Promise(resolve => client.socket.once('pong', resolve))
    client.socket.ping()
    await pong
    expect(world.sandbox.log().filter(entry => /ping|acknowledgement/.test(entry.what))).toEqual([])
  })

  it('is told to go, gets nothing more, and ends a while later', async () => {
    await world.stop()
    world = await makeDingWorld({ timing: { closeDelayMs: 20 } })
    const old = await world.connect()
    world.sandbox.dingtalk.disconnect('frame')
    expect(world.sandbox.dingtalk.connections()).toBe(0)
    const fresh = await world.connect()
    await say()
    await vi.waitFor(() => expect(old.frames.at(-1)).toMatchObject({ headers: { topic: 'disconnect' } }))
    expect(old.frames.at(-1)?.data).toEqual({ reason: 'connection is expired' })
    expect([old.heard(robotTopic).length, fresh.heard(robotTopic).length]).toEqual([0, 1])
    await old.ended
    expect(world.sandbox.dingtalk.connections()).toBe(1)
  })

  it('may be cut without a word', async () => {
    const client = await world.connect()
    client.react(() => undefined)
    const pending = say()
    await vi.waitFor(() => expect(client.heard(robotTopic)).toHaveLength(1))
    world.sandbox.dingtalk.disconnect('drop')
    await client.ended
    expect(await pending).toMatchObject({ status: 'failed' })
    expect(world.sandbox.log().find(entry => entry.what === `CALLBACK ${robotTopic}`)).toMatchObject({
      note: 'the connection ended before it was acknowledged',
    })
    expect(client.frames.some(frame => frame.headers.topic === 'disconnect')).toBe(false)
    expect(world.sandbox.dingtalk.connections()).toBe(0)
  })

  it('that cannot be understood is noted', async () => {
    const client = await world.connect()
    client.socket.send('hello')
    client.socket.send(JSON.stringify({ code: 200, headers: { messageId: 'unknown' }, data: '{}' }))
    await vi.waitFor(() =>
      expect(world.sandbox.log().slice(-2)).toMatchObject([
        { what: '(unreadable frame)', platform: 'dingtalk', channel: 'socket', direction: 'to-platform' },
        { what: '(late acknowledgement)' },
      ]),
    )
  })
})

describe('a push', () => {
  it('goes to one connection that subscribed, chosen at random', async () => {
    const clients = [await world.connect(), await world.connect()]
    const deaf = await world.connect([{ type: 'EVENT', topic: '*' }])
    for (let i = 0; i < 24; i++) expect(await say(`第${i}句`)).toMatchObject({ status: 'empty' })
    const counts = clients.map(client => client.heard(robotTopic).length)
    expect(counts[0]).toBeGreaterThan(0)
    expect(counts[1]).toBeGreaterThan(0)
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(24)
    expect(deaf.heard(robotTopic)).toEqual([])
  })

  it('carries the frame of the protocol', async () => {
    const client = await world.connect()
    await say()
    const frame = client.frames.find(({ headers }) => headers.topic === robotTopic)
    expect(frame).toMatchObject({
      specVersion: '1.0',
      type: 'CALLBACK',
      headers: {
        ...{ appId: world.sandbox.dingtalk.credentials.clientId, contentType: 'application/json' },
        ...{ connectionId: expect.any(String), time: String(world.clock.now().getTime()) },
      },
    })
  })

  it('that nobody is there for fails', async () => {
    expect(await say()).toMatchObject({ status: 'failed' })
    await world.sandbox.idle()
    expect(world.sandbox.log().at(-1)).toMatchObject({
      what: `CALLBACK ${robotTopic}`,
      note: expect.stringContaining('nobody hears it'),
    })
  })

  it('of a robot message comes again with the same msgId when it is not acknowledged', async () => {
    await impatient()
    const client = await world.connect()
    let pushes = 0
    client.react(() => (++pushes < 3 ? undefined : {}))
    expect(await say()).toMatchObject({ status: 'failed' })
    await world.sandbox.idle()
    const heard = client.frames.filter(({ headers }) => headers.topic === robotTopic)
    expect(heard).toHaveLength(3)
    expect(new Set(heard.map(({ data }) => data.msgId)).size).toBe(1)
    expect(new Set(heard.map(({ headers }) => headers.messageId)).size).toBe(3)
    expect(world.logged.filter(line => line === 'warn sandbox: stream push failed')).toHaveLength(2)
    expect(world.sandbox.dingtalk.unacknowledged()).toBe(2)
  })

  it.each([404, 500])('acknowledged with %i was not taken', async code => {
    const client = await world.connect()
    const codes = [code, 200]
    client.react(() => ({ code: codes.shift() ?? 200 }))
    expect(await say()).toMatchObject({ status: 'failed' })
    await world.sandbox.idle()
    expect(client.heard(robotTopic)).toHaveLength(2)
    const entries = world.sandbox.log().filter(entry => entry.what === `CALLBACK ${robotTopic}`)
    expect(entries).toMatchObject([
      { status: code, note: `acknowledged as failed: ${code}` },
      { status: 200, note: 'attempt 2' },
    ])
  })

  it('of an event comes again while the answer is LATER or none', async () => {
    await impatient()
    const client = await world.connect()
    const answers = [{ data: { status: 'LATER' } }, undefined, { data: { status: 'SUCCESS' } }]
    client.react(() => answers.shift())
    expect(await world.sandbox.dingtalk.event('user_leave_org', { userId: ['Dd7003li'] })).toBe('empty')
    const events = client.frames.filter(({ type }) => type === 'EVENT')
    expect(events).toHaveLength(3)
    expect(new Set(events.map(({ headers }) => headers.eventId)).size).toBe(1)
    expect(events[0]).toMatchObject({
      headers: {
        ...{ topic: '*', eventType: 'user_leave_org', eventCorpId: world.sandbox.dingtalk.credentials.corpId },
        ...{ eventBornTime: expect.any(String), eventUnifiedAppId: expect.any(String) },
      },
      data: { userId: ['Dd7003li'] },
    })
  })

  it('of an event is given up at last', async () => {
    const client = await world.connect()
    client.react(() => ({ data: { status: 'LATER' } }))
    expect(await world.sandbox.dingtalk.event('user_add_org', {})).toBe('failed')
    expect(client.frames.filter(({ type }) => type === 'EVENT')).toHaveLength(4)
  })

  it('of a tap comes once only', async () => {
    await impatient()
    const client = await world.connect()
    client.react(() => undefined)
    const message = await sendCard()
    expect(await world.sandbox.tap({ as: 'lisi', message, key: 'accept' })).toEqual({ status: 'failed' })
    await world.sandbox.idle()
    expect(client.heard(cardTopic)).toHaveLength(1)
  })
})
