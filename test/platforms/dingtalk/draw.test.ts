import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Card } from '../../../src/chat/card.ts'
import {
  cardData,
  cardText,
  payloadOf,
  type Template,
  templateOf,
  withoutWords,
} from '../../../src/platforms/dingtalk/draw.ts'
import { card } from './help.ts'

const templates: Template[] = ['public', 'own']
const keys = (data: object) => Object.keys(data).sort()

const size = 'max'
/** Cards this large are not worth the minutes it takes to make a failing one smaller. */
const unshrunk = { endOnFailure: true }
const words = fc.oneof(
  fc.string({ size, unit: 'grapheme', maxLength: 60 }),
  fc.string({ size, unit: 'binary', maxLength: 60 }),
  fc.string({ size, unit: fc.constantFrom('空', '调', '"', '\\', '\n', '😀', 'a'), minLength: 300, maxLength: 900 }),
  fc.constant(''),
)
const payloads = fc.oneof(
  // Some twice on a card, some that look like what they are written as.
  fc.constantFrom('o:1:1:accept', 'o:1:1:decline', 'x.b3RoZXI', 'x.', 'a b'),
  fc.stringMatching(/^o:[0-9a-f]{8}:\d:(accept|decline|arrive)$/),
  fc.string({ size, unit: 'grapheme', minLength: 1, maxLength: 120 }),
  fc.string({ size, unit: fc.constantFrom('太', '远', 'x', '.', ':'), minLength: 1, maxLength: 260 }),
)
const cards: fc.Arbitrary<Card> = fc.record(
  {
    source: words,
    tone: fc.constantFrom('normal' as const, 'urgent' as const, 'near' as const, 'late' as const, 'done' as const),
    title: words,
    subtitle: words,
    figure: words,
    rows: fc.array(fc.record({ label: words, value: words }), { maxLength: 9 }),
    body: words,
    buttons: fc.array(
      fc.record({
        text: words,
        style: fc.constantFrom('primary' as const, 'default' as const, 'danger' as const),
        payload: payloads,
        words,
      }),
      { size, maxLength: 9 },
    ),
    closed: words,
    version: fc.nat(),
  },
  { requiredKeys: ['source', 'tone', 'title', 'rows', 'buttons', 'version'] },
)

interface Drawn {
  text: string
  color: string
  id: string
  request: boolean
  params?: { p: string }
}
const buttonsOf = (card: Card): Drawn[] => JSON.parse(cardData(card, 'public').sys_full_json_obj ?? '').msgButtons

describe.each(templates)('a card on the %s template', template => {
  it('has always the same variables, all of them strings of at most 1 KB', () => {
    const same = keys(cardData(card, template))
    fc.assert(
      fc.property(cards, drawn => {
        const data = cardData(drawn, template)
        expect(keys(data)).toEqual(same)
        for (const value of Object.values(data)) {
          expect(value).toBeTypeOf('string')
          expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1_024)
        }
      }),
      { ...unshrunk, numRuns: 300 },
    )
  })

  it('has a title, even of nothing', () => {
    fc.assert(
      fc.property(cards, drawn => {
        expect(cardData(drawn, template).title?.trim()).not.toBe('')
      }),
      unshrunk,
    )
    expect(cardData({ ...card, title: ' \n ' }, template).title).toBe('派工')
  })

  it('has no buttons once it is closed, and says what became of it', () => {
    const data = cardData({ ...card, closed: '已完工 · 张三' }, template)
    expect(JSON.stringify(data)).not.toContain('accept')
    expect(template === 'own' ? [data.closed, data.tips] : [data.tips]).toEqual(
      template === 'own' ? ['已完工 · 张三', ''] : ['已完工 · 张三'],
    )
    if (template === 'own') expect([data.btn1, data.act1, data.look1]).toEqual(['', '', 'gray'])
    else expect(data.sys_full_json_obj).toBe('{"msgButtons":[]}')
  })
})

describe('a card on the public template', () => {
  it('looks like this', () => {
    expect(cardData({ ...card, tone: 'late' }, 'public')).toEqual({
      title: '派工单 1024 · 空调维修',
      markdown:
        '**接单剩 18 分**  \n  派工 · 一班 · 已超时 · 待接单  \n  **客户**：李先生  \n  **电话**：138＊＊＊＊0001  \n  客户说：空调不制冷',
      tips: '也可以回复「接单 1024」',
      sys_full_json_obj: JSON.stringify({
        msgButtons: [
          { text: '接单', color: 'blue', id: 'o:1:1:accept', request: true, params: { p: 'o:1:1:accept' } },
          { text: '拒单', color: 'red', id: 'o:1:1:decline', request: true, params: { p: 'o:1:1:decline' } },
        ],
      }),
    })
  })

  it('has at most six buttons that call back, each once, with ids of its own in plain ASCII', () => {
    fc.assert(
      fc.property(cards, drawn => {
        const buttons = buttonsOf(drawn)
        const ids = buttons.map(({ id }) => id)
        expect(buttons.length).toBeLessThanOrEqual(6)
        expect(new Set(ids).size).toBe(ids.length)
        for (const { id, text, request } of buttons) {
          expect(id).toMatch(/^[\w:.-]{1,512}$/)
          expect(text.trim()).not.toBe('')
          expect(request).toBe(true)
        }
      }),
      { ...unshrunk, numRuns: 300 },
    )
  })

  it('keeps the first buttons, in their order', () => {
    fc.assert(
      fc.property(cards, drawn => {
        const told = buttonsOf(drawn).map(({ id }) => payloadOf(id, {}))
        const alone = (button: Card['buttons'][0]) => buttonsOf({ ...card, buttons: [button] }).length === 1
        const wanted = drawn.closed === undefined ? drawn.buttons.filter(alone).map(({ payload }) => payload) : []
        expect(told).toEqual([...new Set(wanted)].slice(0, told.length))
      }),
      unshrunk,
    )
  })

  it('keeps all six of an order, with short reasons in Chinese too', () => {
    const buttons = ['accept', 'decline:太远', 'decline:今天排满', 'decline:做不了', 'postpone:客户不在', 'ask'].map(
      (step, at) => ({
        text: `第 ${at} 个按钮`,
        style: 'default' as const,
        payload: `o:0190f3a2-1111-7222-8333-444455556666:12:${step}`,
        words: '',
      }),
    )
    expect(buttonsOf({ ...card, buttons })).toHaveLength(6)
  })

  it('brings back what its button carries, by its id or by its params', () => {
    fc.assert(
      fc.property(payloads, payload => {
        fc.pre(!/^btn[1-6]$/.test(payload))
        const [first] = card.buttons
        const [drawn] = buttonsOf({ ...card, buttons: first ? [{ ...first, payload }] : [] })
        if (!drawn) {
          expect(Buffer.byteLength(payload), 'only what is far too long has no button').toBeGreaterThan(300)
          return
        }
        expect(payloadOf(drawn.id, {})).toBe(payload)
        expect(payloadOf(drawn.id, { p: 7 })).toBe(payload)
        if (drawn.params) expect(payloadOf('', drawn.params)).toBe(payload)
        if (drawn.params) expect(payloadOf('local_id', drawn.params)).toBe(payload)
        expect(templateOf(drawn.id, drawn.params ?? {})).toBe('public')
      }),
      { ...unshrunk, numRuns: 300 },
    )
  })
})

describe('a card on the company’s own template', () => {
  it('fills just the variables of deploy/dingtalk-card.json', () => {
    const file = JSON.parse(readFileSync(new URL('../../../deploy/dingtalk-card.json', import.meta.url), 'utf8'))
    const names = JSON.parse(file.editorData).variableList.map(({ name }: { name: string }) => name)
    expect(names).toHaveLength(24)
    expect(keys(cardData(card, 'own'))).toEqual([...names].sort())
  })

  it('looks like this', () => {
    const { btn3, act3, look3, ...data } = cardData({ ...card, tone: 'late' }, 'own')
    expect(data).toMatchObject({
      title: '派工单 1024 · 空调维修',
      ...{ tag: '已超时', figure: '接单剩 18 分', tips: '也可以回复「接单 1024」', closed: '' },
      markdown:
        '派工 · 一班 · 已超时 · 待接单  \n  **客户**：李先生  \n  **电话**：138＊＊＊＊0001  \n  客户说：空调不制冷',
      ...{ btn1: '接单', act1: 'o:1:1:accept', look1: 'blue', btn2: '拒单', act2: 'o:1:1:decline', look2: 'red' },
    })
    expect([btn3, act3, look3]).toEqual(['', '', 'gray'])
  })

  it('brings back what its button carries, by the params alone', () => {
    fc.assert(
      fc.property(cards, drawn => {
        const data = cardData(drawn, 'own')
        for (let n = 1; n <= 6; n++) {
          const payload = data[`act${n}`] ?? ''
          expect(data[`btn${n}`] === '').toBe(payload === '')
          if (payload === '') continue
          expect(payloadOf(`btn${n}`, { payload })).toBe(payload)
          expect(templateOf(`btn${n}`, { payload })).toBe('own')
          expect(templateOf('', { payload }), 'though the id did not come along').toBe('own')
        }
      }),
      unshrunk,
    )
  })
})

describe('a card in words', () => {
  it('says all of it, and what to type', () => {
    expect(cardText({ ...card, tone: 'urgent' })).toBe(
      '派工单 1024 · 空调维修\n派工 · 一班 · 加急 · 待接单\n接单剩 18 分\n客户：李先生\n电话：138****0001\n客户说：空调不制冷\n回复 接单 1024 或 拒单 1024',
    )
    expect(cardText({ ...card, closed: '已完工' })).toMatch(/\n已完工$/)
  })
})

describe('a card that the filter stopped', () => {
  it('is left with which order it is, and whom to ask', () => {
    const { body, ...rest } = card
    expect(withoutWords(card)).toEqual({
      ...rest,
      rows: [{ label: '内容', value: expect.stringContaining('请问派工员') }],
    })
    expect(body).toBeDefined()
    for (const template of templates) {
      const drawn = JSON.stringify(cardData(withoutWords(card), template))
      for (const told of ['李先生', '0001', '不制冷']) expect(drawn).not.toContain(told)
      expect(drawn).toContain('1024')
      expect(drawn).toContain('o:1:1:accept')
    }
  })
})
