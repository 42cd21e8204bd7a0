import { type CountedDay, type LeaveSpan, sum, wholeDay } from './count.ts'

/** Days and lengths of leave in Chinese. */

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const endOfDay = 1440

/** `11月26日周四`; with the year where it is not the one of `today`. */
export function sayDay(day: string, today: string): string {
  const [year = '', month, date] = day.split('-').map(Number)
  const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]
  return `${day.slice(0, 4) === today.slice(0, 4) ? '' : `${year}年`}${month}月${date}日${weekday}`
}

/** `14:30`. */
export const sayMinute = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** ` 上午`, ` 14:00–16:00`, nothing for a whole day. `noon` in minutes. */
export function partWords(from: number, to: number, noon: number): string {
  if (from === 0 && to === endOfDay) return ''
  if (from === 0 && to === noon) return ' 上午'
  if (from === noon && to === endOfDay) return ' 下午'
  if (to === endOfDay) return ` ${sayMinute(from)} 以后`
  if (from === 0) return ` ${sayMinute(to)} 以前`
  return ` ${sayMinute(from)}–${sayMinute(to)}`
}

/** `11月26日周四 下午`, `11月25日周三–11月27日周五`, `11月25日周三 下午–11月27日周五`. */
export function saySpan({ from, to }: LeaveSpan, today: string, noon: number): string {
  if (from.day === to.day) return `${sayDay(from.day, today)}${partWords(from.minute, to.minute, noon)}`
  const begins = `${sayDay(from.day, today)}${partWords(from.minute, endOfDay, noon)}`
  return `${begins}–${sayDay(to.day, today)}${partWords(0, to.minute, noon)}`
}

/** Ten-thousandths of a day as people say it: `1 天`, `半天`, `2.5 天`, `3 小时`, `1 天 2 小时`. */
export function sayShare(share: number, hoursPerDay: number): string {
  const whole = Math.floor(share / wholeDay)
  const rest = share - whole * wholeDay
  if (rest === 0) return `${whole} 天`
  if (rest === wholeDay / 2) return whole === 0 ? '半天' : `${whole}.5 天`
  const hours = Math.round((rest * hoursPerDay * 100) / wholeDay) / 100
  return whole === 0 ? `${hours} 小时` : `${whole} 天 ${hours} 小时`
}

export const sayDays = (days: readonly CountedDay[], hoursPerDay: number): string => sayShare(sum(days), hoursPerDay)

/** From the first day a person is away to the last: `11月25日周三–11月30日周一 上午`. Days of rest may lie between. */
export function sayCounted(days: readonly CountedDay[], today: string, noon: number): string {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return ''
  return saySpan({ from: { day: first.day, minute: first.from }, to: { day: last.day, minute: last.to } }, today, noon)
}

/** `8 天（中间 2 天不算）`: how long, and how many days between the first and the last count nothing. */
export function sayLength(days: readonly CountedDay[], hoursPerDay: number): string {
  const [first, last] = [days[0], days.at(-1)]
  const all = first && last ? (Date.parse(last.day) - Date.parse(first.day)) / 86_400_000 + 1 : 0
  const between = all - new Set(days.map(({ day }) => day)).size
  return `${sayDays(days, hoursPerDay)}${between > 0 ? `（中间 ${between} 天不算）` : ''}`
}
