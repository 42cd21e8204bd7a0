import { createHmac } from 'node:crypto'
import { pretty } from '../journal.ts'
import { type Desk, nowOf } from './desk.ts'

export interface Post {
  /** For the log. */
  what: string
  url: string
  headers?: Record<string, string>
  body: string
  /** When the body itself is sealed. */
  opened?: string
  timeoutMs: number
  nth?: number
}

/** HTTP requests to the service's addresses: robot messages, taps and events of HTTP mode. */
export class Posts {
  constructor(private readonly desk: Desk) {}

  /** Resolves with the body of a 200, and with nothing otherwise. */
  async send(post: Post): Promise<string | undefined> {
    const started = performance.now()
    const { status, body, failure } = await this.fetch(post)
    const failed = failure ?? (status === 200 ? undefined : `status ${status}, 200 is required`)
    const nth = post.nth !== undefined && post.nth > 1 ? `attempt ${post.nth}` : ''
    const note = [nth, failed].filter(Boolean).join('; ')
    this.desk.journal.add({
      direction: 'to-service',
      platform: 'dingtalk',
      channel: 'callback',
      what: post.what,
      ms: Math.round(performance.now() - started),
      ...(status === undefined ? {} : { status }),
      raw: `POST ${post.url}\n${headerLines(post.headers)}\n${post.body}\n\n→ ${body ?? failure ?? ''}`,
      opened: `${pretty(post.opened ?? post.body)}\n\n→ ${pretty(body ?? '')}`,
      ...(note ? { note } : {}),
    })
    if (!failed) return body
    this.desk.log.warn({ callback: post.what, why: failed, attempt: post.nth ?? 1 }, 'sandbox: callback failed')
    return undefined
  }

  private async fetch(post: Post): Promise<{ status?: number; body?: string; failure?: string }> {
    if (!URL.canParse(post.url)) return { failure: 'no address is configured' }
    const signal = AbortSignal.any([AbortSignal.timeout(post.timeoutMs), this.desk.closing])
    const headers = { 'content-type': 'application/json; charset=utf-8', ...post.headers }
    try {
      const response = await fetch(post.url, { method: 'POST', headers, body: post.body, redirect: 'manual', signal })
      return { status: response.status, body: await response.text() }
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        return { failure: `no answer within ${post.timeoutMs} ms` }
      return { failure: 'the address cannot be reached' }
    }
  }
}

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64')

/** Of a robot message and of a call to the custom robot: base64, not yet URL-encoded (dingtalk.md §2.7, §3.1). */
export const robotSign = (secret: string, timestamp: string): string => hmac(secret, `${timestamp}\n${secret}`)

export function robotHeaders(desk: Desk): Record<string, string> {
  const timestamp = String(nowOf(desk))
  return { timestamp, sign: robotSign(desk.credentials.clientSecret, timestamp) }
}

/** Of a tap (dingtalk.md §5.5). */
export function cardHeaders(desk: Desk, secret: string): Record<string, string> {
  const timestamp = String(nowOf(desk))
  return { 'x-ddpaas-signature-timestamp': timestamp, 'x-ddpaas-signature': hmac(secret, timestamp) }
}

const headerLines = (headers: Record<string, string> = {}): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
