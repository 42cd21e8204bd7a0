import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Invalid } from '../../errors.ts'
import { send, sendJson } from '../http.ts'
import { DingtalkActs } from './acts.ts'
import { Apis } from './apis.ts'
import { AttendanceApi } from './attendance.ts'
import { Cards } from './cards.ts'
import { Contacts } from './contacts.ts'
import { type Desk, here } from './desk.ts'
import { Downloads } from './downloads.ts'
import { CorpEvents } from './events.ts'
import { Forms } from './forms.ts'
import { Gateway } from './gateway.ts'
import { Hearing } from './hearing.ts'
import { Login } from './login.ts'
import { Posts } from './posts.ts'
import { Quotes } from './quotes.ts'
import { Robot } from './robot.ts'
import { Sessions } from './sessions.ts'
import type { Host } from './table.ts'
import { Taps } from './taps.ts'
import { Tokens } from './tokens.ts'
import { Webhooks } from './webhooks.ts'
import { Workflow } from './workflow.ts'

/** DingTalk's servers: both API hosts, the stream gateway, its requests to the service, its sign-in page. */
export class Dingtalk {
  readonly tokens: Tokens
  readonly gateway: Gateway
  readonly events: CorpEvents
  readonly acts: DingtalkActs
  readonly login: Login
  readonly workflow: Workflow
  private readonly apis: Apis
  private readonly downloads: Downloads

  constructor(private readonly desk: Desk) {
    const { clientSecret, eventToken, eventAesKey, webhookToken, webhookSecret } = desk.credentials
    const routes = [...desk.kept.routes.values()].map(({ secret }) => secret)
    for (const hidden of [clientSecret, eventToken, eventAesKey, webhookToken, webhookSecret, ...routes])
      desk.journal.hide(hidden)
    const posts = new Posts(desk)
    const sessions = new Sessions(desk)
    const cards = new Cards(desk)
    this.tokens = new Tokens(desk)
    this.gateway = new Gateway(desk)
    this.downloads = new Downloads(desk)
    this.login = new Login(desk)
    this.events = new CorpEvents(desk, this.gateway, posts)
    const forms = new Forms(desk)
    this.workflow = new Workflow(desk, this.events, forms)
    const { tokens, gateway, downloads, login, workflow } = this
    const office = { forms, workflow, attendance: new AttendanceApi(desk) }
    const others = { robot: new Robot(desk), webhooks: new Webhooks(desk, sessions), contacts: new Contacts(desk) }
    this.apis = new Apis({ desk, tokens, gateway, cards, downloads, login, ...others, ...office })
    const hearing = new Hearing(desk, gateway, posts, sessions)
    const taps = new Taps(desk, cards, gateway, posts)
    this.acts = new DingtalkActs({ desk, hearing, cards, taps, quotes: new Quotes(desk, cards, downloads), downloads })
  }

  /** The service can be reached. */
  get online(): boolean {
    return this.desk.console.mode === 'http' ? Boolean(this.desk.console.robotUrl?.()) : this.gateway.open > 0
  }

  /** Takes requests below `/sandbox/dingtalk`. */
  handle(path: string, query: URLSearchParams, req: IncomingMessage, res: ServerResponse): boolean {
    if (!path.startsWith(`${here}/`)) return false
    const rest = path.slice(here.length)
    if (rest.startsWith('/api/')) this.serve('api', rest.slice('/api'.length), query, req, res)
    else if (rest.startsWith('/oapi/')) this.serve('oapi', rest.slice('/oapi'.length), query, req, res)
    else if (rest.startsWith('/files/')) this.file(rest.slice('/files/'.length), res)
    else if (rest === '/login/oauth2/auth') this.login.page(query, res)
    else
      sendJson(res, 404, {
        title: 'not found',
        detail: `the simulated DingTalk has its APIs below ${here}/api/ and ${here}/oapi/`,
      })
    return true
  }

  upgrade(path: string, query: URLSearchParams, req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (path !== `${here}/connect`) return false
    this.gateway.upgrade(query.get('ticket') ?? '', req, socket, head)
    return true
  }

  private serve(host: Host, path: string, query: URLSearchParams, req: IncomingMessage, res: ServerResponse): void {
    const work = this.apis.serve(host, path, query, req, res).catch((error: unknown) => {
      if (error instanceof Invalid)
        return sendJson(res, error.status, { code: 'invalidParameter', message: error.message })
      if (req.destroyed && !req.complete) return
      this.desk.log.error({ api: path, error: String(error) }, 'sandbox: API failed')
      sendJson(res, 500, { code: 'system.error', message: '系统错误' })
    })
    void this.desk.inFlight.track(work)
  }

  private file(name: string, res: ServerResponse): void {
    const bytes = this.downloads.bytes(name)
    if (bytes) send(res, 200, 'application/octet-stream', bytes)
    else
      send(
        res,
        403,
        'application/xml',
        '<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>',
      )
  }
}
