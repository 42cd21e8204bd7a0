import { describe, expect, it } from 'vitest'
import { closedOn } from '../../src/policy/business.ts'
import { policyOf, t } from '../orders/journal.ts'

const policy = policyOf(
  '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }',
  'days: [1, 2, 3, 4, 5]\ncalendar: { holidays: china, own: { "2026-12-02": off, "2026-11-29": ["09:00-12:00"] } }',
)

describe('a team that rests', () => {
  it.each([
    ['27 10:00', undefined, null],
    ['27 23:00', undefined, null],
    ['28 10:00', undefined, '周六'],
    // Worked by the company's own plan.
    ['29 10:00', undefined, null],
    ['28 14:00', '28 16:00', '周六'],
    ['2026-12-05 10:00', '2026-12-06 18:00', '周六'],
    ['2026-12-05 10:00', '2026-12-07 00:00', '周六'],
    ['2026-12-05 10:00', '2026-12-07 09:00', null],
    ['2026-12-02 10:00', undefined, '公司放假'],
    ['2026-10-02 10:00', undefined, '国庆放假'],
    // A Saturday worked for it.
    ['2026-10-10 10:00', undefined, null],
    // Nobody knows the holidays of that year yet.
    ['2031-03-01 10:00', undefined, '周六'],
    ['2031-03-03 10:00', undefined, null],
  ])('%s to %s: %s', (from, to, why) => {
    expect(closedOn(policy, { from: t(from), to: to === undefined ? undefined : t(to) })).toBe(why)
  })
})
