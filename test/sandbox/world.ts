import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { MovableClock } from '../../src/now.ts'
import { createSandbox, type Log, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts'
import { fromXml, toXml, type XmlValue } from '../../src/sandbox/wecom/xml.ts'
import type { SandboxCard, SandboxMessage } from '../../src/sandbox/wire.ts'

export const start = new Date('2026-01-15T02:00:00Z')
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
export const pngUrl = `data:image/png;base64,${png.toString('base64')}`

/** What the service under test would do with a callback: an HTTP status and a body. */
export type Answerer = (heard: Record<string, unknown>) => { status?: number; body?: string; hang?: boolean }

/** An address of the service in DingTalk's HTTP mode. */
export type Door = (heard: { url: URL; headers: IncomingMessage['headers']; body: string }) => ReturnType<Answerer>

export interface World {
  sandbox: Sandbox
  clock: MovableClock
  base: string
  /** Decrypted callbacks in the order they came, each attempt one. */
  heard: Array<Record<string, unknown>>
  logged: string[]
  answer: (how: Answerer) => void
  /** Further addresses of the service, by path. */
  doors: Map<string, Door>
  /** Seals a passive reply to `user`. */
  reply: (user: string, fields: Record<string, XmlValue>) => string
  token: () => Promise<string>
  api: (name: string, json?: unknown, query?: Record<string, string>) => Promise<Record<string, unknown>>
  cardOf: (id: string, viewer?: string) => SandboxCard
  messages: (chat: string) => SandboxMessage[]
  stop: () => Promise<void>
}

export async function makeWorld(options: Partial<SandboxOptions> = {}): Promise<World> {
  const clock = options.clock ?? new MovableClock()
  if (!options.clock) clock.freeze(start)
  const heard: World['heard'] = []
  const logged: string[] = []
  const doors: World['doors'] = new Map()
  let answerer: Answerer = () => ({})
  const note = (level: string) => (_obj: object, msg: string) => logged.push(`${level} ${msg}`)
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }

  const server: Server = createServer((req, res) => {
    if (!sandbox.handle(req, res)) void callback(req, res)
  })
  server.on('upgrade', (req, socket, head) => {
    if (!sandbox.upgrade(req, socket, head)) socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox = createSandbox({
    log,
    baseUrl: () => base,
    callbackUrl: () => `${base}/wecom/callback`,
    ...options,
    clock,
    timing: {
      ...{ callbackTimeoutMs: 300, botWaitMs: 1_000, retryDelayMs: 1, verifyTimeoutMs: 300 },
      robotResendMs: 1,
      ...options.timing,
    },
  })
  const keys = sandbox.credentials

  async function callback(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '', base)
    const { pathname, searchParams: query } = url
    const door = doors.get(pathname)
    if (door) return behind(door, url, req, res)
    if (pathname !== '/wecom/callback') return void res.writeHead(404).end()
    const echo = query.get('echostr')
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part as Buffer)
    const sealed = echo ?? String(fromXml(Buffer.concat(parts).toString()).Encrypt)
    const expected = getSignature(keys.token, query.get('timestamp') ?? '', query.get('nonce') ?? '', sealed)
    if (expected !== query.get('msg_signature')) return void res.writeHead(401).end()
    const opened = decrypt(keys.aesKey, sealed)
    if (opened.id !== keys.corpId) return void res.writeHead(401).end()
    const content = echo ? { echo: opened.message } : fromXml(opened.message)
    heard.push(content)
    const { status, body, hang } = answerer(content)
    if (hang) return
    res.writeHead(status ?? 200).end(body ?? (echo ? opened.message : ''))
  }

  async function behind(door: Door, url: URL, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part as Buffer)
    const { status, body, hang } = door({ url, headers: req.headers, body: Buffer.concat(parts).toString() })
    if (!hang) res.writeHead(status ?? 200).end(body ?? '')
  }

  async function token(): Promise<string> {
    const query = new URLSearchParams({ corpid: keys.corpId, corpsecret: keys.secret })
    const response = await fetch(`${base}/sandbox/wecom/cgi-bin/gettoken?${query}`)
    return String(((await response.json()) as Record<string, unknown>).access_token)
  }

  return {
    sandbox,
    clock,
    base,
    heard,
    logged,
    doors,
    answer: how => {
      answerer = how
    },
    reply: (user, fields) => {
      const plain = toXml({
        xml: { ToUserName: user, FromUserName: keys.corpId, CreateTime: 1_768_440_000, ...fields },
      })
      const sealed = encrypt(keys.aesKey, plain, keys.corpId)
      const MsgSignature = getSignature(keys.token, '1768440000', 'n1', sealed)
      return toXml({ xml: { Encrypt: sealed, MsgSignature, TimeStamp: 1_768_440_000, Nonce: 'n1' } })
    },
    token,
    api: async (name, json, query) => {
      const search = new URLSearchParams(query ?? { access_token: await token() })
      const init = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }
      const response = await fetch(`${base}/sandbox/wecom/cgi-bin/${name}?${search}`, init)
      return (await response.json()) as Record<string, unknown>
    },
    cardOf: (id, viewer = '') => {
      const body = sandbox.state().messages.find(message => message.id === id)?.body
      if (body?.kind !== 'card') throw new Error(`${id} is no card`)
      return body.forViewer[viewer] ?? body.card
    },
    messages: chat => sandbox.state().messages.filter(message => message.chat === chat),
    stop: async () => {
      await sandbox.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** A dispatch card as the service sends it. */
export const jobCard = (taskId: string, more: Record<string, unknown> = {}) => ({
  card_type: 'button_interaction',
  source: { desc: '派工 · 一班', desc_color: 1 },
  main_title: { title: '派工单 1024', desc: '请在 10:30 前接单' },
  sub_title_text: '空调不制冷',
  horizontal_content_list: [
    { keyname: '客户', value: '李女士' },
    { keyname: '电话', value: '拨打', type: 1, url: 'tel:13800000009' },
  ],
  task_id: taskId,
  button_list: [
    { text: '接单', style: 1, key: 'accept:1024:1' },
    { text: '拒单', style: 2, key: 'refuse:1024:1' },
  ],
  ...more,
})

export const sending = (
  agentid: number,
  touser: string,
  template_card: unknown,
  more: Record<string, unknown> = {},
) => ({
  touser,
  agentid,
  msgtype: 'template_card',
  template_card,
  ...more,
})
