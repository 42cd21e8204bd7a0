import { Lunar, Solar } from 'lunar-typescript'
import type { LeavePeriod } from '../policy/leaverule.ts'

/** First and last day of the stretch a day lies in, both inside. A lunar year runs from 正月初一 to 除夕 (R4.6). */
export function periodOf(period: LeavePeriod, day: string): { from: string; to: string } {
  const [year = 0, month = 1] = day.split('-').map(Number)
  switch (period) {
    case 'month':
      return { from: `${day.slice(0, 7)}-01`, to: lastOf(year, month) }
    case 'quarter': {
      const first = Math.floor((month - 1) / 3) * 3 + 1
      return { from: `${year}-${two(first)}-01`, to: lastOf(year, first + 2) }
    }
    case 'year':
      return { from: `${year}-01-01`, to: `${year}-12-31` }
    case 'lunarYear':
      return lunarYearOf(day)
  }
}

/** Asked for everybody of a month: where the moon stands takes longer to reckon than all else of his pay. */
const lunarYears = new Map<string, { from: string; to: string }>()
const mostYears = 1_000

function lunarYearOf(day: string): { from: string; to: string } {
  const known = lunarYears.get(day)
  if (known) return known
  const lunar = lunarNumber(day)
  const next = Lunar.fromYmd(lunar + 1, 1, 1).getSolar()
  const found = { from: Lunar.fromYmd(lunar, 1, 1).getSolar().toYmd(), to: next.next(-1).toYmd() }
  if (lunarYears.size >= mostYears) lunarYears.clear()
  lunarYears.set(day, found)
  return found
}

function lunarNumber(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return Solar.fromYmd(year, month, date).getLunar().getYear()
}

/** The first day of the last `months` months of the year a day lies in. A leap month is no month of its own: a year has twelve. */
export function lastMonths(by: 'year' | 'lunarYear', day: string, months: number): string {
  const named = by === 'year' ? Number(day.slice(0, 4)) : lunarNumber(day)
  const at = named * 12 + 12 - months
  const [of, first] = [Math.floor(at / 12), (at % 12) + 1]
  return by === 'year' ? `${of}-${two(first)}-01` : Lunar.fromYmd(of, first, 1).getSolar().toYmd()
}

const two = (n: number): string => String(n).padStart(2, '0')
const lastOf = (year: number, month: number): string =>
  `${year}-${two(month)}-${two(new Date(Date.UTC(year, month, 0)).getUTCDate())}`

/** `2026年` of the lunar calendar, `11月`, `第4季度`: what a stretch is called. */
export function sayPeriod(period: LeavePeriod, day: string): string {
  const month = Number(day.slice(5, 7))
  switch (period) {
    case 'month':
      return `${month}月`
    case 'quarter':
      return `第${Math.floor((month - 1) / 3) + 1}季度`
    case 'year':
      return `${day.slice(0, 4)}年`
    case 'lunarYear':
      return '农历本年'
  }
}
