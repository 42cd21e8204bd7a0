import chineseDays from 'chinese-days'
import { Lunar, Solar } from 'lunar-typescript'
import type { Zone } from 'luxon'
import { Invalid } from '../errors.ts'

/** Days as no policy changes them: their numbers, their moments in a time zone, and what the State Council says of them. */

const minuteMs = 60_000
const dayMs = 1440 * minuteMs

/** Whether the text is a day of the calendar, `2026-11-28`. */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** A month of a thousand people asks for the same days some hundred thousand times. */
const numbers = new Map<string, number>()
const mostNumbers = 5_000

/** Days are counted from 1970-01-01, whatever the zone. */
export function numberOf(day: string): number {
  const known = numbers.get(day)
  if (known !== undefined) return known
  const number = readNumber(day)
  if (numbers.size >= mostNumbers) numbers.clear()
  numbers.set(day, number)
  return number
}

function readNumber(day: string): number {
  if (!isDay(day)) throw new Invalid(`"${day}" is no day: write it like 2026-11-25`)
  return Date.parse(`${day}T00:00:00Z`) / dayMs
}

export const yearOf = (day: number): number => Number(nameOf(day).slice(0, 4))

export const nameOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** Moments outside are somebody's mistake; and no search is longer than this. */
const [earliest, latest] = [0, Date.UTC(2100, 0)]

/** A moment in milliseconds. */
export function msOf(at: Date): number {
  const ms = at.getTime()
  if (!(ms >= earliest && ms < latest)) throw new Invalid(`${ms} is no moment from 1970 to 2099`)
  return ms
}

/** The local day of a moment. */
export const dayAt = (zone: Zone, ms: number): number => Math.floor((ms + zone.offset(ms) * minuteMs) / dayMs)

/**
 * Reads times of a day, minutes since midnight, to moments: the first at which the clock on the wall shows that time or
 * a later one. A time that summer time leaves out is the moment of the change, one that comes twice is the first, so
 * spans of a day never overlap.
 */
export function wallClock(zone: Zone, day: number): (minutes: number) => number {
  const offset = (at: number): number => zone.offset(at) * minuteMs
  const [before, after] = [offset((day - 1) * dayMs), offset((day + 2) * dayMs)]
  return minutes => {
    const wall = day * dayMs + minutes * minuteMs
    const [early, late] = [wall - before, wall - after]
    if (before === after || offset(early) === before) return early
    if (offset(late) === after) return late
    let [low, high] = [late, early]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offset(middle) === before) low = middle
      else high = middle
    }
    return high
  }
}

/** A day the State Council's yearly notice (国务院办公厅关于部分节假日安排的通知) makes free, or a workday. */
export interface StatutoryDay {
  /** 春节, 国庆 */
  name: string
  works: boolean
}

/**
 * What the notices say of a day; null where they say nothing, or the package doesn't have that year's notice.
 * The package reads a text in UTC and answers in the machine's zone, west of Greenwich a day early: local noon is safe.
 * It also calls every day of a year it doesn't know a weekday or weekend: only days its notices name count here.
 */
export function statutoryDay(day: string): StatutoryDay | null {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const { name, work } = chineseDays.getDayDetail(new Date(year, month - 1, date, 12))
  const [, chinese] = name.split(',')
  return chinese ? { name: chinese.replace('国庆节', '国庆'), works: work } : null
}

/**
 * The days of a year that are free by law (全国年节及纪念日放假办法 art. 2): 元旦, 春节初一至初三, 清明, 劳动节, 端午, 中秋,
 * 国庆三天. A notice moves weekends around them.
 */
function lawfulDays(year: number): string[] {
  const terms = Solar.fromYmd(year, 4, 5).getLunar().getJieQiTable()
  const spring = Lunar.fromYmd(year, 1, 1).getSolar()
  const national = Solar.fromYmd(year, 10, 1)
  return [
    Solar.fromYmd(year, 1, 1),
    ...[spring, spring.next(1), spring.next(2)],
    terms.清明 ?? Solar.fromYmd(year, 4, 5),
    Solar.fromYmd(year, 5, 1),
    Lunar.fromYmd(year, 5, 5).getSolar(),
    Lunar.fromYmd(year, 8, 15).getSolar(),
    ...[national, national.next(1), national.next(2)],
  ].map(day => day.toYmd())
}

/** 清明, 端午 and 中秋 are free since 国务院令第513号; nobody asks for the years before. */
const firstYear = 2008

/**
 * Whether a list of days holds a year's notice: it names all lawful days from Monday to Friday (what falls on a weekend
 * may go unsaid). New Year alone, which a list may have from the year before, is none.
 */
export function isNotice(year: number, names: (day: string) => boolean): boolean {
  if (year < firstYear || year > 9998) return false
  return lawfulDays(year)
    .filter(day => new Date(day).getUTCDay() % 6 > 0)
    .every(names)
}

const held = new Map<number, boolean>()

/** Whether the package has that year's notice, asked of its data: a newer package knows more years. */
export function knowsYear(year: number): boolean {
  const known = held.get(year) ?? isNotice(year, day => statutoryDay(day) !== null)
  held.set(year, known)
  return known
}

/** A year's notice may move days from here on of the year before: since 2004 never an earlier one (2007, 2018). */
export const nextNoticeFrom = '12-29'

/** The years whose notices decide about a day: its own, and in its last days the next. */
export function noticesFor(day: string): number[] {
  const year = Number(day.slice(0, 4))
  return day.slice(5) >= nextNoticeFrom ? [year, year + 1] : [year]
}
