import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TextAnswer } from '../answers.ts'
import type { Fault } from '../faults.ts'
import { addressOf, readBody, send, sendJson } from '../http.ts'
import { pretty } from '../journal.ts'
import type { Call } from './call.ts'
import { checkAddress, checkGranted } from './console.ts'
import type { Desk } from './desk.ts'
import { Refused } from './refused.ts'
import { type Api, type Host, newApis, oldApis, type TableParts } from './table.ts'

const mega = 1_024 * 1_024

interface Made {
  status: number
  body: Record<string, unknown> | TextAnswer
}

/** DingTalk's two hosts: the new one says what is wrong by HTTP status and code, the old one by errcode. */
export class Apis {
  private readonly desk: Desk
  private readonly tables: Record<Host, Api[]>

  constructor(private readonly parts: TableParts) {
    this.desk = parts.desk
    this.tables = { api: newApis(parts), oapi: oldApis(parts) }
  }

  async serve(
    host: Host,
    path: string,
    query: URLSearchParams,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    const method = req.method ?? ''
    const { api, named } = this.find(host, method, path)
    const started = performance.now()
    const notes: string[] = []
    const body = await readBody(req, api?.maxBytes ?? mega)
    const contentType = req.headers['content-type'] ?? ''
    const from = addressOf(req)
    const call: Call = { query, headers: req.headers, body, contentType, named, from, note: note => notes.push(note) }
    // Servers say what time it is: theirs, not the machine's.
    res.setHeader('date', this.desk.clock.now().toUTCString())
    const fault = await this.desk.faults.strike(`${method} ${path}`, path, 'dingtalk *')
    const made = faultAnswer(fault) ?? (await this.answer(host, api, method, call))
    if (fault) notes.push('fault injected')
    const text = made.body instanceof TextAnswer ? made.body.text : JSON.stringify(made.body)
    const request = /multipart/.test(contentType) ? `(${body.length} bytes, multipart)` : body.toString('utf8')
    const { errcode, code } = made.body instanceof TextAnswer ? {} : made.body
    this.desk.journal.add({
      direction: 'to-platform',
      platform: 'dingtalk',
      channel: api?.channel ?? 'api',
      what: `${method} ${path}`,
      ms: Math.round(performance.now() - started),
      status: made.status,
      ...(typeof errcode === 'number' ? { errcode } : {}),
      ...(typeof code === 'string' ? { code } : {}),
      raw: `${method} ${path}${query.size > 0 ? `?${query}` : ''}\n\n${request}\n\n→ ${text}`,
      opened: `${pretty(request)}\n\n→ ${pretty(text)}`,
      ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
    })
    if (fault?.dropAfterCommit) return void req.socket.destroy()
    if (made.body instanceof TextAnswer) return send(res, made.status, made.body.mime, made.body.text)
    sendJson(res, made.status, made.body)
  }

  private find(host: Host, method: string, path: string): { api: Api | undefined; named: string } {
    const fits = (api: Api) => api.path === path || patternOf(api).test(path)
    const found = this.tables[host].filter(fits)
    const api = found.find(one => one.method === method) ?? found[0]
    return { api, named: (api && patternOf(api).exec(path)?.[1]) ?? '' }
  }

  private async answer(host: Host, api: Api | undefined, method: string, call: Call): Promise<Made> {
    try {
      if (!api) throw new Refused({ status: 404, code: 'InvalidAction.NotFound', errcode: 22 }, '不存在的API')
      if (api.method !== method) throw wrongMethod(api)
      if (!api.open) {
        this.parts.tokens.check(
          host === 'api' ? tokenIn(call.headers['x-acs-dingtalk-access-token']) : call.query.get('access_token'),
        )
        checkAddress(this.desk, call.from)
        if (api.scope) checkGranted(this.desk, api.scope)
        this.desk.meters.takePlace(`${api.method} ${api.path}`)
      }
      if (!api.free) this.desk.meters.call()
      return { status: 200, body: await api.run(call) }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.note) call.note(error.note)
      return refusal(host, error)
    }
  }
}

const patternOf = (api: Api): RegExp => new RegExp(`^${api.path.replaceAll('.', '\\.').replace('*', '([^/]+)')}$`)

const tokenIn = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header

/** dingtalk.md §1.3: the old host wants POST (43002); what it says to a POST where GET is due is not documented. */
const wrongMethod = (api: Api): Refused =>
  new Refused(
    { status: 405, code: 'InvalidMethod', errcode: api.method === 'POST' ? 43002 : 43001 },
    `${api.method}方法才可以`,
  )

export function refusal(host: Host, { status, code, errcode, message, more }: Refused): Made {
  if (host === 'oapi') return { status: 200, body: { errcode, errmsg: message, ...more.old } }
  return { status, body: { requestid: randomUUID().toUpperCase(), code, message, ...more.new } }
}

function faultAnswer(fault: Fault | undefined): Made | undefined {
  if (fault?.body !== undefined) return { status: fault.status ?? 200, body: new TextAnswer(fault.body) }
  if (fault?.code !== undefined) {
    const said = { status: fault.status ?? 400, code: fault.code }
    return refusal('api', new Refused(said, fault.message ?? 'injected'))
  }
  if (fault?.errcode !== undefined)
    return { status: fault.status ?? 200, body: { errcode: fault.errcode, errmsg: fault.errmsg ?? 'injected' } }
  if (fault?.status === undefined) return undefined
  return { status: fault.status, body: new TextAnswer(`<html><body>${fault.status}</body></html>`) }
}
