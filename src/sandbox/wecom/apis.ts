import type { IncomingMessage, ServerResponse } from 'node:http'
import { FileAnswer, TextAnswer } from '../answers.ts'
import type { Fault } from '../faults.ts'
import { addressOf, readBody, send, sendJson } from '../http.ts'
import { pretty } from '../journal.ts'
import { agentOf, checkAddress, checkCallable } from './agent.ts'
import type { Approvals } from './approvals.ts'
import type { Call } from './call.ts'
import { checkinData } from './checkins.ts'
import type { Desk } from './desk.ts'
import { callbackIps, simpleList, userIdByMobile, userOf } from './directory.ts'
import { type Answer, Refused, refusal } from './errcode.ts'
import type { Login } from './login.ts'
import { download, upload } from './mediaapi.ts'
import { Messages } from './messages.ts'
import type { Tokens } from './tokens.ts'
import { updateCard } from './update.ts'
import { Webhook } from './webhook.ts'

interface Api {
  method: 'GET' | 'POST'
  /** No access token: `gettoken` itself and what a webhook key opens. */
  open?: true
  /** WeCom's own app whose 可调用接口的应用 must have ours. */
  of?: 'approval' | 'checkin'
  maxBytes?: number
  run: (call: Call) => Answer | FileAnswer | Promise<Answer | FileAnswer>
}

const mega = 1_024 * 1_024

/** WeCom's HTTP API below `/cgi-bin/`. */
export class Apis {
  private readonly table: Map<string, Api>

  constructor(
    private readonly desk: Desk,
    private readonly tokens: Tokens,
    approvals: Approvals,
    login: Login,
  ) {
    const messages = new Messages(desk)
    const webhook = new Webhook(desk)
    this.table = new Map<string, Api>([
      ['gettoken', { method: 'GET', open: true, run: call => tokens.issue(call.query) }],
      ['getcallbackip', { method: 'GET', run: callbackIps }],
      ['agent/get', { method: 'GET', run: call => agentOf(desk, call) }],
      ['message/send', { method: 'POST', run: call => messages.send(call) }],
      ['message/recall', { method: 'POST', run: call => messages.recall(call) }],
      ['message/update_template_card', { method: 'POST', run: call => updateCard(desk, call) }],
      ['media/upload', { method: 'POST', maxBytes: 21 * mega, run: call => upload(desk, call) }],
      ['media/get', { method: 'GET', run: call => download(desk, call) }],
      ['user/get', { method: 'GET', run: call => userOf(desk, call) }],
      ['user/simplelist', { method: 'GET', run: call => simpleList(desk, call) }],
      ['user/getuserid', { method: 'POST', run: call => userIdByMobile(desk, call) }],
      ['auth/getuserinfo', { method: 'GET', run: call => login.who(call) }],
      ['oa/gettemplatedetail', { method: 'POST', of: 'approval', run: call => approvals.template(call) }],
      ['oa/applyevent', { method: 'POST', of: 'approval', run: call => approvals.apply(call) }],
      ['oa/getapprovaldetail', { method: 'POST', of: 'approval', run: call => approvals.detail(call) }],
      ['oa/getapprovalinfo', { method: 'POST', of: 'approval', run: call => approvals.list(call) }],
      ['checkin/getcheckindata', { method: 'POST', of: 'checkin', run: call => checkinData(desk, call) }],
      ['webhook/send', { method: 'POST', open: true, maxBytes: 4 * mega, run: call => webhook.send(call) }],
      ['webhook/upload_media', { method: 'POST', open: true, maxBytes: 21 * mega, run: call => webhook.upload(call) }],
    ])
  }

  async serve(name: string, req: IncomingMessage, res: ServerResponse, query: URLSearchParams): Promise<void> {
    const api = this.table.get(name)
    const started = performance.now()
    const notes: string[] = []
    const body = await readBody(req, api?.maxBytes ?? mega)
    const fault = await this.desk.faults.strike(name, 'wecom *')
    const contentType = req.headers['content-type'] ?? ''
    const call: Call = { query, body, contentType, from: addressOf(req), note: note => notes.push(note) }
    // Servers say what time it is: theirs, not the machine's.
    res.setHeader('date', this.desk.clock.now().toUTCString())
    const made = faultAnswer(fault) ?? (await this.answer(api, req.method ?? '', call))
    const text = wordsOf(made)
    const request = /multipart/.test(call.contentType) ? `(${body.length} bytes, multipart)` : body.toString('utf8')
    this.desk.journal.add({
      direction: 'to-platform',
      platform: 'wecom',
      channel: api?.open && name !== 'gettoken' ? 'webhook' : 'api',
      what: `${req.method} /cgi-bin/${name}`,
      ms: Math.round(performance.now() - started),
      status: fault?.status ?? 200,
      ...(made instanceof FileAnswer || made instanceof TextAnswer ? {} : { errcode: made.errcode }),
      raw: `${req.method} /cgi-bin/${name}?${query}\n\n${request}\n\n→ ${text}`,
      opened: `${pretty(request)}\n\n→ ${pretty(text)}`,
      ...(notes.length > 0 || fault ? { note: [...notes, ...(fault ? ['fault injected'] : [])].join('; ') } : {}),
    })
    if (fault?.dropAfterCommit) return void req.socket.destroy()
    if (made instanceof FileAnswer) {
      const file = encodeURIComponent(made.name)
      const disposition = `attachment; filename="${file}"; filename*=UTF-8''${file}`
      return send(res, 200, made.mime, made.bytes, { 'content-disposition': disposition })
    }
    if (made instanceof TextAnswer) return send(res, fault?.status ?? 200, made.mime, made.text)
    sendJson(res, fault?.status ?? 200, made)
  }

  private async answer(api: Api | undefined, method: string, call: Call): Promise<Answer | FileAnswer> {
    try {
      if (!api) throw new Refused(40058, 'invalid request url', 'the sandbox does not know this API')
      if (!api.open) {
        this.tokens.check(call.query.get('access_token'))
        checkAddress(this.desk.console, call.from)
      }
      if (method !== api.method) throw new Refused(40058, `invalid request method, ${api.method} is required`)
      if (api.of) checkCallable(this.desk.console, api.of)
      return await api.run(call)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.note) call.note(error.note)
      return refusal(error)
    }
  }
}

type Made = Answer | FileAnswer | TextAnswer

function wordsOf(made: Made): string {
  if (made instanceof FileAnswer) return `(${made.bytes.length} bytes, ${made.mime})`
  return made instanceof TextAnswer ? made.text : JSON.stringify(made)
}

function faultAnswer(fault: Fault | undefined): Answer | TextAnswer | undefined {
  if (fault?.body !== undefined) return new TextAnswer(fault.body)
  if (fault?.errcode !== undefined) return refusal({ errcode: fault.errcode, errmsg: fault.errmsg ?? 'injected' })
  if (fault?.status !== undefined) return new TextAnswer(`<html><body>${fault.status}</body></html>`)
  return undefined
}
