import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarOf } from '../../src/policy/business.ts'
import { dueFrom } from '../../src/policy/limit.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { policyOf, t } from '../orders/journal.ts'

/** A maker's week: Monday to Friday, eight hours and a half, statutory holidays and their make-up days. */
const maker = (limit: string): Policy =>
  policyOf(
    `  - { kind: complete, start: dispatched, stop: completed, ${limit} }`,
    'hours: ["08:00-12:00", "13:30-18:00"]\ndays: [1, 2, 3, 4, 5]\ncalendar: { holidays: china }',
  )

const due = (limit: string, from: string, units = 1): Date => {
  const policy = maker(limit)
  const [rule] = policy.clocks
  if (!rule) throw new Error('no rule')
  return dueFrom(rule.limit, t(from), calendarOf(policy), units)
}

describe('a limit is due', () => {
  it.each([
    // Time that passes knows no calendar.
    ['within: 24h', '27 17:00', '28 17:00'],
    // Working time: Friday evening runs on Monday; used up at closing it is due at closing.
    ['within: 2h, basis: working', '27 17:00', '30 09:00'],
    ['within: 1h, basis: working', '27 17:00', '27 18:00'],
    ['within: 61m, basis: working', '27 17:00', '30 08:01'],
    ['within: 4h, basis: working', '27 11:00', '27 16:30'],
    ['within: 1h, basis: working', '28 03:00', '30 09:00'],
    // 国庆 2026 ends on 7 October; Saturday the 10th is worked.
    ['within: 2h, basis: working', '2026-09-30 17:00', '2026-10-08 09:00'],
    ['within: 10h, basis: working', '2026-10-09 16:30', '2026-10-10 18:00'],
    // 春节 2026: 15–23 February are off, Saturdays 14 and 28 are worked.
    ['within: 2h, basis: working', '2026-02-13 17:00', '2026-02-14 09:00'],
    ['within: 2h, basis: working', '2026-02-14 17:00', '2026-02-24 09:00'],
    // Workdays end when work ends, counted from the day after.
    ['workdays: 1', '26 09:00', '27 18:00'],
    ['workdays: 3', '25 23:30', '30 18:00'],
    ['workdays: 1', '2026-09-30 10:00', '2026-10-08 18:00'],
    ['workdays: 2', '2026-10-09 10:00', '2026-10-12 18:00'],
    // The same day ends when work ends; begun later, or on a day off, it is the next workday's end.
    ['until: 当日下班', '27 09:00', '27 18:00'],
    ['until: 当日下班', '27 17:59:59', '27 18:00'],
    ['until: 当日下班', '27 18:00', '30 18:00'],
    ['until: 当日下班', '28 10:00', '30 18:00'],
    ['until: 当日下班', '2026-10-10 10:00', '2026-10-10 18:00'],
    // The next day is the calendar's, the next workday the business's.
    ['until: 次日12:00', '27 14:00', '28 12:00'],
    ['until: 次工作日10:00', '27 14:00', '30 10:00'],
    ['until: next closing', '26 14:00', '27 18:00'],
    ['until: 次日12:00', '2026-12-31 14:00', '2027-01-01 12:00'],
    // Whichever comes first.
    ['until: 次日12:00, latest: 20h', '27 14:00', '28 10:00'],
    ['until: 次日12:00, latest: 24h', '27 14:00', '28 12:00'],
  ])('%s from %s: %s', (limit, from, expected) => {
    expect(due(limit, from)).toEqual(t(expected))
  })

  it.each([
    [1, '26 09:00'],
    [10, '26 09:00'],
    [11, '27 09:00'],
    [20, '27 09:00'],
    [21, '28 09:00'],
  ])('for %i units of a batch at %s (R1.16)', (units, expected) => {
    expect(due('within: 1d, perUnits: 10', '25 09:00', units)).toEqual(t(expected))
  })
})

describe('any limit', () => {
  const limits = ['within: 90m', 'within: 7h, basis: working', 'workdays: 2', 'until: 当日下班', 'until: 次日12:00']
  const moment = fc.date({ min: t('2026-01-01 00:00'), max: t('2026-12-20 00:00'), noInvalidDate: true })

  it('is due after it began, and never earlier for a later beginning', () => {
    fc.assert(
      fc.property(fc.constantFrom(...limits), moment, fc.nat(3 * 24 * 60), (limit, from, minutes) => {
        const policy = maker(limit)
        const [rule] = policy.clocks
        if (!rule) throw new Error('no rule')
        const later = new Date(from.getTime() + minutes * 60_000)
        const [first, second] = [from, later].map(at => dueFrom(rule.limit, at, calendarOf(policy)).getTime()) as [
          number,
          number,
        ]
        expect(first).toBeGreaterThan(from.getTime())
        expect(second).toBeGreaterThanOrEqual(first)
      }),
    )
  })
})
