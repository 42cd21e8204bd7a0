import type { Limit } from '../policy/limit.ts'
import { sayDuration } from './timewords.ts'

const dayNames = { same: '当天', next: '次日', nextWorkday: '下一个工作日' } as const

/** `2 小时（自然时）`, `16 小时（工作时）`, `23 台，每 10 台 24 小时，共 3 天（自然时）`, `3 个工作日`, `次日 12:00 前`, `当天下班前`. */
export function sayLimit(limit: Limit, units: number): string {
  const most = limit.latestMs === null ? '' : `，最晚 ${sayDuration(limit.latestMs)}`
  return `${bare(limit, units)}${most}`
}

function bare(limit: Limit, units: number): string {
  switch (limit.form) {
    case 'elapsed':
    case 'working': {
      const basis = limit.form === 'elapsed' ? '（自然时）' : '（工作时）'
      if (limit.perUnits === null) return `${sayDuration(limit.ms)}${basis}`
      const times = Math.ceil(Math.max(units, 1) / limit.perUnits)
      const sum = times > 1 ? `，共 ${sayDuration(limit.ms * times)}` : ''
      return `${units} 台，每 ${limit.perUnits} 台 ${sayDuration(limit.ms)}${sum}${basis}`
    }
    case 'workdays':
      return `${limit.days} 个工作日，到下班为止`
    case 'timeOfDay':
      return `${dayNames[limit.day]}${limit.at === 'closing' ? '下班' : ` ${clock(limit.at)}`}前`
  }
}

/** How a due time follows from its start, after `起点 + ` or on its own. */
export function sayReckoning(limit: Limit, lengthMs: number | null): string {
  if (limit.form === 'workdays') return `起点那天之后第 ${limit.days} 个工作日下班`
  if (limit.form === 'timeOfDay')
    return `${dayNames[limit.day]}${limit.at === 'closing' ? '下班' : ` ${clock(limit.at)}`}`
  return `起点 + ${sayDuration(lengthMs ?? 0)}${limit.form === 'working' ? '工作时' : ''}`
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
