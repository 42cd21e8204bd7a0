import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { isRecord, parseRecord } from '../json.ts'
import type { Outcome } from '../options.ts'
import { Limiter, minute } from '../window.ts'
import { type Ask, Asks } from './asks.ts'
import { type Body, BotCommands } from './botcommands.ts'
import { BotUploads } from './botuploads.ts'
import { bigId, type Desk } from './desk.ts'
import { ok, Refused, refusal } from './errcode.ts'

const silenceMs = 120_000
const largestFrame = 2 * 1_024 * 1_024

/** What the platform tells the bot, without the parts every frame has. */
export interface Told {
  cmd: 'aibot_msg_callback' | 'aibot_event_callback'
  name: string
  body: Body
}

/** The 智能机器人's long connection: one owner at a time, nothing kept for an absent one, nothing repeated. */
export class BotSocket {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: largestFrame })
  private readonly asks: Asks
  private readonly commands: BotCommands
  private readonly uploads: BotUploads
  private readonly logins = new Limiter([{ count: 20, windowMs: minute }])
  private owner: WebSocket | undefined

  constructor(private readonly desk: Desk) {
    this.asks = new Asks(desk)
    this.commands = new BotCommands(desk, this.asks)
    this.uploads = new BotUploads(desk)
  }

  get online(): boolean {
    return this.owner !== undefined
  }

  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(req, socket, head, connection => this.welcome(connection))
  }

  /** Tells the bot; resolves with what it made of it. Without a bot on the line nobody ever hears of it. */
  tell(told: Told, about: Pick<Ask, 'kind' | 'chat' | 'userId' | 'tapped'>): Promise<Outcome> {
    if (!this.owner) {
      this.log('to-service', told.name, JSON.stringify(told.body), { note: 'the bot is offline: nobody hears this' })
      return Promise.resolve('failed')
    }
    const { ask, outcome } = this.asks.add(about)
    this.push(this.owner, told, ask.reqId)
    return this.desk.inFlight.track(outcome)
  }

  close(): void {
    this.asks.giveUp()
    for (const client of this.server.clients) client.terminate()
    this.server.close()
  }

  private push(connection: WebSocket, told: Told, reqId: string): void {
    const frame = JSON.stringify({
      cmd: told.cmd,
      headers: { req_id: reqId },
      body: { msgid: bigId(), aibotid: this.desk.credentials.botId, ...told.body },
    })
    connection.send(frame)
    this.log('to-service', told.name, frame)
  }

  private welcome(connection: WebSocket): void {
    let silence = setTimeout(() => connection.terminate(), silenceMs)
    silence.unref()
    connection.on('message', data => {
      clearTimeout(silence)
      silence = setTimeout(() => connection.terminate(), silenceMs)
      silence.unref()
      void this.desk.inFlight.track(this.receive(connection, String(data)))
    })
    connection.on('error', error => this.desk.log.warn({ error: error.message }, 'sandbox: bot socket'))
    connection.on('close', () => {
      clearTimeout(silence)
      if (this.owner !== connection) return
      this.owner = undefined
      this.asks.giveUp()
      this.desk.changed()
    })
  }

  private async receive(connection: WebSocket, text: string): Promise<void> {
    const started = performance.now()
    const frame = parseRecord(text)
    const reqId = isRecord(frame?.headers) && typeof frame.headers.req_id === 'string' ? frame.headers.req_id : ''
    const cmd = typeof frame?.cmd === 'string' ? frame.cmd : ''
    const body = isRecord(frame?.body) ? frame.body : {}
    const notes: string[] = []
    const fault = await this.desk.faults.strike(cmd)
    const answer =
      fault?.errcode !== undefined
        ? refusal({ errcode: fault.errcode, errmsg: fault.errmsg ?? 'injected' })
        : this.answer(connection, cmd, reqId, body, notes)
    if (cmd !== 'ping')
      this.log('to-platform', cmd || '(unreadable frame)', `${text}\n\n→ ${JSON.stringify(answer)}`, {
        ms: Math.round(performance.now() - started),
        errcode: answer.errcode,
        opened: `${JSON.stringify(frame ?? text, null, 2)}\n\n→ ${JSON.stringify(answer, null, 2)}`,
        ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
      })
    const answered = this.asks.takeAnswered()
    if (fault?.dropAfterCommit) connection.terminate()
    else if (connection.readyState === connection.OPEN) {
      connection.send(JSON.stringify({ headers: { req_id: reqId }, ...answer }))
      if (answered.length > 0) await seen(connection)
    }
    for (const ask of answered) ask.settle('answered')
  }

  private answer(connection: WebSocket, cmd: string, reqId: string, body: Body, notes: string[]) {
    const note = (text: string) => notes.push(text)
    try {
      if (cmd === 'aibot_subscribe') return this.subscribe(connection, body)
      if (connection !== this.owner) throw new Refused(846609, 'aibot websocket not subscribed')
      const more = this.command(cmd, reqId, body, note)
      this.desk.changed()
      return ok(more ? { body: more } : {})
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.note) note(error.note)
      return refusal(error)
    }
  }

  private command(cmd: string, reqId: string, body: Body, note: (text: string) => void): Body | undefined {
    switch (cmd) {
      case 'ping':
        return undefined
      case 'aibot_respond_msg':
        this.commands.respond(reqId, body, note)
        return undefined
      case 'aibot_respond_welcome_msg':
        this.commands.welcome(reqId, body, note)
        return undefined
      case 'aibot_respond_update_msg':
        this.commands.update(reqId, body, note)
        return undefined
      case 'aibot_send_msg':
        this.commands.send(body, note)
        return undefined
      case 'aibot_upload_media_init':
        return this.uploads.init(body)
      case 'aibot_upload_media_chunk':
        return this.uploads.chunk(body)
      case 'aibot_upload_media_finish':
        return this.uploads.finish(body)
      default:
        throw new Refused(40058, `invalid parameter: unknown cmd ${cmd}`)
    }
  }

  private subscribe(connection: WebSocket, body: Body) {
    const { botId, botSecret } = this.desk.credentials
    if (!this.logins.take('', this.desk.clock.now().getTime()))
      throw new Refused(45009, 'api freq out of limit', 'more than 20 subscriptions a minute')
    if (body.bot_id !== botId || body.secret !== botSecret) throw new Refused(40001, 'invalid credential')
    const former = this.owner
    this.owner = connection
    if (former && former !== connection) {
      const event = { eventtype: 'disconnected_event' }
      const created = Math.floor(this.desk.clock.now().getTime() / 1_000)
      this.push(
        former,
        {
          cmd: 'aibot_event_callback',
          name: 'disconnected_event',
          body: { create_time: created, msgtype: 'event', event },
        },
        bigId(),
      )
      former.close(1_000, 'replaced by a newer connection')
      this.asks.giveUp()
    }
    this.desk.changed()
    return ok()
  }

  private log(
    direction: 'to-platform' | 'to-service',
    what: string,
    raw: string,
    more: { ms?: number; errcode?: number; note?: string; opened?: string } = {},
  ): void {
    const opened = more.opened ?? JSON.stringify(parseRecord(raw) ?? raw, null, 2)
    this.desk.journal.add({ direction, platform: 'wecom', channel: 'socket', what, raw, ...more, opened })
  }
}

/** Resolves when the other side has worked through what was sent so far: it answers a ping in turn. */
function seen(connection: WebSocket): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      connection.off('pong', done).off('close', done)
      resolve()
    }
    connection.on('pong', done).on('close', done)
    connection.ping()
  })
}
