import type { Calendar } from '../policy/calendar.ts'
import { sayDuration } from './timewords.ts'

/** Days of a span by what they count for; at most so many are named. */
const mostNamed = 6

/**
 * The working time between two moments day by day, so that anybody can add it up:
 * `11月27日 2 小时，11月28日 不上班（周六），11月30日 6 小时`. Days off that follow each other are one entry.
 */
export function sayWorkingDays(calendar: Calendar, from: Date, to: Date): string {
  const entries: Array<{ first: string; last: string; ms: number; why: string }> = []
  const end = calendar.dayOf(to)
  for (let day = calendar.dayOf(from); day <= end; day = calendar.dayAfter(day, 1)) {
    const ms = calendar.segmentsOn(day).reduce((sum, one) => sum + overlap(one, from, to), 0)
    const off = !calendar.isWorkday(day)
    const why = off ? calendar.describe(day) : ''
    const before = entries.at(-1)
    if (before && off && before.why !== '' && before.why === why) before.last = day
    else entries.push({ first: day, last: day, ms, why })
  }
  const named = entries.map(({ first, last, ms, why }) => {
    const days = first === last ? sayDay(first) : `${sayDay(first)}–${sayDay(last)}`
    return why ? `${days} 不上班（${why}）` : `${days} ${sayDuration(ms)}`
  })
  if (named.length <= mostNamed) return named.join('，')
  const middle = entries.slice(3, -2)
  const sum = middle.reduce((total, { ms }) => total + ms, 0)
  return [...named.slice(0, 3), `其间 ${sayDuration(sum)}`, ...named.slice(-2)].join('，')
}

function overlap(span: { from: Date; to: Date }, from: Date, to: Date): number {
  return Math.max(0, Math.min(span.to.getTime(), to.getTime()) - Math.max(span.from.getTime(), from.getTime()))
}

function sayDay(day: string): string {
  const [, month = '', date = ''] = day.split('-')
  return `${Number(month)}月${Number(date)}日`
}
