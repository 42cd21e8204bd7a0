import { describe, expect, it } from 'vitest'
import { daysFrom, lastWeekOf, listsDue } from '../../src/orders/daily.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { policyOf, t } from './journal.ts'

const clocks = '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'
const quiet = "quietHours: { from: '21:30', to: '07:30' }"
const policy = policyOf(
  clocks,
  `${quiet}
daily: { digest: '08:30', evening: '17:30', manager: '18:30' }
weekly: { day: 1, at: '09:00' }
days: [1, 2, 3, 4, 5]
calendar: { holidays: china }`,
)

/** All that is due: `digest 11-25`. */
function due(now: string, rules: Policy = policy): string[] {
  return listsDue(rules, t(now)).map(({ which, period }) => `${which} ${period.slice(5)}`)
}

const until = (now: string, which: string): Date | undefined =>
  listsDue(policy, t(now)).find(one => one.which === which)?.notAfter

// 2026-11-23 is a Monday.
describe('what is due', () => {
  it.each([
    // Wednesday: Monday's report is of use until 09:00, yesterday's day until 12:30.
    ['25 08:29', ['manager 11-24', 'weekly 11-16']],
    ['25 08:30', ['digest 11-25', 'manager 11-24', 'weekly 11-16']],
    ['25 09:00', ['digest 11-25', 'manager 11-24']],
    ['25 12:29', ['digest 11-25', 'manager 11-24']],
    ['25 12:30', []],
    ['25 17:29', []],
    ['25 17:30', ['evening 11-25']],
    ['25 18:30', ['evening 11-25', 'manager 11-25']],
    ['25 21:29', ['evening 11-25', 'manager 11-25']],
    ['25 21:30', []],
    ['26 07:29', []],
    ['26 07:30', ['manager 11-25']],
    // Saturday.
    ['28 09:00', []],
    ['30 08:59', ['digest 11-30']],
    ['30 09:00', ['digest 11-30', 'weekly 11-23']],
  ])('at %s is %j', (now, lists) => {
    expect(due(now)).toEqual(lists)
  })

  it('is of use so long, and never into the quiet hours', () => {
    expect(until('25 08:30', 'digest')).toEqual(t('25 12:30'))
    expect(until('25 18:30', 'evening')).toEqual(t('25 21:30'))
    expect(until('25 18:30', 'manager')).toEqual(t('25 21:30'))
    expect(until('26 08:00', 'manager')).toEqual(t('26 12:30'))
    expect(until('30 09:00', 'weekly')).toEqual(t('30 21:30'))
    expect(until('24 08:00', 'weekly')).toEqual(t('24 21:30'))
  })

  it('is of use into the night where no hours are quiet', () => {
    const late = policyOf(clocks, "daily: { evening: '22:00', manager: '24:00' }")
    expect(due('25 22:00', late)).toEqual(['evening 11-25'])
    expect(due('26 01:59', late)).toEqual(['evening 11-25', 'manager 11-25'])
    expect(due('26 02:00', late)).toEqual(['manager 11-25'])
  })

  it('is the report of a week on the first working day after a holiday', () => {
    // 国庆 is from Thursday the 1st to Wednesday the 7th.
    expect(due('2026-10-05 09:00')).toEqual([])
    expect(due('2026-10-08 08:59')).toEqual(['digest 10-08'])
    expect(due('2026-10-08 09:00')).toEqual(['digest 10-08', 'weekly 09-28'])
    expect(due('2026-10-09 08:00')).toEqual(['manager 10-08', 'weekly 09-28'])
    expect(due('2026-10-10 09:00')).toEqual(['digest 10-10', 'manager 10-09'])
    expect(due('2026-10-12 09:00')).toEqual(['digest 10-12', 'weekly 10-05'])
  })

  it('is the reports of two weeks where two of their days were off', () => {
    const closed = policyOf(
      clocks,
      `weekly: { day: 1, at: '09:00' }
calendar: { own: { ${Array.from({ length: 9 }, (_, index) => `"2026-11-${15 + index}": off`).join(', ')} } }`,
    )
    expect(due('23 09:00', closed)).toEqual([])
    expect(due('24 09:00', closed)).toEqual(['weekly 11-16', 'weekly 11-09'])
  })

  it('is the seven days before another weekday, at another time', () => {
    const friday = policyOf(clocks, "weekly: { day: 5, at: '17:00' }")
    expect(due('27 16:59', friday)).toEqual([])
    expect(due('27 17:00', friday)).toEqual(['weekly 11-20'])
    expect(lastWeekOf(friday, t('26 23:59'))).toBe('2026-11-13')
    expect(lastWeekOf(friday, t('27 00:00'))).toBe('2026-11-20')
  })

  it('is nothing where the policy names no times', () => {
    const none = policyOf(clocks)
    for (const now of ['25 08:30', '25 17:30', '23 09:00']) expect(due(now, none)).toEqual([])
  })
})

describe('a week on demand', () => {
  it.each([
    ['29 23:59', '2026-11-16'],
    ['30 00:00', '2026-11-23'],
    ['2026-12-06 23:59', '2026-11-23'],
  ])('at %s is that from %s on', (now, first) => {
    expect(lastWeekOf(policy, t(now))).toBe(first)
  })

  it('is from midnight to midnight of the policy’s zone, also where the clocks are put back', () => {
    expect(daysFrom(policy, '2026-11-23', 7)).toEqual({ from: t('23 00:00'), to: t('30 00:00') })
    const berlin = policyOf(clocks, 'zone: Europe/Berlin')
    expect(daysFrom(berlin, '2026-10-25')).toEqual({
      from: new Date('2026-10-24T22:00:00Z'),
      to: new Date('2026-10-25T23:00:00Z'),
    })
  })
})
