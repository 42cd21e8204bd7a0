import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Said } from '../../../src/chat/card.ts'
import type { Inbound } from '../../../src/chat/inbound.ts'
import type { Platform, RawRequest } from '../../../src/platforms/platform.ts'
import { createWecom } from '../../../src/platforms/wecom/index.ts'
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.ts'
import { pictureOf } from '../../support/picture.ts'
import { card, frozenClock, keptLog, keptSignals, memoryLeases, memoryTokens } from './help.ts'

const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const group = 'wrSANDBOXGROUP01'

/** The adapter against the simulated platform: real HTTP, real socket, real seals. */
describe('the adapter and the sandbox', () => {
  let server: Server
  let sandbox: Sandbox
  let platform: Platform
  let close: () => Promise<void>
  let heard: Inbound[]
  let answer: (inbound: Inbound) => Said | null
  let answered: number
  const signals = keptSignals()
  const clock = frozenClock()

  beforeEach(async () => {
    heard = []
    answered = 0
    answer = () => null
    let up = () => {}
    const online = new Promise<void>(resolve => {
      up = resolve
    })
    const kept = keptLog()
    const log = { ...kept, info: (_: object, message: string) => void (message === 'the bot is connected' && up()) }
    server = createServer((req, res) => {
      if (sandbox.handle(req, res)) return
      const chunks: Buffer[] = []
      req.on('data', chunk => chunks.push(chunk))
      req.on('end', async () => {
        const url = new URL(req.url ?? '', 'http://localhost')
        const request: RawRequest = {
          method: req.method ?? '',
          path: url.pathname,
          query: Object.fromEntries(url.searchParams),
          headers: req.headers,
          body: Buffer.concat(chunks),
        }
        const reply = await platform.routes?.(receive)[0]?.handle(request)
        res
          .writeHead(reply?.status ?? 404, { 'content-type': reply?.type ?? 'text/plain' })
          .end(reply?.body, () => reply?.sent?.())
      })
    })
    server.on('upgrade', (req, socket, head) => {
      if (!sandbox.upgrade(req, socket, head)) socket.destroy()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    sandbox = createSandbox({
      clock,
      log,
      baseUrl: () => base,
      callbackUrl: () => `${base}/wecom/callback`,
      timing: { botWaitMs: 300 },
    })
    const { corpId, agentId, secret, token, aesKey, botId, botSecret, botName } = sandbox.credentials
    platform = createWecom(
      {
        apiBase: `${base}/sandbox/wecom`,
        corpId,
        agentId,
        secret,
        callback: { tokens: [token], aesKeys: [aesKey] },
        bot: {
          mode: 'socket',
          botId,
          secret: botSecret,
          wsUrl: `${base.replace('http', 'ws')}/sandbox/wecom/ws`,
          names: [botName],
        },
      },
      { clock, tokens: memoryTokens(), leases: memoryLeases().of('a'), signals, log },
    )
    const receive = (inbound: Inbound) => {
      heard.push(inbound)
      const message = answer(inbound)
      const handled = message && { message, answered: async () => void answered++ }
      return { stored: Promise.resolve(), handled: Promise.resolve(handled) }
    }
    close = (await platform.open?.(receive)) ?? (async () => {})
    await online
  })

  afterEach(async () => {
    await close()
    await sandbox.close()
    server.closeAllConnections()
    server.close()
  })

  const inChat = (chat: string) => sandbox.state().messages.filter(message => message.chat === chat)
  const last = (chat: string) => inChat(chat).at(-1)
  const cardIn = (chat: string) => {
    const body = last(chat)?.body
    return body?.kind === 'card' ? body.card : undefined
  }

  it('passes the check of the address', async () => {
    await expect(sandbox.verifyCallback()).resolves.toBe(true)
  })

  it('answers in the app’s chat, and reports it', async () => {
    answer = () => ({ kind: 'text', text: '✅ 好' })
    await sandbox.say({ as: 'lisi', chat: 'app:lisi', text: '帮助' })
    await sandbox.idle()
    expect(last('app:lisi')?.body).toMatchObject({ kind: 'text', text: '✅ 好' })
    expect(heard[0]).toMatchObject({ sender: { userId: 'lisi' }, said: { kind: 'text', text: '帮助' } })
    expect(answered).toBe(1)
  })

  it('sends a card, redraws it for a tap, and once more by its code', async () => {
    const sent = await platform.send({
      id: 'd1',
      to: { kind: 'person', userId: 'lisi' },
      message: { kind: 'card', card },
      taskId: 'task-1',
    })
    expect(cardIn('app:lisi')).toMatchObject({
      title: card.title,
      buttons: [
        { text: '接单', style: 1 },
        { text: '拒单', style: 3 },
      ],
    })
    answer = () => ({ kind: 'card', card: { ...card, title: '派工单 1024 · 已接单' } })
    const status = await sandbox.tap({ as: 'lisi', message: last('app:lisi')?.id ?? '', key: 'o:1:1:accept' })
    expect(status).toEqual({ status: 'answered' })
    expect(cardIn('app:lisi')?.title).toBe('派工单 1024 · 已接单')
    expect(heard.at(-1)).toMatchObject({ said: { kind: 'button', payload: 'o:1:1:accept', taskId: 'task-1' } })
    const done = { ...card, buttons: [], closed: '已完工' }
    const repaint = {
      id: 'd2',
      to: { kind: 'person' as const, userId: 'lisi' },
      message: { kind: 'card' as const, card: done },
      repaint: { handle: sent.repaint?.handle ?? '' },
    }
    await platform.send(repaint)
    expect(cardIn('app:lisi')).toMatchObject({ replaceText: '已完工' })
    await expect(platform.send(repaint)).rejects.toMatchObject({ code: 'stale-handle' })
    await expect(platform.recall?.(sent.messageId ?? '')).resolves.toBe(true)
    expect(last('app:lisi')?.recalled).toBe(true)
  })

  it('does not say one delivery twice, nor swallow another with the same words', async () => {
    const message = { kind: 'text', text: '该联系客户了' } as const
    const to = { kind: 'person', userId: 'lisi' } as const
    for (const id of ['d1', 'd1', 'd2']) await platform.send({ id, to, message })
    expect(inChat('app:lisi')).toHaveLength(2)
  })

  it('hears a group by the bot, answers there, redraws the tapped card and speaks first', async () => {
    answer = () => ({ kind: 'text', text: '✅ 1024 已到达' })
    await sandbox.say({ as: 'lisi', chat: group, text: '1024 已到达', at: true })
    expect(heard.at(-1)).toMatchObject({
      chat: { kind: 'group', id: group, via: 'bot' },
      said: { kind: 'text', text: '1024 已到达' },
    })
    expect(last(group)?.body).toMatchObject({ kind: 'markdown', text: '✅ 1024 已到达' })
    await platform.send({
      id: 'd1',
      to: { kind: 'group', chatId: group, via: 'bot' },
      message: { kind: 'card', card },
      taskId: 'bot-task-1',
    })
    answer = () => ({ kind: 'card', card: { ...card, buttons: [], closed: '李四已接单' } })
    const tapped = await sandbox.tap({ as: 'lisi', message: last(group)?.id ?? '', key: 'o:1:1:accept' })
    expect(tapped).toEqual({ status: 'answered' })
    expect(cardIn(group)).toMatchObject({ replaceText: '李四已接单' })
  })

  it('shows a picture in each chat it can, once a delivery, and says it in words where it is too large', async () => {
    const picture = pictureOf('一班 10月排名')
    const person = { kind: 'person', userId: 'lisi' } as const
    const shown = { kind: 'image', title: '一班 10月排名' }
    for (const id of ['d1', 'd1', 'd2']) await platform.send({ id, to: person, message: picture })
    expect(inChat('app:lisi').map(({ body }) => body)).toMatchObject([shown, shown])
    await sandbox.say({ as: 'lisi', chat: group, text: '在吗', at: true })
    await platform.send({ id: 'd3', to: { kind: 'group', chatId: group, via: 'bot' }, message: picture })
    expect(last(group)).toMatchObject({ from: { kind: 'bot' }, body: shown })
    const robot = { kind: 'group', via: 'webhook', robot: { key: sandbox.credentials.webhookKey } } as const
    await platform.send({ id: 'd4', to: robot, message: picture })
    expect(last(group)).toMatchObject({ from: { kind: 'robot' }, body: shown })
    await platform.send({ id: 'd5', to: robot, message: pictureOf('大图', 2 * 1_048_576) })
    expect(last(group)?.body).toMatchObject({ kind: 'text', text: '大图（图片）' })
    await platform.send({ id: 'd6', to: person, message: pictureOf('大图', 10 * 1_048_576) })
    expect(last('app:lisi')?.body).toMatchObject({ kind: 'text', text: expect.stringContaining('大图（图片）') })
  })

  it('fetches photos of both chats', async () => {
    await sandbox.photo({ as: 'lisi', chat: 'app:lisi', image: png })
    await sandbox.photo({ as: 'lisi', chat: group, image: png, text: '1024 完工', at: true })
    const refs = heard.flatMap(({ said }) => ('media' in said ? (said.media ?? []) : []))
    expect(refs).toHaveLength(2)
    for (const ref of refs) {
      const { bytes, mime } = await platform.fetchMedia(ref)
      expect(mime).toBe('image/png')
      expect(bytes).toEqual(Buffer.from(png.split(',')[1] ?? '', 'base64'))
    }
  })

  it('speaks by webhook, finds people by mobile and lives through expired tokens', async () => {
    const { webhookKey } = sandbox.credentials
    await platform.send({
      id: 'd1',
      to: { kind: 'group', via: 'webhook', robot: { key: webhookKey } },
      message: { kind: 'card', card },
    })
    expect(last(group)?.body).toMatchObject({ kind: 'markdown', text: expect.stringContaining('回复 接单 1024') })
    await expect(platform.findByMobile?.('13800000003')).resolves.toBe('lisi')
    sandbox.expireTokens()
    await expect(platform.findByMobile?.('13800009999')).resolves.toBeNull()
    await expect(
      platform.send({ id: 'd2', to: { kind: 'person', userId: 'nobody' }, message: { kind: 'text', text: 'x' } }),
    ).rejects.toMatchObject({ code: 'no-such-user' })
    expect(platform.problems()).toEqual([])
  })
})
