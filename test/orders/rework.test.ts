import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clocksOf } from '../../src/orders/clocks.ts'
import type { FactBody, OrderFields } from '../../src/orders/fact.ts'
import { replay } from '../../src/orders/order.ts'
import { type EarlierJob, firstTimeFix, linkByHand, lookBack, lookBackSince } from '../../src/orders/rework.ts'
import { dispatched, fields as install, journal, policyOf, t } from './journal.ts'

const clocks = '  - { kind: complete, start: dispatched, stop: completed, within: 24h }'
const policy = policyOf(clocks, 'rework: { within: 30d }\nleak: { within: 365d, words: [漏水, 漏氟] }')
const now = t('25 10:00')

const order = (over: Partial<OrderFields> = {}): OrderFields => install({ kind: 'repair', fault: '不制冷', ...over })

const job = (over: Partial<EarlierJob> = {}): EarlierJob => ({
  ...{ id: 'o-1003', code: '1003', kind: 'repair', fault: '空调不凉', category: null, brand: null, model: null },
  ...{ serial: null, phone: '13800001234', address: '花园路1号', technician: 'zhang', doneAt: t('02 17:00'), ...over },
})

const seen = (over: Partial<OrderFields>, jobs: EarlierJob[], rules = policy): string => {
  const { link, earlier } = lookBack(order(over), jobs, rules, now)
  if (link) return `${link.why} ${link.code} ${link.days}`
  return earlier ? `shown ${earlier.code} ${earlier.days}` : 'nothing'
}

describe('what a new order follows from', () => {
  it.each<[what: string, over: Partial<OrderFields>, jobs: EarlierJob[], expected: string]>([
    ['the same fault of the same customer', {}, [job()], 'rework 1003 23'],
    ['another fault is only shown', { fault: '漏电' }, [job()], 'shown 1003 23'],
    ['one that tells nothing is only shown', { fault: '再看看' }, [job()], 'shown 1003 23'],
    ['30 days ago, whatever the hour', {}, [job({ doneAt: t('2026-10-26 00:01') })], 'rework 1003 30'],
    ['31 days ago is too long', {}, [job({ doneAt: t('2026-10-25 23:59') })], 'nothing'],
    ['another customer', { customer: { name: '', phone: '13800009999', address: '' } }, [job()], 'nothing'],
    [
      'the same serial with another phone',
      { product: { serial: 'A1' }, customer: { name: '', phone: '13800009999', address: '远方路9号' } },
      [job({ serial: 'A1' })],
      'rework 1003 23',
    ],
    ['another serial with the same phone', { product: { serial: 'A1' } }, [job({ serial: 'B2' })], 'shown 1003 23'],
    ['a serial that only one of them has', { product: { serial: 'A1' } }, [job()], 'rework 1003 23'],
    ['another model', { product: { model: 'KFR-35' } }, [job({ model: 'KFR-72' })], 'shown 1003 23'],
    ['the model in other letters', { product: { model: 'kfr 35' } }, [job({ model: 'KFR-35' })], 'rework 1003 23'],
    ['another brand', { product: { brand: '格力' } }, [job({ brand: '美的' })], 'shown 1003 23'],
    [
      'the same place, written longer',
      { customer: { name: '', phone: '13800001234', address: '金水区花园路 1 号院 5 号楼 1801' } },
      [job()],
      'rework 1003 23',
    ],
    [
      'another flat of the same customer',
      { customer: { name: '', phone: '13800001234', address: '花园路1号院 302' } },
      [job({ address: '花园路1号院 501' })],
      'shown 1003 23',
    ],
    [
      'the same category, whatever the words',
      { category: '压缩机', fault: '响' },
      [job({ category: '压缩机' })],
      'rework 1003 23',
    ],
    ['another category, whatever the words', { category: '外观' }, [job({ category: '压缩机' })], 'shown 1003 23'],
    ['a category that only one has: the words', { category: '压缩机' }, [job()], 'rework 1003 23'],
    ['an install is no repair', {}, [job({ kind: 'install', fault: '不制冷' })], 'shown 1003 23'],
    ['nor is a complaint rework', { kind: 'complaint' }, [job()], 'shown 1003 23'],
    [
      'of two repairs the later one',
      {},
      [job({ id: 'a', code: '1001', doneAt: t('01 09:00') }), job({ code: '1005', doneAt: t('10 09:00') })],
      'rework 1005 15',
    ],
    [
      'past a repair of something else the one of this',
      {},
      [job({ code: '1004', fault: '遥控失灵', doneAt: t('20 09:00') }), job()],
      'rework 1003 23',
    ],
    ['on the same day', {}, [job({ doneAt: t('25 09:59') })], 'rework 1003 0'],
  ])('%s', (_, over, jobs, expected) => {
    expect(seen(over, jobs)).toBe(expected)
  })

  const installed = (over: Partial<EarlierJob> = {}) =>
    job({ kind: 'install', fault: '安装挂机', doneAt: t('2026-02-03 12:00'), ...over })

  it.each<[what: string, over: Partial<OrderFields>, jobs: EarlierJob[], expected: string]>([
    ['a leak within a year of the install', { fault: '内机漏水' }, [installed()], 'leak 1003 295'],
    ['the last day of the year', { fault: '漏氟' }, [installed({ doneAt: t('2025-11-25 08:00') })], 'leak 1003 365'],
    ['a day later', { fault: '漏氟' }, [installed({ doneAt: t('2025-11-24 08:00') })], 'nothing'],
    ['by the category', { fault: '不制冷', category: '漏氟' }, [installed()], 'leak 1003 295'],
    ['漏电 is none', { fault: '外壳漏电' }, [installed()], 'nothing'],
    ['不漏水 is none', { fault: '不漏水了，不制冷' }, [installed()], 'nothing'],
    [
      'of a unit that was repaired, not installed',
      { fault: '漏水' },
      [job({ doneAt: t('2026-02-03 12:00') })],
      'nothing',
    ],
    ['of another unit', { fault: '漏水', product: { model: 'A' } }, [installed({ model: 'B' })], 'nothing'],
    [
      'repaired since, and leaking again: the repairer’s',
      { fault: '又漏水' },
      [installed(), job({ code: '1009', fault: '漏水', doneAt: t('20 09:00') })],
      'rework 1009 5',
    ],
    ['a new install does not leak', { kind: 'install', fault: '漏水' }, [installed()], 'nothing'],
  ])('leaks: %s', (_, over, jobs, expected) => {
    expect(seen(over, jobs)).toBe(expected)
  })

  it('is any fault where the policy says so, and nothing where it says nothing', () => {
    const any = policyOf(clocks, 'rework: { within: 30d, sameFault: false }')
    expect(seen({ fault: '漏电' }, [job()], any)).toBe('rework 1003 23')
    expect(seen({ product: { model: 'A' }, fault: '漏电' }, [job({ model: 'B' })], any)).toBe('shown 1003 23')
    const none = policyOf(clocks)
    expect([lookBackSince(none, now), seen({}, [job()], none)]).toEqual([null, 'nothing'])
  })

  it('looks back to the first midnight that can count', () => {
    expect(lookBackSince(policy, now)).toEqual(t('2025-11-25 00:00'))
    expect(lookBackSince(policyOf(clocks, 'rework: { within: 30d }'), now)).toEqual(t('2026-10-26 00:00'))
  })

  it('keeps who did it and when, and what was wrong where it is only shown', () => {
    expect(lookBack(order(), [job()], policy, now).link).toEqual({
      ...{ why: 'rework', to: 'o-1003', code: '1003', technician: 'zhang', days: 23 },
      doneAt: t('02 17:00').toISOString(),
    })
    expect(lookBack(order({ fault: '漏电' }), [job()], policy, now).earlier).toMatchObject({ fault: '空调不凉' })
  })

  it('by hand: a leak where the words are, whatever the unit, else a rework', () => {
    expect(linkByHand(order({ fault: '漏水' }), installed({ phone: '1', serial: 'X' }), policy, now).why).toBe('leak')
    expect(linkByHand(order(), installed(), policy, now).why).toBe('rework')
    expect(linkByHand(order(), job({ doneAt: t('26 09:00') }), policy, now).days).toBe(-1)
  })

  it('is never more than one job, and one of those that were given', () => {
    const faults = fc.constantFrom('不制冷', '漏水', '异响', '安装')
    const jobs = fc.array(
      fc.record({
        fault: faults,
        kind: fc.constantFrom('repair' as const, 'install' as const),
        phone: fc.constantFrom('13800001234', '13800009999'),
        code: fc.integer({ min: 1000, max: 1999 }).map(String),
        doneAt: fc.integer({ min: 0, max: 400 }).map(days => new Date(now.getTime() - days * 86_400_000)),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(faults, jobs, (fault, given) => {
        const { link, earlier } = lookBack(order({ fault }), given.map(job), policy, now)
        expect(link === null || earlier === null).toBe(true)
        const found = link ?? earlier
        if (!found) return
        const source = given.filter(({ code, phone }) => code === found.code && phone === '13800001234')
        expect(source.map(({ doneAt }) => doneAt.toISOString())).toContain(found.doneAt)
        expect(found.days).toBeLessThanOrEqual(link?.why === 'leak' ? 365 : 30)
      }),
    )
  })
})

const linked: FactBody = {
  ...{ fact: 'linked', why: 'rework', to: 'o-1003', code: '1003', technician: 'zhang', days: 23 },
  doneAt: t('02 17:00').toISOString(),
}

describe('an order that is linked', () => {
  const created: FactBody = { fact: 'created', order: order() }
  const short = policyOf(
    `  - { kind: complete, start: created, stop: completed, within: 8h, when: { rework: true } }
  - { kind: complete, start: created, stop: completed, within: 24h }
  - { kind: contact, start: dispatched, stop: contacted, within: 10m, when: { leak: true } }
  - { kind: contact, start: dispatched, stop: contacted, within: 20m, when: { rework: false } }
  - { kind: contact, start: dispatched, stop: contacted, within: 30m }`,
    'rework: { within: 30d }\nleak: { within: 365d, words: [漏水] }',
  )
  const due = (...facts: Array<[string, FactBody]>) =>
    clocksOf(journal(['25 09:00', created], ...facts), short, t('25 10:00')).map(({ dueAt }) => dueAt)

  it('has the time of a rework from its very beginning, and for what begins later', () => {
    expect(due(['25 09:00', dispatched()])).toEqual([t('26 09:00'), t('25 09:20')])
    expect(due(['25 09:00', linked], ['25 09:00', dispatched()])).toEqual([t('25 17:00'), t('25 09:30')])
    const leak = { ...linked, why: 'leak' } as FactBody
    expect(due(['25 09:00', leak], ['25 09:00', dispatched()])).toEqual([t('26 09:00'), t('25 09:10')])
  })

  it('by hand it changes what begins afterwards, and 不是返修 takes all of it away', () => {
    expect(due(['25 09:10', linked], ['25 09:20', dispatched()])).toEqual([t('26 09:00'), t('25 09:50')])
    const unlinked: FactBody = { fact: 'unlinked', to: 'o-1003', code: '1003' }
    const wrong = [
      ['25 09:00', linked],
      ['25 09:00', dispatched()],
      ['25 09:30', unlinked],
    ] as Array<[string, FactBody]>
    expect(due(...wrong)).toEqual([t('26 09:00'), t('25 09:20')])
    expect(due(...wrong, ['25 09:40', linked])).toEqual([t('26 09:00'), t('25 09:20')])
  })

  it('shows what it follows from, or only what was before', () => {
    const facts = journal(['25 09:00', created], ['25 09:00', linked])
    expect(replay(facts)).toMatchObject({ linked: { code: '1003' }, earlier: null, step: 1, look: 2 })
    const after = journal(
      ['25 09:00', created],
      ['25 09:00', linked],
      ['25 09:10', { fact: 'unlinked', to: '', code: '' }],
    )
    expect(replay(after)).toMatchObject({ linked: null, earlier: { code: '1003' }, step: 1, look: 3 })
  })
})

describe('first-time fix (R6.1)', () => {
  const reworked = (over: object = {}) =>
    ({ fact: 'reworked', why: 'rework', order: 'o-2', code: '1009', days: 5, ...over }) as FactBody
  const done: [string, FactBody] = ['02 17:00', { fact: 'completed', result: '加氟' }]
  const told = (at: string, ...facts: Array<[string, FactBody]>) =>
    firstTimeFix(journal(['01 09:00', { fact: 'created', order: order() }], ['01 09:10', dispatched()], ...facts), {
      ...{ days: 7, now: t(at), policy },
    })

  it.each<[what: string, told: string, expected: string]>([
    ['not finished', told('20 09:00'), 'tooEarly'],
    ['the seventh day', told('09 23:59', done), 'tooEarly'],
    ['the eighth day', told('10 00:00', done), 'yes'],
    ['an empty run counts as well', told('10 00:00', ['02 17:00', { fact: 'emptyRun' }]), 'yes'],
    ['reported again in time', told('07 09:00', done, ['07 09:00', reworked()]), 'no'],
    ['reported again, and that stays', told('30 09:00', done, ['07 09:00', reworked()]), 'no'],
    ['reported again on the last day', told('30 09:00', done, ['09 09:00', reworked({ days: 7 })]), 'no'],
    ['reported again later', told('30 09:00', done, ['10 09:00', reworked({ days: 8 })]), 'yes'],
    ['a leak counts elsewhere', told('30 09:00', done, ['07 09:00', reworked({ why: 'leak' })]), 'yes'],
    [
      'taken back by the desk',
      told(
        '30 09:00',
        done,
        ['07 09:00', reworked()],
        ['07 10:00', { fact: 'unreworked', order: 'o-2', code: '1009' }],
      ),
      'yes',
    ],
    [
      'taken back for one of two',
      told(
        '30 09:00',
        ...([done, ['07 09:00', reworked()], ['08 09:00', reworked({ order: 'o-3' })]] as Array<[string, FactBody]>),
        ['08 10:00', { fact: 'unreworked', order: 'o-2', code: '1009' }],
      ),
      'no',
    ],
    [
      'finished, taken back, finished again',
      told(
        '10 12:00',
        done,
        ['02 17:05', { fact: 'undone', undoes: 3 }],
        ['05 17:00', { fact: 'completed', result: '' }],
      ),
      'tooEarly',
    ],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected)
  })
})
