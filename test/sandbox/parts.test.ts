import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MovableClock } from '../../src/now.ts'
import { InFlight } from '../../src/sandbox/inflight.ts'
import { Journal, pretty } from '../../src/sandbox/journal.ts'
import { cardFor, Phones, wordsOf } from '../../src/sandbox/phones.ts'
import { chatsOf, demoSeed, makeCredentials, peopleOf } from '../../src/sandbox/seed.ts'
import { seal, unseal } from '../../src/sandbox/wecom/envelope.ts'
import { cutBytes, cutChars, translateIds } from '../../src/sandbox/wecom/text.ts'
import { cardFromXml, fromXml, toXml } from '../../src/sandbox/wecom/xml.ts'
import { Limiter } from '../../src/sandbox/window.ts'
import type { SandboxCard, SandboxLogEntry } from '../../src/sandbox/wire.ts'
import { start } from './world.ts'

const clock = new MovableClock()
clock.freeze(start)

describe('phones', () => {
  const make = () => {
    const chats = chatsOf(demoSeed, { appName: '派工', botName: '派工助手', robotName: '派工助手' })
    const phones = new Phones(clock, { people: peopleOf(demoSeed), chats, messages: [] })
    const group = phones.groups()[0]
    if (!group) throw new Error('no group')
    return { phones, group }
  }
  const card = (title: string): SandboxCard => ({ type: 'button_interaction', title, rows: [], buttons: [] })

  it('counts what the others have not read', () => {
    const { phones, group } = make()
    const text = { kind: 'text' as const, text: '好', mentions: [] }
    phones.post(group, { kind: 'person', userId: 'lisi' }, text)
    phones.post(group, { kind: 'bot', name: '派工助手' }, text)
    expect(group.unread).toEqual({ zhaopaigong: 2, zhangsan: 2, lisi: 1, wangjingli: 2 })
    phones.read(group, 'lisi')
    expect(group.unread.lisi).toBe(0)
  })

  it('draws a card anew for some and then for all', () => {
    const { phones, group } = make()
    const body = { kind: 'card' as const, taskId: 't', card: card('旧'), forViewer: {} }
    const message = phones.post(group, { kind: 'bot', name: '派工助手' }, body)
    phones.repaint(message, card('新'), ['lisi'])
    expect([cardFor(message, 'lisi')?.title, cardFor(message, 'zhangsan')?.title]).toEqual(['新', '旧'])
    phones.repaint(message, card('全新'))
    expect(cardFor(message, 'lisi')?.title).toBe('全新')
    expect(wordsOf(message.body)).toBe('全新')
  })

  it('tells listeners until they stop, and hands out copies', () => {
    const { phones, group } = make()
    const heard: string[] = []
    const stop = phones.onPosted(message => {
      heard.push(wordsOf(message.body))
      message.body = { kind: 'markdown', text: 'changed' }
    })
    const said = phones.post(group, { kind: 'person', userId: 'lisi' }, { kind: 'text', text: '一', mentions: [] })
    stop()
    phones.post(group, { kind: 'person', userId: 'lisi' }, { kind: 'text', text: '二', mentions: [] })
    expect([heard, wordsOf(said.body)]).toEqual([['一'], '一'])
  })

  it('forgets the oldest beyond 2,000 messages', () => {
    const { phones, group } = make()
    for (let i = 0; i < 2_001; i++)
      phones.post(group, { kind: 'person', userId: 'lisi' }, { kind: 'markdown', text: `${i}` })
    const { messages } = phones.snapshot()
    expect([messages.length, messages[0] && wordsOf(messages[0].body)]).toEqual([2_000, '1'])
  })
})

describe('the exchange log', () => {
  const entry = (raw: string) =>
    ({ direction: 'to-platform', platform: 'wecom', channel: 'api', what: 'x', raw }) as const

  it('keeps the last 300, cut and without secrets', () => {
    const journal = new Journal(clock)
    const told: SandboxLogEntry[] = []
    journal.onEntry(kept => told.push(kept))
    journal.hide('s3cret')
    for (let i = 0; i < 301; i++) journal.add(entry('GET /x?access_token=abc&corpsecret=def {"secret":"ghi"} s3cret'))
    expect(journal.items()).toHaveLength(300)
    expect(journal.items()[0]).toMatchObject({
      id: 2,
      at: start.toISOString(),
      raw: 'GET /x?access_token=***&corpsecret=*** {"secret":"***"} ***',
    })
    expect(told).toHaveLength(301)
    journal.add(entry('字'.repeat(20_000)))
    expect(journal.items().at(-1)?.raw).toMatch(/^字{16000}… \(20000 characters\)$/)
  })

  it('leaves what is no JSON alone', () => {
    expect([pretty('{"a":1}'), pretty('<xml>')]).toEqual(['{\n  "a": 1\n}', '<xml>'])
  })
})

describe('limits', () => {
  it('lets only so many through within each window', () => {
    const limiter = new Limiter([
      { count: 2, windowMs: 10 },
      { count: 3, windowMs: 100 },
    ])
    const taken = [0, 1, 2, 10, 11, 99, 100, 101].map(at => limiter.take('a', at))
    expect(taken).toEqual([true, true, false, true, false, false, true, true])
    expect(limiter.take('b', 2)).toBe(true)
  })
})

describe('being idle', () => {
  it('waits for what starts meanwhile and does not mind failures', async () => {
    const flight = new InFlight()
    const done: string[] = []
    const later = Promise.resolve().then(() => done.push('second'))
    const first = Promise.resolve().then(() => {
      void flight.track(later)
      done.push('first')
      throw new Error('failed')
    })
    flight.track(first).catch(() => done.push('caught'))
    await flight.idle()
    expect(done).toEqual(expect.arrayContaining(['first', 'second']))
  })
})

describe('texts', () => {
  it('is cut by bytes between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, bytes) => {
        const cut = cutBytes(text, bytes)
        expect(text.startsWith(cut)).toBe(true)
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes)
        expect(Buffer.from(cut).toString()).toBe(cut)
        const next = [...text.slice(cut.length)][0]
        if (next) expect(Buffer.byteLength(cut + next)).toBeGreaterThan(bytes)
      }),
    )
    expect(cutChars('一二三', 2)).toBe('一…')
  })

  it('shows names for ids, leaving unknown ones', () => {
    const nameOf = (id: string) => (id === 'lisi' ? '李四' : undefined)
    expect(translateIds('$userName=lisi$ $userAlias=x$ $5', nameOf)).toBe('李四 $userAlias=x$ $5')
  })
})

describe('XML', () => {
  it('says any text as CDATA and reads it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), text => {
        const wrapped = `<${text}>]]>`
        expect(fromXml(toXml({ xml: { Content: wrapped } })).Content).toBe(wrapped)
      }),
    )
  })

  it('reads a card with single and repeated elements, numbers and odd names', () => {
    const xml = toXml({
      xml: {
        Card: {
          CardType: 'vote_interaction',
          SubTitleText: '00123',
          CardAction: { Type: 2, AppId: 'a', PagePath: 'p' },
          ButtonList: [{ Text: '好', Style: 1 }],
          CheckBox: { QuestionKey: 'q', Disable: 'true', OptionList: [{ Id: '1', IsChecked: 'false' }] },
        },
      },
    })
    expect(cardFromXml(fromXml(xml).Card)).toEqual({
      card_type: 'vote_interaction',
      sub_title_text: '00123',
      card_action: { type: 2, appid: 'a', pagepath: 'p' },
      button_list: [{ text: '好', style: 1 }],
      checkbox: { question_key: 'q', disable: true, option_list: [{ id: '1', is_checked: false }] },
    })
    expect(() => fromXml('<a/>')).toThrow()
  })
})

describe('the envelope', () => {
  const keys = makeCredentials()

  it('opens what it sealed and nothing that was touched', () => {
    const sealed = seal(keys, '<xml/>', '1768440000', 'n')
    expect(unseal(keys, sealed)).toBe('<xml/>')
    expect(() => unseal(keys, { ...sealed, timestamp: '1768440001' })).toThrow('MsgSignature')
    expect(() => unseal({ ...keys, corpId: 'wwother' }, sealed)).toThrow('CorpID')
    expect(() => unseal(keys, { ...sealed, signature: 'short' })).toThrow('MsgSignature')
  })

  it('makes credentials in the shapes of the platform', () => {
    expect(keys.aesKey).toMatch(/^[A-Za-z0-9]{43}$/)
    expect(Buffer.from(`${keys.aesKey}=`, 'base64')).toHaveLength(32)
    expect(keys.token).toMatch(/^[A-Za-z0-9]{1,32}$/)
    expect(makeCredentials({ corpId: 'wwmine' }).corpId).toBe('wwmine')
  })
})
