import { z } from 'zod'
import { randomId } from '../ids.ts'
import { parseRecord } from '../json.ts'
import type { SandboxChat, SandboxMessage, SandboxPerson } from '../wire.ts'
import { type Call, pathOf, shaped } from './call.ts'
import {
  checkPrivate,
  checkSize,
  creation,
  type DeliverModels,
  deliverModels,
  noPrivate,
  type Space,
  spaceModels,
  spacesOf,
  stringsOf,
  tapAnswer,
  updating,
} from './cardshape.ts'
import { type Desk, dingGroup, robotChat } from './desk.ts'
import type { CardKept, Delivery } from './kept.ts'
import { refused } from './refused.ts'
import { type Drawn, draw } from './templates.ts'

const createShape = z.looseObject({ ...creation, ...spaceModels })
const bothShape = createShape.extend({ openSpaceId: z.unknown().optional(), ...deliverModels })
const spacesShape = z.looseObject({ outTrackId: z.string(), ...spaceModels })
const deliverShape = z.looseObject({ outTrackId: z.string(), openSpaceId: z.unknown().optional(), ...deliverModels })

type Given = z.infer<typeof createShape>
type Answer = Record<string, unknown>

/** Interactive cards: created, put into conversations, changed (dingtalk.md §5). */
export class Cards {
  constructor(private readonly desk: Desk) {}

  /** `POST /v1.0/card/instances/createAndDeliver` */
  createAndDeliver(call: Call): Answer {
    const given = shaped(bothShape, call)
    const spaces = spacesOf(given.openSpaceId)
    this.checkModels(spaces, given)
    const { outTrackId, card } = this.created(given, call)
    const deliverResults = spaces.map(space => this.deliverTo(space, outTrackId, card, given, call))
    this.desk.changed()
    return { success: true, result: { outTrackId, deliverResults } }
  }

  /** `POST /v1.0/card/instances` */
  create(call: Call): Answer {
    const { outTrackId } = this.created(shaped(createShape, call), call)
    this.desk.changed()
    return { success: true, result: outTrackId }
  }

  /** `PUT /v1.0/card/instances/spaces` */
  addSpaces(call: Call): Answer {
    const given = shaped(spacesShape, call)
    const card = this.known(given.outTrackId)
    card.spaces = [...new Set([...card.spaces, ...spacesIn(given)])]
    this.desk.changed()
    return { success: true, result: true }
  }

  /** `POST /v1.0/card/instances/deliver` */
  deliver(call: Call): Answer {
    const given = shaped(deliverShape, call)
    const card = this.known(given.outTrackId)
    const spaces = spacesOf(given.openSpaceId)
    this.checkModels(spaces, given)
    const result = spaces.map(space => this.deliverTo(space, given.outTrackId, card, given, call))
    this.desk.changed()
    return { success: true, result }
  }

  /** `PUT /v1.0/card/instances`: what is left out is lost, unless updated by key. For everybody who sees the card. */
  update(call: Call): Answer {
    const given = shaped(updating, call)
    const card = this.known(given.outTrackId)
    if (!given.cardData && !given.privateData)
      throw refused('param.cardDataAndPrivateDataBothEmpty', 'cardData和privateData不能同时为空')
    for (const note of checkPrivate(this.desk, given.privateData)) call.note(note)
    if (given.cardData) {
      const values = stringsOf(given.cardData.cardParamMap)
      const data = given.cardUpdateOptions?.updateCardDataByKey ? { ...card.data, ...values } : values
      checkSize(data)
      Object.assign(card, { data, shown: {} })
      const drawn = this.draw(card, data)
      for (const note of drawn.notes) call.note(note)
      for (const message of this.messagesOf(card)) this.desk.phones.redraw(message, drawn.card)
    }
    this.desk.changed()
    return { success: true, result: true }
  }

  /**
   * Draws the card anew for the one who tapped, from the answer to his tap. Returns whether it said anything; throws
   * an `Error` that says why the answer is no good.
   */
  answerTap(outTrackId: string, person: SandboxPerson, answer: string): boolean {
    const card = this.known(outTrackId)
    const parsed = tapAnswer.safeParse(answer.trim() === '' ? {} : parseRecord(answer))
    if (!parsed.success)
      throw new Error(`the answer to a tap is malformed: ${pathOf(parsed.error) || 'no JSON object'}`)
    const { cardData, userPrivateData, cardUpdateOptions } = parsed.data
    if (userPrivateData) {
      stringsOf(userPrivateData.cardParamMap)
      this.desk.log.warn({ outTrackId }, `sandbox: ${noPrivate}`)
    }
    if (!cardData) return Boolean(userPrivateData)
    const values = stringsOf(cardData.cardParamMap)
    const before = card.shown[person.userId] ?? card.data
    const data = cardUpdateOptions?.updateCardDataByKey ? { ...before, ...values } : values
    card.shown[person.userId] = data
    const drawn = this.draw(card, data)
    for (const message of this.messagesOf(card)) this.desk.phones.redraw(message, drawn.card, person.userId)
    this.desk.changed()
    return true
  }

  /** The card as this person sees it, with what its buttons send. */
  seenBy(outTrackId: string, person: SandboxPerson): { card: CardKept; drawn: Drawn } | undefined {
    const card = this.desk.kept.cards.get(outTrackId)
    return card && { card, drawn: this.draw(card, card.shown[person.userId] ?? card.data) }
  }

  deliveryOf(message: SandboxMessage): Delivery | undefined {
    if (message.body.kind !== 'dingcard') return undefined
    const card = this.desk.kept.cards.get(message.body.outTrackId)
    return card?.deliveries.find(delivery => delivery.message === message.id)
  }

  private known(outTrackId: string): CardKept {
    const card = this.desk.kept.cards.get(outTrackId)
    if (!card) throw refused('param.cardNotExist', '卡片不存在')
    return card
  }

  private created(given: Given, call: Call): { outTrackId: string; card: CardKept } {
    const { outTrackId, cardTemplateId: template } = given
    if (!outTrackId) throw refused('param.outTrackIdEmpty', 'outTrackId不能为空')
    if (outTrackId.length > 100) throw refused('invalidParameter', 'outTrackId is over 100 characters')
    if (this.desk.kept.cards.has(outTrackId)) throw refused('param.cardAlreadyExist', '卡片已存在')
    const data = stringsOf(given.cardData?.cardParamMap)
    checkSize(data)
    for (const note of checkPrivate(this.desk, given.privateData)) call.note(note)
    const callback = this.callbackOf(given, call)
    const card: CardKept = { template, callback, data, shown: {}, spaces: spacesIn(given), deliveries: [] }
    for (const note of this.draw(card, data).notes) call.note(note)
    this.desk.kept.cards.set(outTrackId, card)
    return { outTrackId, card }
  }

  private callbackOf({ callbackType, callbackRouteKey }: Given, call: Call): CardKept['callback'] {
    if (callbackType === 'STREAM') return { type: 'STREAM' }
    if (callbackType === 'HTTP') {
      if (callbackRouteKey === undefined || !this.desk.kept.routes.has(callbackRouteKey))
        throw refused('param.callbackRouteKeyNotExist', 'callbackRouteKey不存在')
      return { type: 'HTTP', route: callbackRouteKey }
    }
    call.note('no callbackType: nobody will hear of taps')
    return null
  }

  private checkModels(spaces: Space[], given: DeliverModels): void {
    for (const { type } of spaces)
      if (
        (type === 'IM_GROUP' && !given.imGroupOpenDeliverModel) ||
        (type === 'IM_ROBOT' && !given.imRobotOpenDeliverModel)
      )
        throw refused('param.openDeliverModelEmpty', `${type}场域的投放参数不能为空`)
    if (given.imGroupOpenDeliverModel?.recipients)
      throw refused('invalidParameter', 'the sandbox cannot show a card to some members only (recipients)')
  }

  /** A failed delivery is an answer, not an error: the outer `success` stays true (dingtalk.md §5.1). */
  private deliverTo(space: Space, outTrackId: string, card: CardKept, given: DeliverModels, call: Call): Answer {
    const about = { spaceType: space.type, spaceId: space.id }
    const fail = (errorMsg: string) => {
      call.note(`not delivered to ${space.type}.${space.id}: ${errorMsg}`)
      return { ...about, success: false, carrierId: '', errorMsg }
    }
    const chat = this.chatOf(space)
    if (!chat) return fail('spaceId is illegal')
    if (!card.spaces.includes(space.type)) return fail(`no open space model for ${space.type}`)
    const model = space.type === 'IM_GROUP' ? given.imGroupOpenDeliverModel : given.imRobotOpenDeliverModel
    const { robotCode, robotName } = this.desk.credentials
    if (model?.robotCode !== undefined && model.robotCode !== robotCode) return fail('robotCode is illegal')
    const called = Object.entries(given.imGroupOpenDeliverModel?.atUserIds ?? {})
    const mentions = chat.kind === 'group' ? called.map(([id, name]) => (id === '@ALL' ? '所有人' : name)) : []
    const message = this.desk.phones.post(
      chat,
      { kind: 'bot', name: robotName },
      { kind: 'dingcard', outTrackId, card: this.draw(card, card.data).card, forViewer: {}, mentions },
    )
    const carrierId = randomId(24)
    card.deliveries.push({ ...about, carrierId, message: message.id })
    return { ...about, success: true, carrierId, errorMsg: '' }
  }

  private chatOf({ type, id }: Space): SandboxChat | undefined {
    if (type === 'IM_GROUP') return dingGroup(this.desk, id)
    const person = type === 'IM_ROBOT' ? this.desk.phones.byDingtalkId(id) : undefined
    return person && robotChat(this.desk, person)
  }

  private messagesOf(card: CardKept): SandboxMessage[] {
    return card.deliveries.map(({ message }) => this.desk.phones.message(message)).filter(one => one !== undefined)
  }

  private draw(card: CardKept, values: Record<string, string>): Drawn {
    const drawn = draw(card.template, this.desk.credentials.cardTemplateId, values)
    if (!drawn) throw refused('param.templateNotExist', '卡片模板不存在')
    return drawn
  }
}

const spacesIn = (given: { imGroupOpenSpaceModel?: unknown; imRobotOpenSpaceModel?: unknown }): string[] => [
  ...(given.imGroupOpenSpaceModel ? ['IM_GROUP'] : []),
  ...(given.imRobotOpenSpaceModel ? ['IM_ROBOT'] : []),
]
