import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobCard, makeWorld, pngUrl, sending, start, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.stop())

const app = (userId: string) => ({ as: userId, chat: `app:${userId}` })
const notes = () => world.sandbox.log().map(entry => entry.note)

async function cardTo(touser: string, more: Record<string, unknown> = {}) {
  await world.api('message/send', sending(world.sandbox.credentials.agentId, touser, jobCard('t1', more)))
  return Object.fromEntries(touser.split('|').map(userId => [userId, world.messages(`app:${userId}`).at(-1)?.id ?? '']))
}
const updated = (title: string) => ({
  MsgType: 'update_template_card',
  TemplateCard: {
    CardType: 'button_interaction',
    Source: { Desc: '派工', DescColor: 3 },
    MainTitle: { Title: title },
    HorizontalContentList: [{ KeyName: '地址', Value: '看地图', Type: 1, Url: 'https://a.example' }],
    ButtonList: [{ Text: '到达', Style: 1, Key: 'arrive' }],
  },
})

describe('what the service is told', () => {
  it('sends texts as encrypted and signed XML with a 64-bit MsgId', async () => {
    expect(await world.sandbox.say({ ...app('zhangsan'), text: '1024 已到达 ]]> & <b>' })).toMatchObject({
      status: 'empty',
    })
    const { corpId, agentId } = world.sandbox.credentials
    expect(world.heard).toEqual([
      {
        ToUserName: corpId,
        FromUserName: 'zhangsan',
        CreateTime: String(start.getTime() / 1_000),
        MsgType: 'text',
        Content: '1024 已到达 ]]> & <b>',
        MsgId: expect.stringMatching(/^\d{19,20}$/),
        AgentID: String(agentId),
      },
    ])
    expect(BigInt(String(world.heard[0]?.MsgId))).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
    expect(world.messages('app:zhangsan')[0]).toMatchObject({ from: { kind: 'person', userId: 'zhangsan' } })
  })

  it('sends pictures with a MediaId that can be fetched, the text after them', async () => {
    await world.sandbox.photo({ ...app('lisi'), image: pngUrl, text: '完工' })
    expect(world.heard.map(heard => heard.MsgType)).toEqual(['image', 'text'])
    const query = { access_token: await world.token(), media_id: String(world.heard[0]?.MediaId) }
    const got = await fetch(`${world.base}/sandbox/wecom/cgi-bin/media/get?${new URLSearchParams(query)}`)
    expect(got.headers.get('content-type')).toBe('image/png')
    expect((await fetch(String(world.heard[0]?.PicUrl))).status).toBe(200)
  })

  it('sends places', async () => {
    await world.sandbox.location({ ...app('lisi'), lat: 31.2304, lng: 121.4737, label: '人民广场' })
    const place = {
      MsgType: 'location',
      Location_X: '31.2304',
      Location_Y: '121.4737',
      Label: '人民广场',
      AppType: 'wxwork',
    }
    expect(world.heard[0]).toMatchObject(place)
  })

  it('tells once that a person opened the app, and again when he enters', async () => {
    await world.sandbox.read(app('lisi'))
    await world.sandbox.read(app('lisi'))
    expect(world.heard).toMatchObject([{ MsgType: 'event', Event: 'enter_agent', EventKey: '', FromUserName: 'lisi' }])
    expect(world.heard[0]).not.toHaveProperty('MsgId')
    await world.sandbox.enter('lisi')
    expect(world.heard).toHaveLength(2)
  })

  it('sends taps with the task id and a fresh response code each', async () => {
    const { lisi = '' } = await cardTo('zhangsan|lisi', {
      button_selection: {
        question_key: 'why',
        option_list: [
          { id: 'busy', text: '忙' },
          { id: 'far', text: '远' },
        ],
      },
    })
    const tap = { as: 'lisi', message: lisi, key: 'refuse:1024:1' }
    await world.sandbox.tap({ ...tap, choices: { why: ['far'] } })
    await world.sandbox.tap(tap)
    const event = { Event: 'template_card_event', EventKey: tap.key, TaskId: 't1', CardType: 'button_interaction' }
    const chosen = { SelectedItem: { QuestionKey: 'why', OptionIds: { OptionId: 'far' } } }
    expect(world.heard).toMatchObject([{ ...event, SelectedItems: chosen }, event])
    expect(world.heard[1]).not.toHaveProperty('SelectedItems')
    const codes = world.heard.map(heard => heard.ResponseCode)
    expect(new Set(codes).size).toBe(2)
    const update = {
      agentid: world.sandbox.credentials.agentId,
      userids: ['zhangsan'],
      button: { replace_name: '李四已拒' },
    }
    expect(await world.api('message/update_template_card', { ...update, response_code: codes[0] })).toMatchObject({
      errcode: 0,
    })
    expect(await world.api('message/update_template_card', { ...update, response_code: codes[0] })).toMatchObject({
      errcode: 42022,
    })
    expect(world.cardOf(world.messages('app:zhangsan')[0]?.id ?? '').replaceText).toBe('李四已拒')
  })
})

describe('passive replies', () => {
  it('puts a text into the chat', async () => {
    world.answer(() => ({ body: world.reply('zhangsan', { MsgType: 'text', Content: '✅ 1024 已到达' }) }))
    expect(await world.sandbox.say({ ...app('zhangsan'), text: '到了' })).toMatchObject({ status: 'answered' })
    expect(world.messages('app:zhangsan')[1]).toMatchObject({ from: { kind: 'app' }, body: { text: '✅ 1024 已到达' } })
  })

  it('draws the card anew for the one who tapped only', async () => {
    const cards = await cardTo('zhangsan|lisi')
    world.answer(() => ({ body: world.reply('lisi', updated('已接单')) }))
    const tap = { as: 'lisi', message: cards.lisi ?? '', key: 'accept:1024:1' }
    expect(await world.sandbox.tap(tap)).toEqual({ status: 'answered' })
    expect(world.cardOf(cards.lisi ?? '')).toMatchObject({
      title: '已接单',
      source: { color: 3 },
      rows: [{ label: '地址', url: 'https://a.example' }],
      buttons: [{ text: '到达', key: 'arrive' }],
    })
    expect(world.cardOf(cards.zhangsan ?? '').title).toBe('派工单 1024')
    await expect(world.sandbox.tap(tap)).rejects.toThrow('no button')
  })

  it('kills the buttons with update_button; nothing can be tapped then', async () => {
    const { lisi = '' } = await cardTo('lisi')
    world.answer(() => ({ body: world.reply('lisi', { MsgType: 'update_button', Button: { ReplaceName: '已接单' } }) }))
    const tap = { as: 'lisi', message: lisi, key: 'accept:1024:1' }
    await world.sandbox.tap(tap)
    expect(world.cardOf(lisi).replaceText).toBe('已接单')
    await expect(world.sandbox.tap(tap)).rejects.toThrow('the card is dead')
  })

  it.each<[string, string, () => string]>([
    [
      'a wrong signature',
      'MsgSignature does not match',
      () => text('lisi').replace(/(<MsgSignature><!\[CDATA\[)./, '$1z'),
    ],
    ['no XML', 'malformed reply', () => '{"errcode":0}'],
    ['a missing field', 'no Encrypt', () => '<xml><Nonce>1</Nonce></xml>'],
    ['another receiver', 'ToUserName must be lisi', () => text('zhangsan')],
    ['an unknown type', 'MsgType song', () => world.reply('lisi', { MsgType: 'song' })],
    ['a card update without a tap', 'in answer to a tap', () => world.reply('lisi', updated('x'))],
  ])('logs %s as an error and shows nothing', async (_name, why, body) => {
    world.answer(() => ({ body: body() }))
    expect(await world.sandbox.say({ ...app('lisi'), text: '你好' })).toMatchObject({ status: 'failed' })
    expect(world.messages('app:lisi')).toHaveLength(1)
    expect(notes().at(-1)).toContain(why)
    expect(world.logged).toContain('error sandbox: passive reply refused')
    expect(world.heard).toHaveLength(1)
  })
  const text = (user: string) => world.reply(user, { MsgType: 'text', Content: '好' })

  it('refuses a card update that breaks a limit', async () => {
    const { lisi = '' } = await cardTo('lisi')
    const card = { CardType: 'button_interaction', MainTitle: { Title: 'x' }, ButtonList: [{ Text: '到达' }] }
    world.answer(() => ({ body: world.reply('lisi', { MsgType: 'update_template_card', TemplateCard: card }) }))
    expect(await world.sandbox.tap({ as: 'lisi', message: lisi, key: 'accept:1024:1' })).toEqual({ status: 'failed' })
    expect(notes().at(-1)).toContain('42039')
  })
})

describe('retries', () => {
  it('calls again after a failure with the same MsgId, until it gets 200', async () => {
    let calls = 0
    world.answer(() => ({ status: ++calls < 3 ? 503 : 200 }))
    expect(await world.sandbox.say({ ...app('lisi'), text: '到了' })).toMatchObject({ status: 'empty' })
    expect(world.heard).toHaveLength(3)
    expect(new Set(world.heard.map(heard => heard.MsgId)).size).toBe(1)
    expect(notes()).toEqual(['status 503, 200 is required', 'attempt 2; status 503, 200 is required', 'attempt 3'])
  })

  it('gives up after three retries, also on 204', async () => {
    world.answer(() => ({ status: 204 }))
    expect(await world.sandbox.say({ ...app('lisi'), text: '到了' })).toMatchObject({ status: 'failed' })
    expect(world.heard).toHaveLength(4)
  })

  it('calls again when there is no answer in time', async () => {
    let calls = 0
    world.answer(() => ({ hang: ++calls === 1 }))
    expect(await world.sandbox.say({ ...app('lisi'), text: '到了' })).toMatchObject({ status: 'empty' })
    expect(notes()).toEqual(['no answer within 300 ms', 'attempt 2'])
  })

  it('is idle only after the last retry', async () => {
    world.answer(() => ({ status: 500 }))
    const said = world.sandbox.say({ ...app('lisi'), text: '到了' })
    await Promise.resolve()
    await world.sandbox.idle()
    expect(world.heard).toHaveLength(4)
    await said
  })
})

describe('the URL check', () => {
  it('passes when the bare plaintext comes back, fails otherwise', async () => {
    expect(await world.sandbox.verifyCallback()).toBe(true)
    world.answer(({ echo }) => ({ body: `"${String(echo)}"` }))
    expect(await world.sandbox.verifyCallback()).toBe(false)
    world.answer(() => ({ status: 401 }))
    expect(await world.sandbox.verifyCallback()).toBe(false)
  })
})

describe('what cannot be done', () => {
  it('refuses acts of strangers, in foreign chats, and taps on recalled messages', async () => {
    const { sandbox } = world
    await expect(sandbox.say({ as: 'nobody', chat: 'app:lisi', text: 'x' })).rejects.toThrow('nobody is called nobody')
    await expect(sandbox.say({ as: 'lisi', chat: 'app:zhangsan', text: 'x' })).rejects.toThrow('李四 is not in 派工')
    await expect(sandbox.say({ as: 'lisi', chat: 'nowhere', text: 'x' })).rejects.toThrow('no chat')
    await expect(sandbox.photo({ ...app('lisi'), image: 'data:image/png;base64,AAAA' })).rejects.toThrow('JPG or PNG')
    const body = sending(sandbox.credentials.agentId, 'lisi', jobCard('t1'))
    const { msgid } = await world.api('message/send', body)
    const message = world.messages('app:lisi')[0]?.id ?? ''
    const tap = { as: 'lisi', message, key: 'accept:1024:1' }
    await expect(sandbox.tap({ ...tap, choices: { q: ['a'] } })).rejects.toThrow('no such choice')
    await world.api('message/recall', { msgid })
    await expect(sandbox.tap(tap)).rejects.toThrow('recalled')
    expect(world.heard).toHaveLength(0)
  })
})
