import type { OrderCredit } from '../orders/credit.ts'
import type { CountRule } from '../policy/creditrule.ts'
import { Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'
import { type Credited, counted } from './credits.ts'
import type { Evidence } from './slip.ts'

/** An incident that counts in the month. Money in fen; fines and taken points below zero. */
export interface CountedIncident {
  code: string
  item: string
  day: string
  fen: number
  points: number
  losesAppraisal: boolean
  proposesDismissal: boolean
  daysOff: number
}

/** What a month of attendance came to. */
export interface CountedAttendance {
  fen: number
  points: number
  late: number
  early: number
  offPost: number
  /** In days. */
  absent: number
  leave: number
}

/** Everything one person's month is counted from. */
export interface MonthRecords {
  /** `2026-11` */
  month: string
  orders: readonly Credited[]
  incidents: readonly CountedIncident[]
  /** Those of the months before it in the same year. */
  earlier: readonly CountedIncident[]
  attendance: CountedAttendance | null
  /** R4.6, in fen. */
  fullAttendance: { month: bigint; year: bigint; half: bigint }
  /** Days of the month he was employed there. */
  employed: number
}

export interface Known {
  value: Num
  evidence?: Evidence
}
export type Facts = Map<string, Known>

/** Facts of the month that are the same for everybody. */
export interface MonthDays {
  days: number
  workdays: number
  lastOfQuarter: boolean
  lastOfYear: boolean
}

const yes = (is: boolean): Num => new Num(is ? 1 : 0)
const yuan = (fen: bigint | number): Num => new Num(fen.toString()).div(100)

export function daysFacts({ days, workdays, lastOfQuarter, lastOfYear }: MonthDays): Facts {
  return new Map([
    ['当月天数', { value: new Num(days) }],
    ['当月工作日', { value: new Num(workdays) }],
    ['季末', { value: yes(lastOfQuarter) }],
    ['年末', { value: yes(lastOfYear) }],
  ])
}

const orderFacts: ReadonlyArray<[string, (credit: OrderCredit) => boolean]> = [
  ['完成单', () => true],
  ['安装单', ({ kind }) => kind === 'install'],
  ['维修单', ({ kind }) => kind === 'repair'],
  ['空单', ({ empty }) => empty],
  ['返修单', ({ reworked }) => reworked.length > 0],
  ['及时单', ({ inTime }) => inTime.includes('complete')],
  ['超时单', ({ late }) => late.complete !== undefined],
  ['联系及时单', ({ inTime }) => inTime.includes('contact')],
  ['联系超时单', ({ late }) => late.contact !== undefined],
  ['评价单', ({ grade }) => grade !== undefined],
  ['满意单', ({ grade }) => grade !== undefined && grade >= 4],
  ['投诉单', ({ complained }) => complained],
]

/** Month facts (src/policy/monthfacts.ts) and the policy's counts of one person, with what they rest on. `points`: of the ledger. */
export function factsOf(policy: Policy, records: MonthRecords, points: Num): Facts {
  const facts: Facts = new Map()
  const { orders, incidents, attendance, fullAttendance } = records
  facts.set('在职天数', { value: new Num(records.employed) })
  for (const [name, is] of orderFacts) facts.set(name, counted(orders, { split: 'shares' }, is))
  facts.set(
    '收费额',
    counted(orders, { split: 'shares', sum: 'charge' }, ({ charge }) => charge !== undefined),
  )
  facts.set('积分', { value: points })
  facts.set(
    '罚款',
    incidentsSum(
      incidents,
      one => one.fen < 0,
      one => -one.fen / 100,
    ),
  )
  facts.set(
    '奖金',
    incidentsSum(
      incidents,
      one => one.fen > 0,
      one => one.fen / 100,
    ),
  )
  const lost = incidentsSum(
    incidents,
    one => one.losesAppraisal,
    () => 1,
  )
  facts.set('考评资格', { value: yes(lost.value.isZero()), ...(lost.evidence && { evidence: lost.evidence }) })
  facts.set(
    '停工天数',
    incidentsSum(
      incidents,
      one => one.daysOff > 0,
      one => one.daysOff,
    ),
  )
  facts.set(
    '辞退提议',
    incidentsSum(
      incidents,
      one => one.proposesDismissal,
      () => 1,
    ),
  )
  facts.set('考勤罚款', { value: yuan(attendance?.fen ?? 0) })
  facts.set('迟到', { value: new Num(attendance?.late ?? 0) })
  facts.set('早退', { value: new Num(attendance?.early ?? 0) })
  facts.set('脱岗', { value: new Num(attendance?.offPost ?? 0) })
  facts.set('旷工天数', { value: new Num(attendance?.absent ?? 0) })
  facts.set('请假天数', { value: new Num(attendance?.leave ?? 0) })
  facts.set('月满勤奖', { value: yuan(fullAttendance.month) })
  facts.set('年满勤奖', { value: yuan(fullAttendance.year) })
  facts.set('半年满勤奖', { value: yuan(fullAttendance.half) })
  for (const count of policy.counts) facts.set(count.name, countOf(count, records))
  return facts
}

function countOf(count: CountRule, { orders, incidents, earlier, month }: MonthRecords): Known {
  if (count.of === 'orders') return counted(orders, count)
  const since = { month, quarter: quarterOf(month), year: month.slice(0, 4) }[count.within]
  const within = count.within === 'month' ? incidents : [...earlier.filter(({ day }) => day >= since), ...incidents]
  const named = ({ item }: CountedIncident) => count.items === undefined || count.items.includes(item)
  const of: Record<typeof count.sum, (one: CountedIncident) => number> = {
    times: () => 1,
    fine: one => Math.max(-one.fen, 0) / 100,
    reward: one => Math.max(one.fen, 0) / 100,
    points: one => one.points,
  }
  return incidentsSum(within, named, of[count.sum])
}

/** The first month of its quarter. */
function quarterOf(month: string): string {
  const first = Math.floor((Number(month.slice(5)) - 1) / 3) * 3 + 1
  return `${month.slice(0, 5)}${String(first).padStart(2, '0')}`
}

function incidentsSum(
  incidents: readonly CountedIncident[],
  is: (one: CountedIncident) => boolean,
  value: (one: CountedIncident) => number,
): Known {
  const found = incidents.filter(is)
  const sum = found.reduce((total, one) => total.plus(value(one)), new Num(0))
  return { value: sum, ...(found.length > 0 && { evidence: { incidents: found.map(({ code }) => code) } }) }
}
