import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/chat/card.ts'
import { cardText } from '../../../src/platforms/dingtalk/draw.ts'
import type { Delivery, Recipient } from '../../../src/platforms/platform.ts'
import { pictureOf } from '../../support/picture.ts'
import {
  type Bench,
  benches,
  card,
  createCall,
  delivered,
  groupCall,
  minute,
  personCall,
  planted,
  refuses,
  robotCall,
  sessionCall,
  updateCall,
} from './help.ts'

const bench = benches()
const zhang: Recipient = { kind: 'person', userId: 'zhang3' }
const group: Recipient = { kind: 'group', chatId: 'cid==', via: 'bot' }
const webhook: Recipient = { kind: 'group', via: 'webhook', robot: { key: planted.key } }
const denied = 'Forbidden.AccessDenied.'
const quotaGone = refuses(403, `${denied}ApiCountLimitForOrg`)

const text: Message = { kind: 'text', text: '好' }
const onCard: Message = { kind: 'card', card }
const closed: Message = { kind: 'card', card: { ...card, buttons: [], closed: '已完工' } }
const dead: Message = { kind: 'card', card: { ...card, buttons: [] } }

const send = ({ speaker }: Bench, to: Recipient, message: Message, more: Partial<Delivery> = {}) =>
  speaker.send({ id: 'D1', to, message, taskId: 'T1', ...more })
const paramOf = ({ hosts }: Bench, at = 0) => JSON.parse(hosts.body(personCall, at).msgParam)

describe('words', () => {
  it.each([
    ['a person', zhang, personCall],
    ['a group', group, groupCall],
    ['a group by its own robot', webhook, robotCall],
  ])('go to %s on one way', async (_, to, way) => {
    const made = bench()
    await send(made, to, text)
    expect(made.hosts.names).toEqual([way])
  })

  it.each([
    ['an answer', zhang, text, { answer: true }],
    ['an answer in a group', group, text, { answer: true }],
    ['what calls somebody by name', group, { ...text, mentions: ['zhang3'] }, {}],
  ])('that are %s go in the session where there is one, and else by the API', async (_, to, message, more) => {
    const made = bench()
    await send(made, to, message, more)
    made.session('user:zhang3')
    made.session('cid==')
    expect(await send(made, to, message, more)).toEqual({})
    expect(made.hosts.names).toEqual([to === zhang ? personCall : groupCall, sessionCall])
  })

  it('of a picture are all a group’s own robot can show', async () => {
    const made = bench()
    await send(made, webhook, pictureOf('排名'))
    expect(made.hosts.names).toEqual([robotCall])
    expect(made.hosts.body(robotCall).text.content).toBe('排名（图片）')
  })

  it('are said by the API when the session does not work any more', async () => {
    const made = bench()
    made.session('cid==')
    made.hosts.answer(sessionCall, 'drop')
    await send(made, group, text, { answer: true })
    expect(made.hosts.names).toEqual([sessionCall, groupCall])
  })

  it('go in sessions from 85 % of the calls on, while the pushes stand better', async () => {
    const made = bench()
    made.session('user:zhang3')
    for (let n = 0; n < 84; n++) await made.meter.count('calls')
    await send(made, zhang, text)
    await send(made, zhang, text)
    expect(made.hosts.names).toEqual([personCall, sessionCall])
    for (let n = 0; n < 43; n++) await made.meter.count('pushes')
    await send(made, zhang, text)
    expect(made.hosts.names.at(-1)).toBe(personCall)
  })

  it.each([
    ['a person', zhang, 'user:zhang3', personCall],
    ['a group', group, 'cid==', groupCall],
  ])(
    'to %s go in the session when no calls are left, and wait patiently without one',
    async (_, to, conversation, way) => {
      const made = bench()
      made.hosts.answer(way, quotaGone)
      expect(await made.failure(send(made, to, text))).toMatchObject({ code: 'quota', patient: true })
      made.session(conversation)
      expect(await send(made, to, text)).toEqual({})
      expect(made.hosts.names).toEqual([way, sessionCall])
    },
  )

  it('go in the session the very time the API says that nothing is left', async () => {
    const made = bench()
    made.session('user:zhang3')
    made.hosts.answer(personCall, quotaGone)
    expect(await send(made, zhang, text)).toEqual({})
    expect(made.hosts.names).toEqual([personCall, sessionCall])
  })
})

describe('a card', () => {
  it.each([
    ['a person', zhang, 'dtv1.card//IM_ROBOT.zhang3'],
    ['a group', group, 'dtv1.card//IM_GROUP.cid=='],
  ])('goes to %s as an interactive one, under the id of its taps', async (_, to, openSpaceId) => {
    const made = bench()
    made.hosts.answer(createCall, delivered())
    expect(await send(made, to, onCard)).toMatchObject({ messageId: 'CARRIER', repaint: { handle: 'p:T1' } })
    expect(made.hosts.body(createCall)).toMatchObject({ outTrackId: 'T1', openSpaceId })
  })

  it('that is closed goes as an interactive one too: it changed before it went out', async () => {
    const made = bench()
    made.hosts.answer(createCall, delivered())
    await send(made, zhang, closed)
    expect(made.hosts.names).toEqual([createCall])
  })

  it.each([
    ['has neither buttons nor an end', zhang, dead, {}, personCall],
    ['nobody can tap', zhang, onCard, { taskId: undefined }, personCall],
    ['goes out by a group’s own robot', webhook, onCard, {}, robotCall],
  ])('that %s is said in words', async (_, to, message, more, way) => {
    const made = bench()
    const { taskId, ...delivery } = { id: 'D1', to, message, taskId: 'T1', ...more }
    await made.speaker.send({ ...delivery, ...(taskId && { taskId }) })
    expect(made.hosts.names).toEqual([way])
    const body = made.hosts.body(way)
    const words = way === robotCall ? body.text.content : JSON.parse(body.msgParam).content
    expect(words).toBe(cardText(message.kind === 'card' ? message.card : card))
  })

  it('is drawn over by its handle; words cannot be', async () => {
    const made = bench()
    const repaint = { handle: 'p:T1' }
    expect(await send(made, zhang, onCard, { repaint })).toMatchObject({ repaint: { handle: 'p:T1' } })
    expect(made.hosts.names).toEqual([updateCall])
    expect(await made.failure(send(made, zhang, text, { repaint }))).toMatchObject({
      name: 'Permanent',
      code: 'bad-message',
    })
  })

  it('is said in words in the session when no calls are left, and says why; without one it waits patiently', async () => {
    const made = bench()
    made.hosts.answer(createCall, quotaGone)
    expect(await made.failure(send(made, zhang, onCard))).toMatchObject({ code: 'quota', patient: true })
    made.session('user:zhang3')
    expect(await send(made, zhang, onCard)).toEqual({})
    const { content } = made.hosts.body(sessionCall).text ?? {}
    expect(content).toContain(cardText(card))
    expect(content).toContain('额度已用完')
    expect(made.hosts.names).toEqual([createCall, sessionCall])
  })

  it.each([
    ['system.busy', 500, 'busy'],
    ['param.userIdNotExist', 400, 'no-such-user'],
  ])('that fails otherwise fails: %s', async (code, status, kind) => {
    const made = bench()
    made.hosts.answer(createCall, refuses(status, code))
    expect(await made.failure(send(made, zhang, onCard))).toMatchObject({ code: kind })
    expect(made.hosts.names).toEqual([createCall])
  })
})

describe('where cards cannot be sent', () => {
  const reasons = [
    ['without the permission', refuses(403, `${denied}AccessTokenPermissionDenied`)],
    ['without the template', refuses(400, 'param.templateNotExist')],
    ['with one that is not published', refuses(400, 'param.templateUnpublished')],
  ] as const

  it.each(reasons)('%s, they go in words for ten minutes, and the operator is shown why', async (_, refusal) => {
    const made = bench()
    made.hosts.answer(createCall, refusal, delivered())
    await send(made, group, onCard)
    await send(made, zhang, onCard)
    made.clock.forward(10 * minute - 1)
    await send(made, zhang, onCard)
    expect(made.hosts.names).toEqual([createCall, groupCall, personCall, personCall])
    expect(made.codes()).toContain('no-cards')
    expect(made.problems().find(({ code }) => code === 'no-cards')).toMatchObject({
      ...{ since: new Date('2026-11-20T02:00:00Z'), fix: expect.stringContaining('Card.Instance.Write') },
    })
    made.clock.forward(1)
    await send(made, zhang, onCard)
    expect(made.hosts.names.at(-1)).toBe(createCall)
    expect(made.codes()).toEqual([])
  })

  it('a later trouble is shown with its own reason and time', async () => {
    const made = bench()
    made.hosts.answer(
      createCall,
      refuses(400, 'param.templateNotExist'),
      delivered(),
      refuses(400, 'param.templateUnpublished'),
    )
    await send(made, zhang, onCard)
    made.clock.forward(60 * minute)
    await send(made, zhang, onCard)
    await send(made, zhang, onCard)
    expect(made.problems()).toMatchObject([
      { code: 'no-cards', what: expect.stringContaining('Unpublished'), since: new Date('2026-11-20T03:00:00Z') },
    ])
  })

  it('a company without them is not asked for any', async () => {
    const made = bench({ cardless: true })
    await send(made, group, onCard)
    expect(made.hosts.names).toEqual([groupCall])
    expect(made.codes()).toEqual([])
  })

  const page = { cardless: true, publicUrl: 'https://paigong.example' }
  const withButtons = (count: number): Message => {
    const buttons = Array.from({ length: count }, (_, n) => ({
      ...{ text: `第 ${n + 1} 个`, style: 'default' as const, payload: `o:1:1:a${n + 1}`, words: '' },
    }))
    return { kind: 'card', card: { ...card, body: '# 漏水 <a atId=x>', buttons } }
  }

  it.each([2, 3, 4, 5, 6])('a person gets links where there is a page: %i buttons', async count => {
    const made = bench(page)
    await send(made, zhang, withButtons(count))
    const shown = Math.min(count, 5)
    expect(made.hosts.body(personCall).msgKey).toBe(`sampleActionCard${shown}`)
    const { title, text: words, ...more } = paramOf(made)
    expect(title).toBe(card.title)
    expect(words).toContain('  \n  ＃ 漏水 ＜a atId=x>')
    expect(Object.keys(more)).toEqual(
      Array.from({ length: shown }, (_, n) => [`actionTitle${n + 1}`, `actionURL${n + 1}`]).flat(),
    )
    for (let n = 1; n <= shown; n++) {
      expect(more[`actionTitle${n}`]).toBe(`第 ${n} 个`)
      const url = new URL(more[`actionURL${n}`])
      expect(url.origin + url.pathname).toBe('https://paigong.example/dingtalk/tap')
      expect(made.links?.read(url.searchParams.get('t') ?? '', made.clock.now())).toEqual({
        ...{ userId: 'zhang3', taskId: 'T1', payload: `o:1:1:a${n}`, text: `第 ${n} 个`, title: card.title },
      })
    }
  })

  it('a person gets one link as the card’s only one, and none as markdown', async () => {
    const made = bench(page)
    await send(made, zhang, withButtons(1))
    await send(made, zhang, closed)
    expect(made.hosts.of(personCall).map(({ body }) => body.msgKey)).toEqual(['sampleActionCard', 'sampleMarkdown'])
    expect(paramOf(made)).toMatchObject({
      singleTitle: '第 1 个',
      singleURL: expect.stringContaining('/dingtalk/tap?t='),
    })
    expect(paramOf(made, 1)).toMatchObject({ title: card.title, text: expect.stringContaining('已完工') })
  })

  it('a message with links is never too long', async () => {
    const made = bench(page)
    const { card: drawn } = withButtons(5) as Extract<Message, { kind: 'card' }>
    await send(made, zhang, { kind: 'card', card: { ...drawn, body: '"漏\n'.repeat(20_000), title: '长'.repeat(300) } })
    expect(Buffer.byteLength(made.hosts.body(personCall).msgParam)).toBeLessThan(15_000)
  })

  it('a group never gets links: they would act as whoever they were made for', async () => {
    const made = bench(page)
    await send(made, group, onCard)
    expect(made.hosts.names).toEqual([groupCall])
    expect(JSON.stringify(made.hosts.body(groupCall))).not.toContain('dingtalk/tap')
  })

  it('without a page a person gets words', async () => {
    const made = bench({ cardless: true })
    await send(made, zhang, onCard)
    expect(made.hosts.body(personCall).msgKey).toBe('sampleText')
    expect(paramOf(made).content).toBe(cardText(card))
  })

  it('and no calls are left either, words are said in the session, else links wait patiently', async () => {
    const made = bench(page)
    made.hosts.answer(personCall, quotaGone)
    expect(await made.failure(send(made, zhang, onCard))).toMatchObject({ code: 'quota', patient: true })
    made.session('user:zhang3')
    expect(await send(made, zhang, onCard)).toEqual({})
    expect(made.hosts.body(sessionCall).text.content).toContain('额度已用完')
    expect(made.hosts.names).toEqual([personCall, sessionCall])
  })
})

describe('a picture', () => {
  const uploadCall = 'POST /media/upload'
  const given = { status: 200, body: '{"errcode":0,"errmsg":"ok","type":"image","media_id":"@lAD1"}' }

  it('is uploaded once within the hour, whomever it is for, and shown by its id', async () => {
    const made = bench()
    made.hosts.answer(uploadCall, given)
    for (const to of [zhang, group, zhang]) await send(made, to, pictureOf('排名'))
    expect(made.hosts.names).toEqual([uploadCall, personCall, groupCall, personCall])
    expect(Object.fromEntries(made.hosts.of(uploadCall)[0]?.query ?? [])).toMatchObject({ type: 'image' })
    expect(made.hosts.body(groupCall)).toMatchObject({ msgKey: 'sampleImageMsg', openConversationId: 'cid==' })
    expect(paramOf(made)).toEqual({ photoURL: '@lAD1' })
    made.clock.forward(61 * minute)
    await send(made, zhang, pictureOf('排名'))
    expect(made.hosts.of(uploadCall)).toHaveLength(2)
  })

  it('is uploaded anew when its id was refused', async () => {
    const made = bench()
    made.hosts.answer(uploadCall, given)
    made.hosts.answer(personCall, refuses(400, 'invalidParameter.msgParam.invalid'), { status: 200, body: '{}' })
    expect(await made.failure(send(made, zhang, pictureOf('排名')))).toMatchObject({ code: 'bad-body' })
    await send(made, zhang, pictureOf('排名'))
    expect(made.hosts.names).toEqual([uploadCall, personCall, uploadCall, personCall])
  })

  it('is said in the session when no calls are left, and else waits', async () => {
    const made = bench()
    made.hosts.answer(uploadCall, quotaGone)
    expect(await made.failure(send(made, zhang, pictureOf('排名')))).toMatchObject({ code: 'quota', patient: true })
    made.session('user:zhang3')
    expect(await send(made, zhang, pictureOf('排名'))).toEqual({})
    expect(made.hosts.body(sessionCall).text.content).toBe('排名（图片）')
  })
})
