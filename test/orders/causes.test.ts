import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cause, causeOf, causes } from '../../src/orders/causes.ts'
import { causeNames } from '../../src/orders/causewords.ts'
import { clockRunsOf } from '../../src/orders/clocks.ts'
import { type ClockKind, type Fact, type FactBody, standing } from '../../src/orders/fact.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { created, dispatched, journal, plain, policyOf, span, t } from './journal.ts'

type Entry = [at: string, body: FactBody]

/** Cause of the last run of a clock and the fact that shows it: `silent 3`. */
function why(kind: ClockKind, entries: readonly Entry[] | Fact[], now: string, policy: Policy = plain): string | null {
  const facts = isJournal(entries) ? entries : journal(...entries)
  const run = clockRunsOf(facts, policy, t(now)).findLast(one => one.kind === kind)
  const caused = run && causeOf(facts, policy, run)
  return caused ? `${caused.cause} ${caused.seq}` : null
}

const isJournal = (entries: readonly Entry[] | Fact[]): entries is Fact[] => entries.some(one => 'seq' in one)

const accepted: FactBody = { fact: 'accepted' }
const contacted: FactBody = { fact: 'contacted' }
const completed: FactBody = { fact: 'completed', result: '' }
const suspended = (reason: 'parts' | 'majorRepair' | 'customer' | 'other'): FactBody => ({
  ...{ fact: 'suspended', reason },
  note: '',
})
const reminded = (clock: ClockKind): FactBody => ({ fact: 'reminded', clock, step: 'warn:30m', to: 'zhang' })
const withdrawn: FactBody = { fact: 'withdrawn', from: 'zhang', reason: '' }

/** Limits of every kind from what the desk does to what is owed after; an appointment replaces none of them. */
const strict = policyOf(`
  - { kind: dispatch, start: created, stop: dispatched, within: 30m }
  - { kind: contact, start: created, stop: [contacted, arrived], within: 4h }
  - { kind: arrive, start: created, stop: arrived, within: 10h }
  - { kind: complete, start: created, stop: [completed, emptyRun], within: 24h, pauses: [parts] }
  - { kind: report, start: completed, stop: reported, within: 12h }
  - { kind: revisit, start: completed, stop: revisited, within: 24h }`)

const first: Entry[] = [
  ['25 09:00', created()],
  ['25 09:00', dispatched()],
]
const taken: Entry[] = [...first, ['25 09:05', accepted]]

describe('dispatching and accepting', () => {
  it.each([
    ['dispatched late', [first[0], ['25 09:31', dispatched()]], 'lateDispatch 2'],
    ['not dispatched yet', [first[0]], 'lateDispatch 1'],
    ['offered, and nobody took it', [first[0], ['25 09:10', { fact: 'offered' }]], 'notAccepted 2'],
    ['offered when it was too late', [first[0], ['25 09:31', { fact: 'offered' }]], 'lateDispatch 1'],
    ['dispatched in time', first, null],
  ] as Array<[string, Entry[], string | null]>)('%s', (_, entries, expected) => {
    expect(why('dispatch', entries, '25 10:00', strict)).toBe(expected)
  })

  it.each([
    ['no word', first, 'notAccepted 2'],
    ['taken late', [...first, ['25 09:21', accepted]], 'notAccepted 2'],
    ['declined late', [...first, ['25 09:21', { fact: 'declined', reason: '远' }]], 'declined 3'],
    ['taken back late', [...first, ['25 09:30', withdrawn]], 'notAccepted 2'],
    ['declined in time', [...first, ['25 09:19', { fact: 'declined', reason: '远' }]], null],
  ] as Array<[string, Entry[], string | null]>)('accepting: %s', (_, entries, expected) => {
    expect(why('accept', entries, '25 10:00')).toBe(expected)
  })
})

describe('what stood in the way at due', () => {
  it.each([
    ['parts', 'parts'],
    ['majorRepair', 'majorRepair'],
    ['customer', 'customer'],
    ['other', 'otherPause'],
  ] as const)('a suspension for %s where it does not pause the clock', (reason, cause) => {
    expect(why('arrive', [...taken, ['25 12:00', suspended(reason)]], '25 20:00', strict)).toBe(`${cause} 4`)
  })

  it.each([
    ['other is no pause', [...taken, ['25 12:00', suspended('other')]], 'otherPause 4'],
    [
      'work went on',
      [
        ...taken,
        ['25 12:00', suspended('other')],
        ['25 13:00', { fact: 'resumed' }],
        ['26 08:00', reminded('complete')],
      ],
      'silent 6',
    ],
    [
      'a pause that counts is no cause',
      [
        ...taken,
        ['25 12:00', suspended('parts')],
        ['25 14:00', { fact: 'resumed' }],
        ['26 09:00', reminded('complete')],
      ],
      'silent 6',
    ],
    [
      'the last reason',
      [...taken, ['25 12:00', suspended('other')], ['25 15:00', { fact: 'unreachable' }]],
      'unreachable 5',
    ],
    ['not reached', [...taken, ['25 12:00', { fact: 'unreachable' }]], 'unreachable 4'],
    [
      'reached after all',
      [...taken, ['25 12:00', { fact: 'unreachable' }], ['25 15:00', contacted], ['26 08:00', reminded('complete')]],
      'silent 6',
    ],
    [
      'given to another meanwhile',
      [...taken, ['25 12:00', { fact: 'unreachable' }], ['25 12:30', dispatched('li')], ['25 12:40', accepted]],
      'silent 5',
    ],
  ] as Array<[string, Entry[], string]>)('of completion: %s', (_, entries, expected) => {
    expect(why('complete', entries, '26 12:00')).toBe(expected)
  })

  it.each([
    [
      'later than the limit',
      [...taken, ['25 10:00', { fact: 'contacted', appointment: span('26 14:00') }]],
      'agreedLate 4',
    ],
    [
      'till later than the limit',
      [...taken, ['25 10:00', { fact: 'contacted', appointment: span('26 08:00', '26 10:00') }]],
      'agreedLate 4',
    ],
    ['within it', [...taken, ['25 10:00', { fact: 'contacted', appointment: span('26 08:00') }]], 'slow 4'],
    [
      'put off at last',
      [
        ...taken,
        ['25 10:00', { fact: 'contacted', appointment: span('26 08:00') }],
        ['26 08:00', { fact: 'appointed', appointment: span('26 15:00') }],
      ],
      'agreedLate 5',
    ],
  ] as Array<[string, Entry[], string]>)('an appointment %s', (_, entries, expected) => {
    expect(why('complete', entries, '26 12:00', strict)).toBe(expected)
  })

  it('an appointment that replaces the limit is none', () => {
    const agreed: Entry[] = [...taken, ['25 10:00', { fact: 'contacted', appointment: span('27 14:00') }]]
    expect(why('complete', agreed, '27 15:00')).toBe('slow 4')
    expect(why('complete', [...agreed, ['27 13:30', reminded('complete')]], '27 15:00')).toBe('silent 5')
  })

  it('reported unreachable in time and never confirmed, or confirmed', () => {
    const reported: Entry[] = [...taken, ['25 10:30', { fact: 'unreachable' }]]
    expect(why('contact', reported, '25 12:00')).toBe('unreachable 4')
    expect(why('contact', [...reported, ['25 11:30', { fact: 'unreachableConfirmed' }]], '25 12:00')).toBeNull()
  })
})

describe('the time that was gone before somebody had it', () => {
  it.each([
    [
      'half of it until it was dispatched',
      [first[0], ['25 21:00', dispatched()], ['25 21:00', accepted]],
      'lateDispatch 2',
    ],
    ['less than half', [first[0], ['25 20:59', dispatched()], ['25 20:59', accepted]], 'silent 2'],
    ['until somebody took it', [...first, ['25 22:00', accepted]], 'notAccepted 2'],
    ['until he said a word at all', [...first, ['25 22:00', contacted]], 'notAccepted 2'],
    [
      'nobody grabbed it',
      [first[0], ['25 09:10', { fact: 'offered' }], ['25 22:00', dispatched()], ['25 22:00', accepted]],
      'notAccepted 2',
    ],
    ['not dispatched at all', [first[0]], 'lateDispatch 1'],
    [
      'declined, and long in nobody’s hands',
      [
        ...first,
        ['25 09:30', { fact: 'declined', reason: '' }],
        ['25 22:00', dispatched('li')],
        ['25 22:00', accepted],
      ],
      'declined 3',
    ],
    [
      'declined after he had it for long',
      [
        ...taken,
        ['25 20:00', { fact: 'declined', reason: '' }],
        ['25 21:30', dispatched('li')],
        ['25 21:30', accepted],
      ],
      'declined 4',
    ],
    [
      'taken back by the desk and left lying',
      [...taken, ['25 10:00', withdrawn], ['25 22:00', dispatched('li')], ['25 22:00', accepted]],
      'withdrawn 4',
    ],
    [
      'moved from one to another',
      [...taken, ['25 21:30', withdrawn], ['25 21:30', dispatched('li')], ['25 21:35', accepted]],
      'reassigned 5',
    ],
    [
      'moved without being taken back',
      [...taken, ['25 21:30', dispatched('li')], ['25 21:35', accepted]],
      'reassigned 4',
    ],
    [
      'moved late, and not accepted by due',
      [...taken, ['26 08:30', withdrawn], ['26 08:30', dispatched('li')]],
      'reassigned 5',
    ],
    [
      'nobody had it at due, though not for long',
      [...taken, ['25 10:00', contacted], ['26 08:00', withdrawn]],
      'withdrawn 5',
    ],
    ['the greater part', [first[0], ['25 14:00', dispatched()], ['25 22:00', accepted]], 'notAccepted 2'],
  ] as Array<[string, Entry[], string]>)('%s', (_, entries, expected) => {
    expect(why('complete', entries, '26 12:00', strict)).toBe(expected)
  })

  it('is 没人接 where the service took it back', () => {
    const facts = journal(...first, ['25 09:30', withdrawn], ['25 22:00', dispatched('li')], ['25 22:00', accepted])
    const system = facts.map(fact => (fact.fact === 'withdrawn' ? { ...fact, by: null, via: 'system' as const } : fact))
    expect(why('complete', system, '26 12:00', strict)).toBe('notAccepted 3')
    expect(why('complete', facts, '26 12:00', strict)).toBe('withdrawn 3')
  })

  it('leaves out the nights of a limit in working time, and the pauses', () => {
    const working = policyOf(
      '  - { kind: complete, start: created, stop: completed, within: 8h, basis: working, pauses: [parts] }',
      'hours: ["08:00-16:00"]',
    )
    const overnight: Entry[] = [
      ['25 14:00', created()],
      ['26 08:30', dispatched()],
      ['26 08:30', accepted],
    ]
    // 2.5 of 8 working hours, but 18.5 of 24 that passed.
    expect(why('complete', overnight, '26 15:00', working)).toBe('silent 2')
    expect(
      why(
        'complete',
        [overnight[0], ['26 10:00', dispatched()], ['26 10:00', accepted]] as Entry[],
        '26 15:00',
        working,
      ),
    ).toBe('lateDispatch 2')
    const paused: Entry[] = [
      ['25 09:00', created()],
      ['25 21:30', dispatched()],
      ['25 21:30', accepted],
      ['25 22:00', suspended('parts')],
      ['26 22:00', { fact: 'resumed' }],
    ]
    expect(why('complete', paused, '27 12:00', strict)).toBe('lateDispatch 2')
  })

  it('knows what was the technician’s before a clock began', () => {
    const onSite = policyOf('  - { kind: complete, start: arrived, stop: completed, within: 2h }')
    expect(why('complete', [...taken, ['25 20:00', { fact: 'arrived' }]], '25 23:00', onSite)).toBe('onSite 4')
  })
})

describe('what was said only after due', () => {
  it.each([
    ['contact', [['25 11:10', { fact: 'unreachable' }]], '25 12:00', 'unreachable 4'],
    ['contact', [['25 11:10', { fact: 'declined', reason: '' }]], '25 12:00', 'declined 4'],
    ['contact', [['25 11:10', { fact: 'contacted', appointment: span('25 15:00') }]], '25 12:00', 'silent 2'],
    [
      'contact',
      [
        ['25 11:10', withdrawn],
        ['25 11:10', dispatched('li')],
      ],
      '25 11:20',
      null,
    ],
    ['complete', [['26 09:10', suspended('parts')]], '26 12:00', 'parts 4'],
    ['complete', [['26 09:10', { fact: 'appointed', appointment: span('26 15:00') }]], '26 12:00', 'agreedLate 4'],
    [
      'complete',
      [
        ['25 15:00', { fact: 'arrived' }],
        ['26 09:10', suspended('majorRepair')],
      ],
      '26 12:00',
      'majorRepair 5',
    ],
    [
      'complete',
      [
        ['26 09:10', suspended('other')],
        ['26 09:20', suspended('parts')],
      ],
      '26 12:00',
      'otherPause 4',
    ],
    [
      'complete',
      [
        ['26 09:10', completed],
        ['26 09:20', suspended('parts')],
      ],
      '26 12:00',
      'silent 2',
    ],
  ] as Array<[ClockKind, Entry[], string, string | null]>)('%s: %j', (kind, more, now, expected) => {
    expect(why(kind, [...taken, ...more], now)).toBe(expected)
  })

  it('belongs to the run that was late, though another follows', () => {
    const facts = journal(...taken, ['25 11:10', withdrawn], ['25 11:10', dispatched('li')], ['25 11:15', accepted])
    const runs = clockRunsOf(facts, plain, t('25 11:30')).filter(one => one.kind === 'contact')
    expect(runs.map(run => causeOf(facts, plain, run))).toEqual([{ cause: 'silent', seq: 2 }, null])
  })
})

describe('at work, silent or slow', () => {
  it.each([
    [
      'on the way',
      'arrive',
      [
        ['25 18:30', { fact: 'departed' }],
        ['25 19:10', { fact: 'arrived' }],
      ],
      'onTheWay 4',
    ],
    ['departed too late', 'arrive', [['25 19:10', { fact: 'departed' }]], 'silent 2'],
    ['on the way to the work', 'complete', [['26 08:30', { fact: 'departed' }]], 'onTheWay 4'],
    [
      'on site',
      'complete',
      [
        ['26 08:00', { fact: 'departed' }],
        ['26 08:30', { fact: 'arrived' }],
      ],
      'onSite 5',
    ],
    [
      'arrived as 完工 implied',
      'complete',
      [
        ['26 10:00', { fact: 'arrived', implied: true }],
        ['26 10:00', completed],
      ],
      'silent 2',
    ],
    [
      'the other was on site',
      'complete',
      [
        ['25 15:00', { fact: 'arrived' }],
        ['25 16:00', dispatched('li')],
        ['25 16:10', accepted],
      ],
      'silent 5',
    ],
    [
      'a word after the reminder',
      'complete',
      [
        ['26 08:30', reminded('complete')],
        ['26 08:40', { fact: 'helpAsked' }],
      ],
      'slow 5',
    ],
    [
      'none after it',
      'complete',
      [
        ['25 15:00', contacted],
        ['26 08:30', reminded('complete')],
      ],
      'silent 5',
    ],
    ['none at all', 'complete', [], 'silent 2'],
    ['one, and no reminder', 'complete', [['25 15:00', contacted]], 'slow 4'],
    [
      'reminded of something else, or at due itself',
      'complete',
      [
        ['26 08:00', contacted],
        ['26 08:30', reminded('contact')],
        ['26 09:00', reminded('complete')],
      ],
      'slow 4',
    ],
    [
      'a word only after due',
      'complete',
      [
        ['26 08:30', reminded('complete')],
        ['26 09:30', { fact: 'helpAsked' }],
      ],
      'silent 4',
    ],
    ['departed does not count for a call', 'contact', [['25 12:00', { fact: 'departed' }]], 'slow 4'],
  ] as Array<[string, ClockKind, Entry[], string]>)('%s', (_, kind, more, expected) => {
    expect(why(kind, [...taken, ...more], '26 12:00', strict)).toBe(expected)
  })

  it.each([
    ['report', [], 'silent 5'],
    ['report', [['25 23:00', reminded('report')]], 'silent 6'],
    ['report', [['25 23:00', { fact: 'photo', media: 'x' }]], 'slow 6'],
    ['revisit', [], 'silent 5'],
  ] as Array<[ClockKind, Entry[], string]>)('%s is owed after the work: %j', (kind, more, expected) => {
    const done: Entry[] = [...taken, ['25 14:00', { fact: 'arrived' }], ['25 15:00', completed]]
    expect(why(kind, [...done, ...more], '26 18:00', strict)).toBe(expected)
  })

  it('does not hear what was taken back', () => {
    const entries: Entry[] = [...taken, ['25 15:00', suspended('other')], ['25 15:01', { fact: 'undone', undoes: 4 }]]
    expect(why('complete', entries, '26 12:00')).toBe('silent 2')
  })
})

describe('every run', () => {
  const bodies: FactBody[] = [
    ...[created(), dispatched('zhang'), dispatched('li'), accepted, contacted, completed, withdrawn],
    { fact: 'offered' },
    { fact: 'declined', reason: '' },
    { fact: 'contacted', implied: true },
    { fact: 'contacted', appointment: span('26 14:00', '26 16:00') },
    { fact: 'appointed', appointment: span('25 08:00') },
    { fact: 'appointed', appointment: span('27 10:00') },
    ...[{ fact: 'unreachable' } as const, { fact: 'unreachableConfirmed' } as const, { fact: 'departed' } as const],
    ...[{ fact: 'arrived' } as const, { fact: 'arrived', implied: true } as const, { fact: 'resumed' } as const],
    ...(['parts', 'majorRepair', 'customer', 'other'] as const).map(suspended),
    ...[{ fact: 'emptyRun' } as const, { fact: 'reported' } as const, { fact: 'revisited', reached: true } as const],
    ...[{ fact: 'closed' } as const, { fact: 'urged' } as const, { fact: 'helpAsked' } as const],
    { fact: 'cancelled', reason: '' },
    { fact: 'photo', media: 'x' },
    { fact: 'located', lat: 1, lng: 2, label: '' },
    ...(['contact', 'complete', 'report'] as const).map(reminded),
    ...[2, 3, 4, 5, 6].map((undoes): FactBody => ({ fact: 'undone', undoes })),
  ]
  const working = policyOf(
    `
  - { kind: accept, start: dispatched, stop: accepted, until: 当日下班, restartOnReassign: true }
  - { kind: contact, start: [created, dispatched], stop: [contacted, arrived], within: 2h, basis: working, restartOnReassign: true, exempt: unreachable }
  - { kind: arrive, start: accepted, stop: arrived, workdays: 1 }
  - { kind: complete, start: [created, arrived], stop: completed, within: 6h, basis: working, appointment: replaces, pauses: [parts, customer] }
  - { kind: report, start: completed, stop: reported, until: 次日10:00 }`,
    'days: [1, 2, 3, 4, 5]',
  )

  it('that is late, was missed or ended late has one cause, shown by a fact that stands; no other has one', () => {
    const seen = new Set<Cause>()
    const steps = fc.array(fc.tuple(fc.constantFrom(...bodies), fc.integer({ min: -30, max: 900 }), fc.boolean()), {
      maxLength: 14,
    })
    const onTheWay: Array<[FactBody, number, boolean]> = [
      [dispatched('zhang'), 0, false],
      [{ fact: 'departed' }, 60, false],
    ]
    fc.assert(
      fc.property(
        steps,
        fc.constantFrom(plain, strict, working),
        fc.integer({ min: 0, max: 60 }),
        (list, policy, hours) => {
          let at = t('25 09:00').getTime()
          const facts: Fact[] = journal(['25 09:00', created()])
          for (const [body, minutes, system] of list) {
            at += minutes * 60_000
            const frame = { seq: facts.length + 1, at: new Date(at).toISOString(), by: 'zhang' }
            facts.push({ ...frame, via: system ? 'system' : 'text', ...body })
          }
          const stand = new Set(standing(facts).map(({ seq }) => seq))
          for (const run of clockRunsOf(facts, policy, new Date(at + hours * 3_600_000))) {
            const caused = causeOf(facts, policy, run)
            const late = run.lateByMs !== undefined
            expect(late).toBe(['late', 'missed'].includes(run.state) || (run.state === 'cancelled' && late))
            expect(caused !== null).toBe(late)
            if (!caused) continue
            expect(causes).toContain(caused.cause)
            expect(stand.has(caused.seq)).toBe(true)
            seen.add(caused.cause)
          }
        },
      ),
      // What chance brings about once in some thousand runs, and not every time.
      { numRuns: 3_000, examples: [[onTheWay, plain, 60]] },
    )
    expect([...causes].filter(cause => !seen.has(cause))).toEqual([])
  })

  it('has a name people use', () => {
    expect(new Set(Object.values(causeNames)).size).toBe(causes.length)
  })
})
