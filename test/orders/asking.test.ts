import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClockView, clocksOf } from '../../src/orders/clocks.ts'
import type { ClockKind, Fact, FactBody } from '../../src/orders/fact.ts'
import { type NudgeOptions, nextLook, nextTelling, stepsDue } from '../../src/orders/nudges.ts'
import { replay } from '../../src/orders/order.ts'
import { latestProgress, questionOf } from '../../src/orders/progress.ts'
import { openQuestion, toldSteps } from '../../src/orders/told.ts'
import { created, dispatched, journal, policyOf, t } from './journal.ts'

/** Due 12:00; asked at 11:00, and who does not answer for 20 minutes is told of. */
const policy = policyOf(
  `
  - { kind: complete, start: dispatched, stop: completed, within: 4h, appointment: replaces, pauses: parts,
      warn: [{ at: 75%, ask: true, unanswered: 20m }, 10m], overdue: [{ after: 0m, tell: technician },
      { after: 15m, tell: [technician, dispatcher] }, { after: 60m, tell: manager }] }`,
  "quietHours: { from: '21:30', to: '07:30' }\nnudges: { replyHolds: 30m }",
)

const base: Array<[string, FactBody]> = [
  ['25 08:00', created()],
  ['25 08:00', dispatched()],
  ['25 08:00', { fact: 'accepted' }],
]
const reminded = (step: string, to = 'zhang', more: { asks?: string; until?: string } = {}): FactBody => ({
  ...{ fact: 'reminded', clock: 'complete' as ClockKind, step, to },
  ...more,
})
const asked = reminded('warn:75%', 'zhang', { asks: 'warn:75%' })
const progress: FactBody = { fact: 'progress', answer: 'onTime' }

/** A journal whose reminders are the service's own, as they are. */
const told = (...entries: Array<[string, FactBody]>): Fact[] =>
  journal(...base, ...entries).map(fact => (fact.fact === 'reminded' ? { ...fact, by: null } : fact))

function see(facts: readonly Fact[], now: string, options: NudgeOptions = {}, under = policy) {
  const clock = clocksOf(facts, under, t(now)).find(one => one.kind === 'complete') as ClockView
  const steps = toldSteps(facts)
  const look = nextLook(clock, under, t(now), steps, options)
  const due = stepsDue(clock, under, t(now), steps, options)
  return {
    due: due.map(({ step, tell, asks }) => [step, ...tell, ...(asks ? [`asks ${asks}`] : [])].join(' ')),
    look: look && `${look.step} ${look.at.toISOString()}`,
    at: look?.at,
  }
}

describe('the question for progress', () => {
  it('is asked of the technician at its time', () => {
    expect(see(told(), '25 11:00').due).toEqual(['warn:75% technician asks warn:75%'])
  })

  it('is not lost when a later warning is told as the latest', () => {
    expect(see(told(), '25 11:55').due).toEqual(['warn:10m technician asks warn:75%'])
  })

  it('is no question any more once it is late', () => {
    expect(see(told(), '25 12:01').due).toEqual(['overdue:0m technician'])
  })

  it('that nobody answered is told to the dispatcher, once, from its time on', () => {
    const facts = told(['25 11:00', asked])
    expect(see(facts, '25 11:19:59').due).toEqual([])
    expect(see(facts, '25 11:00').at).toEqual(t('25 11:20'))
    expect(see(facts, '25 11:20').due).toEqual(['unanswered:20m dispatcher'])
    const after = told(['25 11:00', asked], ['25 11:20', reminded('unanswered:20m', 'zhao')])
    expect(see(after, '25 11:30')).toMatchObject({ due: [], at: t('25 11:50') })
  })

  it('of a moment ago beside a step of the chain: both are told', () => {
    expect(see(told(['25 11:40', asked]), '25 12:00').due).toEqual([
      'overdue:0m technician',
      'unanswered:20m dispatcher',
    ])
  })

  it.each<[string, FactBody]>([
    ['progress', progress],
    ['departed', { fact: 'departed' }],
    ['helpAsked', { fact: 'helpAsked' }],
    ['a photo', { fact: 'photo', media: 'm' }],
    ['undone', { fact: 'undone', undoes: 3 }],
  ])('is answered by %s', (_, body) => {
    const facts = told(['25 11:00', asked], ['25 11:00', body])
    expect(openQuestion(facts)).toBeNull()
    expect(see(facts, '25 11:30')).toMatchObject({ due: [], at: t('25 11:50') })
  })

  it.each<[string, Fact[]]>([
    ['what he said before it', told(['25 10:59', progress], ['25 11:00', asked])],
    ['what somebody else says', told(['25 11:00', asked], ['25 11:05', { fact: 'urged' }]).map(by('urged', 'zhao'))],
  ])('is not answered by %s', (_, facts) => {
    expect(openQuestion(facts)).toMatchObject({ to: 'zhang', asks: 'warn:75%' })
    expect(see(facts, '25 11:20').due).toContain('unanswered:20m dispatcher')
  })

  it('put to one is no question for the next', () => {
    const facts = told(['25 11:00', asked], ['25 11:05', dispatched('li')], ['25 11:06', { fact: 'accepted' }])
    expect(openQuestion(facts)).toBeNull()
    expect(see(facts, '25 11:30').due).toEqual([])
  })

  it('stands on the card while its clock runs and somebody has the order in hand', () => {
    const question = (facts: Fact[], now: string) => {
      const found = questionOf({ facts, view: replay(facts) }, clocksOf(facts, policy, t(now)), policy)
      return found && [found.to, found.until]
    }
    expect(question(told(['25 11:00', asked]), '25 11:30')).toEqual(['zhang', t('25 11:20')])
    expect(question(told(['25 11:00', asked]), '25 12:01')).toBeNull()
    expect(question(told(['25 11:00', asked], ['25 11:01', { fact: 'cancelled', reason: '' }]), '25 11:30')).toBeNull()
    const untaken = journal(['25 08:00', created()], ['25 08:00', dispatched()], ['25 11:00', asked])
    expect(question(untaken.map(by('reminded', null)), '25 11:30')).toBeNull()
  })
})

const by =
  (name: Fact['fact'], person: string | null) =>
  (fact: Fact): Fact =>
    fact.fact === name ? { ...fact, by: person } : fact

describe('what he said of it last', () => {
  const later: FactBody = { fact: 'progress', answer: 'later' }
  it.each<[string, Fact[], string | undefined]>([
    ['is the latest answer', told(['25 11:00', progress], ['25 11:10', later]), 'later'],
    [
      'counts no more when taken back',
      told(['25 11:00', progress], ['25 11:10', { fact: 'undone', undoes: 4 }]),
      undefined,
    ],
    ['is not the next technician’s', told(['25 11:00', progress], ['25 11:10', dispatched('li')]), undefined],
  ])('%s', (_, facts, answer) => {
    expect(latestProgress(facts)?.answer).toBe(answer)
  })
})

describe('a word of the technician after an overdue step', () => {
  const due = told(['25 12:00', reminded('overdue:0m')])
  const reply = (at: string, ...more: Array<[string, FactBody]>) =>
    told(['25 12:00', reminded('overdue:0m')], [at, progress], ...more)

  it.each([
    ['nothing: the next step comes at its time', due, '25 12:15'],
    ['a word at once', reply('25 12:00'), '25 12:30'],
    ['a word in between', reply('25 12:10'), '25 12:40'],
    ['only the first word', reply('25 12:10', ['25 12:35', progress]), '25 12:40'],
    [
      'no step that comes later anyway',
      told(['25 12:15', reminded('overdue:15m')], ['25 12:16', progress]),
      '25 13:00',
    ],
    ['each step', told(['25 12:15', reminded('overdue:15m')], ['25 12:50', progress]), '25 13:20'],
    ['nothing by a word before it', told(['25 11:55', progress], ['25 12:00', reminded('overdue:0m')]), '25 12:15'],
    ['no step after a mere warning', told(['25 11:50', reminded('warn:10m')], ['25 11:51', progress]), '25 12:00'],
  ])('holds %s', (_, facts, at) => {
    expect(see(facts, '25 12:16').at).toEqual(new Date(Math.max(t(at).getTime(), t('25 12:16').getTime())))
  })

  it('holds nobody up the chain longer than the step before him', () => {
    const slow = { ...policy, replyHoldsMs: 2 * 3_600_000 }
    const facts = reply('25 12:10')
    expect(see(facts, '25 13:30', {}, slow)).toMatchObject({ due: [], at: t('25 14:10') })
    expect(see(facts, '25 14:10', {}, slow).due).toEqual(['overdue:1h technician dispatcher manager'])
  })

  it('holds nothing where the policy says so', () => {
    expect(see(reply('25 12:10'), '25 12:11', {}, { ...policy, replyHoldsMs: 0 }).at).toEqual(t('25 12:15'))
  })

  it('never keeps an order that nobody accepts from going back', () => {
    const accept = policyOf(
      '  - { kind: accept, start: dispatched, stop: accepted, within: 15m, overdue: [{ after: 0m, tell: technician }, { after: 15m, tell: dispatcher, takeBack: true }] }',
    )
    const facts = journal(
      ['25 08:00', created()],
      ['25 08:00', dispatched()],
      ['25 08:15', { fact: 'reminded', clock: 'accept', step: 'overdue:0m', to: 'zhang' }],
      ['25 08:20', { fact: 'helpAsked' }],
    ).map(by('reminded', null))
    const clock = clocksOf(facts, accept, t('25 08:30'))[0] as ClockView
    expect(stepsDue(clock, accept, t('25 08:30'), toldSteps(facts))[0]?.takeBack).toBe(true)
  })

  it('whatever he says and whenever: every step is told, none more than the hold later, none twice', () => {
    const say = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 12 })
    fc.assert(
      fc.property(say, minutes => {
        const words = [...minutes].sort((a, b) => a - b).map(at => t('25 11:00').getTime() + at * 60_000)
        let facts = told()
        const add = (at: number, body: FactBody, who: string | null) => {
          facts = [...facts, { seq: facts.length + 1, at: new Date(at).toISOString(), by: who, via: 'system', ...body }]
        }
        const steps: Array<[string, number]> = []
        for (let now = t('25 10:00').getTime(); now < t('25 20:00').getTime(); ) {
          const view = see(facts, new Date(now).toISOString().replace('T', ' ').replace('Z', ' UTC'))
          const next = Math.min(view.at?.getTime() ?? Number.POSITIVE_INFINITY, words[0] ?? Number.POSITIVE_INFINITY)
          if (next === Number.POSITIVE_INFINITY) break
          now = Math.max(now, next)
          if (words[0] !== undefined && words[0] <= now) {
            add(words.shift() ?? now, progress, 'zhang')
            continue
          }
          const clock = clocksOf(facts, policy, new Date(now))[0] as ClockView
          for (const { step, asks } of stepsDue(clock, policy, new Date(now), toldSteps(facts))) {
            steps.push([step, now])
            add(now, reminded(step, 'zhang', asks ? { asks } : {}), null)
          }
        }
        const names = steps.map(([step]) => step)
        expect(new Set(names).size).toBe(names.length)
        expect(names.at(-1)).toBe('overdue:1h')
        // At most one hold of half an hour for the one step before it.
        expect(steps.at(-1)?.[1]).toBeLessThanOrEqual(t('25 13:30').getTime())
      }),
    )
  })
})

describe('a technician who rests', () => {
  const spared = (step: string, until: string, asks?: string) =>
    reminded(step, 'zhao', { until: t(until).toISOString(), ...(asks && { asks }) })

  it('hears of it himself when he is back, and the chain goes on meanwhile', () => {
    const facts = told(['25 11:00', spared('warn:75%', '25 11:30', 'warn:75%')])
    expect(openQuestion(facts)).toBeNull()
    expect(see(facts, '25 11:20')).toMatchObject({ due: [], at: t('25 11:30') })
    expect(see(facts, '25 11:30').due).toEqual(['warn:75% technician asks warn:75%'])
    expect(see(facts, '25 11:50').due).toEqual(['warn:10m technician'])
  })

  it('of a warning that is past: the overdue step is what is still true', () => {
    const facts = told(['25 11:00', spared('warn:75%', '26 08:00')], ['25 12:00', spared('overdue:0m', '26 08:00')])
    const later = told(
      ['25 11:00', spared('warn:75%', '26 08:00')],
      ['25 12:00', spared('overdue:0m', '26 08:00')],
      ['25 12:15', spared('overdue:15m', '26 08:00')],
      ['25 13:00', reminded('overdue:1h', 'wang')],
    )
    expect(see(facts, '25 12:01').at).toEqual(t('25 12:15'))
    expect(see(later, '25 13:01').at).toEqual(t('26 08:00'))
    expect(see(later, '26 08:00').due).toEqual(['overdue:15m technician'])
    expect(see([...later, ...told(['26 08:00', reminded('overdue:15m')]).slice(3)], '26 08:01')).toMatchObject({
      due: [],
      look: null,
    })
  })

  const over: Array<[string, FactBody]> = [
    ['25 12:15', spared('overdue:15m', '26 08:00')],
    ['25 13:00', spared('overdue:1h', '26 08:00')],
  ]

  it.each<[string, FactBody]>([
    ['speaks all the same', progress],
    ['has it no longer', dispatched('li')],
    ['did it', { fact: 'completed', result: '' }],
  ])('who %s is told nothing more of it', (_, body) => {
    expect(see(told(...over), '25 13:05').at).toEqual(t('26 08:00'))
    expect(see(told(...over, ['25 13:04', body]), '25 13:05')).toMatchObject({ due: [], look: null })
  })

  it('is not warned of what is late by then', () => {
    const warning = policyOf('  - { kind: complete, start: dispatched, stop: completed, within: 4h, warn: [75%] }')
    const facts = told(['25 11:00', spared('warn:75%', '26 08:00')])
    for (const now of ['25 11:30', '26 08:00'])
      expect(see(facts, now, {}, warning)).toMatchObject({ due: [], look: null })
    // What is said to him in time is.
    const early = told(['25 11:00', spared('warn:75%', '25 11:45')])
    expect(see(early, '25 11:30', {}, warning).at).toEqual(t('25 11:45'))
  })
})

describe('days the team does not work', () => {
  const week = policyOf(
    '  - { kind: complete, start: dispatched, stop: completed, within: 4h, overdue: [{ after: 0m, tell: technician }, { after: 1h, tell: manager }] }',
    "quietHours: { from: '21:30', to: '07:30' }\nnudges: { days: workdays }\ndays: [1, 2, 3, 4, 5]",
  )
  const friday = journal(['27 20:00', created()], ['27 20:00', dispatched()])

  it('are waited over, and what came due meanwhile is told as one', () => {
    expect(see(friday, '28 10:00', {}, week)).toMatchObject({ due: [], at: t('30 08:00') })
    expect(see(friday, '30 07:59:59', {}, week).due).toEqual(['overdue:1h technician manager'])
    expect(see(friday, '30 08:00', {}, week).due).toEqual(['overdue:1h technician manager'])
  })

  it('do not hold what is urgent, nor anything where the policy keeps none', () => {
    expect(see(friday, '28 10:00', { urgent: true }, week).due).toHaveLength(1)
    expect(see(friday, '28 10:00', {}, { ...week, nudgeDays: 'all' }).due).toHaveLength(1)
  })
})

describe('what happens next', () => {
  const next = (facts: Fact[], now: string, reader: 'technician' | 'dispatcher' | 'manager', urgent = false) => {
    const clock = clocksOf(facts, policy, t(now)).find(one => one.kind === 'complete') as ClockView
    const found = nextTelling(clock, policy, t(now), toldSteps(facts), { reader, urgent })
    return found && [found.tell, found.at, found.takeBack]
  }

  it.each([
    ['technician', '25 11:50', 'dispatcher', '25 12:15'],
    ['dispatcher', '25 11:50', 'manager', '25 13:00'],
    ['technician', '25 12:15', 'manager', '25 13:00'],
  ] as const)('a %s at %s: the %s is told at %s', (reader, now, role, at) => {
    expect(next(told(), now, reader)).toEqual([role, t(at), false])
  })

  it('nobody is above the manager, and nothing is said when the chain is over', () => {
    expect(next(told(), '25 11:50', 'manager')).toBeNull()
    expect(next(told(['25 13:00', reminded('overdue:1h', 'wang')]), '25 13:01', 'technician')).toBeNull()
  })

  it('moves with a word of the technician, and out of the night', () => {
    const facts = told(['25 12:00', reminded('overdue:0m')], ['25 12:10', progress])
    expect(next(facts, '25 12:11', 'technician')).toEqual(['dispatcher', t('25 12:40'), false])
    const evening = journal(['25 17:20', created()], ['25 17:20', dispatched()])
    // All that comes due at night is told in the morning, so the manager hears of it then as well.
    expect(next(evening, '25 21:20', 'technician')).toEqual(['manager', t('26 07:30'), false])
    expect(next(evening, '25 21:20', 'technician', true)).toEqual(['dispatcher', t('25 21:35'), false])
  })
})
