import { sayDuration } from '../orders/timewords.ts'
import type { IncidentItem, IncidentSource } from '../policy/incidentrule.ts'
import { clockKindNames } from '../policy/terms.ts'
import { sayCost } from './saying.ts'

/** The rule an incident comes from, in words: what one time costs, what a repeat does, and what proposes it by itself. */
export function sayItemRule(item: IncidentItem, { appealWithin }: { appealWithin: number }): string[] {
  const within = { month: '当月', year: '当年', ever: '累计' }
  const only = item.for ? [`只用于岗位：${item.for.join('、')}`] : []
  const cost = sayCost(item)
  return [
    ...(cost ? [`每次：${cost}`] : []),
    ...item.repeat.map(one => `${within[one.within]}第 ${one.time} 次起：${sayCost({ ...bare, ...one })}`),
    ...only,
    ...(item.replaces.length > 0 ? [`同一单已有「${item.replaces.join('」「')}」时代替它`] : []),
    ...(item.from ? [saySource(item.from)] : []),
    `不同意可以在 ${appealWithin} 天内申诉`,
  ]
}

/** A repeat has what it costs and nothing else of an item. */
const bare: IncidentItem = { name: '', words: [], compensates: false, repeat: [], replaces: [] }

const orders = { complaint: '客户投诉', rework: '返修', leak: '装机后漏氟', unhappy: '回访不满意' } as const
const attendance = { late: '迟到', early: '早退', offPost: '脱岗', absent: '旷工' } as const

function saySource(from: IncidentSource): string {
  if ('clock' in from) {
    const over = from.over > 0 ? `${from.counted === 'start' ? '从起点算' : ''}超过 ${sayDuration(from.over)}` : '超时'
    return `${clockKindNames[from.clock]}${over}时自动提出，经理确认才算`
  }
  if ('order' in from) {
    const within = from.within === undefined ? '' : `（${from.within} 天内）`
    return `有${orders[from.order]}${within}时自动提出，经理确认才算`
  }
  return `考勤有${attendance[from.attendance]}时自动提出，经理确认才算`
}
