import { randomUUID } from 'node:crypto'
import { parseRecord } from '../json.ts'
import type { Outcome } from '../options.ts'
import { type Desk, messageOf, nowOf, pause } from './desk.ts'
import { type EventKeys, seal, unseal } from './envelope.ts'
import type { Gateway } from './gateway.ts'
import type { Posts } from './posts.ts'

/** Over HTTP an event has 2.5 s where a stream has 3 (dingtalk.md §4.3). */
const httpShare = 2.5 / 3

/** Events of the corp, pushed until the app says it has them (dingtalk.md §4.2, §6). */
export class CorpEvents {
  constructor(
    private readonly desk: Desk,
    private readonly gateway: Gateway,
    private readonly posts: Posts,
  ) {}

  push(name: string, data: object): Promise<Outcome> {
    this.desk.meters.event(name)
    return this.desk.inFlight.track(this.insist(name, data))
  }

  /** What the console does when the address is saved. */
  async verify(): Promise<boolean> {
    return this.post('check_url', { EventType: 'check_url' }, this.desk.timing.verifyTimeoutMs, 1)
  }

  /** How often and when DingTalk pushes again is not published: here the pauses double. */
  private async insist(name: string, data: object): Promise<Outcome> {
    const { timing, closing } = this.desk
    const event = { name, data, id: randomUUID().replaceAll('-', ''), born: nowOf(this.desk) }
    for (let attempt = 0; attempt <= timing.retries; attempt++) {
      if (attempt > 0) await pause(this.desk, timing.retryDelayMs * 2 ** (attempt - 1))
      if (closing.aborted) return 'failed'
      const taken =
        this.desk.console.mode === 'http'
          ? await this.overHttp(event, attempt + 1)
          : await this.overStream(event, attempt + 1)
      if (taken) return 'empty'
    }
    return 'failed'
  }

  private async overStream(event: { name: string; data: object; id: string; born: number }, nth: number) {
    const { corpId, agentId } = this.desk.credentials
    const headers = {
      eventType: event.name,
      eventId: event.id,
      eventBornTime: String(event.born),
      eventCorpId: corpId,
      eventUnifiedAppId: String(agentId),
    }
    const pushed = { type: 'EVENT' as const, topic: '*', headers, data: event.data }
    const data = await this.gateway.push(pushed, this.desk.timing.ackTimeoutMs, nth)
    return data !== undefined && parseRecord(data)?.status === 'SUCCESS'
  }

  private overHttp(event: { name: string; data: object; id: string; born: number }, nth: number) {
    const { corpId } = this.desk.credentials
    const content = {
      EventType: event.name,
      EventTime: event.born,
      CorpId: corpId,
      BizId: event.id,
      eventId: event.id,
      ...event.data,
    }
    return this.post(event.name, content, Math.round(this.desk.timing.ackTimeoutMs * httpShare), nth)
  }

  /** True when the answer is the sealed word `success`, signed anew. */
  private async post(what: string, content: object, timeoutMs: number, nth: number): Promise<boolean> {
    const { eventToken, eventAesKey, clientId } = this.desk.credentials
    const keys: EventKeys = { token: eventToken, aesKey: eventAesKey, owner: clientId }
    const plain = JSON.stringify(content)
    const { encrypt, signature, timestamp, nonce } = seal(keys, plain, String(nowOf(this.desk)))
    const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
    const url = `${this.desk.console.eventUrl?.() ?? ''}?${query}`
    const body = JSON.stringify({ encrypt })
    const answer = await this.posts.send({ what, url, body, opened: plain, timeoutMs, nth })
    if (answer === undefined) return false
    try {
      return openedAnswer(keys, answer) === 'success'
    } catch (error) {
      this.desk.log.error({ event: what, why: messageOf(error) }, 'sandbox: answer to an event refused')
      return false
    }
  }
}

function openedAnswer(keys: EventKeys, answer: string): string {
  const outer = parseRecord(answer) ?? {}
  const field = (name: string) => {
    const value = outer[name]
    if (typeof value !== 'string' || value === '') throw new Error(`no ${name} in the answer`)
    return value
  }
  const [encrypt, signature, timestamp, nonce] = [
    field('encrypt'),
    field('msg_signature'),
    field('timeStamp'),
    field('nonce'),
  ]
  return unseal(keys, { encrypt, signature, timestamp, nonce })
}
