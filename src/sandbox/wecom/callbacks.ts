import { setTimeout as wait } from 'node:timers/promises'
import { randomId } from '../ids.ts'
import type { Outcome } from '../options.ts'
import type { SandboxMessage } from '../wire.ts'
import { bigId, type Desk } from './desk.ts'
import { seal, unseal } from './envelope.ts'
import { applyReply } from './replies.ts'
import { fromXml, toXml, type XmlValue } from './xml.ts'

export interface Callback {
  /** For the log: `text`, `template_card_event`… */
  name: string
  userId: string
  /** `message` gets a MsgId, `event` does not. */
  kind: 'message' | 'event'
  fields: Record<string, XmlValue>
  /** Default: our app's. Events of WeCom's own apps carry theirs. */
  agentId?: number
  /** The card that was tapped: what an update in the reply changes. */
  tapped?: SandboxMessage
}

interface Attempt {
  status?: number
  body?: string
  failure?: string
}

/** Tells the service's app callback what people do: encrypted, signed, retried when it does not answer 200 in time. */
export class Callbacks {
  constructor(private readonly desk: Desk) {}

  deliver(callback: Callback): Promise<Outcome> {
    return this.desk.inFlight.track(this.insist(callback))
  }

  /** The check the admin console makes when a callback URL is saved. */
  async verify(): Promise<boolean> {
    const plain = bigId()
    const { url, sealed } = this.address(plain)
    url.searchParams.set('echostr', sealed.encrypt)
    const started = performance.now()
    const attempt = await this.fetch(url, { method: 'GET' }, this.desk.timing.verifyTimeoutMs)
    const right = attempt.status === 200 && attempt.body === plain
    this.log('GET echostr', url, '', plain, attempt, started, right ? undefined : 'the URL check failed')
    return right
  }

  private async insist(callback: Callback): Promise<Outcome> {
    const { credentials, clock, timing, closing } = this.desk
    const plain = toXml({
      xml: {
        ToUserName: credentials.corpId,
        FromUserName: callback.userId,
        CreateTime: Math.floor(clock.now().getTime() / 1_000),
        ...callback.fields,
        ...(callback.kind === 'message' ? { MsgId: bigId() } : {}),
        AgentID: callback.agentId ?? credentials.agentId,
      },
    })
    for (let attempt = 0; attempt <= timing.retries; attempt++) {
      if (attempt > 0) await wait(timing.retryDelayMs, undefined, { signal: closing, ref: false }).catch(() => {})
      if (closing.aborted) return 'failed'
      const outcome = await this.once(callback, plain, attempt)
      if (outcome !== 'again') return outcome
    }
    return 'failed'
  }

  private async once(callback: Callback, plain: string, attempt: number): Promise<Outcome | 'again'> {
    const { url, sealed } = this.address(plain)
    const { corpId, agentId } = this.desk.credentials
    const body = toXml({ xml: { ToUserName: corpId, AgentID: String(agentId), Encrypt: sealed.encrypt } })
    const started = performance.now()
    const init = { method: 'POST', headers: { 'content-type': 'text/xml; charset=utf-8' }, body }
    const answer = await this.fetch(url, init, this.desk.timing.callbackTimeoutMs)
    const nth = attempt === 0 ? undefined : `attempt ${attempt + 1}`
    if (answer.status !== 200) {
      const why = answer.failure ?? `status ${answer.status}, 200 is required`
      this.log(callback.name, url, body, plain, answer, started, [nth, why].filter(Boolean).join('; '))
      this.desk.log.warn({ callback: callback.name, why, attempt: attempt + 1 }, 'sandbox: app callback failed')
      return 'again'
    }
    return this.settle(callback, url, body, plain, answer, started, nth)
  }

  private settle(
    callback: Callback,
    url: URL,
    body: string,
    plain: string,
    answer: Attempt,
    started: number,
    nth: string | undefined,
  ): Outcome {
    const reply = (answer.body ?? '').trim()
    if (reply === '' || reply === 'success') {
      this.log(callback.name, url, body, plain, answer, started, nth)
      return 'empty'
    }
    let opened: string | undefined
    try {
      const outer = fromXml(reply)
      const field = (name: string) => {
        const value = outer[name]
        if (typeof value !== 'string' || value === '') throw new Error(`no ${name} in the reply`)
        return value
      }
      const { token, aesKey, corpId } = this.desk.credentials
      opened = unseal(
        { token, aesKey, corpId },
        {
          encrypt: field('Encrypt'),
          signature: field('MsgSignature'),
          timestamp: field('TimeStamp'),
          nonce: field('Nonce'),
        },
      )
      const notes = applyReply(this.desk, callback.userId, fromXml(opened), callback.tapped)
      const note = [nth, ...notes].filter(Boolean).join('; ')
      this.log(callback.name, url, body, `${plain}\n\n→ ${opened}`, answer, started, note || undefined)
      return 'answered'
    } catch (error) {
      const why = `malformed reply: ${error instanceof Error ? error.message : String(error)}`
      this.log(callback.name, url, body, opened ? `${plain}\n\n→ ${opened}` : plain, answer, started, why)
      this.desk.log.error({ callback: callback.name, why }, 'sandbox: passive reply refused')
      return 'failed'
    }
  }

  private address(plain: string) {
    const { token, aesKey, corpId } = this.desk.credentials
    const timestamp = String(Math.floor(this.desk.clock.now().getTime() / 1_000))
    const sealed = seal({ token, aesKey, corpId }, plain, timestamp, randomId(8))
    const url = new URL(this.desk.callbackUrl())
    url.searchParams.set('msg_signature', sealed.signature)
    url.searchParams.set('timestamp', sealed.timestamp)
    url.searchParams.set('nonce', sealed.nonce)
    return { url, sealed }
  }

  private async fetch(url: URL, init: RequestInit, timeoutMs: number): Promise<Attempt> {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.desk.closing])
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal })
      return { status: response.status, body: await response.text() }
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        return { failure: `no answer within ${timeoutMs} ms` }
      return { failure: 'the callback URL cannot be reached' }
    }
  }

  private log(
    what: string,
    url: URL,
    body: string,
    opened: string,
    answer: Attempt,
    started: number,
    note: string | undefined,
  ): void {
    this.desk.journal.add({
      direction: 'to-service',
      platform: 'wecom',
      channel: 'callback',
      what,
      ms: Math.round(performance.now() - started),
      ...(answer.status === undefined ? {} : { status: answer.status }),
      raw: `${url.pathname}${url.search}\n\n${body}\n\n→ ${answer.body ?? answer.failure ?? ''}`,
      opened,
      ...(note ? { note } : {}),
    })
  }
}
