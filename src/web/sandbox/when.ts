/** Time words of the page. All instants are milliseconds; shown in China Standard Time, which has no summer time. */
const OFFSET = 8 * 3_600_000
const MINUTE = 60_000
const DAY = 86_400_000
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

const shifted = (ms: number): Date => new Date(ms + OFFSET)
const two = (n: number): string => String(n).padStart(2, '0')
/** Days since the epoch in China. */
const dayOf = (ms: number): number => Math.floor((ms + OFFSET) / DAY)
/** Weeks run Monday to Sunday; 1970-01-01 was a Thursday. */
const weekOf = (ms: number): number => Math.floor((dayOf(ms) + 3) / 7)

export function hourOf(ms: number): number {
  return shifted(ms).getUTCHours()
}

/** `14:05` */
export function timeOf(ms: number): string {
  const at = shifted(ms)
  return `${at.getUTCHours()}:${two(at.getUTCMinutes())}`
}

/** `14:05:09` */
export function secondsOf(ms: number): string {
  return `${two(hourOf(ms))}:${two(shifted(ms).getUTCMinutes())}:${two(shifted(ms).getUTCSeconds())}`
}

/** `11月23日` */
export function dateOf(ms: number): string {
  const at = shifted(ms)
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日`
}

export function weekdayOf(ms: number): string {
  return WEEKDAYS[shifted(ms).getUTCDay()] ?? ''
}

/** How a chat says when: `14:05`, `昨天 14:05`, `周一 14:05` (this week), `11月3日 14:05`, `2025年11月3日 14:05`. */
export function momentWords(at: number, now: number): string {
  const days = dayOf(now) - dayOf(at)
  if (days === 0) return timeOf(at)
  if (days === 1) return `昨天 ${timeOf(at)}`
  if (days > 0 && weekOf(at) === weekOf(now)) return `${weekdayOf(at)} ${timeOf(at)}`
  const year = shifted(at).getUTCFullYear()
  return `${year === shifted(now).getUTCFullYear() ? '' : `${year}年`}${dateOf(at)} ${timeOf(at)}`
}

/** Whether a chat puts a time between two neighbours: after five quiet minutes or on another day. */
export function needsMoment(before: number | undefined, at: number): boolean {
  return before === undefined || at - before >= 5 * MINUTE || dayOf(before) !== dayOf(at)
}

/** `快 2 小时`; empty below a minute. */
export function aheadWords(ms: number): string {
  const minutes = Math.floor(ms / MINUTE)
  if (minutes < 1) return ''
  const parts: Array<[number, string]> = [
    [Math.floor(minutes / 1440), '天'],
    [Math.floor((minutes % 1440) / 60), '小时'],
    [minutes % 60, '分'],
  ]
  const words = parts.filter(([n]) => n > 0).slice(0, 2)
  return `快 ${words.map(([n, unit]) => `${n} ${unit}`).join(' ')}`
}

/** 8:30 (or `hour:minute`) of the next calendar day. */
export function nextMorning(now: number, hour = 8, minute = 30): number {
  return (dayOf(now) + 1) * DAY - OFFSET + (hour * 60 + minute) * MINUTE
}

/** The next time it is `hour:00`, today or tomorrow. */
export function nextHour(now: number, hour: number): number {
  const today = dayOf(now) * DAY - OFFSET + hour * 60 * MINUTE
  return today > now ? today : today + DAY
}
