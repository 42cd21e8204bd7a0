import type { Card } from '../../chat/card.ts'
import { Permanent, Temporary } from '../../errors.ts'
import type { Clock } from '../../now.ts'
import type { Sent } from '../platform.ts'
import type { Api } from './api.ts'
import type { Answer } from './client.ts'
import { cardRouteKey, publicTemplate } from './config.ts'
import { cardData, type Template, withoutWords } from './draw.ts'

interface Parts {
  api: Api
  robotCode: string
  /** Id of the company's own template. */
  ownTemplate: string | undefined
  /** How taps come back. */
  callback: 'STREAM' | 'HTTP'
  clock: Clock
}

/** Nobody says until when a card may be changed (dingtalk.md §5.2); a job is over by then. */
const changeableMs = 365 * 86_400_000

export type Space = { user: string } | { group: string }

/** Interactive cards (dingtalk.md §5): sent once under an id of ours, changed by it as often as need be. */
export class Cards {
  /** Created, but not delivered: the id is used up, the delivery is not. */
  private readonly undelivered = new Set<string>()

  constructor(private readonly parts: Parts) {}

  private get template(): Template {
    return this.parts.ownTemplate ? 'own' : 'public'
  }

  /** `createAndDeliver` (dingtalk.md §5.1). The filter's refusal is answered with a card without the customer's words. */
  async send(space: Space, card: Card, outTrackId: string): Promise<Sent> {
    try {
      return await this.deliver(space, card, outTrackId)
    } catch (error) {
      if (!(error instanceof Permanent && error.code === 'filtered')) throw error
      return this.deliver(space, withoutWords(card), outTrackId)
    }
  }

  private async deliver(space: Space, card: Card, outTrackId: string): Promise<Sent> {
    const repaint = { handle: handleOf(outTrackId, this.template), expiresAt: this.changeableUntil() }
    const body = { outTrackId, userIdType: 1, ...this.address(space, card) }
    const create = {
      cardTemplateId: this.parts.ownTemplate ?? publicTemplate,
      callbackType: this.parts.callback,
      ...(this.parts.callback === 'HTTP' && { callbackRouteKey: cardRouteKey }),
      cardData: { cardParamMap: cardData(card, this.template) },
    }
    const answer = this.undelivered.has(outTrackId)
      ? await this.post('card/deliver', '/v1.0/card/instances/deliver', body)
      : await this.post('card/createAndDeliver', '/v1.0/card/instances/createAndDeliver', { ...body, ...create }).catch(
          error => {
            // A sending that was never confirmed went out after all.
            if (error instanceof Permanent && error.code === 'card-exists') return null
            throw error
          },
        )
    const carrierId = answer && this.carrierOf(answer, outTrackId)
    this.undelivered.delete(outTrackId)
    return { ...(carrierId && { messageId: carrierId }), repaint }
  }

  /** The outer success says nothing of the deliveries (dingtalk.md §5.1). */
  private carrierOf(answer: Answer, outTrackId: string): string | undefined {
    const result = isRecord(answer.result) ? answer.result.deliverResults : answer.result
    const results = Array.isArray(result) ? result.filter(isRecord) : []
    const failed = results.find(({ success }) => success !== true)
    if (failed || answer.success === false) {
      this.undelivered.add(outTrackId)
      const why = String(failed?.errorMsg ?? 'no delivery').slice(0, 200)
      if (/illegal|not\s?exist|invalid/i.test(why))
        throw new Permanent('no-such-user', `card/createAndDeliver: ${why}`, {
          fix: 'check the user id (or the group), and add the person to the app’s 可使用范围',
        })
      throw new Temporary('not-delivered', `card/createAndDeliver: ${why}`)
    }
    const carrierId = results[0]?.carrierId
    return typeof carrierId === 'string' && carrierId !== '' ? carrierId : undefined
  }

  private address(space: Space, card: Card): object {
    const model = {
      supportForward: false,
      lastMessageI18n: { ZH_CN: card.title },
      notification: { alertContent: card.title, notificationOff: false },
    }
    const { robotCode } = this.parts
    if ('user' in space)
      return {
        openSpaceId: `dtv1.card//IM_ROBOT.${space.user}`,
        imRobotOpenSpaceModel: model,
        imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode },
      }
    return {
      openSpaceId: `dtv1.card//IM_GROUP.${space.group}`,
      imGroupOpenSpaceModel: model,
      imGroupOpenDeliverModel: { robotCode },
    }
  }

  /** `PUT /v1.0/card/instances` by key (dingtalk.md §5.2): drawn anew for everybody. */
  async repaint(handle: string, card: Card): Promise<Sent> {
    const { outTrackId, template } = readHandle(handle)
    const put = async (drawn: Card) => {
      const { success } = await this.parts.api.call({
        ...{ api: 'card/update', method: 'PUT', path: '/v1.0/card/instances' },
        body: { outTrackId, userIdType: 1, ...changeOf(drawn, template) },
      })
      if (success === false) throw new Temporary('not-changed', 'card/update: not changed')
    }
    try {
      await put(card)
    } catch (error) {
      if (!(error instanceof Permanent && error.code === 'filtered')) throw error
      await put(withoutWords(card))
    }
    return { repaint: { handle, expiresAt: this.changeableUntil() } }
  }

  changeableUntil(): Date {
    return new Date(this.parts.clock.now().getTime() + changeableMs)
  }

  private post(api: string, path: string, body: object): Promise<Answer> {
    return this.parts.api.call({ api, path, body })
  }
}

/** The change a tap is answered with, or an update makes: by key, and always all keys (dingtalk.md §5.2, §5.4). */
export function changeOf(card: Card, template: Template): object {
  return {
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
    cardData: { cardParamMap: cardData(card, template) },
  }
}

/** A card is changed in the terms of the template it was made with, whatever is configured since. */
export const handleOf = (outTrackId: string, template: Template): string =>
  `${template === 'own' ? 'o' : 'p'}:${outTrackId}`

function readHandle(handle: string): { outTrackId: string; template: Template } {
  return { outTrackId: handle.slice(2), template: handle.startsWith('o:') ? 'own' : 'public' }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
