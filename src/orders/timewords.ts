import { DateTime } from 'luxon'

/** A span as it is kept or as it was read. */
export interface SaidSpan {
  from: Date | string
  to?: Date | string | undefined
  exact: boolean
}

const minuteMs = 60_000
const weekdays = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const
const nearDays = new Map([
  [-2, '前天'],
  [-1, '昨天'],
  [0, '今天'],
  [1, '明天'],
  [2, '后天'],
])

/** Midnight that the business day of `now` began with. */
export function startOfDay(now: Date, zone: string): Date {
  return DateTime.fromJSDate(now, { zone }).startOf('day').toJSDate()
}

/** A time to put into an example, which is still ahead: `18点`, in the afternoon `20点`, late `明天上午10点`. */
export function laterExample(now: Date, zone: string): string {
  const { hour } = DateTime.fromJSDate(now, { zone })
  if (hour > 20) return '明天上午10点'
  return `${Math.max(18, hour + 2)}点`
}

/** Days on the calendar, counted: luxon's difference of two days is most of what the words of a time cost. */
const dayNumber = ({ year, month, day }: DateTime): number => Date.UTC(year, month - 1, day) / 86_400_000

function dayWords(day: DateTime, today: DateTime): string {
  const near = nearDays.get(dayNumber(day) - dayNumber(today))
  if (near) return near
  const year = day.year === today.year ? '' : `${day.year}年`
  return `${year}${day.month}月${day.day}日${weekdays[day.weekday - 1]}`
}

/** `11月2日`, `2025年11月2日`. */
export function sayDate(at: Date, now: Date, zone: string): string {
  const [day, today] = [at, now].map(one => DateTime.fromJSDate(one, { zone })) as [DateTime, DateTime]
  return `${day.year === today.year ? '' : `${day.year}年`}${day.month}月${day.day}日`
}

/** `今天 14:00`, `11月27日周五 09:12`, `2027年1月3日周日 08:00`; cut off to the minute unless seconds are asked for. */
export function sayTime(at: Date, now: Date, zone: string, options: { seconds?: boolean } = {}): string {
  const local = DateTime.fromJSDate(at, { zone })
  return `${dayWords(local, DateTime.fromJSDate(now, { zone }))} ${local.toFormat(options.seconds ? 'HH:mm:ss' : 'HH:mm')}`
}

/** `今天 14:00–16:00`, `明天 20:00–后天 08:00`, `今天 10:00`, `今天 10:00 左右`. */
export function saySpan(span: SaidSpan, now: Date, zone: string): string {
  const from = new Date(span.from)
  const begins = sayTime(from, now, zone)
  if (span.to === undefined) return span.exact ? begins : `${begins} 左右`
  const to = new Date(span.to)
  const [first, last] = [from, to].map(at => DateTime.fromJSDate(at, { zone })) as [DateTime, DateTime]
  if (first.hasSame(last, 'day')) return `${begins}–${last.toFormat('HH:mm')}`
  if (last.equals(first.plus({ days: 1 }).startOf('day'))) return `${begins}–24:00`
  return `${begins}–${sayTime(to, now, zone)}`
}

/** `3 小时 55 分`, `24 小时`, `3 天`, `2 天 1 小时 5 分`; nothing is rounded but seconds, which are cut off unless asked for. */
export function sayDuration(ms: number, options: { seconds?: boolean } = {}): string {
  const total = Math.floor(Math.abs(ms) / 1000)
  const days = total >= 2 * 86_400 ? Math.floor(total / 86_400) : 0
  const [hours, minutes] = [Math.floor(total / 3600) - days * 24, Math.floor(total / 60) % 60]
  const seconds = options.seconds ? total % 60 : 0
  const parts = [
    days > 0 ? `${days} 天` : '',
    hours > 0 ? `${hours} 小时` : '',
    minutes > 0 ? `${minutes} 分` : '',
    seconds > 0 ? `${seconds} 秒` : '',
  ]
  return parts.filter(Boolean).join(' ') || (options.seconds ? '0 秒' : '0 分')
}

/**
 * `还剩 3 小时 55 分`, `超时 12 分`. Counted from minute to minute as clocks show them, so that it is the difference of
 * the two times printed beside it.
 */
export function sayLeft(due: Date, now: Date): string {
  const minutes = Math.floor(due.getTime() / minuteMs) - Math.floor(now.getTime() / minuteMs)
  if (minutes > 0) return `还剩 ${sayDuration(minutes * minuteMs)}`
  if (minutes < 0) return `超时 ${sayDuration(minutes * minuteMs)}`
  if (due.getTime() === now.getTime()) return '现在到期'
  return due > now ? '还剩不到 1 分' : '刚刚超时'
}
