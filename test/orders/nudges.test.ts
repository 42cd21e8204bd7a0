import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClockView, clocksOf } from '../../src/orders/clocks.ts'
import type { ClockKind, Fact, FactBody } from '../../src/orders/fact.ts'
import {
  afterQuiet,
  dailyDue,
  inQuiet,
  type NudgeOptions,
  nextDaily,
  nextLook,
  periodOf,
  stepsDue,
  toldSteps,
} from '../../src/orders/nudges.ts'
import { created, dispatched, journal, plain, policyOf, span, t } from './journal.ts'

const base = [
  ['25 09:00', created()],
  ['25 09:00', dispatched()],
] satisfies Array<[string, FactBody]>
const reminded = (step: string, clock: ClockKind = 'contact'): FactBody => ({
  fact: 'reminded',
  clock,
  step,
  to: 'zhang',
})

function see(
  kind: ClockKind,
  facts: readonly Fact[],
  now: string,
  options: NudgeOptions & { policy?: typeof plain } = {},
) {
  const { policy = plain, ...rest } = options
  const clock = clocksOf(facts, policy, t(now)).find(one => one.kind === kind) as ClockView
  const told = toldSteps(facts)
  const look = nextLook(clock, policy, t(now), told, rest)
  return { due: stepsDue(clock, policy, t(now), told, rest), look: look && [look.at, look.step] }
}

const names = (due: ReturnType<typeof stepsDue>) => due.map(({ step, tell }) => [step, ...tell])

describe('steps', () => {
  it.each([
    ['25 10:29:59', [], ['25 10:30', 'warn:30m']],
    ['25 10:30', [['warn:30m', 'technician']], ['25 10:30', 'warn:30m']],
    ['25 10:59:59', [['warn:30m', 'technician']], ['25 10:59:59', 'warn:30m']],
    ['25 11:00', [['overdue:0m', 'technician']], ['25 11:00', 'overdue:0m']],
    ['25 11:14:59', [['overdue:0m', 'technician']], ['25 11:14:59', 'overdue:0m']],
  ])('nobody told yet, at %s', (now, due, [at, step]) => {
    const seen = see('contact', journal(...base), now)
    expect(names(seen.due)).toEqual(due)
    expect(seen.look).toEqual([t(at as string), step])
  })

  it('come one after the other, each once', () => {
    const facts = journal(...base, ['25 10:30', reminded('warn:30m')], ['25 11:00', reminded('overdue:0m')])
    expect(see('contact', facts.slice(0, 3), '25 10:31')).toEqual({ due: [], look: [t('25 11:00'), 'overdue:0m'] })
    expect(see('contact', facts, '25 11:01')).toEqual({ due: [], look: [t('25 11:15'), 'overdue:15m'] })
  })

  it('that were missed while nobody looked are told once, as the latest, to all they were for', () => {
    const seen = see('contact', journal(...base), '25 12:30')
    expect(names(seen.due)).toEqual([['overdue:1h', 'technician', 'dispatcher', 'manager']])
    const after = journal(...base, ['25 12:30', reminded('overdue:1h')])
    expect(see('contact', after, '25 12:31')).toEqual({ due: [], look: null })
  })

  it('of the chain are not told to the next one up before its time', () => {
    const policy = policyOf(
      '  - { kind: contact, start: dispatched, stop: contacted, within: 2h, warn: { at: 30m, tell: manager }, overdue: [{ after: 0m, tell: technician }] }',
    )
    expect(names(see('contact', journal(...base), '25 11:00', { policy }).due)).toEqual([['overdue:0m', 'technician']])
  })

  it('say when an order goes back', () => {
    const [step] = see('accept', journal(...base), '25 09:30').due
    expect(step).toEqual({ step: 'overdue:10m', kind: 'overdue', tell: ['dispatcher'], takeBack: true })
    expect(see('contact', journal(...base), '25 11:00').due[0]?.takeBack).toBe(false)
  })

  it.each([
    { fact: 'contacted' },
    { fact: 'cancelled', reason: '' },
    { fact: 'withdrawn', from: 'zhang', reason: '' },
  ] satisfies FactBody[])('stop with $fact', body => {
    expect(see('contact', journal(...base, ['25 10:00', body]), '25 12:30')).toEqual({ due: [], look: null })
  })

  it('of a new turn begin anew', () => {
    const facts = journal(...base, ['25 10:30', reminded('warn:30m')], ['25 10:40', dispatched('li')])
    expect(see('contact', facts, '25 10:41').look).toEqual([t('25 12:10'), 'warn:30m'])
  })

  it('that only warn are silent once it is late', () => {
    const policy = policyOf('  - { kind: contact, start: dispatched, stop: contacted, within: 2h, warn: 30m }')
    expect(see('contact', journal(...base), '25 11:00:01', { policy })).toEqual({ due: [], look: null })
  })

  it('of another clock do not count', () => {
    const facts = journal(...base, ['25 10:30', reminded('warn:30m', 'complete')])
    expect(names(see('contact', facts, '25 10:31').due)).toEqual([['warn:30m', 'technician']])
  })
})

describe('shares and pauses', () => {
  it('counts a share of the time from start to due', () => {
    expect(see('complete', journal(...base), '25 10:00', { urgent: true }).look).toEqual([t('26 04:12'), 'warn:80%'])
    expect(see('complete', journal(...base), '25 10:00').look).toEqual([t('26 07:30'), 'warn:80%'])
  })

  const waiting = [
    ...base,
    ['25 12:00', { fact: 'suspended', reason: 'parts', note: '' }],
    ['27 12:00', { fact: 'resumed' }],
  ] satisfies Array<[string, FactBody]>

  it('is silent during a pause', () => {
    expect(see('complete', journal(...waiting.slice(0, 3)), '29 12:00')).toEqual({ due: [], look: null })
  })

  it('steps over a pause', () => {
    expect(see('complete', journal(...waiting), '27 12:00', { urgent: true }).look).toEqual([t('28 04:12'), 'warn:80%'])
  })

  it('does not repeat what was told before the pause', () => {
    const late: Array<[string, FactBody]> = [
      ...base,
      ['26 08:30', reminded('warn:30m', 'complete')],
      ['26 08:40', { fact: 'suspended', reason: 'parts', note: '' }],
      ['27 12:00', { fact: 'resumed' }],
    ]
    expect(see('complete', journal(...late), '27 12:00')).toEqual({ due: [], look: [t('27 12:20'), 'overdue:0m'] })
  })
})

describe('an appointment', () => {
  const agreed: Array<[string, FactBody]> = [
    ...base,
    ['26 08:30', reminded('warn:30m', 'complete')],
    ['26 08:40', { fact: 'appointed', appointment: span('26 14:00', '26 16:00') }],
  ]

  it('has its own warnings, whatever was told of the limit', () => {
    expect(see('complete', journal(...agreed), '26 08:41').look).toEqual([t('26 09:48'), 'warn:80%'])
    const shared = journal(...agreed, ['26 09:48', reminded('warn:80%', 'complete')])
    expect(see('complete', shared, '26 09:49').look).toEqual([t('26 15:30'), 'warn:30m'])
  })

  it('agreed for very soon is not warned of at once', () => {
    const soon = journal(...base, ['25 10:10', { fact: 'appointed', appointment: span('25 10:10', '25 10:20') }])
    expect(see('complete', soon, '25 10:10').look).toEqual([t('25 10:20'), 'overdue:0m'])
  })
})

describe('quiet hours', () => {
  it.each([
    ['25 21:29:59', false],
    ['25 21:30', true],
    ['26 00:00', true],
    ['26 07:29:59', true],
    ['26 07:30', false],
    ['26 12:00', false],
  ])('at %s: %s', (at, quiet) => {
    expect(inQuiet(plain, t(at))).toBe(quiet)
  })

  it.each([
    ['25 21:29', '25 21:29'],
    ['25 21:30', '26 07:30'],
    ['30 23:00', '2026-12-01 07:30'],
    ['26 03:00', '26 07:30'],
  ])('what would come at %s comes at %s', (at, then) => {
    expect(afterQuiet(plain, t(at))).toEqual(t(then))
  })

  it('within one day', () => {
    const noon = policyOf(
      '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }',
      "quietHours: { from: '12:00', to: '13:30' }",
    )
    expect(afterQuiet(noon, t('25 12:30'))).toEqual(t('25 13:30'))
    expect(inQuiet(noon, t('25 22:00'))).toBe(false)
  })

  it('none where the policy has none', () => {
    const loud = policyOf('  - { kind: contact, start: dispatched, stop: contacted, within: 2h }')
    expect(inQuiet(loud, t('25 23:00'))).toBe(false)
    expect(afterQuiet(loud, t('25 23:00'))).toEqual(t('25 23:00'))
  })

  const night = journal(['25 20:00', created()], ['25 20:00', dispatched()])

  it('gather the night’s steps into one in the morning', () => {
    const warned = [...night, ...journal(['25 20:00', reminded('x')]).map(fact => ({ ...fact, seq: 3 }))]
    expect(see('contact', warned, '25 21:30').look).toEqual([t('26 07:30'), 'overdue:1h'])
    expect(see('contact', night, '25 23:00')).toEqual({ due: [], look: [t('26 07:30'), 'overdue:1h'] })
    expect(names(see('contact', night, '26 07:30').due)).toEqual([
      ['overdue:1h', 'technician', 'dispatcher', 'manager'],
    ])
  })

  it('do not hold for urgent orders', () => {
    const seen = see('contact', night, '25 22:00', { urgent: true })
    expect(names(seen.due)).toEqual([['overdue:0m', 'technician']])
    expect(seen.look).toEqual([t('25 22:00'), 'overdue:0m'])
  })
})

describe('a day of looking', () => {
  const change = fc.constantFrom<FactBody>(
    { fact: 'accepted' },
    { fact: 'contacted', appointment: span('26 14:00', '26 16:00') },
    { fact: 'suspended', reason: 'parts', note: '' },
    { fact: 'resumed' },
    dispatched('li'),
    { fact: 'urged' },
  )

  it('finds something at every look, never repeats a step, and ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(change, fc.integer({ min: 0, max: 600 })), { maxLength: 5 }),
        fc.boolean(),
        (changes, urgent) => {
          let at = t('25 09:00').getTime()
          let facts = journal(...base)
          for (const [body, minutes] of changes) {
            at += minutes * 60_000
            facts = [
              ...facts,
              { seq: facts.length + 1, at: new Date(at).toISOString(), by: 'zhang', via: 'text', ...body },
            ]
          }
          for (const kind of ['accept', 'contact', 'complete'] as const) {
            const told: ReturnType<typeof toldSteps> = []
            let now = new Date(at)
            for (let looks = 0; ; looks++) {
              expect(looks).toBeLessThan(6)
              const clock = clocksOf(facts, plain, now).find(one => one.kind === kind) as ClockView
              const look = nextLook(clock, plain, now, told, { urgent })
              if (!look) break
              expect(look.at >= now).toBe(true)
              now = look.at
              const then = clocksOf(facts, plain, now).find(one => one.kind === kind) as ClockView
              const due = stepsDue(then, plain, now, told, { urgent })
              expect(due.map(step => step.step)).toEqual([look.step])
              expect(told.some(one => one.step === look.step)).toBe(false)
              told.push({ clock: kind, step: look.step, at: now, to: 'zhang' })
            }
          }
        },
      ),
    )
  })
})

describe('daily lists', () => {
  it.each([
    ['25 08:29:59', '25 08:30'],
    ['25 08:30', '26 08:30'],
    ['28 09:00', '30 08:30'],
    ['30 09:00', '2026-12-01 08:30'],
  ])('after %s the next digest is at %s (Sundays off)', (after, next) => {
    expect(nextDaily(plain, 'digest', t(after))).toEqual(t(next))
  })

  it.each([
    ['25 08:29:59', null],
    ['25 08:30', '2026-11-25'],
    ['25 12:29:59', '2026-11-25'],
    ['25 12:30', null],
    ['29 09:00', null],
  ])('at %s the digest due is that of %s', (now, period) => {
    const due = dailyDue(plain, 'digest', t(now))
    expect(due?.period ?? null).toBe(period)
    if (due) expect(due.notAfter).toEqual(t('25 12:30'))
  })

  it('has none where the policy has none', () => {
    const none = policyOf('  - { kind: contact, start: dispatched, stop: contacted, within: 2h }')
    expect(nextDaily(none, 'evening', t('25 09:00'))).toBeNull()
    expect(dailyDue(none, 'evening', t('25 17:30'))).toBeNull()
  })

  it('names the business day in the policy’s zone', () => {
    expect(periodOf(plain, t('25 00:00'))).toBe('2026-11-25')
    expect(periodOf(plain, new Date('2026-11-24T16:00:00Z'))).toBe('2026-11-25')
    expect(periodOf(plain, new Date('2026-11-24T15:59:59Z'))).toBe('2026-11-24')
  })
})
