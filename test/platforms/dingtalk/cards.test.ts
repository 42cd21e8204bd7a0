import { describe, expect, it } from 'vitest'
import { changeOf } from '../../../src/platforms/dingtalk/cards.ts'
import { publicTemplate } from '../../../src/platforms/dingtalk/config.ts'
import { cardData, withoutWords } from '../../../src/platforms/dingtalk/draw.ts'
import { benches, card, createCall, deliverCall, delivered, errcode, ok, refuses, start, updateCall } from './help.ts'

const bench = benches()
const zhang = { user: 'zhang3' }
const group = { group: 'cidGROUP==' }
const inAYear = new Date(start.getTime() + 365 * 86_400_000)

const failedDelivery = (errorMsg: string) =>
  ok({ success: true, result: { outTrackId: 'T1', deliverResults: [{ success: false, carrierId: '', errorMsg }] } })
/** As the separate call answers: a list. */
const deliveredLater = ok({ success: true, result: [{ success: true, carrierId: 'LATER' }] })

describe('a card', () => {
  it('to a person is created and delivered in one call', async () => {
    const { cards, hosts } = bench()
    hosts.answer(createCall, delivered())
    expect(await cards.send(zhang, card, 'T1')).toEqual({
      messageId: 'CARRIER',
      repaint: { handle: 'p:T1', expiresAt: inAYear },
    })
    expect(hosts.names).toEqual([createCall])
    expect(hosts.body(createCall)).toEqual({
      ...{ outTrackId: 'T1', userIdType: 1, cardTemplateId: publicTemplate, callbackType: 'STREAM' },
      cardData: { cardParamMap: cardData(card, 'public') },
      openSpaceId: 'dtv1.card//IM_ROBOT.zhang3',
      imRobotOpenSpaceModel: {
        supportForward: false,
        lastMessageI18n: { ZH_CN: card.title },
        notification: { alertContent: card.title, notificationOff: false },
      },
      imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: 'dingROBOT' },
    })
  })

  it('to a group likewise, in the models of groups', async () => {
    const { cards, hosts } = bench()
    hosts.answer(createCall, delivered())
    await cards.send(group, card, 'T1')
    expect(hosts.body(createCall)).toEqual({
      ...{ outTrackId: 'T1', userIdType: 1, cardTemplateId: publicTemplate, callbackType: 'STREAM' },
      cardData: { cardParamMap: cardData(card, 'public') },
      openSpaceId: 'dtv1.card//IM_GROUP.cidGROUP==',
      imGroupOpenSpaceModel: {
        supportForward: false,
        lastMessageI18n: { ZH_CN: card.title },
        notification: { alertContent: card.title, notificationOff: false },
      },
      imGroupOpenDeliverModel: { robotCode: 'dingROBOT' },
    })
  })

  it('names the way its taps come back in HTTP mode', async () => {
    const { cards, hosts } = bench({ callback: 'HTTP' })
    hosts.answer(createCall, delivered())
    await cards.send(zhang, card, 'T1')
    expect(hosts.body(createCall)).toMatchObject({ callbackType: 'HTTP', callbackRouteKey: 'paigong' })
  })

  it('on the company’s own template has its variables', async () => {
    const { cards, hosts } = bench({ ownTemplate: 'own.schema' })
    hosts.answer(createCall, delivered())
    expect(await cards.send(zhang, card, 'T1')).toMatchObject({ repaint: { handle: 'o:T1' } })
    expect(hosts.body(createCall)).toMatchObject({
      cardTemplateId: 'own.schema',
      cardData: { cardParamMap: cardData(card, 'own') },
    })
  })

  it('that is out already, since its answer was lost, is taken as sent', async () => {
    const { cards, hosts, failure } = bench()
    hosts.answer(createCall, 'drop', refuses(400, 'param.cardAlreadyExist'))
    expect(await failure(cards.send(zhang, card, 'T1'))).toMatchObject({ code: 'unreachable' })
    expect(await cards.send(zhang, card, 'T1')).toEqual({ repaint: { handle: 'p:T1', expiresAt: inAYear } })
    expect(hosts.names).toEqual([createCall, createCall])
  })

  it.each([
    ['an empty id', delivered('')],
    ['no id', ok({ success: true, result: { deliverResults: [{ success: true }] } })],
  ])('with %s of its delivery is sent all the same', async (_, reply) => {
    const { cards, hosts } = bench()
    hosts.answer(createCall, reply)
    expect(await cards.send(zhang, card, 'T1')).not.toHaveProperty('messageId')
  })
})

describe('a delivery that failed although the call succeeded', () => {
  it.each(['spaceId is illegal', 'user not exist', 'userNotExist', 'invalid userId'])(
    'for good is told as such: %s',
    async why => {
      const { cards, hosts, failure } = bench()
      hosts.answer(createCall, failedDelivery(why))
      const error = await failure(cards.send(zhang, card, 'T1'))
      expect(error).toMatchObject({
        name: 'Permanent',
        code: 'no-such-user',
        fix: expect.stringContaining('可使用范围'),
      })
      expect(error.message).toContain(why)
    },
  )

  it.each([
    ['busy', failedDelivery('system is busy')],
    ['without a word', ok({ success: true, result: { deliverResults: [{ success: false }] } })],
    [
      'of one of two',
      ok({ success: true, result: { deliverResults: [{ success: true, carrierId: 'A' }, { success: false }] } }),
    ],
    ['and the call says so', ok({ success: false, result: null })],
  ])('for now is tried again by delivering, not by creating: %s', async (_, reply) => {
    const { cards, hosts, failure } = bench()
    hosts.answer(createCall, reply)
    hosts.answer(deliverCall, failedDelivery('still busy'), deliveredLater)
    expect(await failure(cards.send(group, card, 'T1'))).toMatchObject({ name: 'Temporary', code: 'not-delivered' })
    expect(await failure(cards.send(group, card, 'T1'))).toMatchObject({ name: 'Temporary', code: 'not-delivered' })
    expect(await cards.send(group, card, 'T1')).toMatchObject({ messageId: 'LATER', repaint: { handle: 'p:T1' } })
    expect(hosts.names).toEqual([createCall, deliverCall, deliverCall])
    const body = hosts.body(deliverCall)
    expect(body).toMatchObject({ outTrackId: 'T1', userIdType: 1, openSpaceId: 'dtv1.card//IM_GROUP.cidGROUP==' })
    expect(body).not.toHaveProperty('cardData')
  })

  it('is forgotten once it succeeded, and concerns that card alone', async () => {
    const { cards, hosts, failure } = bench()
    hosts.answer(createCall, failedDelivery('busy'), delivered())
    hosts.answer(deliverCall, deliveredLater)
    await failure(cards.send(zhang, card, 'T1'))
    await cards.send(zhang, card, 'T2')
    await cards.send(zhang, card, 'T1')
    await cards.send(zhang, card, 'T1')
    expect(hosts.names).toEqual([createCall, createCall, deliverCall, createCall])
  })
})

describe('the filter', () => {
  it('stops a card: it goes out without the customer’s words', async () => {
    const { cards, hosts } = bench()
    hosts.answer(createCall, refuses(400, 'param.contentUnsafe'), delivered())
    expect(await cards.send(zhang, card, 'T1')).toMatchObject({ messageId: 'CARRIER' })
    const [, second] = hosts.of(createCall)
    expect(second?.body.cardData).toEqual({ cardParamMap: cardData(withoutWords(card), 'public') })
    expect(JSON.stringify(second?.body)).not.toMatch(/李先生|不制冷/)
    expect(second?.body).toMatchObject({ outTrackId: 'T1' })
  })

  it('stops even that: for good', async () => {
    const { cards, hosts, failure } = bench()
    hosts.answer(createCall, refuses(400, 'param.contentUnsafe'))
    expect(await failure(cards.send(zhang, card, 'T1'))).toMatchObject({ name: 'Permanent', code: 'filtered' })
    expect(hosts.names).toEqual([createCall, createCall])
  })

  it('stops a change: it is made without the customer’s words', async () => {
    const { cards, hosts } = bench()
    hosts.answer(updateCall, refuses(400, 'param.contentUnsafe'), ok({ success: true, result: true }))
    await cards.repaint('p:T1', card)
    expect(hosts.body(updateCall, 1)).toMatchObject(changeOf(withoutWords(card), 'public'))
  })
})

describe('a card that changes', () => {
  it.each([
    ['p:T1', 'public', undefined],
    ['p:T1', 'public', 'own.schema'],
    ['o:T1', 'own', 'own.schema'],
    ['o:T1', 'own', undefined],
  ] as const)(
    'is changed by key, in the terms of the template it was made with: %s',
    async (handle, template, ownTemplate) => {
      const { cards, hosts } = bench(ownTemplate ? { ownTemplate } : {})
      hosts.answer(updateCall, ok({ success: true, result: true }))
      expect(await cards.repaint(handle, card)).toEqual({ repaint: { handle, expiresAt: inAYear } })
      expect(hosts.names).toEqual([updateCall])
      expect(hosts.body(updateCall)).toEqual({
        ...{ outTrackId: 'T1', userIdType: 1 },
        cardData: { cardParamMap: cardData(card, template) },
        cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
      })
    },
  )

  it('and is not known any more has a handle that is of no use', async () => {
    const { cards, hosts, failure } = bench()
    hosts.answer(updateCall, refuses(400, 'param.cardNotExist'))
    expect(await failure(cards.repaint('p:T1', card))).toMatchObject({ name: 'Permanent', code: 'stale-handle' })
  })

  it('and is not changed although the call went through is tried again', async () => {
    const { cards, hosts, failure } = bench()
    hosts.answer(updateCall, ok({ success: false, result: false }))
    expect(await failure(cards.repaint('p:T1', card))).toMatchObject({ name: 'Temporary', code: 'not-changed' })
  })

  it('fails as every call does', async () => {
    const { cards, hosts, failure } = bench()
    hosts.answer(updateCall, refuses(500, 'system.busy'), errcode(90020))
    expect(await failure(cards.repaint('p:T1', card))).toMatchObject({ code: 'busy' })
    expect(await failure(cards.repaint('p:T1', card))).toMatchObject({ code: 'quota', patient: true })
  })
})
