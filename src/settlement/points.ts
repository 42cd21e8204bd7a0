import { Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'
import { type Credited, chosen, partOf } from './credits.ts'
import type { MonthRecords } from './facts.ts'

/** An entry of the points ledger (积分流水) as the month's records have it. */
export interface Point {
  day: string
  source: 'start' | 'order' | 'incident' | 'attendance'
  /** What earned it: an order's id, an incident's code, a month. */
  subject: string
  /** Name of the rule: 上门维修, or the incident's item. */
  rule: string
  /** In hundredths of a point, so that shares of an order stay exact. */
  hundredths: number
}

/** All entries a month of one person has by its records (R6–R12). Pure: the same records always give the same entries. */
export function pointsOf(policy: Policy, records: MonthRecords): Point[] {
  const { month } = records
  const rules = policy.points
  const first = `${month}-01`
  const start: Point[] = rules?.start
    ? [{ day: first, source: 'start', subject: month, rule: '起始分', hundredths: hundred(rules.start) }]
    : []
  const orders = (rules?.orders ?? []).flatMap(rule =>
    chosen(records.orders, rule).map(
      (one: Credited): Point => ({
        ...{ day: one.credit.day, source: 'order', subject: one.id, rule: rule.name },
        hundredths: Math.round((hundred(rule.points) * partOf(one, rule.split)) / 100),
      }),
    ),
  )
  const incidents = records.incidents.flatMap(({ code, item, day, points }): Point[] =>
    points === 0 ? [] : [{ day, source: 'incident', subject: code, rule: item, hundredths: hundred(points) }],
  )
  const taken = records.attendance?.points ?? 0
  const attendance: Point[] =
    taken === 0 ? [] : [{ day: first, source: 'attendance', subject: month, rule: '考勤', hundredths: -hundred(taken) }]
  return [...start, ...orders, ...incidents, ...attendance]
}

const hundred = (points: number): number => Math.round(points * 100)

export const sumOfPoints = (points: readonly Point[]): Num =>
  new Num(points.reduce((sum, { hundredths }) => sum + hundredths, 0)).div(100)
