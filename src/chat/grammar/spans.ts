import { type Hour, type PartName, partWords, readBareHour, readHour } from './clocks.ts'
import { type DayRead, dayWords } from './days.ts'
import { numeral, readNumber } from './numerals.ts'
import type { Range } from './text.ts'

/** One moment or part of a day as it was said: 明天 · 下午 · 三点半. */
export interface Point extends Range {
  days: DayRead[]
  part?: PartName
  hour?: Hour
}

/** An expression of time with its place in the text, not yet set against a calendar. */
export type TimeWords = Range &
  (
    | { kind: 'point'; point: Point; to?: Point; bound?: 'about' | 'before' | 'after' }
    /** 半小时后, in minutes from now. */
    | { kind: 'later'; minutes: number; about: boolean }
    /** 两小时内. */
    | { kind: 'limit'; minutes: number }
    | { kind: 'ask'; say: string }
  )

const match = (pattern: RegExp, text: string, start: number): RegExpExecArray | null => {
  pattern.lastIndex = start
  return pattern.exec(text)
}

const gap = /[\s的,，、(]*/y
const skipGap = (text: string, start: number): number => start + (match(gap, text, start)?.[0].length ?? 0)
const connector = /\s*(?:[-~]{1,2}|到|至)\s*/y
const bounds = /\s*(?:(左右|前后|上下|附近)|((?:之|以)前|前(?![台面天往]))|((?:之|以|过)后|后(?![台面天院门])|起))/y

const quantity = `(?<![\\d.])(?:(\\d+(?:\\.\\d)?|${numeral})个?(半)?|(半)个?)`
const unit = '(小时|钟头|分钟|分|刻钟|天|日)'
const duration = new RegExp(`(再过|还要|还有|还需要?|大概|大约)?\\s*${quantity}${unit}(半)?(左右|多)?`, 'y')
const laterTail = /\s*(?:后|以后|之后|过后|(?:就|能|可以|可|才)?到(?!货|期|了))/y
const limitTail = /\s*(?:之内|以内|内)(?!部|容|机|胆|侧)/y
const minutesOf: Record<string, number> = { 小时: 60, 钟头: 60, 分钟: 1, 分: 1, 刻钟: 15, 天: 1440, 日: 1440 }

function readDuration(text: string, start: number): TimeWords | undefined {
  const found = match(duration, text, start)
  if (!found) return undefined
  const [words, lead, number, half, halfOnly, unitName = '', halfAfter, about] = found
  const size = minutesOf[unitName] ?? 0
  const whole = halfOnly ? 0.5 : number?.includes('.') ? Number(number) : readNumber(number ?? '')
  if (whole === undefined) return undefined
  const minutes = Math.round((whole + (half || halfAfter ? 0.5 : 0)) * size)
  if (minutes === 0 || minutes > 60 * 24 * 60) return undefined
  let end = start + words.length
  const limit = match(limitTail, text, end)
  if (limit) return { kind: 'limit', minutes, start, end: end + limit[0].length }
  // 三天后 is a day, read with the days.
  if (size === 1440) return undefined
  const later = match(laterTail, text, end)
  if (later) end += later[0].replace(/(?:就|能|可以|可|才)?到$/, '').length
  if (!later && !(lead && /再过|还/.test(lead))) return undefined
  return { kind: 'later', minutes, about: Boolean(about) || /大/.test(lead ?? ''), start, end }
}

function readDay(text: string, start: number): { end: number; day: DayRead } | undefined {
  for (const { pattern, read } of dayWords) {
    const found = match(pattern, text, start)
    const day = found && read(found)
    if (day) return { end: start + found[0].length, day }
  }
  return undefined
}

function readPart(text: string, start: number): { end: number; part: PartName } | undefined {
  for (const [pattern, part] of partWords) {
    const found = match(pattern, text, start)
    if (found) return { end: start + found[0].length, part }
  }
  return undefined
}

const weekdayBefore = /[(（]\s*/y

/** `second`: the far end of a range, which may be a bare figure after a dash. */
function readPoint(text: string, start: number, second: boolean): Point | undefined {
  const point: Point = { start, end: start, days: [] }
  const early = readHour(text, start, false)
  if (!early) {
    const first = readDay(text, start)
    if (first) {
      point.days.push(first.day)
      point.end = first.end
      const inner = match(weekdayBefore, text, first.end)
      const again = readDay(text, first.end + (inner?.[0].length ?? 0))
      if (again?.day.repeats && !again.day.last) {
        point.days.push(again.day)
        point.end = again.end
      }
      if (inner && again && text[point.end] === ')') point.end++
    }
    const part = readPart(text, skipGap(text, point.end))
    if (part) {
      point.part = part.part
      point.end = part.end
    }
  }
  const named = point.end > start
  const hour = early ?? readHour(text, named ? skipGap(text, point.end) : start, named)
  const loose =
    hour ?? (named || second ? readRangeHour(text, named ? skipGap(text, point.end) : start, second) : undefined)
  if (loose) {
    point.hour = loose.hour
    point.end = loose.end
  }
  return point.end > start ? point : undefined
}

/** The 9 of 上午9-11, or the 11 when `second`. */
function readRangeHour(text: string, start: number, second: boolean) {
  const hour = readBareHour(text, start)
  if (!hour || second) return hour
  const dash = match(/\s*[-~]\s*/y, text, hour.end)
  return dash && readBareHour(text, hour.end + dash[0].length) ? hour : undefined
}

function readExpression(text: string, start: number): TimeWords | undefined {
  const point = readPoint(text, start, false)
  if (!point) return undefined
  const words: TimeWords = { kind: 'point', point, start, end: point.end }
  const link = match(connector, text, point.end)
  if (link) {
    const far = readPoint(text, point.end + link[0].length, /[-~]/.test(link[0]) && point.hour !== undefined)
    if (far) {
      words.to = far
      words.end = far.end
    }
  }
  const bound = match(bounds, text, words.end)
  if (bound) {
    words.bound = bound[1] ? 'about' : bound[2] ? 'before' : 'after'
    words.end += bound[0].length
  }
  return words
}

const starts =
  /[\d零〇一二两三四五六七八九十廿半今明后大次隔第当昨前周星礼双农阴旧正冬腊初月早清中正晌午傍晚夜凌全整白再还]|[下上这本](?=[下个月周星礼午旬])/y
// Longer rows of figures than any time has.
const noTime = /\d{9,}|[零〇一二两三四五六七八九十百千万廿]{13,}/y
const vagueBefore = /(?:过|这|那|前|近|最近|每|共|等了|修了|用了)$/
const afterWork = /下班(?:以后|之后|后)/g

/** Every expression of time in normalised text, left to right, none inside another. */
export function findTimes(text: string): TimeWords[] {
  const found: TimeWords[] = []
  for (let at = 0; at < text.length; at++) {
    if (!match(starts, text, at)) continue
    const run = match(noTime, text, at)?.[0].length
    if (run) {
      at += run - 1
      continue
    }
    const words = readDuration(text, at) ?? (/[再还]/.test(text[at] ?? '') ? undefined : readExpression(text, at))
    if (!words) continue
    // 过三天后 and 每周五 name no day.
    if (!vagueBefore.test(text.slice(Math.max(0, at - 2), at)) || words.kind === 'later') found.push(words)
    at = words.end - 1
  }
  for (const { index } of text.matchAll(afterWork)) {
    found.push({ kind: 'ask', say: '下班后是几点？请说一个时间', start: index, end: index + 3 })
  }
  return found
}
