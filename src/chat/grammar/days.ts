import { Solar } from 'lunar-typescript'
import { DateTime, type WeekdayNumbers } from 'luxon'
import { numeral, readNumber, readYear } from './numerals.ts'

/**
 * Words for a day. `first` gives the first day meant, seen from today, or a Chinese question; `next` the one after it
 * when that has passed, and is missing when week, month or year were named; `last` the end of words for several days.
 */
export interface DayRead {
  first(today: DateTime): DateTime | string
  next?(day: DateTime): DateTime | string
  last?(first: DateTime): DateTime
  /** Counted from today (明天), so the second end of a range isn't counted from its first. */
  fromToday?: true
  /** Counted from today at the end of a span, too: 下周一到下周三 is one week. */
  anchored?: true
  /** May stand right after another word for the same day: 12月1日(周二). */
  repeats?: true
}

interface DayWord {
  pattern: RegExp
  read(groups: readonly (string | undefined)[]): DayRead | undefined
}

const cn = '[一二三四五六七八九十廿]{1,3}'
const dayNumber = `(\\d{1,2}|${cn})`
// 38号院, 5号楼, 12号线: a number with 号 that is a place.
const notPlace = '(?!\\s*[楼院单门店线口机库桥路街车铺厅栋仓房梯])'
const notAfterPlace = '(?<![路街道巷弄村院区里庄园苑城厦港湾组\\d.])'
const notChained = '(?<!(?<![./-]\\d{1,2})-)'
const notFigure =
  '(?![\\d.:]|-\\d(?!\\d?[./-]\\d)|/\\d|\\s*(?:匹|米|公斤|kg|寸|升|元|块|万|折|倍|个|台|只|%|v|度|mm|cm|安|瓦|w|p|点|时|分))'

const relative = (days: number, last?: number): DayRead => ({
  first: today => today.plus({ days }),
  fromToday: true,
  ...(last === undefined ? {} : { last: (first: DateTime) => first.plus({ days: last - days }) }),
})

/** 12.1, 12-1: too short to repeat a day that was said; after one it is an hour. */
function figures(read: DayRead | undefined): DayRead | undefined {
  if (!read) return undefined
  const { repeats: _, ...rest } = read
  return rest
}

const ask = (say: string): DayRead => ({ first: () => say })
const weekdays: Record<string, WeekdayNumbers> = {
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  日: 7,
  天: 7,
  末: 6,
  双: 6,
}

function weekday(prefix: string, name: string): DayRead | undefined {
  const number = weekdays[name] ?? (Number(name) as WeekdayNumbers)
  const last = name === '末' ? { last: (first: DateTime) => first.set({ weekday: 7 }) } : {}
  if (prefix !== '') {
    const weeks = prefix === '上' ? -1 : prefix.replace(/[^下]/g, '').length
    return { first: today => today.plus({ weeks }).set({ weekday: number }), repeats: true, anchored: true, ...last }
  }
  return {
    first: today => {
      if (name === '末' && today.weekday === 7) return today
      return today.plus({ days: (number - today.weekday + 7) % 7 })
    },
    next: day => day.set({ weekday: number }).plus({ weeks: 1 }),
    repeats: true,
    ...last,
  }
}

/** The day of a month, counted up from the first month until one has that day. */
function dayOfMonth(from: DateTime, day: number): DateTime {
  for (let month = from.startOf('month'); ; month = month.plus({ months: 1 })) {
    if (day <= (month.daysInMonth ?? 28) && month.set({ day }) >= from) return month.set({ day })
  }
}

function monthDay(day: number | undefined, month?: number, year?: (today: DateTime) => number): DayRead | undefined {
  if (day === undefined || day < 1 || day > 31) return undefined
  if (month === undefined) {
    return {
      first: today => dayOfMonth(today, day),
      next: past => dayOfMonth(past.plus({ days: 1 }), day),
      repeats: true,
    }
  }
  if (month < 1 || month > 12) return undefined
  const at = (today: DateTime, y: number) => {
    const date = DateTime.fromObject({ year: y, month, day }, { zone: today.zone })
    return date.isValid ? date : `${y}年${month}月没有${day}日，请说一下是哪一天？`
  }
  if (year) return { first: today => at(today, year(today)), repeats: true }
  return {
    first: today => {
      const date = at(today, today.year)
      return typeof date === 'string' || date >= today ? date : at(today, today.year + 1)
    },
    next: past => at(past, past.year + 1),
    repeats: true,
  }
}

/** A day of the month that is `months` from this one. The month was named, so it never rolls. */
const namedMonthDay = (months: number, day: number | undefined): DayRead | undefined =>
  day === undefined || day < 1 || day > 31
    ? undefined
    : {
        first: today => {
          const month = today.startOf('month').plus({ months })
          return day <= (month.daysInMonth ?? 28)
            ? month.set({ day })
            : `${month.month}月没有${day}日，请说一下是哪一天？`
        },
      }

const lunarMonths: Record<string, number> = { 正: 1, 冬: 11, 腊: 12 }

interface LunarDay {
  /** Negative for a leap month. */
  month: number
  day: number
}

/** Days whose place in the almanac was looked up: a message may name many, and working one out is slow. */
const almanac = new Map<string, LunarDay>()
const mostKnown = 2_000

function lunarDayOf(at: DateTime): LunarDay {
  const key = `${at.year}-${at.month}-${at.day}`
  const known = almanac.get(key)
  if (known) return known
  const there = Solar.fromYmd(at.year, at.month, at.day).getLunar()
  const day = { month: there.getMonth(), day: there.getDay() }
  if (almanac.size >= mostKnown) almanac.clear()
  almanac.set(key, day)
  return day
}

/** How many days to go on at least until such a day of a month may come: months have 29 or 30. */
function daysUntil(day: number, from: number): number {
  return Math.max(1, from < day ? day - from : 29 - from + day)
}

function lunar(monthWords: string | undefined, day: number | undefined): DayRead | undefined {
  if (day === undefined || day < 1 || day > 30) return undefined
  const month = monthWords === undefined ? undefined : (lunarMonths[monthWords] ?? readNumber(monthWords))
  if (month !== undefined && (month < 1 || month > 12)) return undefined
  const from = (start: DateTime): DateTime | string => {
    // At most 385 days lie between two such days; a 30th may be missing, so look a little further.
    for (let days = 0; days < 800; ) {
      const at = start.plus({ days })
      const there = lunarDayOf(at)
      if (there.day === day && (month === undefined || there.month === month)) return at
      days += daysUntil(day, there.day)
    }
    return '没有这个农历日子，请说一下是几月几号？'
  }
  return { first: from, next: past => from(past.plus({ days: 1 })) }
}

const monthEnd = (months: number): DayRead => ({
  first: today => today.startOf('month').plus({ months }).endOf('month').startOf('day'),
})
const monthShift = (words = ''): number => words.replace(/[^下]/g, '').length
const later = (unit: 'days' | 'weeks' | 'months', count: number | undefined): DayRead | undefined =>
  count === undefined || count > 400 ? undefined : { first: today => today.plus({ [unit]: count }), fromToday: true }
const years: Record<string, number> = { 今年: 0, 本年: 0, 明年: 1, 后年: 2 }

const word = (source: string, read: DayWord['read']): DayWord => ({ pattern: new RegExp(source, 'y'), read })
const part = '(?=早|晚|上午|下午|中午|晨|傍晚|夜)'
const week = '(?:周|星期|礼拜)'

/** In the order they are tried. */
export const dayWords: readonly DayWord[] = [
  word('大后[天日]', () => relative(3)),
  word('今明(?:两[天日])?|今天明天', () => relative(0, 1)),
  word('明后(?:两?[天日])?|明天后天', () => relative(1, 2)),
  word('后[天日]', () => relative(2)),
  word(`明(?:天|日|儿个?)|隔天|次日|第二天|(?<![文证照声光透黎清昆春])明${part}`, () => relative(1)),
  word(`今(?:天|日|儿个?)|当[天日]|今${part}`, () => relative(0)),
  word(`昨[天日儿]|昨${part}`, () => relative(-1)),
  word('(?<![以之提])前[天日]', () => relative(-2)),
  word(`${week}六(?:${week}?[日天])`, () => weekday('', '末')),
  word(`(下{1,3}|这|本|上)?个?${week}([一二三四五六日天末]|[1-7](?![\\d点:号.]))`, ([, prefix = '', name = '']) =>
    weekday(prefix, name),
  ),
  word('双休日', () => weekday('', '末')),
  word(`(?:这|本)个?${week}(?:之?内|以内)`, () => ({
    first: today => today,
    last: first => first.set({ weekday: 7 }),
    fromToday: true,
  })),
  word(`(下{1,3}|这|本)个?${week}`, ([words = '']) => ask(`${words}哪一天？`)),
  word(
    '(?:农历|阴历|旧历)(?:(正|冬|腊|[一二三四五六七八九十]{1,2})月)?初?([一二三四五六七八九十廿]{1,3})',
    ([, month, day = '']) => lunar(month, readNumber(day)),
  ),
  word(
    '(?:(正|冬|腊|[一二三四五六七八九十]{1,2})月)?(?<!最|当|起)初(十|[一二三四五六七八九](?![中次级始十]))',
    ([, month, day = '']) => lunar(month, readNumber(day)),
  ),
  word('(正|冬|腊)月([一二三四五六七八九十廿]{1,3})', ([, month, day = '']) => lunar(month, readNumber(day))),
  word(
    `(?:(\\d{4}|(?<!\\d)\\d{2}|[零〇一二三四五六七八九]{4})年|(今年|本年|明年|后年))?\\s*(?<![\\d.])(\\d{1,2}|${cn})月份?\\s*${dayNumber}(?:[日号]${notPlace}|(?![\\d.]|\\s*[个台点天]))`,
    ([, year, named, month = '', day = '']) => {
      const number = year === undefined ? undefined : readYear(year)
      const shift = named === undefined ? undefined : years[named]
      const inYear =
        number !== undefined ? () => number : shift !== undefined ? (today: DateTime) => today.year + shift : undefined
      return monthDay(readNumber(day), readNumber(month), inYear)
    },
  ),
  word(`(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?![\\d.-])`, ([, year, , month, day]) =>
    monthDay(Number(day), Number(month), () => Number(year)),
  ),
  word(
    `${notAfterPlace}${notChained}(?<![a-z/¥])(\\d{1,2})([./])(\\d{1,2})${notFigure}`,
    ([, month = '', , day = '']) => figures(monthDay(Number(day), Number(month))),
  ),
  word(
    `${notAfterPlace}${notChained}(?<![a-z/¥])(\\d{1,2})-(\\d{1,2})${notFigure}(?!\\s*(?:到|至|~))`,
    ([words, month = '', day = '']) => {
      const hours = Number(month) < Number(day) && Number(day) <= 24 && !day.startsWith('0')
      if (hours) return ask(`“${words}”是${month}月${day}日，还是${month}点到${day}点？`)
      return figures(monthDay(Number(day), Number(month)))
    },
  ),
  word(`(下{1,3}个?月|这个?月|本月|当月)(?:的)?\\s*${dayNumber}[日号]${notPlace}`, ([, month, day = '']) =>
    namedMonthDay(monthShift(month), readNumber(day)),
  ),
  word('(?:(下{1,3}个?月|这个?月|本月|当月)|月)[底末]', ([, month]) => monthEnd(monthShift(month))),
  word(`(\\d{1,2}|${cn})月(?:底|末)`, ([, month = '']) => {
    const number = readNumber(month)
    if (number === undefined || number < 1 || number > 12) return undefined
    return {
      first: today => {
        const end = today.set({ month: number, day: 1 }).endOf('month').startOf('day')
        return end >= today ? end : end.plus({ years: 1 }).endOf('month').startOf('day')
      },
    }
  }),
  word('(?:下{1,3}个?月|这个?月|本月)?(?:月初|月中|[上中下]旬)|下{1,3}个?月', ([words = '']) =>
    ask(`${words}具体几号？`),
  ),
  word(`${notAfterPlace}${dayNumber}(?:号|日(?!后|以后|之后|内))${notPlace}`, ([, day = '']) =>
    monthDay(readNumber(day)),
  ),
  word(`(?<![\\d.])(${numeral})[天日](?:以后|之后|过后|后(?![天日]))`, ([, n = '']) => later('days', readNumber(n))),
  word(`(?<![\\d.])(${numeral})个?${week}(?:以后|之后|过后|后)`, ([, n = '']) => later('weeks', readNumber(n))),
  word('半个月(?:以后|之后|后)', () => later('days', 15)),
  word(`(?<![\\d.])(${numeral})个月(?:以后|之后|过后|后)`, ([, n = '']) => later('months', readNumber(n))),
]
