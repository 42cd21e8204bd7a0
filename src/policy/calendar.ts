import { IANAZone } from 'luxon'
import { Invalid } from '../errors.ts'
import { type CalendarSource, hoursOf } from './calendarrule.ts'
import {
  dayAt,
  isNotice,
  knowsYear,
  msOf,
  nameOf,
  nextNoticeFrom,
  numberOf,
  statutoryDay,
  wallClock,
  yearOf,
} from './days.ts'
import { zoneNamed } from './zones.ts'

export type { CalendarRule, CalendarSource, Segment } from './calendarrule.ts'

interface Day {
  /** Moments, in their order; their length is more than 0. */
  spans: ReadonlyArray<readonly [opens: number, closes: number]>
  why: string
}

const minuteMs = 60_000
/** Searches for working time give up after so many days: three years. */
const horizon = 1096

/**
 * Working time of a team, or with days of rest of its own, of a person (domain.md R2 and the readings below it: working
 * time used up exactly at closing is due at closing; a make-up workday keeps Monday's hours unless the policy gives its
 * own). Pure: the same source gives the same answers. Days are texts like `2026-11-25`.
 */
export class Calendar {
  readonly #source: CalendarSource
  readonly #zone: IANAZone
  readonly #off: ReadonlySet<string>
  readonly #days = new Map<number, Day>()
  readonly #known = new Map<number, boolean>()

  constructor(source: CalendarSource, own: { off: readonly string[] } = { off: [] }) {
    const { zone, hours, days, calendar } = source
    if (!IANAZone.isValidZone(zone)) throw new Invalid(`"${zone}" is no time zone: write one like Asia/Shanghai`)
    if (!calendar.roundTheClock && (hours.length === 0 || days.length === 0))
      throw new Invalid('The calendar has no working time: name hours and days')
    for (const day of [...own.off, ...Object.keys(calendar.own)]) numberOf(day)
    this.#source = source
    this.#zone = zoneNamed(zone)
    this.#off = new Set(own.off)
  }

  /** The local day of a moment. */
  dayOf(at: Date): string {
    return nameOf(dayAt(this.#zone, msOf(at)))
  }

  /** Minutes since midnight that the clock on the wall shows. */
  minuteOf(at: Date): number {
    return Math.floor(msOf(at) / minuteMs + this.#zone.offset(msOf(at))) % 1440
  }

  /** The moment at which the clock on the wall shows a time of a day: minutes since midnight, 1440 its end. */
  momentOf(day: string, minutes: number): Date {
    return new Date(wallClock(this.#zone, numberOf(day))(minutes))
  }

  /** The n-th day after a day, worked or not. */
  dayAfter(day: string, n: number): string {
    return nameOf(numberOf(day) + n)
  }

  /** Working spans of a day, oldest first; none on a day off. */
  segmentsOn(day: string): ReadonlyArray<{ from: Date; to: Date }> {
    return this.#day(numberOf(day)).spans.map(([opens, closes]) => ({ from: new Date(opens), to: new Date(closes) }))
  }

  isWorkday(day: string): boolean {
    return this.#day(numberOf(day)).spans.length > 0
  }

  /** Why a day is what it is: 春节放假, 国庆补班(按周一), 公司放假, 周日, 工作日(2027年放假安排未知). */
  describe(day: string): string {
    return this.#day(numberOf(day)).why
  }

  /** Working milliseconds from one moment to another; 0 when the second is the earlier. */
  workingMs(from: Date, to: Date): number {
    const [start, end] = [msOf(from), msOf(to)]
    let sum = 0
    // One day more: where the clock goes back over midnight, the day after has begun before.
    for (let day = dayAt(this.#zone, start), last = dayAt(this.#zone, end) + 1; day <= last; day++)
      for (const [opens, closes] of this.#day(day).spans)
        sum += Math.max(0, Math.min(closes, end) - Math.max(opens, start))
    return sum
  }

  /**
   * The moment when `ms` of working time have passed since `from`; used up exactly at closing, that closing. Nothing
   * is over at once, in working time or not. `Invalid` when three years don't have that much.
   */
  addWorking(from: Date, ms: number): Date {
    if (!(ms >= 0)) throw new Invalid(`${ms} is no working time: it is 0 or more`)
    const start = msOf(from)
    if (ms === 0) return new Date(start)
    let left = ms
    for (const [opens, closes] of this.#spansAfter(start)) {
      const begins = Math.max(opens, start)
      if (left <= closes - begins) return new Date(begins + left)
      left -= closes - begins
    }
    throw this.#endless(`${Math.round(ms / minuteMs)} minutes of working time`, this.dayOf(from))
  }

  /** The n-th workday after a day; for 0 the day itself, workday or not. */
  workdayAfter(day: string, n: number): string {
    const first = numberOf(day)
    if (!Number.isInteger(n) || n < 0) throw new Invalid(`${n} is no number of workdays`)
    let left = n
    for (let at = first; at <= first + horizon; at++) {
      if (at > first && this.#day(at).spans.length > 0) left--
      if (left === 0) return nameOf(at)
    }
    throw this.#endless(`${n} workdays`, day)
  }

  /** When a day's work ends; null on a day off. */
  closing(day: string): Date | null {
    return this.segmentsOn(day).at(-1)?.to ?? null
  }

  /** When a day's work begins; null on a day off. */
  opening(day: string): Date | null {
    return this.segmentsOn(day)[0]?.from ?? null
  }

  /** The moment itself when it lies in working time (closing does not), else the next opening. */
  nextOpening(at: Date): Date {
    const start = msOf(at)
    for (const [opens] of this.#spansAfter(start)) return new Date(Math.max(opens, start))
    throw this.#endless('working time', this.dayOf(at))
  }

  /**
   * Years whose statutory days are asked for and not known between two moments, the second outside: what is computed
   * there rests on weekdays alone and has to be said. Own days that name the lawful ones, or every day, make up for it.
   */
  unknownYears(from: Date, to: Date): number[] {
    const [start, end] = [msOf(from), msOf(to)]
    if (end < start) return []
    const [first, last] = [dayAt(this.#zone, start), dayAt(this.#zone, Math.max(start, end - 1))]
    const found: number[] = []
    for (let year = yearOf(first); year <= yearOf(last) + 1; year++) {
      if (this.#knows(year)) continue
      const stop = Math.min(last, numberOf(`${year}-12-31`))
      let day = Math.max(first, numberOf(`${year - 1}-${nextNoticeFrom}`))
      while (day <= stop && this.#isOwn(nameOf(day))) day++
      if (day <= stop) found.push(year)
    }
    return found
  }

  /** Spans that end after a moment, for as long as searches go. */
  *#spansAfter(start: number): Generator<readonly [number, number]> {
    const first = dayAt(this.#zone, start)
    for (let day = first; day <= first + horizon; day++)
      for (const span of this.#day(day).spans) if (span[1] > start) yield span
  }

  #day(number: number): Day {
    const cached = this.#days.get(number)
    if (cached) return cached
    const name = nameOf(number)
    const { hours, why } = this.#off.has(name)
      ? { hours: [], why: '个人休息' }
      : hoursOf(name, this.#source, year => this.#knows(year))
    const moment = wallClock(this.#zone, number)
    const spans = hours.map(([from, to]) => [moment(from), moment(to)] as const)
    const day = { spans: spans.filter(([opens, closes]) => opens < closes), why }
    this.#days.set(number, day)
    return day
  }

  #isOwn(day: string): boolean {
    return this.#off.has(day) || day in this.#source.calendar.own
  }

  /** Whether a year's statutory days are known, or not asked for. */
  #knows(year: number): boolean {
    const { holidays, roundTheClock, own } = this.#source.calendar
    if (holidays === 'none' || roundTheClock || knowsYear(year)) return true
    const known = this.#known.get(year) ?? isNotice(year, day => day in own || statutoryDay(day) !== null)
    this.#known.set(year, known)
    return known
  }

  #endless(what: string, day: string): Invalid {
    return new Invalid(`There are no ${what} in the three years after ${day}: check hours, days and own days off`)
  }
}
