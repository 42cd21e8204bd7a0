import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Came, readRobotMessage } from '../../../src/platforms/dingtalk/inbound.ts'
import { config, minute, oapiBase, start } from './help.ts'

const { corpId } = config
const sessionWebhook = `${oapiBase}/robot/sendBySession?session=S`
const until = start.getTime() + 90 * minute

/** Reference §2.6. */
const inGroup = {
  ...{ msgtype: 'text', text: { content: ' 接单 0007' }, msgId: 'msgA==', createAt: 1_708_327_204_136 },
  ...{ conversationType: '2', conversationId: 'cidG==', conversationTitle: '派工群', openThreadId: 'cidG==' },
  ...{
    senderId: '$:LWCP_v1:$x',
    senderStaffId: 'manager123',
    senderUnionId: 'u',
    senderNick: '张三',
    senderCorpId: corpId,
  },
  ...{ chatbotUserId: '$:LWCP_v1:$y', chatbotCorpId: corpId, robotCode: 'dingROBOT', isAdmin: true },
  ...{ atUsers: [{ dingtalkId: '$:LWCP_v1:$y' }], isInAtList: true },
  ...{ sessionWebhook, sessionWebhookExpiredTime: until },
}
const single = { ...inGroup, conversationType: '1', conversationId: 'cidS==' }
const read = (message: unknown): Came => readRobotMessage(message, corpId, start)
const inbound = (message: unknown) => {
  const came = read(message)
  if (came.kind !== 'inbound') throw new Error(`it came as ${came.kind}`)
  return came.inbound
}
const said = (more: object) => inbound({ ...single, text: undefined, ...more }).said

describe('what the robot hears', () => {
  it('in a group comes with who said it where, and when', () => {
    expect(read(inGroup)).toEqual({
      kind: 'inbound',
      session: { conversation: { group: 'cidG==' }, url: sessionWebhook, until: new Date(until) },
      inbound: {
        ...{ platform: 'dingtalk', key: 'msg:msgA==', corpId, sender: { userId: 'manager123' } },
        chat: { kind: 'group', id: 'cidG==', via: 'bot' },
        at: new Date(1_708_327_204_136),
        said: { kind: 'text', text: '接单 0007' },
      },
    })
  })

  it('in a 1:1 chat belongs to the person, whatever the conversation is called', () => {
    expect(read(single)).toMatchObject({
      session: { conversation: { user: 'manager123' } },
      inbound: { chat: { kind: 'single', id: 'manager123', via: 'bot' } },
    })
  })

  it('has the same key when it is delivered again, and one of a bearable length', () => {
    const long = (msgId: string) => inbound({ ...inGroup, msgId }).key
    expect(inbound({ ...inGroup, sessionWebhook: `${sessionWebhook}2`, createAt: 1 }).key).toBe(inbound(inGroup).key)
    expect(long('x'.repeat(500))).toBe(long('x'.repeat(500)))
    expect(long('x'.repeat(500))).not.toBe(long('x'.repeat(499)))
    expect(long('x'.repeat(500)).length).toBeLessThan(110)
  })

  it.each([undefined, 9_007_199_254_740_991])('at no time, or one no clock shows, happened now: %s', createAt => {
    expect(inbound({ ...inGroup, createAt }).at).toEqual(start)
  })

  it.each([
    ['no address', { sessionWebhook: undefined }],
    ['no end', { sessionWebhookExpiredTime: null }],
  ])('with %s has no session', (_, more) => {
    expect(read({ ...inGroup, ...more })).toMatchObject({ kind: 'inbound', session: null })
  })
})

describe('what is said', () => {
  const rich = (...richText: object[]) => ({ msgtype: 'richText', content: { richText } })
  const image = (mediaId: string) => ({ kind: 'image', source: { mediaId } })

  it.each<[string, object, object]>([
    ['words', { text: { content: '  接单 0007 \n' } }, { kind: 'text', text: '接单 0007' }],
    ['words at the top, as one page has them', { content: ' 接单 ' }, { kind: 'text', text: '接单' }],
    ['nothing but the @', { text: { content: ' ' } }, { kind: 'text', text: '' }],
    [
      ...(['words with pictures'] as const),
      rich(
        { text: '完工 ' },
        { type: 'picture', downloadCode: 'D1' },
        { text: '0007\n' },
        { pictureDownloadCode: 'D2' },
      ),
      { kind: 'text', text: '完工 0007', media: [image('D1'), image('D2')] },
    ],
    ['rich words alone', rich({ text: '到达' }), { kind: 'text', text: '到达' }],
    ['pictures alone', rich({ type: 'picture', downloadCode: 'D1' }), { kind: 'media', media: [image('D1')] }],
    ['a picture', { msgtype: 'picture', content: { downloadCode: 'D' } }, { kind: 'media', media: [image('D')] }],
    [
      ...(['a picture of old'] as const),
      { msgtype: 'picture', content: { pictureDownloadCode: 'D' } },
      { kind: 'media', media: [image('D')] },
    ],
    [
      ...(['speech that was recognised'] as const),
      { msgtype: 'audio', content: { duration: 4_000, downloadCode: 'D', recognition: ' 接单 ' } },
      { kind: 'text', text: '接单' },
    ],
    [
      ...(['speech that was not'] as const),
      { msgtype: 'audio', content: { duration: 4_000, downloadCode: 'D', recognition: ' ' } },
      { kind: 'media', media: [{ kind: 'voice', source: { mediaId: 'D' } }] },
    ],
    [
      ...(['a video'] as const),
      { msgtype: 'video', content: { duration: '10', downloadCode: 'D', videoType: 'mp4' } },
      { kind: 'media', media: [{ kind: 'video', source: { mediaId: 'D' } }] },
    ],
    [
      ...(['a file'] as const),
      { msgtype: 'file', content: { downloadCode: 'D', fileName: '合同.pdf' } },
      { kind: 'media', media: [{ kind: 'file', source: { mediaId: 'D' }, name: '合同.pdf' }] },
    ],
    [
      'something new',
      { msgtype: 'hologram', content: {} },
      { kind: 'event', event: 'other', name: 'hologram', detail: {} },
    ],
    [
      'a picture of nothing',
      { msgtype: 'picture', content: {} },
      { kind: 'event', event: 'other', name: 'picture', detail: {} },
    ],
    ['a file of nothing', { msgtype: 'file' }, { kind: 'event', event: 'other', name: 'file', detail: {} }],
    ['rich nothing', rich(), { kind: 'event', event: 'other', name: 'richText', detail: {} }],
  ])('may be %s', (_, more, expected) => {
    expect(said(more)).toEqual(expected)
  })

  it.each<[string, object, object]>([
    ['a text', { repliedMsg: { msgType: 'text', msgId: 'm', content: '派工单 0007' } }, { quote: '派工单 0007' }],
    [
      'a text as an object',
      { repliedMsg: { msgType: 'text', content: { text: '派工单 0007' } } },
      { quote: '派工单 0007' },
    ],
    ['something without words', { repliedMsg: { msgType: 'picture', content: { downloadCode: 'D' } } }, {}],
    ['nothing that can be read', { repliedMsg: 'x' }, {}],
  ])('may quote %s', (_, more, quote) => {
    expect(said({ text: { content: '到达', isReplyMsg: true, ...more } })).toEqual({
      kind: 'text',
      text: '到达',
      ...quote,
    })
  })

  it('may quote a card, which is known by the id it went out under', () => {
    const text = { content: '到达', isReplyMsg: true, repliedMsg: { msgType: 'interactiveCard', msgId: 'm' } }
    const quoting = { text, originalMsgId: 'm', originalProcessQueryKey: 'CARRIER' }
    expect(said(quoting)).toEqual({ kind: 'text', text: '到达', quoteOf: 'CARRIER' })
    expect(
      said({ ...quoting, msgtype: 'richText', content: { richText: [{ text: '完工' }, { downloadCode: 'D' }] } }),
    ).toEqual({ kind: 'text', text: '完工', quoteOf: 'CARRIER', media: [image('D')] })
  })
})

describe('who is nobody of this company', () => {
  it.each([
    ['without a user id', { senderStaffId: undefined }],
    ['with an empty one', { senderStaffId: '' }],
    ['of another company', { senderCorpId: 'dingOTHER' }],
  ])('is a stranger who can be answered: %s', (_, more) => {
    expect(read({ ...inGroup, ...more })).toMatchObject({
      kind: 'stranger',
      session: { conversation: { group: 'cidG==' } },
    })
    expect(read({ ...single, ...more })).toMatchObject({ kind: 'stranger', session: { url: sessionWebhook } })
  })

  it('never gets into the conversation of a member who has the same id', () => {
    const came = read({ ...single, senderCorpId: 'dingOTHER' })
    expect(came).toMatchObject({ kind: 'stranger' })
    expect(came).not.toMatchObject({ session: { conversation: { user: 'manager123' } } })
  })

  it('tells a robot of another company, which is not heard at all', () => {
    expect(read({ ...inGroup, chatbotCorpId: 'dingOTHER' })).toEqual({ kind: 'unreadable', why: 'receiver' })
  })
})

describe('a message whose words are missing because the allowance is gone', () => {
  it.each([
    ['errorCode', { errorCode: 20_001, errorMessage: '额度已用完', text: undefined }],
    ['errorCode as text', { errorCode: '20001', text: undefined }],
    ['errCode, as the Stream page has it', { errCode: 20_001, errMsg: 'x', text: undefined }],
    ['no type either', { errorCode: 20_001, text: undefined, msgtype: undefined }],
    ['empty words', { errorCode: 20_001, text: { content: '' } }],
  ])('is told apart: %s', (_, more) => {
    expect(read({ ...inGroup, ...more })).toEqual({ kind: 'deaf', key: 'msg:msgA==' })
  })

  it.each([
    ['all is well', { errorCode: 0, text: undefined, msgtype: 'picture', content: { downloadCode: 'D' } }],
    ['all is well, as text', { errorCode: '0', text: undefined, msgtype: 'picture', content: { downloadCode: 'D' } }],
    ['the words are there', { errorCode: 20_001 }],
  ])('is none when %s', (_, more) => {
    expect(read({ ...inGroup, ...more })).toMatchObject({ kind: 'inbound' })
  })
})

describe('a message that is malformed', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a word', 'x'],
    ['a list', []],
    ['no id', { ...inGroup, msgId: undefined }],
    ['an empty id', { ...inGroup, msgId: '' }],
    ['an endless id', { ...inGroup, msgId: 'x'.repeat(513) }],
    ['no conversation', { ...inGroup, conversationId: undefined }],
    ['no kind of conversation', { ...inGroup, conversationType: undefined }],
    ['words that are no object', { ...inGroup, text: 'x' }],
    ['a user id that is a number', { ...inGroup, senderStaffId: 7 }],
  ])('is unreadable: %s', (_, data) => {
    expect(read(data)).toEqual({ kind: 'unreadable', why: 'malformed' })
  })

  it('with an error code that turns into nothing is read all the same', () => {
    for (const errorCode of [{ toString: 1 }, { valueOf: null, toString: null }, [{ toString: 1 }]])
      expect(read({ ...single, errorCode }).kind).toBe('inbound')
  })

  it('in any way at all never throws, and never has a time no clock shows', () => {
    const value = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.constant(undefined),
      fc.constant(null),
    )
    const spoilt = fc
      .record({
        of: fc.constantFrom(inGroup, single),
        name: fc.constantFrom(...Object.keys(inGroup), 'content', 'errorCode', 'originalProcessQueryKey'),
        value,
        type: fc.constantFrom('text', 'richText', 'picture', 'audio', 'file'),
      })
      .map(({ of, name, value, type }) => ({ ...of, msgtype: type, [name]: value }))
    const check = (data: unknown) => {
      const came = read(data)
      if (came.kind !== 'inbound') return
      expect(came.inbound.at.getTime()).not.toBeNaN()
      expect(came.inbound.sender.userId).not.toBe('')
    }
    fc.assert(fc.property(fc.anything(), check))
    fc.assert(fc.property(spoilt, check), { numRuns: 2_000 })
    fc.assert(
      fc.property(value, value, (a, b) => check({ ...single, text: { content: a, repliedMsg: { content: b } } })),
    )
    fc.assert(fc.property(fc.array(value), a => check({ ...single, msgtype: 'richText', content: { richText: a } })))
  })
})
