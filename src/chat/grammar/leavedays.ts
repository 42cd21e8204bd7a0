import { DateTime } from 'luxon'
import type { SaidDays, SaidLength } from '../intent.ts'
import { type DayParts, defaultDayParts, readWhen, type WhenContext } from '../when.ts'
import { numeral, readNumber } from './numerals.ts'
import { findTimes, type TimeWords } from './spans.ts'
import { blank, matches, type Range } from './text.ts'

/** Which days somebody will be away, and for how long. */

const amount = new RegExp(
  `(?<![月号.\\d])(${numeral}(?:\\.5)?|半)\\s*(?:个)?(半)?\\s*(?:个)?(天|工作日|小时|钟头|个?礼拜|个?星期|周)(半)?(?![前后内之])`,
  'g',
)

interface Days {
  when: { when?: SaidDays }
  length: { length?: SaidLength }
  ranges: Range[]
  ambiguous?: string
}

/** 明天和后天, 26、27号: two days side by side are a span. */
const sideBySide =
  /((?:今|明|后|大后)天|\d{1,2}[号日]?|周[一二三四五六日天])\s*[和、及跟与]\s*(?=(?:今|明|后|大后)天|\d{1,2}[号日]|周[一二三四五六日天])/g

/** The days and the length a text names outside of what is `taken`. */
export function daysIn(
  { norm: heard, text, context }: { norm: string; text: string; context: WhenContext },
  taken: readonly Range[],
): Days {
  const clear = blank(heard, taken)
  // 26、27号: the first has no sign of its own.
  const pair = /(?<!\d)(\d{1,2})\s*[、和]\s*(?=(\d{1,2})[号日])/.exec(clear)
  const norm = clear.replace(sideBySide, (all: string, first: string) => {
    return `${first}到`.padEnd(all.length, ' ')
  })
  const lengths = matches(norm, amount)
  const said = lengths
    .map(one => ({ ...one, length: lengthOf(one.match) }))
    .filter(({ length }) => length !== undefined)
  const times = findTimes(blank(norm, said)).filter(words => words.kind === 'point')
  const length = said[0]?.length
  // 11月30日 店里忙: the sign belongs to the day whatever follows.
  const all = [...times, ...said].map(({ start, end }) => ({
    start,
    end: /\d[号日]/.test(norm.slice(end - 1, end + 1)) ? end + 1 : end,
  }))
  if (pair) all.push({ start: pair.index, end: pair.index + pair[0].length })
  const read = times.length === 0 ? null : readWhen(text, alone(norm, times), times, context)
  const more = length ? { length } : {}
  if (read === null || read.kind === 'none' || read.kind === 'limit')
    return { when: {}, length: { ...more }, ranges: all }
  if (read.kind === 'ambiguous') return { when: {}, length: { ...more }, ranges: all, ambiguous: read.say }
  const { zone, dayParts = defaultDayParts } = context
  const from = DateTime.fromJSDate(read.span.from, { zone })
  const to = read.span.to && DateTime.fromJSDate(read.span.to, { zone })
  const days = wholes(from, to, dayParts)
  if (pair && Number(pair[1]) < Number(pair[2]) && days.from.day.endsWith(`-${pair[2]?.padStart(2, '0')}`))
    days.from = { ...days.from, day: `${days.from.day.slice(0, 8)}${pair[1]?.padStart(2, '0')}` }
  if (to && to.diff(from, 'days').days > 300 && !read.span.words.includes('年'))
    return {
      when: {},
      length: {},
      ranges: all,
      ambiguous: '结束比开始早，请重新说一次，比如：请假 明天到后天 家里有事',
    }
  const oneDay = days.to?.day === days.from.day
  const whole = oneDay && days.from.minute === 0 && days.to?.minute === 1440
  if (length && 'days' in length && length.days < 1 && whole)
    return {
      when: {},
      length: {},
      ranges: all,
      ambiguous: '半天是上午还是下午？请说清楚，比如：请假 明天下午 家里有事',
    }
  // 明天起三天: the length says how long, unless the words already name the end.
  const open = length && (whole || !days.to || ('hours' in length && !partNamed(times)))
  const kept = open && length && ('hours' in length || length.days >= 1)
  return { when: { when: kept ? { from: days.from } : days }, length: kept ? { length } : {}, ranges: all }
}

/** Nothing but the words of time: 明天去不了 is when he is away. */
const alone = (norm: string, times: readonly TimeWords[]): string =>
  [...norm].length === norm.length
    ? norm.replace(/[\s\S]/g, (char, at: number) =>
        times.some(({ start, end }) => at >= start && at < end) ? char : ' ',
      )
    : norm

const partNamed = (times: readonly TimeWords[]): boolean =>
  times.some(one => one.kind === 'point' && one.to !== undefined)

/** Edges of a working day are those of the day; a morning ends and an afternoon begins at noon. */
function wholes(from: DateTime, to: DateTime | undefined, { 上午, 下午 }: DayParts): SaidDays {
  const minuteOf = (at: DateTime) => at.hour * 60 + at.minute
  const dayOf = (at: DateTime) => at.toFormat('yyyy-MM-dd')
  const begins = minuteOf(from)
  const start = begins <= 上午[0] ? 0 : begins === 下午[0] ? 720 : begins
  const ends =
    to &&
    (minuteOf(to) === 0 && to > from
      ? { day: dayOf(to.minus({ days: 1 })), minute: 1440 }
      : { day: dayOf(to), minute: minuteOf(to) })
  const end = ends && (ends.minute >= 下午[1] ? 1440 : ends.minute === 上午[1] ? 720 : ends.minute)
  return {
    from: { day: dayOf(from), minute: start },
    ...(ends && end !== undefined && { to: { day: ends.day, minute: end } }),
  }
}

function lengthOf([, number = '', half, unit = '', halfAfter]: RegExpMatchArray): SaidLength | undefined {
  const whole = number === '半' ? 0.5 : number.includes('.') ? Number(number) : readNumber(number)
  if (whole === undefined) return undefined
  const count = whole + (number !== '半' && (half || halfAfter) ? 0.5 : 0)
  if (/小时|钟头/.test(unit)) return { hours: count }
  return { days: /礼拜|星期|周/.test(unit) ? count * 7 : count }
}
