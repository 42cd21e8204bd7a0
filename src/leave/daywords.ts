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

/** Days a person is away, one after the other, runs joined: `11月25日–27日、11月30日 上午`. */
export function sayCounted(days: readonly CountedDay[], today: string, noon: number): string {
  const runs: LeaveSpan[] = []
  for (const { day, from, to } of days) {
    const last = runs.at(-1)
    const next = last && new Date(Date.parse(`${last.to.day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
    if (last && next === day && last.to.minute === endOfDay && from === 0) last.to = { day, minute: to }
    else runs.push({ from: { day, minute: from }, to: { day, minute: to } })
  }
  return runs.map(run => saySpan(run, today, noon)).join('、')
}
