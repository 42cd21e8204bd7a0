import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SandboxDingCard } from '../../src/sandbox/wire.ts'
import { type Client, cardTopic, type DingWorld, group, makeDingWorld, ownCard, publicCard } from './dingworld.ts'

let world: DingWorld
const both = '/v1.0/card/instances/createAndDeliver'
const instances = '/v1.0/card/instances'

beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())

const results = (body: Record<string, unknown>) =>
  (body.result as { deliverResults: Array<Record<string, unknown>> }).deliverResults
const tap = (as: string, key: string) => world.sandbox.tap({ as, message: world.last(group).id, key })
const params = (more: Record<string, string>) => ({ cardData: { cardParamMap: more } })
const byKey = { cardUpdateOptions: { updateCardDataByKey: true } }

describe('creating and delivering', () => {
  it('draws the public template in a group, with those it calls', async () => {
    const { robotCode } = world.sandbox.dingtalk.credentials
    const imGroupOpenDeliverModel = { robotCode, atUserIds: { Dd7003li: '李四', '@ALL': '@ALL' } }
    const { status, body } = await world.ding('POST', both, publicCard(world, 'wo-1', { imGroupOpenDeliverModel }))
    expect([status, body.success]).toEqual([200, true])
    expect(body.result).toMatchObject({ outTrackId: 'wo-1' })
    expect(results(body)).toEqual([
      { spaceType: 'IM_GROUP', spaceId: group, success: true, carrierId: expect.any(String), errorMsg: '' },
    ])
    const card: SandboxDingCard = {
      look: 'markdown-button',
      title: '派工单 1024',
      markdown: '**客户** 李女士',
      tips: '请在 10:30 前接单',
      buttons: [
        { id: 'accept', text: '接单', color: 'blue', request: true },
        { id: 'button2', text: '导航', color: 'gray', request: false, url: 'https://maps.example/1024' },
      ],
    }
    expect(world.last(group)).toMatchObject({
      from: { kind: 'bot', name: '派工助手' },
      body: { kind: 'dingcard', outTrackId: 'wo-1', card, forViewer: {}, mentions: ['李四', '所有人'] },
    })
  })

  it('draws the app’s own template, hiding buttons without a label', async () => {
    await world.ding('POST', both, ownCard(world, 'wo-1', 'Dd7003li', { act1: 'a', look2: 'red' }))
    expect(world.dingCard(world.last('ding:lisi').id)).toEqual({
      ...{ look: 'own-template', title: '派工单 1024', tag: '一班', figure: '10:30' },
      ...{ markdown: '空调不制冷', tips: '请接单' },
      buttons: [
        { id: 'btn1', text: '接单', color: 'blue', request: true },
        { id: 'btn2', text: '拒单', color: 'red', request: true },
      ],
    })
    await world.ding('POST', both, ownCard(world, 'wo-2', 'Dd7003li', { closed: '已完工' }))
    expect(world.dingCard(world.last('ding:lisi').id)).toMatchObject({ closed: '已完工', buttons: [] })
  })

  it('puts one card into several conversations', async () => {
    const { robotCode } = world.sandbox.dingtalk.credentials
    const more = {
      openSpaceId: `dtv1.card//IM_GROUP.${group};IM_ROBOT.Dd7003li;IM_ROBOT.dd7003LI;IM_ROBOT.${group};ONE_BOX.${group}`,
      imRobotOpenSpaceModel: { supportForward: false },
      imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode },
    }
    const { body } = await world.ding('POST', both, publicCard(world, 'wo-1', more))
    expect(body.success).toBe(true)
    expect(results(body).map(({ success, errorMsg }) => `${success} ${errorMsg}`)).toEqual([
      ...['true ', 'true '],
      ...['false spaceId is illegal', 'false spaceId is illegal', 'false spaceId is illegal'],
    ])
    await world.ding('PUT', instances, { outTrackId: 'wo-1', ...params({ title: '已接单' }), ...byKey })
    expect(world.dingCard(world.last(group).id).title).toBe('已接单')
    expect(world.dingCard(world.last('ding:lisi').id).title).toBe('已接单')
  })

  it('does the same in steps', async () => {
    const { openSpaceId, imGroupOpenDeliverModel, imGroupOpenSpaceModel, ...card } = publicCard(world, 'wo-1')
    expect(await world.ding('POST', instances, card)).toMatchObject({ status: 200, body: { result: 'wo-1' } })
    const deliver = { outTrackId: 'wo-1', openSpaceId, imGroupOpenDeliverModel }
    const early = await world.ding('POST', `${instances}/deliver`, deliver)
    expect(early.body).toMatchObject({ success: true, result: [{ success: false, errorMsg: expect.any(String) }] })
    const spaces = await world.ding('PUT', `${instances}/spaces`, { outTrackId: 'wo-1', imGroupOpenSpaceModel })
    expect(spaces.body).toEqual({ success: true, result: true })
    const done = await world.ding('POST', `${instances}/deliver`, deliver)
    expect(done.body).toMatchObject({ success: true, result: [{ success: true, carrierId: expect.any(String) }] })
    expect(world.dingCard(world.last(group).id).title).toBe('派工单 1024')
    for (const path of ['spaces', 'deliver']) {
      const unknown = { ...deliver, outTrackId: 'wo-9' }
      const { body } = await world.ding(path === 'spaces' ? 'PUT' : 'POST', `${instances}/${path}`, unknown)
      expect(body).toMatchObject({ code: 'param.cardNotExist' })
    }
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['another template', { cardTemplateId: 'StandardCard' }, 'param.templateNotExist'],
    ['no outTrackId', { outTrackId: '' }, 'param.outTrackIdEmpty'],
    ['a long outTrackId', { outTrackId: 'x'.repeat(101) }, 'invalidParameter'],
    ['no space', { openSpaceId: undefined }, 'param.openSpaceIdInvalid'],
    ['another kind of space', { openSpaceId: `dtv0.card//IM_GROUP.${group}` }, 'param.openSpaceIdInvalid'],
    ['half a space', { openSpaceId: 'dtv1.card//IM_GROUP' }, 'param.openSpaceIdInvalid'],
    ['too many spaces', { openSpaceId: `dtv1.card//IM_ROBOT.${'x'.repeat(1_000)}` }, 'param.openSpaceIdInvalid'],
    ['no deliver model', { imGroupOpenDeliverModel: undefined }, 'param.openDeliverModelEmpty'],
    [
      'only some readers',
      { imGroupOpenDeliverModel: { robotCode: 'r', recipients: ['Dd7003li'] } },
      'invalidParameter',
    ],
    ['a callback in small letters', { callbackType: 'stream' }, 'invalidParameter'],
    ['an unknown route', { callbackType: 'HTTP', callbackRouteKey: 'none' }, 'param.callbackRouteKeyNotExist'],
    ['a number as value', { cardData: { cardParamMap: { title: 1 } } }, 'invalidParameter'],
    ['a long value', { cardData: { cardParamMap: { title: '字'.repeat(342) } } }, 'invalidParameter'],
    ['a long key', { cardData: { cardParamMap: { ['k'.repeat(101)]: '' } } }, 'invalidParameter'],
    [
      'a large card',
      {
        cardData: {
          cardParamMap: Object.fromEntries(Array.from({ length: 110 }, (_, n) => [`k${n}`, 'v'.repeat(1_000)])),
        },
      },
      'invalidParameter',
    ],
    ['data for a stranger', { privateData: { dd7003li: { cardParamMap: {} } } }, 'param.userIdNotExist'],
    ['no JSON', { toJSON: () => [] }, 'invalidParameter'],
  ])('refuses %s', async (_name, more, code) => {
    const answer = await world.ding('POST', both, { ...publicCard(world, 'wo-1'), ...more })
    expect(answer).toEqual({ status: 400, body: { requestid: expect.any(String), code, message: expect.any(String) } })
    expect(world.messages(group)).toEqual([])
  })

  it('knows an outTrackId for ever', async () => {
    await world.ding('POST', both, publicCard(world, 'wo-1'))
    const again = await world.ding('POST', both, publicCard(world, 'wo-1'))
    expect(again).toMatchObject({ status: 400, body: { code: 'param.cardAlreadyExist' } })
    expect(world.messages(group)).toHaveLength(1)
  })

  it('does not deliver for another robot, or without a space model', async () => {
    const foreign = { imGroupOpenDeliverModel: { robotCode: 'other' } }
    const first = await world.ding('POST', both, publicCard(world, 'wo-1', foreign))
    expect(results(first.body)[0]).toMatchObject({ success: false, errorMsg: 'robotCode is illegal' })
    const second = await world.ding('POST', both, publicCard(world, 'wo-2', { imGroupOpenSpaceModel: undefined }))
    expect(results(second.body)[0]).toMatchObject({ success: false })
  })

  it('names buttons with the same id apart', async () => {
    const twice = { text: '接单', id: 'a', request: true }
    const full = JSON.stringify({ msgButtons: [{ ...twice, request: false, url: 'u' }, twice, twice] })
    await world.ding('POST', both, publicCard(world, 'wo-1', params({ sys_full_json_obj: full })))
    expect(world.dingCard(world.last(group).id).buttons.map(({ id }) => id)).toEqual(['a', 'a#2', 'a#3'])
  })

  it('says in the log what a template makes nothing of', async () => {
    const own = ownCard(world, 'wo-1', 'Dd7003li', { colour: 'red' })
    await world.ding('POST', both, { ...own, privateData: { Dd7003li: { cardParamMap: { isAssignee: 'true' } } } })
    const note = world.sandbox.log().at(-1)?.note
    expect(note).toContain('no variable colour')
    expect(note).toContain('private data has no effect')
    const broken = params({ title: 't', sys_full_json_obj: '{"msgButtons":[{"label":"x"}]}' })
    await world.ding('POST', both, publicCard(world, 'wo-2', broken))
    expect(world.sandbox.log().at(-1)?.note).toContain('no buttons are drawn')
  })
})

describe('updating', () => {
  beforeEach(() => world.ding('POST', both, publicCard(world, 'wo-1')))

  it('by key keeps the rest; without, the rest is lost', async () => {
    const changed = { outTrackId: 'wo-1', ...params({ tips: '已接单' }) }
    expect((await world.ding('PUT', instances, { ...changed, ...byKey })).body).toEqual({ success: true, result: true })
    expect(world.dingCard(world.last(group).id)).toMatchObject({ title: '派工单 1024', tips: '已接单' })
    expect(world.last(group).changedAt).toBeDefined()
    await world.ding('PUT', instances, changed)
    const bare = { look: 'markdown-button', title: '', markdown: '', tips: '已接单', buttons: [] }
    expect(world.dingCard(world.last(group).id)).toEqual(bare)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown card', { outTrackId: 'wo-9', ...params({}) }, 'param.cardNotExist'],
    ['nothing', { outTrackId: 'wo-1' }, 'param.cardDataAndPrivateDataBothEmpty'],
    ['a stranger', { outTrackId: 'wo-1', privateData: { x: { cardParamMap: {} } } }, 'param.userIdNotExist'],
    ['a boolean', { outTrackId: 'wo-1', cardData: { cardParamMap: { tips: true } } }, 'invalidParameter'],
  ])('refuses %s', async (_name, given, code) => {
    expect(await world.ding('PUT', instances, given)).toMatchObject({ status: 400, body: { code } })
    expect(world.dingCard(world.last(group).id).tips).toBe('请在 10:30 前接单')
  })
})

describe('tapping', () => {
  let client: Client
  beforeEach(async () => {
    client = await world.connect()
    await world.ding('POST', both, publicCard(world, 'wo-1'))
  })

  it('tells what the button sends', async () => {
    expect(await tap('lisi', 'accept')).toEqual({ status: 'empty' })
    const { corpId } = world.sandbox.dingtalk.credentials
    expect(client.heard(cardTopic)).toEqual([
      {
        ...{ type: 'actionCallback', outTrackId: 'wo-1', corpId, userId: 'Dd7003li', userIdType: 1 },
        ...{ spaceType: 'IM_GROUP', spaceId: group, extension: '{}' },
        content: '{"cardPrivateData":{"actionIds":["accept"],"params":{"action":"accept","order":"1024"}}}',
      },
    ])
  })

  it('tells the payload of the own template', async () => {
    await world.ding('POST', both, ownCard(world, 'wo-2', 'Dd7003li'))
    await world.sandbox.tap({ as: 'lisi', message: world.last('ding:lisi').id, key: 'btn2' })
    const content = { cardPrivateData: { actionIds: ['btn2'], params: { payload: 'refuse:1024:1' } } }
    expect(client.heard(cardTopic)[0]).toMatchObject({ spaceType: 'IM_ROBOT', content: JSON.stringify(content) })
  })

  it('shows the answer to the one who tapped, and an update to everybody', async () => {
    client.react(() => ({ data: { response: { ...params({ tips: '李四 已接单' }), ...byKey } } }))
    expect(await tap('lisi', 'accept')).toEqual({ status: 'answered' })
    const { id } = world.last(group)
    const tips = (viewer: string) => world.dingCard(id, viewer).tips
    expect([tips('lisi'), tips('zhangsan')]).toEqual(['李四 已接单', '请在 10:30 前接单'])
    expect(world.dingCard(id, 'lisi')).toMatchObject({ title: '派工单 1024', buttons: [{ id: 'accept' }, {}] })
    await world.ding('PUT', instances, { outTrackId: 'wo-1', ...params({ tips: '已接单' }), ...byKey })
    expect([tips('lisi'), tips('zhangsan')]).toEqual(['已接单', '已接单'])
    expect(world.last(group).body).toMatchObject({ forViewer: {} })
  })

  it('builds an answer by key on what the clicker saw', async () => {
    const answers = [{ tips: '一' }, { title: '二' }]
    client.react(() => ({ data: { response: { ...params(answers.shift() ?? {}), ...byKey } } }))
    await tap('lisi', 'accept')
    await tap('lisi', 'accept')
    expect(world.dingCard(world.last(group).id, 'lisi')).toMatchObject({ title: '二', tips: '一' })
  })

  it('takes a full overwrite, buttons and all', async () => {
    client.react(() => ({ data: { response: params({ title: '已接单' }) } }))
    await tap('lisi', 'accept')
    expect(world.dingCard(world.last(group).id, 'lisi')).toMatchObject({ title: '已接单', buttons: [] })
    await expect(tap('lisi', 'accept')).rejects.toThrow('no button')
    expect(await tap('zhangsan', 'accept')).toEqual({ status: 'answered' })
  })

  it('counts private data as an answer, though the template shows none', async () => {
    client.react(() => ({ data: { response: { userPrivateData: { cardParamMap: { hint: '不是你的单' } } } } }))
    expect(await tap('zhangsan', 'accept')).toEqual({ status: 'answered' })
    expect(world.last(group).body).toMatchObject({ forViewer: {} })
  })

  it.each<[string, unknown]>([
    ['a number as value', { cardData: { cardParamMap: { tips: 1 } } }],
    ['no map', { cardData: { tips: 'x' } }],
  ])('fails for an answer with %s', async (_name, response) => {
    client.react(() => ({ data: { response } }))
    expect(await tap('lisi', 'accept')).toEqual({ status: 'failed' })
    expect(world.logged).toContain('error sandbox: answer to a tap refused')
  })

  it('is possible only on what can be tapped', async () => {
    await expect(tap('lisi', 'refuse')).rejects.toThrow('no button refuse')
    await expect(tap('lisi', 'button2')).rejects.toThrow('calls nobody back')
    const { message } = await world.sandbox.say({ as: 'lisi', chat: group, text: '好' })
    await expect(world.sandbox.tap({ as: 'lisi', message, key: 'accept' })).rejects.toThrow('is not a card')
  })

  it('tells nobody when the card has no callbackType', async () => {
    await world.ding('POST', both, publicCard(world, 'wo-2', { callbackType: undefined }))
    expect(world.sandbox.log().at(-1)?.note).toContain('no callbackType')
    expect(await tap('lisi', 'accept')).toEqual({ status: 'empty' })
    expect(client.heard(cardTopic)).toEqual([])
  })
})
