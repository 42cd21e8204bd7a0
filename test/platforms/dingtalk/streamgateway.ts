import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import type { HandTime } from './streamhelp.ts'

export interface Ack {
  code: number
  headers: { messageId: string; contentType: string }
  message: string
  data: string
}

type Answer = (response: ServerResponse, gateway: Gateway) => void
export type Asked = Record<string, unknown>

const say =
  (status: number, type: string, body: string): Answer =>
  response =>
    response.writeHead(status, { 'content-type': type }).end(body)

/** What the gateway can say to who wants to open a connection. */
export const says = {
  yes: (response: ServerResponse, gateway: Gateway) =>
    say(
      200,
      'application/json',
      JSON.stringify({ endpoint: gateway.endpoint, ticket: gateway.ticket }),
    )(response, gateway),
  elsewhere: say(200, 'application/json', '{"endpoint":"ws://127.0.0.1:1/connect","ticket":"t"}'),
  wrongSecret: say(401, 'application/json', '{"requestid":"R","code":"authFailed","message":"鉴权失败"}'),
  proxy401: say(401, 'text/html', '<html>sign in to the proxy</html>'),
  broken: say(500, 'application/json', '{"code":"server.error"}'),
  busy: say(429, 'application/json', '{"code":"system.busy"}'),
  notListed: say(403, 'application/json', '{"code":"Forbidden.AccessDenied.IpNotInWhiteList"}'),
  xml: say(200, 'application/xml', '<r><endpoint>ws://x</endpoint><ticket>t</ticket></r>'),
  html: say(200, 'text/html', '<!DOCTYPE html><title>punish</title>'),
  banned: say(200, 'text/html', '<html>{"status":1111,"wait":5,"source":"x5","punish":"deny"}</html>'),
  garbage: say(200, 'application/json', '\u0000\ufffd{"endpoint"'),
  fields: say(200, 'application/json', '{"endpoint":"ws://127.0.0.1:1/"}'),
  huge: say(200, 'application/json', ' '.repeat(200_000)),
  nothing: () => {},
} satisfies Record<string, Answer>

/** DingTalk's gateway and the server behind it, on the loopback, in whatever mood a test wants it. */
export class Gateway {
  answer: Answer = says.yes
  /** What a connection meets: it is let in, refused, left waiting, or let in and dropped at once. */
  door: 'open' | 'refuses' | 'hangs' | 'drops' = 'open'
  pongs = true
  ticket = 'ti+ck/et=&1'
  endpoint = ''
  readonly asked: Array<{ at: number; body: Asked; accept: string | undefined }> = []
  readonly tickets: Array<string | null> = []
  readonly acks: Array<{ ack: Ack; socket: WebSocket }> = []
  readonly sockets = new Set<WebSocket>()
  readonly upgrades = new Set<object>()
  most = 0
  activity = 0
  onAck: (ack: Ack, socket: WebSocket) => void = () => {}
  onOpen: (socket: WebSocket) => void = () => {}
  private readonly http = createServer((request, response) => void this.ask(request, response))
  private readonly wss = new WebSocketServer({ noServer: true, autoPong: false })

  constructor(private readonly time: HandTime) {
    this.http.on('upgrade', (request, socket, head) => {
      this.activity++
      this.upgrades.add(socket)
      this.most = Math.max(this.most, this.upgrades.size)
      socket.on('close', () => {
        this.activity++
        this.upgrades.delete(socket)
      })
      socket.on('error', () => {})
      this.tickets.push(new URL(request.url ?? '', 'http://x').searchParams.get('ticket'))
      if (this.door === 'refuses') socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
      else if (this.door === 'hangs') socket.resume().on('end', () => socket.end())
      else this.wss.handleUpgrade(request, socket, head, ws => this.met(ws))
    })
  }

  async start(): Promise<this> {
    await new Promise<void>(resolve => this.http.listen(0, '127.0.0.1', resolve))
    this.endpoint = `${this.base.replace('http', 'ws')}/connect`
    return this
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    this.http.closeAllConnections()
    await new Promise(resolve => this.http.close(resolve))
  }

  get base(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`
  }

  private async ask(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    this.activity++
    const body: Asked = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    this.asked.push({ at: this.time.ms, body, accept: request.headers.accept })
    this.answer(response, this)
  }

  private met(ws: WebSocket): void {
    if (this.door === 'drops') {
      ws.terminate()
      return
    }
    this.sockets.add(ws)
    ws.on('close', () => this.sockets.delete(ws))
    ws.on('error', () => {})
    ws.on('ping', data => {
      this.activity++
      if (this.pongs) ws.pong(data)
    })
    ws.on('message', data => {
      this.activity++
      const ack: Ack = JSON.parse(String(data))
      this.acks.push({ ack, socket: ws })
      this.onAck(ack, ws)
    })
    this.onOpen(ws)
  }

  /** One of the open connections. */
  socket(which = 0): WebSocket {
    const ws = [...this.sockets][which]
    if (!ws) throw new Error(`there is no connection ${which}`)
    return ws
  }

  dropAll(): void {
    for (const ws of this.sockets) ws.terminate()
  }

  /** Time passes in small steps; what travels on the loopback arrives between them. */
  async pass(ms: number, stepMs = 250): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      const rang = this.time.pass(Math.min(stepMs, left))
      await this.settle(rang ? 60 : 15)
    }
  }

  /** Until the event loop went round often enough without anything arriving here. */
  async settle(often = 60): Promise<void> {
    for (let quiet = 0, seen = this.activity, most = often; quiet < most; quiet++) {
      await turn()
      if (this.activity !== seen) {
        quiet = 0
        most = 60
      }
      seen = this.activity
    }
  }
}
