import { describe, expect, it } from 'vitest'
import { clocksOf } from '../../src/orders/clocks.ts'
import type { ClockKind, Fact, FactBody } from '../../src/orders/fact.ts'
import { rulesOf } from '../../src/orders/rules.ts'
import { readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { Policies } from '../../src/policy/versions.ts'
import { created, dispatched, fields, journal, policyOf, t } from './journal.ts'

/** The rules of docs/policies.md for orders that are under way when something changes. */

const shop = (rest: string): string => `
name: shop
${rest}
clocks:
  - { kind: complete, start: dispatched, stop: completed, within: 12h, basis: working, pauses: [parts] }
  - { kind: report, start: completed, stop: reported, until: 次日10:00 }
`
const usual = 'hours: ["08:00-12:00", "14:00-18:00"]'
const first = `version: 1\n${usual}`

/** Due times of an order that comes in at a moment and is finished late, as the policies of a folder have it. */
function dues(versions: readonly string[], came: string): string[] {
  const policies = new Policies()
  for (const text of versions) policies.put(readPolicy(shop(text), 'shop.yaml'))
  const books = { policy: (name: string, at?: Date) => policies.get(name, at) as Policy }
  const done: FactBody = { fact: 'completed', result: '' }
  const facts = journal([came, created()], [came, dispatched()], ['2026-12-03 09:00', done])
  const clocks = clocksOf(facts, rulesOf(books, { policy: 'shop', facts }), t('2026-12-03 09:00'))
  return clocks.map(({ dueAt }) => dueAt?.toISOString() ?? 'none')
}

const iso = (...moments: string[]): string[] => moments.map(moment => t(moment).toISOString())

describe('a new version', () => {
  it.each([
    ['of the calendar', `calendar: { own: { "2026-12-02": off } }\n${usual}`, ['2026-12-03 12:00', '2026-12-04 10:00']],
    ['of the hours', 'hours: ["08:00-20:00"]', ['2026-12-01 20:00', '2026-12-04 10:00']],
    ['in another time zone', `zone: Asia/Urumqi\n${usual}`, ['2026-12-02 14:00', '2026-12-04 12:00']],
  ])('%s is for the orders that come in from its day on', (_, change, after) => {
    const versions = [first, `version: 2\neffective: 2026-12-01\n${change}`]
    // Came in the evening before, and runs on under the new version's days.
    expect(dues(versions, '30 17:00')).toEqual(iso('2026-12-02 11:00', '2026-12-04 10:00'))
    expect(dues(versions, '30 17:00')).toEqual(dues([first], '30 17:00'))
    expect(dues(versions, '2026-12-01 08:00')).toEqual(iso(...after))
    expect(dues([first], '2026-12-01 08:00')).toEqual(iso('2026-12-02 12:00', '2026-12-04 10:00'))
  })
})

const rules = policyOf(`
  - { kind: contact, when: { urgent: true }, start: dispatched, stop: contacted, within: 10m, restartOnReassign: true }
  - { kind: contact, when: { zone: 东区, maxDistanceKm: 20 }, start: dispatched, stop: contacted, within: 1h, restartOnReassign: true }
  - { kind: contact, start: dispatched, stop: contacted, within: 2h, restartOnReassign: true }
  - { kind: complete, when: { urgent: true }, start: dispatched, stop: completed, within: 3h, pauses: [parts] }
  - { kind: complete, start: dispatched, stop: completed, within: 24h, pauses: [parts] }`)

const due = (kind: ClockKind, facts: readonly Fact[]): string | undefined =>
  clocksOf(facts, rules, t('25 20:00'))
    .find(clock => clock.kind === kind)
    ?.dueAt?.toISOString()

describe('an order given to another technician', () => {
  const again: Array<[string, FactBody]> = [
    ['25 09:30', { fact: 'withdrawn', from: 'zhang', reason: '改派' }],
    ['25 09:40', dispatched('li')],
  ]

  it('has its contact clock begin anew, and its completion go on', () => {
    const facts = journal(['25 09:00', created()], ['25 09:00', dispatched()], ...again)
    expect([due('contact', facts), due('complete', facts)]).toEqual(iso('25 11:40', '26 09:00'))
  })

  it('keeps the pauses of the one before', () => {
    const facts = journal(
      ...([
        ['25 09:00', created()],
        ['25 09:00', dispatched()],
      ] satisfies Array<[string, FactBody]>),
      ['25 09:05', { fact: 'suspended', reason: 'parts', note: '' }],
      ...again,
    )
    expect(due('complete', facts)).toBe(t('26 09:25').toISOString())
  })
})

describe('what the conditions of a rule look at', () => {
  const near = created({ customer: { ...fields().customer, zone: '东区', distanceKm: 20 } })

  it('is read once, when a clock starts: what changes later counts for the clocks that start later', () => {
    const facts = journal(
      ['25 09:00', near],
      ['25 09:00', dispatched()],
      ['25 09:10', { fact: 'urged' }],
      ['25 09:30', dispatched('li')],
    )
    // 1 hour by its zone, and 24 hours as not urgent …
    expect([due('contact', facts.slice(0, 3)), due('complete', facts.slice(0, 3))]).toEqual(iso('25 10:00', '26 09:00'))
    // … and urgent for the contact that begins anew, not for the completion that goes on.
    expect([due('contact', facts), due('complete', facts)]).toEqual(iso('25 09:40', '26 09:00'))
  })

  it('needs a zone and a distance that are known', () => {
    const at = (customer: object) =>
      due(
        'contact',
        journal(['25 09:00', created({ customer: { ...fields().customer, ...customer } })], ['25 09:00', dispatched()]),
      )
    expect([at({ zone: '东区', distanceKm: 20 }), at({ zone: '东区' }), at({ distanceKm: 20 }), at({})]).toEqual(
      iso('25 10:00', '25 11:00', '25 11:00', '25 11:00'),
    )
  })
})
