import { isRecord, parseRecord } from '../json.ts'
import type { Outcome } from '../options.ts'
import type { SandboxMessage, SandboxPerson } from '../wire.ts'
import type { Cards } from './cards.ts'
import { type Desk, messageOf } from './desk.ts'
import type { Gateway } from './gateway.ts'
import type { CardKept } from './kept.ts'
import { cardHeaders, type Posts } from './posts.ts'
import type { Action } from './templates.ts'

const topic = '/v1.0/card/instances/callback'

/** Taps on cards: told once, to be answered in two seconds (dingtalk.md §5.3–5.5). */
export class Taps {
  constructor(
    private readonly desk: Desk,
    private readonly cards: Cards,
    private readonly gateway: Gateway,
    private readonly posts: Posts,
  ) {}

  async tell(card: CardKept, action: Action, message: SandboxMessage, person: SandboxPerson): Promise<Outcome> {
    if (message.body.kind !== 'dingcard' || card.callback === null) return 'empty'
    const { outTrackId } = message.body
    const delivery = this.cards.deliveryOf(message)
    const content = { cardPrivateData: { actionIds: action.actionIds, params: action.params } }
    const callback = {
      type: 'actionCallback',
      outTrackId,
      corpId: this.desk.credentials.corpId,
      userId: person.dingtalkId,
      userIdType: 1,
      ...(delivery ? { spaceType: delivery.spaceType, spaceId: delivery.spaceId } : {}),
      extension: '{}',
      content: JSON.stringify(content),
    }
    return this.desk.inFlight.track(this.settle(card.callback, callback, outTrackId, person))
  }

  private async settle(
    by: NonNullable<CardKept['callback']>,
    callback: object,
    outTrackId: string,
    person: SandboxPerson,
  ): Promise<Outcome> {
    const answer = by.type === 'STREAM' ? await this.overStream(callback) : await this.overHttp(by.route, callback)
    if (answer === undefined) return 'failed'
    try {
      return this.cards.answerTap(outTrackId, person, answer) ? 'answered' : 'empty'
    } catch (error) {
      this.desk.log.error({ outTrackId, why: messageOf(error) }, 'sandbox: answer to a tap refused')
      return 'failed'
    }
  }

  /** In a stream the answer is the `response` of the acknowledgement. */
  private async overStream(callback: object): Promise<string | undefined> {
    const data = await this.gateway.push({ type: 'CALLBACK', topic, data: callback }, this.desk.timing.cardTimeoutMs)
    const response = data === undefined ? undefined : parseRecord(data)?.response
    if (data === undefined) return undefined
    return isRecord(response) ? JSON.stringify(response) : ''
  }

  private overHttp(key: string, callback: object): Promise<string | undefined> {
    const route = this.desk.kept.routes.get(key)
    return this.posts.send({
      what: topic,
      url: route?.url ?? '',
      headers: cardHeaders(this.desk, route?.secret ?? ''),
      body: JSON.stringify(callback),
      timeoutMs: this.desk.timing.cardTimeoutMs,
    })
  }
}
