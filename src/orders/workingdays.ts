import type { Calendar } from '../policy/calendar.ts'
import { sayDuration } from './timewords.ts'

/** Days of a span by what they count for; at most so many are named. */
const mostNamed = 6
const minuteMs = 60_000

interface Span {
  from: Date
  to: Date
}

/**
 * The working time of a span day by day, pauses left out, so that anybody can add it up:
 * `11月27日 2 小时，11月28日 不上班（周六），11月30日 6 小时`. Days off that follow each other are one entry. Everything is
 * taken to the minute, as clocks show it.
 */
export function sayWorkingDays(calendar: Calendar, whole: Span, pauses: readonly Span[]): string {
  const { from, to } = toMinutes(whole)
  const breaks = pauses.map(toMinutes)
  const entries: Array<{ first: string; last: string; ms: number; why: string }> = []
  const end = calendar.dayOf(to)
  for (let day = calendar.dayOf(from); day <= end; day = calendar.dayAfter(day, 1)) {
    const { ms, why } = dayOf(calendar, day, { from, to }, breaks)
    const before = entries.at(-1)
    if (before && why !== '' && before.why === why) before.last = day
    else entries.push({ first: day, last: day, ms, why })
  }
  const named = entries.map(({ first, last, ms, why }) => {
    const days = first === last ? sayDay(first) : `${sayDay(first)}–${sayDay(last)}`
    return `${days} ${why || sayDuration(ms)}`
  })
  if (named.length <= mostNamed) return named.join('，')
  const sum = entries.slice(3, -2).reduce((total, { ms }) => total + ms, 0)
  return [...named.slice(0, 3), `其间 ${sayDuration(sum)}`, ...named.slice(-2)].join('，')
}

/** What a day counts for; `why` where it counts for nothing. */
function dayOf(calendar: Calendar, day: string, whole: Span, pauses: readonly Span[]): { ms: number; why: string } {
  if (!calendar.isWorkday(day)) return { ms: 0, why: `不上班（${calendar.describe(day)}）` }
  const worked = calendar.segmentsOn(day).flatMap(one => overlap(one, whole) ?? [])
  const paused = worked.flatMap(one => pauses.flatMap(pause => overlap(one, pause) ?? []))
  const ms = lengthOf(worked) - lengthOf(paused)
  return { ms, why: ms === 0 && paused.length > 0 ? '暂停' : '' }
}

function overlap(one: Span, other: Span): Span | null {
  const from = new Date(Math.max(one.from.getTime(), other.from.getTime()))
  const to = new Date(Math.min(one.to.getTime(), other.to.getTime()))
  return from < to ? { from, to } : null
}

const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0)

const toMinutes = ({ from, to }: Span): Span => ({ from: toMinute(from), to: toMinute(to) })

const toMinute = (at: Date): Date => new Date(Math.floor(at.getTime() / minuteMs) * minuteMs)

function sayDay(day: string): string {
  const [, month = '', date = ''] = day.split('-')
  return `${Number(month)}月${Number(date)}日`
}
