import type { Calendar } from '../policy/calendar.ts'
import type { MonthDays } from './facts.ts'

const isMonth = /^\d{4}-(0[1-9]|1[0-2])$/

/** First and last day of a month: `2026-02` → `2026-02-01`, `2026-02-28`. @throws RangeError */
export function monthEnds(month: string): { first: string; last: string; days: number } {
  if (!isMonth.test(month)) throw new RangeError(`"${month}" is no month`)
  const [year = 0, number = 0] = month.split('-').map(Number)
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return { first: `${month}-01`, last: `${month}-${days}`, days }
}

/** `2026-01` and -1 → `2025-12`. */
export function monthsFrom(month: string, count: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}

export function daysOf(calendar: Calendar, month: string): MonthDays {
  const { days } = monthEnds(month)
  const number = Number(month.slice(5))
  const workdays = Array.from({ length: days }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`)
  return {
    ...{ days, workdays: workdays.filter(day => calendar.isWorkday(day)).length },
    ...{ lastOfQuarter: number % 3 === 0, lastOfYear: number === 12 },
  }
}
