import { amountOf } from '../policy/fen.ts'
import { sayDay, sayShare } from './daywords.ts'
import type { MonthLine } from './month.ts'
import { sayPeriod } from './periods.ts'

const yuan = (fen: bigint): string => `¥${amountOf(fen)}`
const bonusNames = { fullMonth: '满勤奖', fullYear: '年终满勤奖', secondHalf: '下半年满勤奖' } as const

/** A line of the month with its arithmetic and its rule: `11月25日周三 事假 1 天：¥50.00 × 1 = 扣 ¥50.00（R4.1），…`. */
export function sayMonthLine(line: MonthLine, hoursPerDay: number, nameOf: (person: string) => string): string {
  const days = (share: number) => sayShare(share, hoursPerDay)
  switch (line.what) {
    case 'free':
      return `${sayDay(line.day, line.day)} ${line.type} ${days(line.share)}：不扣工资${cite(line.rule)}`
    case 'deduct': {
      const { day, type, share, multiple, absence, wage, fen, rule, portions } = line
      const why = type === null ? '旷工' : absence ? `${type}（当天才请、没有到岗，按旷工）` : type
      const part = share === 10_000 ? '' : ` × ${share / 10_000} 天`
      const sums = `日基本工资 ${yuan(wage)}${part} × ${multiple} 倍 = 扣 ${yuan(fen)}`
      const parts = portions.map(one => `${nameOf(one.person)} ${yuan(one.fen)}`).join('、')
      const goes = parts ? `，分给当天上班的同事：${parts}（R4.4）` : '，留在公司'
      return `${sayDay(day, day)} ${why} ${days(share)}：${sums}${cite(rule)}${goes}`
    }
    default:
      return `${sayBonus(line, days)}（R4.6）`
  }
}

const cite = (rule: string | null): string => (rule ? `（${rule}）` : '')

function sayBonus(line: Extract<MonthLine, { lost: unknown }>, days: (share: number) => string): string {
  const { what, from, to, share, over, amount, fen, lost } = line
  const name = `${what === 'fullMonth' ? sayPeriod('month', from) : ''}${bonusNames[what]}`
  const stretch = what === 'fullMonth' ? '' : `${from} 到 ${to} `
  const sums = what === 'secondHalf' ? `（6 个月 × ${yuan(amount / 6n)}）` : ''
  if (lost === 'notThere') return `${name}没有：${stretch}没有从头到尾在岗`
  const taken = `${stretch}请假和旷工 ${days(share)}`
  if (lost === 'over') return `${name}没有：${taken}，超过 ${over} 天`
  return `${name} ${yuan(fen)}${sums}：${taken}，没超过 ${over} 天`
}
