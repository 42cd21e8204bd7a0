import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Understood } from '../../src/chat/intent.ts'
import { readPaste } from '../../src/chat/paste.ts'
import { when } from '../../src/chat/when.ts'
import { chatter, dispatcher, numbers, technician, typos, unsure } from './orders.cases.ts'
import { existing, hear, names, told, zone } from './told.ts'
import { elsewhen, onWednesday } from './when.cases.ts'

const all = [...technician, ...dispatcher, ...typos, ...numbers, ...unsure, ...chatter]
const said = all.map(([text]) => text)
const times = [...onWednesday.map(([text]) => text), ...elsewhen.map(([, text]) => text)]
const toFull = (text: string) =>
  text.replace(/[!-~]/g, char => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).replaceAll(' ', '\u3000')
const toHalf = (text: string) =>
  text.replace(/[！-～]/g, char => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ')

/** Sentences of our words thrown together, besides any Unicode at all. */
const pieces = fc
  .array(fc.constantFrom(...said, ...times, '，', ' ', '\n', '1024', '没', '不', '吗', '13800000001', '花园路3号'), {
    maxLength: 12,
  })
  .map(parts => parts.join(''))
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2_000 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  pieces,
)
const moment = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2030-12-31T00:00:00Z'),
  noInvalidDate: true,
})
const changes = (understood: Understood): boolean =>
  understood.kind === 'wish' &&
  understood.wish.about === 'order' &&
  !['show', 'whyLate', 'returns'].includes(understood.wish.wish.do)

describe('whatever is said', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(anything, anything, fc.boolean(), moment, (text, quote, direct, now) => {
        hear(text, { quote, direct, now })
        readPaste(text, { now, zone, names })
        when(text, { now, zone })
      }),
      { numRuns: 200 },
    )
  })

  it('means the same in full and half width', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...said), pieces), text => {
        expect(toHalf(told(hear(toFull(text))))).toBe(toHalf(told(hear(text))))
      }),
      { numRuns: 250 },
    )
  })

  it('gives no time that lies more than a day back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...times), pieces), moment, (text, now) => {
        const found = when(text, { now, zone })
        if (found.kind !== 'span') return
        const { from, to } = found.span
        expect(from.getTime()).toBeGreaterThanOrEqual(now.getTime() - 86_400_000)
        expect((to ?? from).getTime()).toBeGreaterThan(now.getTime() - 60_000)
        if (to) expect(to.getTime()).toBeGreaterThan(from.getTime())
        expect(text.slice(found.start, found.end)).toBe(found.span.words)
      }),
      { numRuns: 400 },
    )
  })

  it('never changes anything when the verb is denied', () => {
    const verbs = [
      '接单',
      '联系客户',
      '出发',
      '到达',
      '到',
      '修好',
      '装好',
      '完工',
      '完成',
      '恢复',
      '改约',
      '挂起',
      '结单',
      '搞定',
    ]
    const denials = ['没', '没有', '还没', '还没有', '未', '尚未', '不是', '别', '不要', '先别', '没能']
    fc.assert(
      fc.property(
        fc.constantFrom(...denials),
        fc.constantFrom(...verbs),
        fc.constantFrom('', '1024 ', '1024', '师傅，', '@派工助手 '),
        fc.constantFrom('', ' 1024', '呢', '。', ' 明天上午', '哈'),
        (no, verb, before, after) => {
          const understood = hear(`${before}${no}${verb}${after}`)
          expect(changes(understood), told(understood)).toBe(false)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('takes no code from a phone, a price, a flat or a model', () => {
    const code = fc.constantFrom(...existing)
    const hidden = fc.oneof(
      code.map(digits => `收费${digits}元`),
      code.map(digits => `¥${digits}`),
      code.map(digits => `138${digits.slice(0, 4)}1024`),
      code.map(digits => `2单元${digits}室`),
      code.map(digits => `KFR-${digits}GW`),
      code.map(digits => `尾号${digits.slice(0, 4)}`),
    )
    fc.assert(
      fc.property(hidden, words => {
        const understood = hear(`完工 ${words}`)
        expect(understood.kind === 'wish' && understood.wish.about === 'order' && understood.wish.code).toBe(undefined)
      }),
    )
  })
})

describe('long and hostile texts', () => {
  const repeats = [
    '没没没没没',
    '没有',
    '客户',
    '明天到',
    '3点',
    '1',
    '12-',
    '1.',
    '(0371)',
    '138 0000 ',
    '等',
    '还',
    '已经',
    '换了个',
    '电容×1、',
    ' ',
    '　',
    '\n',
    'a1-',
    '电话:',
    '地址',
    '花园路38号',
    '了',
    '一',
    '十',
    '给张三',
    '我',
    '再',
    '收费',
    '周',
    '下',
    '-',
    '零',
    '约',
    '在',
    '要',
    '过',
    '客户说客户要',
    '可以到',
    '1024 ',
    '@',
    '单',
    '号',
    '，',
    '正在',
    '马上',
    '吗',
    '收了一共',
    '退换附件',
    '退货没有',
    '退换 11月3日买的',
    '退换 2月29日 ',
    '退货主要功能',
    '考勤 张三 ',
    '补卡 昨天 ',
    '离岗 14:00 ',
  ]
  it.each(repeats.map(words => ({ words })))('$words', ({ words }) => {
    const text = words.repeat(500).slice(0, 500)
    const best = Math.min(
      ...Array.from({ length: 20 }, () => {
        const start = performance.now()
        hear(text, { quote: text })
        return performance.now() - start
      }),
    )
    // About 1 ms on an idle machine; what grows wild takes seconds on any.
    expect(best).toBeLessThan(100)
  })

  it('reads ordinary sentences in well under a millisecond each', () => {
    for (const text of said) hear(text)
    const start = performance.now()
    for (const text of said) hear(text)
    expect((performance.now() - start) / said.length).toBeLessThan(20)
  })
})
