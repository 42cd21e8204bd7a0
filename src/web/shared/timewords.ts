import type { Language } from './words.ts'

/** Times as people say them, in the business zone and the language of the page. Moments are ISO 8601 or milliseconds. */

const minuteMs = 60_000
const dayMs = 86_400_000
const weekdays = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const near = {
  zh: new Map([
    [-2, '前天'],
    [-1, '昨天'],
    [0, '今天'],
    [1, '明天'],
    [2, '后天'],
  ]),
  en: new Map([
    [-1, 'yesterday'],
    [0, 'today'],
    [1, 'tomorrow'],
  ]),
}

interface Local {
  year: number
  month: number
  day: number
  weekday: number
  /** `14:05` */
  time: string
  /** Days since 1970 of the local date. */
  date: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function local(at: number, zone: string): Local {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit' },
    })
  formats.set(zone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)]
  const date = Date.UTC(year, month - 1, day) / dayMs
  return { year, month, day, weekday: (((date + 4) % 7) + 7) % 7, time: `${parts.hour}:${parts.minute}`, date }
}

const ms = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at))

function dayWords(day: Local, today: Local, language: Language): string {
  const said = near[language].get(day.date - today.date)
  if (said) return said
  const weekday = weekdays[language][day.weekday]
  if (language === 'en')
    return `${weekday} ${day.day} ${months[day.month - 1]}${day.year === today.year ? '' : ` ${day.year}`}`
  return `${day.year === today.year ? '' : `${day.year}年`}${day.month}月${day.day}日${weekday}`
}

/** `今天 14:00`, `11月27日周五 09:12`; `today 14:00`, `Fri 27 Nov 09:12`. */
export function sayTime(at: string | number, now: number, zone: string, language: Language): string {
  const when = local(ms(at), zone)
  return `${dayWords(when, local(now, zone), language)} ${when.time}`
}

/** `今天 14:00–16:00`, `明天 20:00–后天 08:00`, `今天 10:00 左右`. */
export function saySpan(
  { from, to, exact }: { from: string; to: string | null; exact: boolean },
  now: number,
  zone: string,
  language: Language,
): string {
  const begins = sayTime(from, now, zone, language)
  if (to === null) return exact ? begins : language === 'en' ? `about ${begins}` : `${begins} 左右`
  const [first, last] = [local(ms(from), zone), local(ms(to), zone)]
  if (first.date === last.date) return `${begins}–${last.time}`
  if (last.date === first.date + 1 && last.time === '00:00') return `${begins}–24:00`
  return `${begins}–${sayTime(to, now, zone, language)}`
}

/** `3 小时 55 分`, `25 小时`, `2 天 4 小时 5 分`; `3 h 55 min`. Cut off to the minute; days from the second on, as on cards. */
export function sayLength(length: number, language: Language): string {
  const minutes = Math.floor(Math.abs(length) / minuteMs)
  const days = minutes >= 2 * 1440 ? Math.floor(minutes / 1440) : 0
  const [hours, rest] = [Math.floor(minutes / 60) - days * 24, minutes % 60]
  const unit = language === 'en' ? { d: ' d', h: ' h', m: ' min' } : { d: ' 天', h: ' 小时', m: ' 分' }
  const parts = [
    days > 0 ? `${days}${unit.d}` : '',
    hours > 0 ? `${hours}${unit.h}` : '',
    rest > 0 ? `${rest}${unit.m}` : '',
  ]
  return parts.filter(Boolean).join(' ') || `0${unit.m}`
}

/** `还剩 15 分`, `超时 12 分`, `刚刚超时`; `15 min left`, `12 min late`. */
export function sayLeft(at: string | number, now: number, language: Language): string {
  const left = ms(at) - now
  // From minute to minute as clocks show them, so that it is the difference of the two times printed beside it.
  const minutes = Math.floor(ms(at) / minuteMs) - Math.floor(now / minuteMs)
  const length = sayLength(minutes * minuteMs, language)
  if (minutes === 0) {
    if (left === 0) return language === 'en' ? 'due now' : '现在到期'
    if (language === 'en') return left < 0 ? 'just late' : 'less than 1 min left'
    return left < 0 ? '刚刚超时' : '还剩不到 1 分'
  }
  if (language === 'en') return left < 0 ? `${length} late` : `${length} left`
  return left < 0 ? `超时 ${length}` : `还剩 ${length}`
}
