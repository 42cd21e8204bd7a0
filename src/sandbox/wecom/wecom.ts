import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Invalid } from '../../errors.ts'
import { send, sendJson } from '../http.ts'
import { Apis } from './apis.ts'
import { Approvals } from './approvals.ts'
import { BotPictures } from './botpictures.ts'
import { BotSocket } from './botsocket.ts'
import { Callbacks } from './callbacks.ts'
import type { Desk } from './desk.ts'
import { Hearing } from './hearing.ts'
import { isLoginPage, Login } from './login.ts'
import { Tokens } from './tokens.ts'

const base = '/sandbox/wecom'

/** WeCom's servers: its HTTP API, its callbacks to the service, the bot's socket, its sign-in pages. */
export class Wecom {
  readonly tokens: Tokens
  readonly callbacks: Callbacks
  readonly bot: BotSocket
  readonly hearing: Hearing
  readonly approvals: Approvals
  private readonly apis: Apis
  private readonly login: Login
  private readonly pictures: BotPictures

  constructor(private readonly desk: Desk) {
    const { secret, token, aesKey, botSecret, webhookKey } = desk.credentials
    for (const hidden of [secret, token, aesKey, botSecret, webhookKey]) desk.journal.hide(hidden)
    this.tokens = new Tokens(desk)
    this.callbacks = new Callbacks(desk)
    this.approvals = new Approvals(desk, this.callbacks)
    this.login = new Login(desk)
    this.apis = new Apis(desk, this.tokens, this.approvals, this.login)
    this.bot = new BotSocket(desk)
    this.pictures = new BotPictures(desk)
    this.hearing = new Hearing(desk, this.callbacks, this.bot, this.pictures)
  }

  /** Takes requests below `/sandbox/wecom`. */
  handle(path: string, query: URLSearchParams, req: IncomingMessage, res: ServerResponse): boolean {
    if (!path.startsWith(`${base}/`)) return false
    const rest = path.slice(base.length + 1)
    if (rest.startsWith('cgi-bin/')) this.serveApi(rest.slice('cgi-bin/'.length), query, req, res)
    else if (rest.startsWith('bot-media/')) this.servePicture(rest.slice('bot-media/'.length), res)
    else if (isLoginPage(rest)) this.login.page(path, query, res)
    else
      sendJson(res, 404, {
        title: 'not found',
        detail: 'the simulated WeCom has its API below /sandbox/wecom/cgi-bin/',
      })
    return true
  }

  upgrade(path: string, req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (path !== `${base}/ws`) return false
    this.bot.upgrade(req, socket, head)
    return true
  }

  private serveApi(name: string, query: URLSearchParams, req: IncomingMessage, res: ServerResponse): void {
    const work = this.apis.serve(name, req, res, query).catch((error: unknown) => {
      if (error instanceof Invalid) return sendJson(res, error.status, { errcode: 40058, errmsg: error.message })
      if (req.destroyed && !req.complete) return
      this.desk.log.error({ api: name, error: String(error) }, 'sandbox: API failed')
      sendJson(res, 500, { errcode: -1, errmsg: 'system busy' })
    })
    void this.desk.inFlight.track(work)
  }

  private servePicture(id: string, res: ServerResponse): void {
    const picture = this.pictures.fetch(id)
    if (!picture) {
      sendJson(res, 404, { errcode: 40007, errmsg: 'the link is unknown or older than 5 minutes' })
      return
    }
    const name = encodeURIComponent(picture.name)
    send(res, 200, 'application/octet-stream', picture.bytes, {
      'content-disposition': `attachment; filename="${name}"`,
    })
  }
}
