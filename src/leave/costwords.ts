import { fenOf, sayFen } from '../policy/fen.ts'
import type { CostLine } from './cost.ts'
import { sayShare } from './daywords.ts'
import { sayPeriod } from './periods.ts'

/** What leave costs, a line each, with the rule it comes from. A bonus that stays needs no words: cards have room for few. */
export function sayCost(lines: readonly CostLine[], hoursPerDay: number): string[] {
  const stays = (line: CostLine) => line.what === 'fullAttendance' && line.after <= line.over
  return lines.filter(line => !stays(line)).map(line => say(line, hoursPerDay))
}

/** 扣 1 天基本工资, but 扣半天基本工资. */
const spaced = (words: string): string => (words.startsWith('半') ? words : ` ${words}`)

const cite = (rule: string | null): string => (rule ? `（${rule}）` : '')

function say(line: CostLine, hoursPerDay: number): string {
  const days = (share: number) => sayShare(share, hoursPerDay)
  switch (line.what) {
    case 'free':
      return `不扣工资${cite(line.rule)}`
    case 'deduct': {
      const whole = line.share * line.multiple
      const how = line.multiple === 1 ? '' : `（${days(line.share)} × ${line.multiple} 倍）`
      const why = line.absence ? '按旷工：' : ''
      return `${why}扣${spaced(days(whole))}基本工资${how}${line.absence ? '' : cite(line.rule)}`
    }
    case 'limit':
      return `${sayPeriod(line.per, line.from)}连这次 ${days(line.after)}，最多 ${line.days} 天`
    case 'fullAttendance': {
      const name = line.of === 'month' ? `${sayPeriod('month', line.from)}满勤奖` : '年满勤奖'
      const most = days(line.over)
      if (line.before > line.over) return `${name}本来就没有了：已请 ${days(line.before)}`
      return `${name} ${sayFen(fenOf(line.amount))} 会没有：共 ${days(line.after)}，超过 ${most}`
    }
  }
}
