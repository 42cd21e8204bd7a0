import { sayDuration } from '../orders/timewords.ts'
import type { DayState, DayVerdict, Finding } from './day.ts'
import { wholeDay } from './record.ts'

export const stateNames: Readonly<Record<DayState, string>> = {
  ...{ rest: '休息', leave: '请假', unknown: '未知', absent: '旷工', tooLate: '缺勤' },
  ...{ late: '迟到', early: '早退', offPost: '离岗', open: '未结束', normal: '正常' },
}

/** `1 秒`, `12 分`, `1 小时 5 分`: what is less than a minute is not hidden. */
export const sayLong = (ms: number): string => sayDuration(Math.max(1000, ms), { seconds: true })

/** Ten-thousandths of a day as people write them: `1`, `0.5`, `2.25`. */
export const sayDays = (share: number): string => String(Math.round((share / wholeDay) * 10_000) / 10_000)

const sayFinding = ({ what, ms, share }: Finding): string => {
  if (what === 'late' || what === 'early') return `${stateNames[what]} ${sayLong(ms)}`
  if ((what === 'absent' || what === 'tooLate') && share < wholeDay) return `${stateNames[what]} ${sayDays(share)} 天`
  return stateNames[what]
}

/** What a day is, in one cell of a table: `正常`, `迟到 1 秒、早退 10 分`, `请假 0.5 天、旷工 0.5 天`. */
export function sayCell({ state, findings, leave }: DayVerdict): string {
  const parts = [
    ...(leave > 0 && state !== 'leave' ? [`请假 ${sayDays(leave)} 天`] : []),
    ...(findings.length > 0 ? findings.map(sayFinding) : [stateNames[state]]),
  ]
  return parts.join('、')
}
