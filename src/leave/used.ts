import type { LeaveRule } from '../policy/leaverule.ts'
import type { TypedDay } from './cost.ts'
import { sum, wholeDay } from './count.ts'
import { sayShare } from './daywords.ts'
import { periodOf } from './periods.ts'

/** `事假：本月 半天，今年 2 天，今年还剩 3 天`: a line for each type somebody had this year, or that has a limit. */
export function usedLines({ types, hoursPerDay }: LeaveRule, days: readonly TypedDay[], today: string): string[] {
  return types.flatMap(({ name, limits }) => {
    const own = days.filter(({ type }) => type === name)
    const month = own.filter(({ day }) => day.startsWith(today.slice(0, 7)))
    const left = limits.map(({ per, days: most }) => {
      const { from, to } = periodOf(per, today)
      const taken = sum(own.filter(({ day }) => day >= from && day <= to))
      const name = per === 'quarter' ? '本季' : per === 'month' ? '本月' : '今年'
      return `${name}还剩 ${sayShare(Math.max(0, most * wholeDay - taken), hoursPerDay)}`
    })
    if (own.length === 0 && left.length === 0) return []
    const used = `本月 ${sayShare(sum(month), hoursPerDay)}，今年 ${sayShare(sum(own), hoursPerDay)}`
    return [`${name}：${[used, ...left].join('，')}`]
  })
}
