import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DingWorld, group, makeDingWorld } from './dingworld.ts'

let world: DingWorld

beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())

const keys = () => world.sandbox.dingtalk.credentials

describe('the custom robot', () => {
  const send = (body: object | string, more: Record<string, string> = {}) => {
    const { webhookToken, webhookSecret } = keys()
    const timestamp = more.timestamp ?? String(world.clock.now().getTime())
    const sign = createHmac('sha256', webhookSecret).update(`${timestamp}\n${webhookSecret}`).digest('base64')
    return world.old('/robot/send', body, { access_token: webhookToken, timestamp, sign, ...more })
  }
  const hello = { msgtype: 'text', text: { content: '你好' } }

  it('speaks into the group, calling who is both in the list and in the text', async () => {
    const content = '@Dd7003li @13800000002 @lisi 快'
    const at = { atUserIds: ['Dd7003li', 'Dd7004wang', 'nobody'], atMobiles: ['13800000002'], isAtAll: false }
    expect(await send({ msgtype: 'text', text: { content }, at })).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(world.last(group)).toMatchObject({
      from: { kind: 'robot', name: '派工播报' },
      body: { kind: 'text', text: '@李四 @张三 @lisi 快', mentions: ['lisi', 'zhangsan'] },
    })
    expect(world.sandbox.log().at(-1)).toMatchObject({ channel: 'webhook', platform: 'dingtalk', errcode: 0 })
    expect(world.sandbox.log().at(-1)?.note).toMatch(/no @Dd7004wang.*nobody, who is nobody/s)
  })

  it.each<[string, object, object]>([
    [
      'markdown',
      { msgtype: 'markdown', markdown: { title: '催', text: '@Dd7003li 快' }, at: { atUserIds: ['Dd7003li'] } },
      { kind: 'markdown', title: '催', text: '@李四 快', mentions: ['lisi'] },
    ],
    [
      'an action card that calls everybody',
      {
        msgtype: 'actionCard',
        actionCard: { title: '单', text: '看', btns: [{ title: '打开', actionURL: 'u' }] },
        at: { isAtAll: true },
      },
      { kind: 'dingcard', mentions: ['所有人'], card: { title: '单', buttons: [{ text: '打开', url: 'u' }] } },
    ],
    [
      'a single action',
      { msgtype: 'actionCard', actionCard: { title: '单', text: '看', singleTitle: '打开', singleURL: 'u' } },
      { card: { buttons: [{ text: '打开', url: 'u' }] } },
    ],
    [
      'a link',
      { msgtype: 'link', link: { title: '单', text: '看', messageUrl: 'u' } },
      { card: { look: 'action-card', buttons: [{ url: 'u' }] } },
    ],
    [
      'a feed',
      { msgtype: 'feedCard', feedCard: { links: [{ title: '一', messageURL: 'u', picURL: 'p' }] } },
      { card: { title: '一', buttons: [{ text: '一', url: 'u' }] } },
    ],
  ])('shows %s', async (_name, sent, body) => {
    expect(await send(sent)).toMatchObject({ errcode: 0 })
    expect(world.last(group).body).toMatchObject(body)
  })

  it.each<[string, object | string, Record<string, string>, number]>([
    ['another token', hello, { access_token: 'x' }, 400101],
    ['another signature', hello, { sign: 'x' }, 310000],
    ['an old time', hello, { timestamp: '1700000000000' }, 310000],
    ['no time', hello, { timestamp: '' }, 310000],
    ['no JSON', '{', {}, 40035],
    ['another type', { msgtype: 'image', image: {} }, {}, 400105],
    ['no content', { msgtype: 'text', text: {} }, {}, 40035],
    ['an action card without actions', { msgtype: 'actionCard', actionCard: { title: 'a', text: 'b' } }, {}, 40035],
  ])('refuses %s', async (_name, body, more, errcode) => {
    expect(await send(body, more)).toMatchObject({ errcode })
    expect(world.messages(group)).toEqual([])
  })

  it('is silent for ten minutes above 20 a minute', async () => {
    for (let i = 0; i < 20; i++) expect(await send(hello)).toMatchObject({ errcode: 0 })
    expect(await send(hello)).toMatchObject({ errcode: 410100 })
    world.clock.forward(9 * 60_000)
    expect(await send(hello)).toMatchObject({ errcode: 410100 })
    world.clock.forward(60_001)
    expect(await send(hello)).toMatchObject({ errcode: 0 })
    expect(world.messages(group)).toHaveLength(21)
  })

  it('shows a repeated msgUuid once', async () => {
    for (let i = 0; i < 2; i++) expect(await send({ ...hello, msgUuid: 'u1' })).toMatchObject({ errcode: 0 })
    expect(world.messages(group)).toHaveLength(1)
  })
})

describe('a session', () => {
  const sessionOf = async (chat: string) => {
    const client = await world.connect()
    await world.sandbox.say({ as: 'lisi', chat, text: '在吗', at: true })
    const { sessionWebhook } = client.heard('/v1.0/im/bot/messages/get')[0] ?? {}
    return new URL(String(sessionWebhook)).searchParams.get('session') ?? ''
  }
  const answer = (session: string) =>
    world.old('/robot/sendBySession', { msgtype: 'text', text: { content: '在' } }, { session })

  it.each([group, 'ding:lisi'])('answers in %s for 90 minutes', async chat => {
    const session = await sessionOf(chat)
    expect(await answer(session)).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(world.last(chat)).toMatchObject({ from: { kind: 'bot', name: '派工助手' }, body: { text: '在' } })
    world.clock.forward(90 * 60_000)
    expect(await answer(session)).toMatchObject({ errcode: 0 })
    world.clock.forward(1)
    expect(await answer(session)).toEqual({ errcode: 300001, errmsg: 'session 不存在' })
    expect(await answer('guessed')).toMatchObject({ errcode: 300001 })
    expect(JSON.stringify(world.sandbox.log())).not.toContain(session)
  })
})
