import { describe, expect, it } from 'vitest'
import type { ReturnSaid } from '../../src/chat/intent.ts'
import type { FactBody, OrderFields } from '../../src/orders/fact.ts'
import { returnFactsOf, saidSoFar } from '../../src/orders/returnfacts.ts'
import { dispatched, fields, journal, t, zone } from './journal.ts'
import { r13 } from './returnunits.ts'

type Entry = [at: string, body: FactBody]

const created = (over: Partial<OrderFields> = {}): Entry => [
  '05 09:00',
  { fact: 'created', order: fields({ kind: 'repair', ...over }) },
]
const asked = (at: string, said: ReturnSaid): Entry => [at, { fact: 'returnAsked', said }]
const held = (at: string, reason: 'parts' | 'majorRepair' | 'customer' = 'parts'): Entry => [
  at,
  { fact: 'suspended', reason, note: '' },
]
const known = (now: string, ...entries: Entry[]) => returnFactsOf(r13, journal(...entries), t(now), zone)

describe('what the journal knows of a unit', () => {
  it('is what came with the order: invoice, warranty, and the day it was reported', () => {
    const invoice = { date: '2026-11-03', price: '3299.00' }
    expect(known('20 10:00', created({ invoice, warranty: 'in' }))).toEqual({
      ...{ invoicedOn: '2026-11-03', price: '3299.00', warranty: 'in' },
      ...{ faultOn: '2026-11-05', handedInOn: '2026-11-05', inRepair: [] },
    })
  })

  it('and what was said, the last of it', () => {
    const invoice = { date: '2026-11-03', price: '3299.00' }
    const entries = [
      created({ invoice, warranty: 'in' }),
      asked('06 09:00', { mainFault: true, accessories: false, price: '3099.00', wants: 'return' }),
      asked('07 09:00', { accessories: true, warranty: 'out', invoicedOn: '2026-11-02', faultOn: '2026-11-04' }),
    ]
    expect(known('20 10:00', ...entries)).toMatchObject({
      ...{ invoicedOn: '2026-11-02', price: '3099.00', warranty: 'out', faultOn: '2026-11-04' },
      ...{ mainFault: true, accessories: true },
    })
    expect(saidSoFar(journal(...entries)).wants).toBe('return')
  })

  it('leaves out what was taken back', () => {
    const entries = [
      created(),
      asked('06 09:00', { sheet: true }),
      ['06 09:01', { fact: 'undone', undoes: 2 }] as Entry,
    ]
    expect(known('20 10:00', ...entries)).not.toHaveProperty('sheet')
  })

  it.each<[string, string, Entry[], string]>([
    ['a repair: when it came in', '20 10:00', [created()], '2026-11-05'],
    ['a complaint: when it came in', '20 10:00', [created({ kind: 'complaint' })], '2026-11-05'],
    ['an install: now', '20 10:00', [created({ kind: 'install' })], '2026-11-20'],
    [
      'an install: when it was first said',
      '20 10:00',
      [
        created({ kind: 'install' }),
        asked('06 09:00', { sheet: true }),
        asked('07 23:59', { mainFault: true }),
        asked('09 09:00', { mainFault: true }),
      ],
      '2026-11-07',
    ],
    ['near midnight: the day of the policy’s zone', '08 00:30', [created({ kind: 'install' })], '2026-11-08'],
  ])('the fault of %s', (_, now, entries, day) => {
    expect(known(now, ...entries).faultOn).toBe(day)
  })
})

describe('parts', () => {
  const waits = (...entries: Entry[]) =>
    known('20 10:00', created(), ['05 09:10', dispatched()], ...entries).waitsForParts

  it.each<[string, Entry[], boolean | undefined]>([
    ['nobody said', [], undefined],
    ['suspended for them', [held('06 10:00')], true],
    ['suspended for something else', [held('06 10:00', 'customer')], undefined],
    ['resumed', [held('06 10:00'), ['07 10:00', { fact: 'resumed' }]], undefined],
    ['repaired', [['07 10:00', { fact: 'completed', result: '' }]], false],
    ['said', [asked('06 10:00', { waitsForParts: true })], true],
    ['said not', [held('06 10:00'), asked('06 11:00', { waitsForParts: false })], false],
  ])('%s', (_, entries, expected) => {
    expect(waits(...entries)).toBe(expected)
  })

  it('a unit that was waiting before the order came in was handed in by then', () => {
    const entries = [created(), asked('06 10:00', { waitsForParts: true, waitingSince: '2026-10-01' })]
    expect(known('20 10:00', ...entries)).toMatchObject({
      handedInOn: '2026-10-01',
      inRepair: [{ from: '2026-10-01', to: '2026-11-20', why: 'waiting' }],
    })
    expect(known('20 10:00', created(), asked('06 10:00', { waitingSince: '2026-11-10' })).handedInOn).toBe(
      '2026-11-05',
    )
  })
})

describe('the repairer', () => {
  it.each<[ReturnSaid, string | false | undefined]>([
    [{}, undefined],
    [{ repairerSince: false }, false],
    [{ repairerSince: '2026-10-20' }, '2026-10-20'],
    [{ repairerSince: true }, '2026-11-05'],
    [{ repairerSince: true, handedInOn: '2026-10-30' }, '2026-10-30'],
  ])('late: %j', (said, since) => {
    expect(known('20 10:00', created(), asked('06 10:00', said)).repairerSince).toBe(since)
  })
})

describe('days in repair and waiting for it', () => {
  const idle = (...entries: Entry[]) => known('28 10:00', created(), ['05 09:10', dispatched()], ...entries).inRepair

  it('are those of a suspension that the rule leaves out, until it ends or until today', () => {
    expect(
      idle(
        ...[held('06 23:00'), ['09 08:00', { fact: 'resumed' }] as Entry],
        ...[held('10 08:00', 'customer'), ['12 08:00', { fact: 'resumed' }] as Entry],
        ...[held('13 08:00', 'majorRepair'), ['15 08:00', { fact: 'withdrawn', from: 'zhang', reason: '' }] as Entry],
        ...[['15 09:00', dispatched('li')] as Entry, held('20 08:00')],
      ),
    ).toEqual([
      { from: '2026-11-06', to: '2026-11-09', why: 'parts' },
      { from: '2026-11-13', to: '2026-11-15', why: 'majorRepair' },
      { from: '2026-11-20', to: '2026-11-28', why: 'parts' },
    ])
  })

  it('end with the work', () => {
    for (const end of [
      { fact: 'completed', result: '' },
      { fact: 'emptyRun' },
      { fact: 'cancelled', reason: '' },
    ] as const)
      expect(idle(held('06 10:00'), ['08 10:00', end])).toEqual([
        { from: '2026-11-06', to: '2026-11-08', why: 'parts' },
      ])
  })

  it('are as well those since it was handed in, and those that are said', () => {
    expect(
      idle(asked('06 10:00', { handedInOn: '2026-11-04', inRepair: { from: '2026-11-10', to: '2026-11-12' } })),
    ).toEqual([
      { from: '2026-11-04', to: '2026-11-28', why: 'handedIn' },
      { from: '2026-11-10', to: '2026-11-12', why: 'said' },
    ])
    expect(
      idle(asked('06 10:00', { handedInOn: '2026-11-04' }), ['18 10:00', { fact: 'completed', result: '' }]),
    ).toEqual([{ from: '2026-11-04', to: '2026-11-18', why: 'handedIn' }])
  })

  it('may be said as a number', () => {
    const facts = known('20 10:00', created(), asked('06 10:00', { inRepair: { days: 6 } }))
    expect(facts).toMatchObject({ daysInRepair: 6, inRepair: [] })
  })
})
