import { z } from 'zod'
import { Permanent, Temporary } from '../../errors.ts'
import { brief, type CheckupDeps, checkClock, type Found } from '../checkup.ts'
import { hideSecrets, type Response } from '../exchange.ts'
import { isBan } from './client.ts'
import type { DingtalkConfig } from './config.ts'

const mostBytes = 1_048_576
const timeoutMs = 15_000

export interface Asked {
  /** The old host; else the new one. */
  old?: true
  method?: 'GET' | 'POST' | 'PUT'
  path: string
  params?: Record<string, string>
  body?: object
  /** Permission point it needs: named when DingTalk itself does not. */
  scope?: string
  /** What it asks for has a credential of its own: the app's token stays here. */
  open?: true
}

/** What DingTalk said: its answer, or the code that stands against it (a number on the old host). */
export type Said = { answer: Record<string, unknown>; code: '' } | { answer: null; code: string; message: string }

const oldShape = z.looseObject({
  errcode: z.number(),
  errmsg: z.string().default(''),
  sub_code: z.coerce.string().optional(),
  sub_msg: z.string().optional(),
})
const newShape = z.looseObject({
  code: z.string(),
  message: z.string().default(''),
  accessdenieddetail: z.looseObject({ requiredScopes: z.array(z.string()).optional() }).optional(),
})
const record = z.record(z.string(), z.unknown())

const forbidden = 'Forbidden.AccessDenied.'
/** In either host's words (dingtalk.md §1.3, §1.4). */
const refusals: Record<'ip' | 'permission' | 'quota' | 'speed', readonly string[]> = {
  ip: [`${forbidden}IpNotInWhiteList`, '60020'],
  permission: [`${forbidden}AccessTokenPermissionDenied`, '60011'],
  quota: [`${forbidden}ApiCountLimitForOrg`, '90020'],
  speed: [
    ...['QpsLimitForAppkeyAndApi', 'QpmLimitForAppkeyAndApi', 'QpsLimitForApi'].map(one => `${forbidden}${one}`),
    ...['90018', '90002'],
  ],
}

/** Asks DingTalk's hosts and keeps the codes as they are. What any question may be answered with is found here. */
export class CheckRoad {
  private token = ''
  private timed = false

  constructor(
    private readonly config: Pick<DingtalkConfig, 'apiBase' | 'oapiBase' | 'clientId'>,
    private readonly deps: CheckupDeps,
  ) {}

  /** From now on questions carry it. */
  use(token: string): void {
    this.token = token
  }

  /** Null when there is no use in going on: not reached, not allowed, or nothing left of the month; that is found then. */
  async ask(found: Found, asked: Asked): Promise<Said | null> {
    const sentAt = this.deps.clock.now()
    let response: Response
    try {
      response = await this.send(asked)
    } catch (error) {
      if (!(error instanceof Temporary || error instanceof Permanent)) throw error
      found('dingtalk.unreachable', { host: this.hostOf(asked), why: error.message })
      return null
    }
    if (!this.timed) checkClock(found, 'DingTalk', response, sentAt, this.deps.clock.now())
    this.timed = true
    const said = isBan(response.bytes.toString('utf8', 0, 4_000), response.status) ? null : readAnswer(response, asked)
    if (!said) found('dingtalk.unreachable', { host: this.hostOf(asked), why: `HTTP ${response.status}, not its JSON` })
    else if (said.answer === null && this.common(found, asked, said)) return null
    return said
  }

  /** Anything that is not success. */
  odd(found: Found, { path }: Asked, said: Said): void {
    if (said.answer === null)
      found('dingtalk.refused', { api: path, code: brief(said.code), message: brief(hideSecrets(said.message)) })
  }

  private common(found: Found, asked: Asked, said: Extract<Said, { answer: null }>): boolean {
    const { code, message } = said
    if (refusals.ip.includes(code)) found('dingtalk.ip', { ip: /ip *= *([0-9a-f.:]+)/i.exec(message)?.[1] ?? '?' })
    else if (refusals.permission.includes(code)) {
      const scope = /\[([\w. ,]+)\]/.exec(message)?.[1] ?? asked.scope ?? '?'
      const page = `https://open-dev.dingtalk.com/appscope/apply?content=${this.config.clientId}%23${scope}`
      found('dingtalk.permission', { scope, page })
    } else if (refusals.quota.includes(code)) found('dingtalk.quota-gone')
    else if (refusals.speed.includes(code)) found('dingtalk.limited', { api: asked.path })
    else return false
    return true
  }

  private send({ old, method = 'POST', path, params, body, open }: Asked): Promise<Response> {
    const token = open ? '' : this.token
    return this.deps.exchange({
      ...{ method, url: `${old ? this.config.oapiBase : this.config.apiBase}${path}`, most: mostBytes, timeoutMs },
      headers: { Accept: 'application/json', ...(token && !old && { 'x-acs-dingtalk-access-token': token }) },
      params: { ...params, ...(token && old && { access_token: token }) },
      ...(body && { body }),
    })
  }

  private hostOf({ old }: Asked): string {
    return new URL(old ? this.config.oapiBase : this.config.apiBase).host
  }
}

function readAnswer({ status, bytes }: Response, { old }: Asked): Said | null {
  const value = jsonOf(bytes)
  if (old) {
    const read = oldShape.safeParse(value)
    if (!read.success) return null
    const { errcode, errmsg, sub_code, sub_msg } = read.data
    if (errcode === 0) return { answer: read.data, code: '' }
    // 88 says nothing by itself: the code that matters stands inside (dingtalk.md §1.3).
    return errcode === 88 && sub_code
      ? { answer: null, code: sub_code, message: sub_msg ?? errmsg }
      : { answer: null, code: String(errcode), message: errmsg }
  }
  if (status >= 200 && status < 300) {
    const answer = record.safeParse(value)
    return answer.success ? { answer: answer.data, code: '' } : null
  }
  const read = newShape.safeParse(value)
  if (!read.success) return null
  const { code, message, accessdenieddetail } = read.data
  const scopes = accessdenieddetail?.requiredScopes
  return { answer: null, code, message: scopes && scopes.length > 0 ? `[${scopes.join(', ')}]` : message }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
