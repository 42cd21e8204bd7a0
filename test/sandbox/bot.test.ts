import AiBot, { type TemplateCard, type WSClient, type WsFrame } from '@wecom/aibot-node-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { jobCard, makeWorld, png, pngUrl, type World } from './world.ts'

const group = 'wrSANDBOXGROUP01'
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const minute = 60_000
let world: World
const clients: WSClient[] = []
const sockets: WebSocket[] = []

beforeEach(async () => {
  world = await makeWorld()
})
afterEach(async () => {
  for (const client of clients.splice(0)) if (client.isConnected) client.disconnect()
  for (const socket of sockets.splice(0)) socket.terminate()
  await world.stop()
})

const wsUrl = () => `${world.base.replace('http', 'ws')}/sandbox/wecom/ws`
const inGroup = (text: string, at = true) => world.sandbox.say({ as: 'zhangsan', chat: group, text, at })
const card = (taskId: string, more: Record<string, unknown> = {}) => jobCard(taskId, more) as unknown as TemplateCard

function makeClient(secret = world.sandbox.credentials.botSecret): WSClient {
  const client = new AiBot.WSClient({
    botId: world.sandbox.credentials.botId,
    secret,
    wsUrl: wsUrl(),
    logger: silent,
    maxReconnectAttempts: 0,
    maxAuthFailureAttempts: 0,
  })
  client.on('error', () => {})
  clients.push(client)
  return client
}

async function login(): Promise<WSClient> {
  const client = makeClient()
  const done = new Promise<void>(resolve => client.on('authenticated', () => resolve()))
  client.connect()
  await done
  return client
}

/** A bare socket, for frames the SDK would not send. */
async function bare(): Promise<(cmd: string, body?: unknown, reqId?: string) => Promise<Record<string, unknown>>> {
  const socket = new WebSocket(wsUrl())
  sockets.push(socket)
  await new Promise(resolve => socket.once('open', resolve))
  return async (cmd, body = {}, reqId = `${cmd}_1`) => {
    const answer = new Promise<string>(resolve => socket.once('message', data => resolve(String(data))))
    socket.send(JSON.stringify({ cmd, headers: { req_id: reqId }, body }))
    return JSON.parse(await answer) as Record<string, unknown>
  }
}
async function subscribed() {
  const ask = await bare()
  const { botId: bot_id, botSecret: secret } = world.sandbox.credentials
  expect(await ask('aibot_subscribe', { bot_id, secret })).toMatchObject({ errcode: 0 })
  return ask
}

describe('with the official SDK', () => {
  it('logs in; a wrong secret is refused', async () => {
    expect(world.sandbox.state().botOnline).toBe(false)
    await login()
    expect(world.sandbox.state().botOnline).toBe(true)
    const wrong = makeClient('wrong')
    const refused = new Promise<Error>(resolve => wrong.once('error', resolve))
    wrong.connect()
    expect((await refused).message).toContain('40001')
    expect(world.sandbox.state().botOnline).toBe(true)
  })

  it('hears what addresses the bot in a group and answers by stream', async () => {
    const client = await login()
    const frames: WsFrame[] = []
    client.on('message.text', async frame => {
      frames.push(frame)
      await client.replyStream(frame, 's1', '正在查')
      await client.replyStream(frame, 's1', '✅ 1024 **已到达**', true)
    })
    expect(await inGroup('1024 已到达')).toMatchObject({ status: 'answered' })
    expect(frames).toHaveLength(1)
    expect(frames[0]?.body).toMatchObject({
      aibotid: world.sandbox.credentials.botId,
      chatid: group,
      chattype: 'group',
      from: { userid: 'zhangsan' },
      msgtype: 'text',
      text: { content: '@派工助手 1024 已到达' },
    })
    const [said, answered] = world.messages(group)
    expect(said?.body).toMatchObject({ text: '@派工助手 1024 已到达', mentions: ['派工助手'] })
    expect(answered).toMatchObject({ from: { kind: 'bot' }, body: { kind: 'markdown', text: '✅ 1024 **已到达**' } })
    expect(world.messages(group)).toHaveLength(2)
  })

  it('does not hear what does not address it', async () => {
    const client = await login()
    const frames: WsFrame[] = []
    client.on('message', frame => frames.push(frame))
    expect(await inGroup('中午吃什么', false)).toMatchObject({ status: 'empty' })
    client.on('message.text', frame => void client.replyStream(frame, 's', '好', true))
    await inGroup('在吗')
    expect(frames).toHaveLength(1)
  })

  it('hears quotes and everything in its own chat', async () => {
    const client = await login()
    const frames: WsFrame[] = []
    client.on('message.text', frame => {
      frames.push(frame)
      void client.replyStream(frame, 's', '好', true)
    })
    const { message } = await world.sandbox.say({ as: 'lisi', chat: 'bot:lisi', text: '单 1024' })
    await world.sandbox.say({ as: 'lisi', chat: 'bot:lisi', text: '到了', quote: message })
    expect(frames[1]?.body).toMatchObject({
      chattype: 'single',
      quote: { msgtype: 'text', text: { content: '单 1024' } },
    })
    expect(frames[1]?.body).not.toHaveProperty('chatid')
  })

  it('receives a mixed message whose picture it can decrypt for five minutes', async () => {
    const client = await login()
    const heard = new Promise<WsFrame>(resolve => client.on('message.mixed', resolve))
    const sent = world.sandbox.photo({ as: 'zhangsan', chat: group, image: pngUrl, text: '1024 完工', at: true })
    const frame = await heard
    const items = (frame.body as { mixed: { msg_item: Array<Record<string, Record<string, string>>> } }).mixed.msg_item
    expect(items[0]).toMatchObject({ msgtype: 'text', text: { content: '@派工助手 1024 完工' } })
    const { url = '', aeskey } = items[1]?.image ?? {}
    expect((await client.downloadFile(url, aeskey)).buffer).toEqual(png)
    world.clock.forward(5 * minute + 1)
    await expect(client.downloadFile(url, aeskey)).rejects.toThrow('404')
    await client.replyStream(frame, 's', '收到', true)
    expect(await sent).toMatchObject({ status: 'answered' })
  })

  it('updates a card in answer to a tap, for all or for some', async () => {
    const client = await login()
    client.on('message.text', frame => void client.replyTemplateCard(frame, card('b1')))
    expect(await inGroup('派单')).toMatchObject({ status: 'answered' })
    const id = world.messages(group).at(-1)?.id ?? ''
    const events: WsFrame[] = []
    client.on('event.template_card_event', frame => {
      events.push(frame)
      const title = { main_title: { title: `第${events.length}次` } }
      void client.updateTemplateCard(frame, card('b1', title), events.length === 1 ? ['lisi'] : undefined)
    })
    const tap = { message: id, key: 'accept:1024:1' }
    expect(await world.sandbox.tap({ as: 'lisi', ...tap })).toEqual({ status: 'answered' })
    expect([world.cardOf(id, 'lisi').title, world.cardOf(id, 'zhangsan').title]).toEqual(['第1次', '派工单 1024'])
    await world.sandbox.tap({ as: 'zhangsan', ...tap })
    expect([world.cardOf(id, 'lisi').title, world.cardOf(id, 'zhangsan').title]).toEqual(['第2次', '第2次'])
    expect(events[0]?.body).toMatchObject({
      chatid: group,
      from: { userid: 'lisi' },
      event: { eventtype: 'template_card_event', template_card_event: { event_key: tap.key, task_id: 'b1' } },
    })
  })

  it('welcomes a person once a day', async () => {
    const client = await login()
    client.on(
      'event.enter_chat',
      frame => void client.replyWelcome(frame, { msgtype: 'text', text: { content: '早' } }),
    )
    const read = () => world.sandbox.read({ as: 'lisi', chat: 'bot:lisi' })
    expect([await read(), await read()]).toEqual([{ status: 'answered' }, { status: 'empty' }])
    world.clock.forward(24 * 60 * minute)
    await read()
    expect(world.messages('bot:lisi').map(message => message.body)).toMatchObject([{ text: '早' }, { text: '早' }])
  })

  it('speaks first only where somebody spoke to it', async () => {
    const client = await login()
    const hello = { msgtype: 'markdown' as const, markdown: { content: '**快超时**' } }
    await expect(client.sendMessage(group, hello)).rejects.toMatchObject({ errcode: 93006 })
    await expect(client.sendMessage('nowhere', hello)).rejects.toMatchObject({ errcode: 93006 })
    client.on('message.text', frame => void client.replyStream(frame, 's', '好', true))
    await inGroup('你好')
    await world.sandbox.say({ as: 'lisi', chat: 'bot:lisi', text: '你好' })
    await client.sendMessage(group, hello)
    await client.sendMessage('lisi', { ...hello, chat_type: 1 } as typeof hello)
    await expect(client.sendMessage('lisi', { ...hello, chat_type: 2 } as typeof hello)).rejects.toMatchObject({
      errcode: 93006,
    })
    expect(world.messages(group).at(-1)?.body).toEqual({ kind: 'markdown', text: '**快超时**' })
    expect(world.messages('bot:lisi').at(-1)?.body).toEqual({ kind: 'markdown', text: '**快超时**' })
  })

  it('uploads in pieces and sends the file', async () => {
    const client = await login()
    client.on('message.text', frame => void client.replyStream(frame, 's', '好', true))
    await inGroup('你好')
    const big = Buffer.alloc(1_200_000, 7)
    const { media_id } = await client.uploadMedia(big, { type: 'file', filename: '月报.xlsx' })
    await client.sendMediaMessage(group, 'file', media_id)
    const body = world.messages(group).at(-1)?.body
    expect(body).toMatchObject({ kind: 'file', name: '月报.xlsx' })
    const got = await fetch(`${world.base}${body?.kind === 'file' ? body.url : ''}`)
    expect(Buffer.from(await got.arrayBuffer()).equals(big)).toBe(true)
    expect(got.headers.get('content-disposition')).toContain('attachment')
  })

  it('is kicked by a second login, which takes over', async () => {
    const first = await login()
    const kicked = new Promise(resolve => first.on('event.disconnected_event', resolve))
    const second = await login()
    await kicked
    second.on('message.text', frame => void second.replyStream(frame, 's', '我在', true))
    expect(await inGroup('在吗')).toMatchObject({ status: 'answered' })
    expect(first.isConnected).toBe(false)
  })
})

describe('frame by frame', () => {
  it('refuses everything before the login with 846609, and unknown req_ids with 846605', async () => {
    const ask = await bare()
    expect(await ask('aibot_send_msg')).toMatchObject({ headers: { req_id: 'aibot_send_msg_1' }, errcode: 846609 })
    const asking = await subscribed()
    const reply = { msgtype: 'stream', stream: { id: 's', finish: true, content: '好' } }
    expect(await asking('aibot_respond_msg', reply, 'x')).toMatchObject({ errcode: 846605 })
    expect(await asking('ping')).toEqual({ headers: { req_id: 'ping_1' }, errcode: 0, errmsg: 'ok' })
    expect(await asking('aibot_dance')).toMatchObject({ errcode: 40058 })
  })

  it('protects the login against hammering', async () => {
    const ask = await bare()
    for (let i = 0; i < 20; i++) expect(await ask('aibot_subscribe', {})).toMatchObject({ errcode: 40001 })
    expect(await ask('aibot_subscribe', {})).toMatchObject({ errcode: 45009 })
    world.clock.forward(minute)
    expect(await ask('aibot_subscribe', {})).toMatchObject({ errcode: 40001 })
  })

  it('tells nobody while no bot is on the line, and repeats nothing', async () => {
    expect(await inGroup('在吗')).toMatchObject({ status: 'failed' })
    expect(world.sandbox.log().at(-1)?.note).toContain('offline')
    const client = await login()
    const frames: WsFrame[] = []
    client.on('message', frame => frames.push(frame))
    client.on('message.text', frame => void client.replyStream(frame, 's', '好', true))
    await inGroup('现在呢')
    expect(frames).toHaveLength(1)
  })

  it('takes an answer for 24 hours, a stream for 6 minutes, one card per message', async () => {
    const client = await login()
    const heard = new Promise<WsFrame>(resolve => client.on('message.text', resolve))
    const said = inGroup('查')
    const frame = await heard
    await client.replyStream(frame, 's1', '查询中')
    world.clock.forward(6 * minute + 1)
    await expect(client.replyStream(frame, 's1', '好', true)).rejects.toMatchObject({ errcode: 846608 })
    await client.replyTemplateCard(frame, card('c1'))
    await expect(client.replyTemplateCard(frame, card('c2'))).rejects.toMatchObject({ errcode: 40058 })
    expect(await said).toMatchObject({ status: 'answered' })
    await client.reply(frame, { msgtype: 'markdown', markdown: { content: '还有' } })
    const text = { msgtype: 'text', text: { content: 'x' } } as unknown as Parameters<typeof client.reply>[1]
    await expect(client.reply(frame, text)).rejects.toMatchObject({ errcode: 40008 })
    await expect(client.replyStream(frame, 's9', '字'.repeat(6_827), true)).rejects.toMatchObject({ errcode: 40058 })
    world.clock.forward(24 * 60 * minute)
    await expect(client.replyStream(frame, 's2', '晚', true)).rejects.toMatchObject({ errcode: 846605 })
  })

  it('answers a tap once, in 5 s, with the same task id', async () => {
    const client = await login()
    client.on('message.text', frame => void client.replyTemplateCard(frame, card('b1')))
    await inGroup('派单')
    const id = world.messages(group).at(-1)?.id ?? ''
    const tapping = async () => {
      const heard = new Promise<WsFrame>(resolve => client.once('event.template_card_event', resolve))
      return { done: world.sandbox.tap({ as: 'lisi', message: id, key: 'accept:1024:1' }), frame: await heard }
    }
    const first = await tapping()
    await expect(client.updateTemplateCard(first.frame, card('other'))).rejects.toMatchObject({ errcode: 42016 })
    await client.updateTemplateCard(first.frame, card('b1', { main_title: { title: '准时' } }))
    await expect(client.updateTemplateCard(first.frame, card('b1'))).rejects.toMatchObject({ errcode: 846605 })
    expect(await first.done).toEqual({ status: 'answered' })
    const second = await tapping()
    world.clock.forward(5_001)
    await client.updateTemplateCard(second.frame, card('b1', { main_title: { title: '太晚' } }))
    expect(world.cardOf(id).title).toBe('准时')
    expect(world.sandbox.log().at(-1)?.note).toContain('without effect')
    expect(await second.done).toEqual({ status: 'empty' })
  })

  it('refuses task ids used before and the 31st message of a minute in one conversation', async () => {
    const client = await login()
    client.on('message.text', frame => void client.replyTemplateCard(frame, card('b1')))
    await inGroup('派单')
    const again = { msgtype: 'template_card' as const, template_card: card('b1') }
    await expect(client.sendMessage(group, again)).rejects.toMatchObject({ errcode: 40058 })
    const hello = { msgtype: 'markdown' as const, markdown: { content: '好' } }
    for (let i = 1; i < 30; i++) await client.sendMessage(group, hello)
    await expect(client.sendMessage(group, hello)).rejects.toMatchObject({ errcode: 45009 })
    world.clock.forward(minute)
    await client.sendMessage(group, hello)
    expect(world.messages(group).filter(message => message.from.kind === 'bot')).toHaveLength(31)
  })

  it('fails as injected', async () => {
    const ask = await subscribed()
    world.sandbox.fail({ api: 'aibot_send_msg', times: 1, errcode: -1, errmsg: 'system busy' })
    const body = { chatid: group, msgtype: 'markdown', markdown: { content: 'x' } }
    expect(await ask('aibot_send_msg', body)).toMatchObject({ errcode: -1 })
    expect(await ask('aibot_send_msg', body)).toMatchObject({ errcode: 93006 })
  })

  it('lets a person wait no longer than botWaitMs', async () => {
    await world.stop()
    world = await makeWorld({ timing: { botWaitMs: 20 } })
    await login()
    expect(await inGroup('在吗')).toMatchObject({ status: 'empty' })
  })
})
