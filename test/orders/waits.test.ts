import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FactBody, KeptSpan } from '../../src/orders/fact.ts'
import { inQuiet } from '../../src/orders/nudges.ts'
import { waitsOf } from '../../src/orders/waits.ts'
import { calendarOf } from '../../src/policy/business.ts'
import { created, dispatched, journal, policyOf, span, t } from './journal.ts'

const clocks = '  - { kind: complete, start: dispatched, stop: completed, within: 24h }'
/** Works Monday to Friday from 08:30; 25 November 2026 is a Wednesday. */
const office =
  "hours: ['08:30-12:00', '13:30-18:00']\ndays: [1, 2, 3, 4, 5]\nquietHours: { from: '21:30', to: '07:30' }"
const policy = policyOf(clocks, office)

const suspended = (expected?: KeptSpan): FactBody => ({
  ...{ fact: 'suspended', reason: 'parts', note: '等配件' },
  ...(expected && { expected }),
})
const asked = (to = 'zhang'): FactBody => ({ fact: 'asked', about: 'suspended', to })
/** A day that was named without a time, as it is kept. */
const day = (date: string): KeptSpan => ({ ...span(`${date} 08:00`, `${date} 18:00`), exact: false })

type Entry = [string, FactBody]

/** `26 08:30 ask:1`, with `!` when the desk is to know; empty when nothing is waited for. */
function waits(entries: Entry[], now = '25 10:00', rules = policy): string {
  const facts = journal(['25 09:00', created()], ['25 09:00', dispatched()], ...entries)
  return waitsOf(facts, rules, t(now))
    .map(({ at, step, silent }) => `${local(at)} ${step}${silent ? '!' : ''}`)
    .join()
}

const local = (at: Date) => {
  const calendar = calendarOf(policy)
  const minutes = calendar.minuteOf(at)
  const clock = [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':')
  return `${calendar.dayOf(at).slice(8)} ${clock}`
}

describe('suspended work is asked about', () => {
  it.each<[what: string, entries: Entry[], expected: string, now?: string]>([
    ['not suspended', [], ''],
    ['without a time: the next working morning', [['25 10:00', suspended()]], '26 08:30 ask:1'],
    ['said after closing: the next morning all the same', [['25 20:00', suspended()]], '26 08:30 ask:1'],
    ['said on Friday: on Monday', [['27 10:00', suspended()]], '30 08:30 ask:1', '27 10:00'],
    ['at the time that was expected', [['25 10:00', suspended(span('25 16:00'))]], '25 16:00 ask:1'],
    ['at its end', [['25 10:00', suspended(span('25 14:00', '25 16:00'))]], '25 16:00 ask:1'],
    ['a day without a time: in its morning', [['25 10:00', suspended(day('27'))]], '27 08:30 ask:1'],
    [
      'the afternoon of a day: at its end',
      [['25 10:00', suspended({ ...span('27 13:30', '27 18:00'), exact: false })]],
      '27 18:00 ask:1',
    ],
    ['a day of rest: the next working morning', [['25 10:00', suspended(day('28'))]], '30 08:30 ask:1'],
    ['a moment on a day of rest, too', [['25 10:00', suspended(span('28 10:00'))]], '30 08:30 ask:1'],
    ['a moment at night: when the night is over', [['25 10:00', suspended(span('25 22:00'))]], '26 07:30 ask:1'],
    ['Friday night: Monday', [['25 10:00', suspended(span('27 22:00'))]], '30 08:30 ask:1'],
    ['late, because nobody looked', [['25 10:00', suspended(span('25 16:00'))]], '25 17:00 ask:1', '25 17:00'],
    ['late and at night', [['25 10:00', suspended(span('25 16:00'))]], '26 07:30 ask:1', '25 23:00'],
  ])('%s', (_, entries, expected, now) => {
    expect(waits(entries, now)).toBe(expected)
  })

  const given: Entry = ['25 10:00', suspended(span('25 16:00'))]
  const once: Entry[] = [given, ['25 16:00', asked()]]
  const twice: Entry[] = [...once, ['26 08:30', asked()]]

  it.each<[what: string, entries: Entry[], expected: string]>([
    ['asked once: again in the morning', once, '26 08:30 ask:2'],
    ['asked twice: a third time, and the desk is told', twice, '27 08:30 ask:3!'],
    ['the desk is told once', [...twice, ['27 08:30', asked()], ['27 08:30', asked('zhao')]], '30 08:30 ask:4'],
    ['his day of rest does not count as asked', [given, ['25 16:00', asked('')]], '26 08:30 ask:1'],
    ['恢复 answers', [...twice, ['26 09:00', { fact: 'resumed' }]], ''],
    [
      '再等 answers, and is asked about in its turn',
      [...twice, ['26 09:00', { fact: 'expected', expected: span('27 15:00') }]],
      '27 15:00 ask:1',
    ],
    ['改约 answers', [...twice, ['26 09:00', { fact: 'appointed', appointment: span('27 15:00') }]], ''],
    ['已联系 with a time answers', [...twice, ['26 09:00', { fact: 'contacted', appointment: span('27 15:00') }]], ''],
    ['已联系 without one does not', [...twice, ['26 09:00', { fact: 'contacted' }]], '27 08:30 ask:3!'],
    ['到达 answers', [...twice, ['26 09:00', { fact: 'resumed' }], ['26 09:00', { fact: 'arrived' }]], ''],
    ['it leaves him', [...twice, ['26 09:00', { fact: 'withdrawn', from: 'zhang', reason: '改派' }]], ''],
    ['it is cancelled', [...twice, ['26 09:00', { fact: 'cancelled', reason: '不修了' }]], ''],
    [
      'the answer was taken back',
      [...twice, ['26 09:00', { fact: 'resumed' }], ['26 09:01', { fact: 'undone', undoes: 6 }]],
      '27 08:30 ask:3!',
    ],
    [
      'suspended again: from the beginning',
      [...twice, ['26 09:00', { fact: 'resumed' }], ['26 10:00', suspended()]],
      '27 08:30 ask:1',
    ],
  ])('%s', (_, entries, expected) => {
    expect(waits(entries, '26 08:00')).toBe(expected)
  })

  it('after as many workdays as the policy says, or never, where no time was said', () => {
    const entries: Entry[] = [['25 10:00', suspended()]]
    expect(waits(entries, '25 10:00', policyOf(clocks, `${office}\nsuspend: { followUp: 2d }`))).toBe('27 08:30 ask:1')
    const never = policyOf(clocks, `${office}\nsuspend: { followUp: none }`)
    expect(waits(entries, '25 10:00', never)).toBe('')
    expect(waits([given], '25 10:00', never)).toBe('25 16:00 ask:1')
  })

  it('where work never stops, in the morning of a day', () => {
    const always = policyOf(clocks, 'calendar: { roundTheClock: true }')
    expect(waits([['25 10:00', suspended()]], '25 10:00', always)).toBe('26 08:00 ask:1')
  })

  it('never at night, on a day of rest, or before now', () => {
    const minute = fc.integer({ min: 0, max: 20 * 1440 })
    const at = (minutes: number) => new Date(t('25 09:00').getTime() + minutes * 60_000)
    fc.assert(
      fc.property(minute, fc.option(minute), minute, (begin, until, later) => {
        const expected = until === null ? undefined : { from: at(begin + until).toISOString(), exact: true, words: '' }
        const facts = journal(
          ['25 09:00', created()],
          ['25 09:00', dispatched()],
          ['25 09:00', suspended(expected)],
        ).map(fact => (fact.fact === 'suspended' ? { ...fact, at: at(begin).toISOString() } : fact))
        const now = at(begin + later)
        const [wait] = waitsOf(facts, policy, now)
        if (!wait) throw new Error('it is waited for')
        expect(wait.at.getTime()).toBeGreaterThanOrEqual(now.getTime())
        expect(inQuiet(policy, wait.at)).toBe(false)
        expect(calendarOf(policy).isWorkday(calendarOf(policy).dayOf(wait.at))).toBe(true)
        // Looked at when it is due, it is due: the sweep makes progress.
        expect(waitsOf(facts, policy, wait.at)[0]?.at).toEqual(wait.at)
      }),
    )
  })
})
