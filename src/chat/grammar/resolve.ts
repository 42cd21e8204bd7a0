import type { DateTime } from 'luxon'
import { type DayParts, type Hour, placeEnd, placeHour } from './clocks.ts'
import type { Point, TimeWords } from './spans.ts'

/** A span on the calendar. `to` is missing for a point in time. */
export interface Resolved {
  from: DateTime
  to?: DateTime
  exact: boolean
}

interface Minutes {
  from: number
  to?: number
  exact: boolean
}

type Words = Extract<TimeWords, { kind: 'point' }>

const atMinutes = (day: DateTime, minutes: number): DateTime =>
  day.plus({ days: Math.floor(minutes / 1440) }).set({ hour: Math.floor((minutes % 1440) / 60), minute: minutes % 60 })

function partMinutes(point: Point, parts: DayParts): readonly [number, number] | string {
  if (point.part === '凌晨') return '凌晨几点？请说一个时间'
  if (point.part === undefined || point.part === '全天') return [parts.上午[0], parts.下午[1]]
  return parts[point.part]
}

/** Minutes of the day of one end alone. */
function minutesOf(point: Point, parts: DayParts): Minutes | string {
  if (!point.hour) {
    const range = partMinutes(point, parts)
    return typeof range === 'string' ? range : { from: range[0], to: range[1], exact: false }
  }
  const from = placeHour(point.part, point.hour)
  if (typeof from === 'string') return from
  const until = point.hour.until === undefined ? undefined : placeEnd(from, untilHour(point.hour.until))
  return { from, exact: !point.hour.vague, ...(until === undefined ? {} : { to: until }) }
}

const untilHour = (hour: number): Hour => ({ hour, minute: 0, padded: false })

/** Minutes since midnight of the first end's day to minutes of the second end's day. */
function minutesOfRange(near: Point, far: Point, parts: DayParts): Minutes | string {
  const first = minutesOf(near, parts)
  if (typeof first === 'string') return first
  const sameDay = far.days.length === 0
  if (sameDay && far.hour && far.part === undefined && near.hour) {
    const to = placeEnd(first.from, far.hour)
    if (to === undefined || to - first.from > 16 * 60) return '这段时间说得不清楚，请说明从几点到几点'
    return { from: first.from, to, exact: first.exact }
  }
  const inherited = far.part === undefined && !far.hour && near.part ? { ...far, part: near.part } : far
  const second = minutesOf(far.days.length > 0 && !far.hour && !far.part ? inherited : far, parts)
  if (typeof second === 'string') return second
  const to = second.to ?? second.from
  if (sameDay && to <= first.from) return '结束时间早于开始时间，请再说一次'
  return { from: first.from, to, exact: first.exact && second.exact }
}

const passed = '这个时间已经过去了，请说清楚是哪一天、几点'

/** Sets the words against the calendar: what has passed rolls forward unless its day, week, month or year was named. */
export function resolve(words: Words, now: DateTime, parts: DayParts): Resolved | string {
  const { point, to: far } = words
  const minutes = far ? minutesOfRange(point, far, parts) : minutesOf(point, parts)
  if (typeof minutes === 'string') return minutes
  const today = now.startOf('day')
  const [word, again] = point.days
  let day = word ? word.first(today) : today
  for (let turn = 0; turn < 2; turn++) {
    if (typeof day === 'string') return day
    const agreeing = again?.first(today)
    if (agreeing !== undefined && (typeof agreeing === 'string' || !agreeing.hasSame(day, 'day')))
      return '日期和星期对不上，请再说一次是哪一天'
    const span = build(words, day, minutes, now, parts)
    if (typeof span === 'string') return span
    if ((span.to ?? span.from) >= now.startOf('minute')) return span.from < now.minus({ days: 1 }) ? passed : span
    if (isToday(words, day, today)) return extended(span, now, parts)
    if (turn === 1) break
    if (word && !word.next) break
    day = word?.next ? word.next(day) : day.plus({ days: 1 })
  }
  return passed
}

/** 今天 said after the working day is the evening that is left. */
function isToday({ point, to, bound }: Words, day: DateTime, today: DateTime): boolean {
  const whole = !to && !bound && !point.part && !point.hour
  return whole && point.days[0]?.fromToday === true && day.hasSame(today, 'day')
}

function extended(span: Resolved, now: DateTime, parts: DayParts): Resolved | string {
  const to = atMinutes(now.startOf('day'), parts.晚上[1])
  return to > now ? { ...span, to } : '今天已经太晚了，请说清楚是哪一天、几点'
}

function build(words: Words, day: DateTime, minutes: Minutes, now: DateTime, parts: DayParts): Resolved | string {
  const { point, to: far, bound } = words
  const from = atMinutes(day, minutes.from)
  const lastDay = endDay(words, day, now)
  if (typeof lastDay === 'string') return lastDay
  const oneDay = lastDay.hasSame(day, 'day')
  const exact = minutes.exact && bound === undefined
  const to = minutes.to === undefined ? undefined : atMinutes(lastDay, minutes.to)
  if (to && to <= from) return '结束时间早于开始时间，请再说一次'
  if (bound === 'before' && !far) return before(point, day, from, now, parts)
  if (bound === 'after' && !far) {
    const end = atMinutes(day, parts.下午[1])
    return { from, exact: false, ...(point.hour && end > from ? { to: end } : {}) }
  }
  if (!to) return oneDay ? { from, exact } : { from, to: atMinutes(lastDay, minutes.from), exact }
  return { from, to, exact }
}

/** 10点前 begins now, or with the working day; 周五之前 ends before that Friday begins. */
function before(point: Point, day: DateTime, limit: DateTime, now: DateTime, parts: DayParts): Resolved {
  const opening = atMinutes(day, parts.上午[0])
  const begins = point.days.length > 0 && point.hour && opening > now ? opening : now
  return { from: begins < limit ? begins : limit, to: limit, exact: false }
}

function endDay({ point, to: far }: Words, day: DateTime, now: DateTime): DateTime | string {
  const word = far?.days[0]
  if (!word) return point.days[0]?.last?.(day) ?? day
  const first = word.first(word.fromToday || word.anchored ? now.startOf('day') : day)
  return typeof first === 'string' ? first : (word.last?.(first) ?? first)
}
