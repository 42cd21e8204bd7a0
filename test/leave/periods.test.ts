import { expect, it } from 'vitest'
import { lastMonths, periodOf, sayPeriod } from '../../src/leave/periods.ts'

it.each([
  ['2025-01-28', '2024-02-10', '2025-01-28'],
  ['2025-01-29', '2025-01-29', '2026-02-16'],
  ['2026-02-16', '2025-01-29', '2026-02-16'],
  ['2026-02-17', '2026-02-17', '2027-02-05'],
  ['2027-02-05', '2026-02-17', '2027-02-05'],
  ['2027-02-06', '2027-02-06', '2028-01-25'],
  ['2028-01-25', '2027-02-06', '2028-01-25'],
  ['2028-01-26', '2028-01-26', '2029-02-12'],
])('%s lies in the lunar year from %s to %s', (day, from, to) => {
  expect(periodOf('lunarYear', day)).toEqual({ from, to })
})

it('knows months, quarters and years, leap days too', () => {
  expect(periodOf('month', '2028-02-10')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
  expect(periodOf('quarter', '2026-03-31')).toEqual({ from: '2026-01-01', to: '2026-03-31' })
  expect(periodOf('quarter', '2026-04-01')).toEqual({ from: '2026-04-01', to: '2026-06-30' })
  expect(periodOf('quarter', '2026-12-31')).toEqual({ from: '2026-10-01', to: '2026-12-31' })
  expect(periodOf('year', '2026-07-01')).toEqual({ from: '2026-01-01', to: '2026-12-31' })
  expect(['month', 'quarter', 'year', 'lunarYear'].map(per => sayPeriod(per as 'month', '2026-11-25'))).toEqual([
    ...['11月', '第4季度', '2026年', '农历本年'],
  ])
})

it('finds the first day of the last months of a year, a leap month left out', () => {
  expect(lastMonths('lunarYear', '2026-02-16', 6)).toBe('2025-08-23')
  expect(lastMonths('lunarYear', '2027-02-05', 6)).toBe('2026-08-13')
  expect(lastMonths('lunarYear', '2026-02-16', 7)).toBe('2025-06-25')
  expect(lastMonths('lunarYear', '2027-02-05', 12)).toBe('2026-02-17')
  expect(lastMonths('lunarYear', '2027-02-05', 13)).toBe('2026-01-19')
  expect(lastMonths('year', '2026-12-31', 6)).toBe('2026-07-01')
  expect(lastMonths('year', '2026-12-31', 18)).toBe('2025-07-01')
})
