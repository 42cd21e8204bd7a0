import { describe, expect, it } from 'vitest'
import type { ReturnFacts, ReturnsAnswer } from '../../src/orders/returncase.ts'
import { amountOf, fenOf, millionthsOf, sayFen } from '../../src/policy/fen.ts'
import { returnOutcomeNames } from '../../src/policy/terms.ts'
import { day, decide, ruleOf, unit, unknown } from './returnunits.ts'

/** `退货 3183.53 换货 维修`; what is open after a question mark. */
function told({ outcomes, refund, open }: ReturnsAnswer): string {
  const named = outcomes.map(outcome => {
    const paid = outcome === 'return' && refund?.fen != null ? ` ${amountOf(refund.fen)}` : ''
    return `${returnOutcomeNames[outcome]}${paid}`
  })
  const asked = open.length > 0 ? ` ? ${open.map(({ fact }) => fact).join(' ')}` : ''
  return `${named.join(' ') || '—'}${asked}`
}

describe('what a customer may have', () => {
  it.each<[string, number, Partial<ReturnFacts>, string]>([
    ['a main fault on the day of the invoice', 0, { mainFault: true }, '退货 3299.00 换货 维修'],
    ['exactly day 7', 7, { mainFault: true }, '退货 3299.00 换货 维修'],
    ['the day after: what is returned now costs its days', 8, { mainFault: true }, '退货 3272.61 换货 维修'],
    ['exactly day 15', 15, { mainFault: true }, '退货 3249.51 换货 维修'],
    ['the day after', 16, { mainFault: true }, '—'],
    ['reported in time, decided later', 41, { mainFault: true, faultOn: day(15) }, '退货 3163.74 换货 维修'],
    ['reported too late', 41, { mainFault: true, faultOn: day(16) }, '—'],
    ['reported before the invoice was written', 3, { mainFault: true, faultOn: day(-9) }, '退货 3299.00 换货 维修'],
    ['no main fault', 3, {}, '—'],
    ['no parts for exactly 90 days', 100, { waitsForParts: true, handedInOn: day(10) }, '—'],
    ['no parts for 91', 101, { waitsForParts: true, handedInOn: day(10) }, '退货 2965.80 换货 维修'],
    ['no parts, out of warranty', 101, { waitsForParts: true, handedInOn: day(10), warranty: 'out' }, '—'],
    ['no parts was no reason', 101, { handedInOn: day(10) }, '—'],
    ['the repairer late for exactly 30 days', 40, { repairerSince: day(10) }, '—'],
    ['the repairer late for 31', 41, { repairerSince: day(10) }, '退货 3163.74 换货'],
    ['deformed on opening', 60, { deformed: true }, '退货 3101.06 换货 维修'],
    ['the same model is gone', 8, { mainFault: true, sameModel: false }, '退货 3299.00 维修'],
    [
      'the same model is gone, another will do',
      8,
      { mainFault: true, sameModel: false, otherModel: true },
      '换货 维修',
    ],
    ['within 7 days the model does not matter', 7, { mainFault: true, sameModel: false }, '退货 3299.00 换货 维修'],
    ['accessories missing', 7, { mainFault: true, accessories: false }, '维修'],
    ['the sheet missing', 7, { mainFault: true, sheet: false }, '维修'],
    ['both missing, and no repair given', 41, { repairerSince: day(10), sheet: false, accessories: false }, '—'],
    ['two grounds add up', 41, { repairerSince: day(10), deformed: true }, '退货 3163.74 换货 维修'],
  ])('%s', (_, today, more, expected) => {
    expect(told(decide(unit(more, today), today))).toBe(expected)
  })

  it('may return at any time where the policy says so, and only then', () => {
    const anyTime = ruleOf('  insteadOfExchange: { sameModel: { depreciation: 1‰, anyTime: true } }')
    expect(told(decide(unit({}, 41), 41, anyTime))).toBe('退货 3163.74')
    expect(told(decide(unit({ sameModel: false }, 41), 41, anyTime))).toBe('—')
  })

  it('an exchange falls away where there is nothing to exchange for and nothing instead', () => {
    const bare = ruleOf('  fault: [{ withinDays: 15, gives: [换货, 维修] }]')
    const answer = decide(unit({ mainFault: true, sameModel: false }, 8), 8, bare)
    expect(told(answer)).toBe('维修')
    expect(answer.reasons.at(-1)).toEqual({ about: 'nothingLeft' })
  })

  it('tells what would be possible if nothing were missing', () => {
    expect(decide(unit({ mainFault: true, sheet: false }, 7), 7).refused).toEqual(['return', 'exchange'])
    expect(decide(unit({ mainFault: true, sheet: false }, 16), 16).refused).toEqual([])
    expect(decide(unit({ mainFault: true }, 7), 7).refused).toEqual([])
  })
})

describe('days that cost nothing', () => {
  const late = (more: Partial<ReturnFacts>) => decide(unit({ mainFault: true, faultOn: day(15), ...more }, 41), 41)
  const span = (from: number, to: number) => ({ from: day(from), to: day(to), why: 'parts' as const })
  it.each<[string, Partial<ReturnFacts>, number]>([
    ['none', {}, 0],
    ['one span', { inRepair: [span(16, 22)] }, 6],
    ['spans that overlap count once', { inRepair: [span(16, 22), span(20, 24)] }, 8],
    ['spans inside one another', { inRepair: [span(16, 30), span(20, 24)] }, 14],
    ['in any order', { inRepair: [span(30, 32), span(16, 20)] }, 6],
    ['a span of one date', { inRepair: [span(16, 16)] }, 0],
    ['before the invoice they save nothing', { inRepair: [span(-10, 2)] }, 2],
    ['nor do days to come', { inRepair: [span(40, 60)] }, 1],
    ['a number that was said stands for the spans', { inRepair: [span(16, 22)], daysInRepair: 3 }, 3],
    ['a number larger than all days', { daysInRepair: 99 }, 41],
  ])('%s', (_, more, free) => {
    const { refund } = late(more)
    expect(refund?.depreciation).toMatchObject({ days: 41, free })
    expect(refund?.fen).toBe(329_900n - millionthsOf(329_900n, 1000, 41 - free))
  })

  it('3,299.00 × 1‰ × (41 − 6) days is 115.465, taken half up', () => {
    expect(late({ inRepair: [span(16, 22)] }).refund).toEqual({
      ...{ fen: 318_353n, price: 329_900n },
      depreciation: { millionths: 1000, days: 41, free: 6, fen: 11_547n },
    })
  })
})

describe('what nobody said', () => {
  const base = unit({ mainFault: true }, 8)
  const then = (answer: ReturnsAnswer, fact: string) =>
    answer.open
      .find(one => one.fact === fact)
      ?.answers.map(({ answer: given, outcomes, refunds }) => {
        const paid = refunds.map(({ fen }) => (fen === null ? '?' : amountOf(fen)))
        return `${given}: ${[...outcomes, ...paid].join(' ')}`
      })

  it('is not asked for where no answer changes anything', () => {
    expect(told(decide(unknown(base, 'deformed', 'repairerSince', 'waitsForParts', 'otherModel', 'warranty'), 8))).toBe(
      '退货 3272.61 换货 维修',
    )
    const refused = unit({ mainFault: true, accessories: false }, 16)
    expect(told(decide(unknown(refused, 'deformed', 'sheet', 'sameModel', 'price'), 16))).toBe('—')
  })

  it('is told with what each answer leads to', () => {
    const answer = decide(unknown(base, 'sameModel', 'otherModel', 'sheet'), 8)
    expect(told(answer)).toBe('维修 ? sameModel otherModel sheet')
    expect(answer.possible).toEqual(['return', 'exchange', 'repair'])
    expect(then(answer, 'sameModel')).toEqual([
      'true: return exchange repair 3272.61',
      'false: return exchange repair 3299.00',
    ])
    expect(then(answer, 'otherModel')).toEqual(['true: exchange repair', 'false: return repair 3299.00'])
    expect(then(answer, 'sheet')).toEqual(['true: return exchange repair 3299.00 3272.61', 'false: repair'])
  })

  it('is told by itself: what another ground may give is left aside, and nothing is missing', () => {
    const answer = decide(unknown(base, 'mainFault', 'deformed', 'sheet'), 8)
    expect(told(answer)).toBe('— ? mainFault deformed sheet')
    expect(then(answer, 'mainFault')).toEqual(['true: return exchange repair 3272.61', 'false: '])
    expect(then(answer, 'deformed')).toEqual(['true: return exchange repair 3272.61', 'false: '])
  })

  it('goes through the periods where the invoice date is missing, and says no amount', () => {
    const answer = decide(unknown(base, 'invoicedOn', 'mainFault', 'price'), 8)
    expect(told(answer)).toBe('— ? invoicedOn price mainFault')
    expect(then(answer, 'invoicedOn')).toEqual([
      '7: return exchange repair ?',
      '15: return exchange repair ?',
      'null: ',
    ])
  })

  it('amounts alone hang on the price, and on the invoice date of what is deformed', () => {
    expect(decide(unknown(base, 'price'), 8)).toMatchObject({
      outcomes: ['return', 'exchange', 'repair'],
      refund: { fen: null, price: null, depreciation: { days: 8, fen: null } },
      open: [{ fact: 'price', answers: [] }],
    })
    const deformed = decide(unknown(unit({ deformed: true }, 60), 'invoicedOn'), 60)
    expect(deformed).toMatchObject({ refund: { fen: null, depreciation: { days: null } } })
    expect(told(deformed)).toBe('退货 换货 维修 ? invoicedOn')
  })

  it('may be since when the repairer is late, no longer than the unit is there', () => {
    const asked = (since: number) => told(decide(unknown(unit({ handedInOn: day(since) }, 41), 'repairerSince'), 41))
    expect(asked(11)).toBe('—')
    expect(asked(10)).toBe('— ? repairerSince')
  })

  it('may be the warranty of a unit that waits for parts, and nothing else', () => {
    const waiting = unit({ waitsForParts: true, handedInOn: day(0) }, 91)
    expect(told(decide(unknown(waiting, 'warranty'), 91))).toBe('— ? warranty')
    expect(decide(unknown(waiting, 'warranty'), 91).reasons.map(({ about }) => about)).toEqual(['notMain', 'complete'])
    expect(told(decide(unknown({ ...waiting, handedInOn: day(1) }, 'warranty', 'waitsForParts'), 91))).toBe('—')
  })

  it('takes two answers at most to any question but the day of the invoice, and is quick about it', () => {
    const nothing: ReturnFacts = { faultOn: day(0), handedInOn: day(0), inRepair: [] }
    const { open } = decide(nothing, 300)
    expect(open.map(({ fact }) => fact)).toEqual([
      ...['invoicedOn', 'price', 'mainFault', 'deformed', 'waitsForParts', 'warranty', 'repairerSince'],
      ...['sameModel', 'otherModel', 'accessories', 'sheet'],
    ])
    for (const { fact, answers } of open) expect(answers.length).toBe({ invoicedOn: 3, price: 0 }[fact as string] ?? 2)
  })

  it('an invoice date that lies ahead is none', () => {
    const answer = decide(unit({ mainFault: true, invoicedOn: day(9) }, 8), 8)
    expect(answer).toMatchObject({ invoiceAhead: day(9), outcomes: [] })
    expect(answer.open.map(({ fact }) => fact)).toEqual(['invoicedOn'])
  })
})

describe('money', () => {
  it.each([
    ['3299.00', 329_900n, '¥3,299.00'],
    ['3299', 329_900n, '¥3,299.00'],
    ['0.5', 50n, '¥0.50'],
    ['1234567.89', 123_456_789n, '¥1,234,567.89'],
    ['100', 10_000n, '¥100.00'],
  ])('%s', (amount, fen, said) => {
    expect(fenOf(amount)).toBe(fen)
    expect(sayFen(fen)).toBe(said)
    expect(fenOf(amountOf(fen))).toBe(fen)
  })

  it('is rounded half up once', () => {
    expect(millionthsOf(329_900n, 1000, 35)).toBe(11_547n)
    expect(millionthsOf(100n, 5000, 1)).toBe(1n)
    expect(millionthsOf(99n, 5000, 1)).toBe(0n)
    expect(millionthsOf(9_999_999_999n, 1000, 3660)).toBe(36_599_999_996n)
  })
})
