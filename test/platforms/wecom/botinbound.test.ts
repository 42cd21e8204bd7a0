import { describe, expect, it } from 'vitest'
import { readBotBody, stripName } from '../../../src/platforms/wecom/botinbound.ts'
import { corpId, start } from './help.ts'

const self = { corpId, names: ['派工助手', '派工 Bot'] }
const group = { msgid: 'M1', aibotid: 'AIB', chatid: 'CH1', chattype: 'group', from: { userid: 'Zhang3' } }
const single = { msgid: 'M2', aibotid: 'AIB', chattype: 'single', from: { userid: 'Zhang3' } }
const read = (body: object) => readBotBody(body, self, start)
const said = (body: object) => read(body)?.inbound.said

describe('readBotBody', () => {
  it('reads text from a group', () => {
    const heard = read({
      ...group,
      msgtype: 'text',
      text: { content: '@派工助手 1024 已到达' },
      response_url: 'https://r.example',
    })
    expect(heard).toEqual({
      inbound: {
        platform: 'wecom',
        key: 'bot:M1',
        corpId,
        sender: { userId: 'zhang3' },
        chat: { kind: 'group', id: 'CH1', via: 'bot' },
        at: start,
        said: { kind: 'text', text: '1024 已到达' },
      },
      responseUrl: 'https://r.example',
    })
  })

  it('reads a quote, a transcribed voice and mixed text with pictures', () => {
    expect(
      said({
        ...group,
        msgtype: 'text',
        text: { content: '@派工助手 收到' },
        quote: { msgtype: 'text', text: { content: '派工单 1024' } },
      }),
    ).toEqual({
      kind: 'text',
      text: '收到',
      quote: '派工单 1024',
    })
    expect(said({ ...single, msgtype: 'voice', voice: { content: '一零二四到了' } })).toEqual({
      kind: 'text',
      text: '一零二四到了',
    })
    const items = [
      { msgtype: 'text', text: { content: '@派工助手 1024 完工' } },
      { msgtype: 'image', image: { url: 'https://f.example/1', aeskey: 'K' } },
      { msgtype: 'image', image: { url: 'https://f.example/2' } },
    ]
    expect(said({ ...group, msgtype: 'mixed', mixed: { msg_item: items } })).toEqual({
      kind: 'text',
      text: '1024 完工',
      media: [
        { kind: 'image', source: { url: 'https://f.example/1', aesKey: 'K' } },
        { kind: 'image', source: { url: 'https://f.example/2', aesKey: null } },
      ],
    })
  })

  it.each(['image', 'file', 'video'] as const)('reads a single %s', kind => {
    expect(said({ ...single, msgtype: kind, [kind]: { url: 'https://f.example/1', aeskey: 'K' } })).toEqual({
      kind: 'media',
      media: [{ kind, source: { url: 'https://f.example/1', aesKey: 'K' } }],
    })
  })

  const fields = {
    event_key: 'o:1:1:accept',
    task_id: 'T1',
    selected_items: { selected_item: [{ question_key: 'q', option_ids: { option_id: ['a'] } }] },
  }

  it.each([
    ['nested', { eventtype: 'template_card_event', template_card_event: fields }],
    ['flat', { eventtype: 'template_card_event', ...fields }],
  ])('reads a tap with %s fields', (_, event) => {
    const heard = read({ ...group, msgtype: 'event', create_time: 1_763_604_000, event })
    expect(heard?.inbound.said).toEqual({
      kind: 'button',
      payload: 'o:1:1:accept',
      taskId: 'T1',
      choices: { q: ['a'] },
    })
    expect(heard?.inbound.at).toEqual(new Date(1_763_604_000_000))
  })

  it('reads events', () => {
    expect(said({ ...single, msgtype: 'event', event: { eventtype: 'enter_chat' } })).toMatchObject({
      kind: 'event',
      event: 'entered',
    })
    expect(said({ ...single, msgtype: 'event', event: { eventtype: 'feedback_event' } })).toMatchObject({
      kind: 'event',
      event: 'other',
    })
    expect(read({ ...single, msgtype: 'event', event: { eventtype: 'enter_chat' } })?.inbound.chat).toEqual({
      kind: 'single',
      id: 'zhang3',
      via: 'bot',
    })
  })

  it.each([
    ['no object', 'x'],
    ['no id', { ...single, msgid: undefined, msgtype: 'text' }],
    ['no sender', { ...single, from: {}, msgtype: 'text' }],
    ['text of another type', { ...single, msgtype: 'text', text: 'x' }],
    ['an id of another type', { ...single, msgid: 5, msgtype: 'text' }],
  ])('refuses %s', (_, body) => {
    expect(readBotBody(body, self, start)).toBeNull()
  })
})

describe('stripName', () => {
  it.each([
    ['@派工助手 接单 1024', '接单 1024'],
    ['@派工助手\u2005接单 1024', '接单 1024'],
    ['接单 1024 @派工助手', '接单 1024'],
    ['@派工 Bot 接单', '接单'],
    ['＠派工助手接单', '接单'],
    ['@张三 派给他 @派工助手', '@张三 派给他'],
    ['@改名后的机器人 接单', '接单'],
    ['没有人被提到', '没有人被提到'],
    ['@派工助手 第一行\n第二行', '第一行\n第二行'],
  ])('%s → %s', (text, expected) => {
    expect(stripName(text, self.names, true)).toBe(expected)
  })

  it('leaves an unknown name in a single chat', () => {
    expect(stripName('@张三 电话多少', self.names, false)).toBe('@张三 电话多少')
  })
})
