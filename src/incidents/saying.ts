import { sayDay } from '../leave/daywords.ts'
import { sayDuration, sayTime } from '../orders/timewords.ts'
import { maskPhones } from '../people/person.ts'
import { sayFen } from '../policy/fen.ts'
import type { IncidentItem, IncidentsRule } from '../policy/incidentrule.ts'
import type { Consequence, Objection } from './consequence.ts'
import type { Ground } from './fact.ts'
import type { IncidentView } from './incident.ts'

/** What cards and sentences about incidents are made of. */

export const stateWords = {
  proposed: '待确认',
  confirmed: '已确认',
  appealed: '申诉中',
  dropped: '已撤销',
} as const satisfies Record<IncidentView['state'], string>

/** `¥30.00` of an amount above or below zero. */
export const sayMoney = (fen: number): string => sayFen(BigInt(Math.abs(fen)))

/** Points without a tail of zeros: `2`, `0.5`. */
export const sayPoints = (points: number): string => String(Math.round(Math.abs(points) * 100) / 100)

/** `罚款 ¥30.00，扣 2 分，取消当月考评资格`. Of dismissal only managers hear, who decide it. */
export function sayEffects(is: Consequence, viewer: { manager: boolean }): string {
  const { fen, points, losesAppraisal, proposesDismissal, daysOff } = is
  const all = [
    fen < 0 ? `罚款 ${sayMoney(fen)}` : fen > 0 ? `奖励 ${sayMoney(fen)}` : '',
    points < 0 ? `扣 ${sayPoints(points)} 分` : points > 0 ? `加 ${sayPoints(points)} 分` : '',
    losesAppraisal ? '取消当月考评资格' : '',
    daysOff > 0 ? `停工 ${daysOff} 天（无薪，由经理安排）` : '',
    proposesDismissal && viewer.manager ? '建议辞退（由经理决定）' : '',
  ].filter(Boolean)
  return all.length > 0 ? all.join('，') : '只记录，不扣钱不扣分'
}

/** `未穿鞋套（R9.1，本月第 2 次）`. */
export function sayItem({ item, rule, nth }: Pick<IncidentView, 'item' | 'rule' | 'nth'>): string {
  const more = [rule ?? '', nth > 1 ? `当月第 ${nth} 次` : ''].filter(Boolean)
  return more.length > 0 ? `${item}（${more.join('，')}）` : item
}

const orderGrounds = {
  complaint: (code: string) => `客户投诉（投诉单 ${code}）`,
  rework: (code: string) => `同样的毛病又报修（${code}）`,
  leak: (code: string) => `装机后漏氟（${code}）`,
  unhappy: (code: string) => `${code} 回访不满意`,
} as const

const attendanceGrounds = { late: '迟到', early: '早退', offPost: '脱岗', absent: '旷工' } as const

/** What it follows from, with the arithmetic: due, done, how late (R3.4). */
export function sayGround(ground: Ground, now: Date, zone: string): string {
  const time = (at: string) => sayTime(new Date(at), now, zone)
  switch (ground.of) {
    case 'clock': {
      const { name, startedAt, dueAt, stoppedAt, counted } = ground
      const end = stoppedAt ? new Date(stoppedAt) : now
      const late = sayDuration(end.getTime() - Date.parse(dueAt))
      const since = counted === 'start' ? `${time(startedAt)} 起算，` : ''
      return `${name}：${since}${time(dueAt)} 到期，${stoppedAt ? `${time(stoppedAt)} 才办` : '现在还没办'}，超时 ${late}`
    }
    case 'order':
      return `${orderGrounds[ground.what](ground.code)}${ground.note ? `：${maskPhones(ground.note)}` : ''}`
    case 'attendance': {
      const { what, at, ms } = ground
      return `考勤：${attendanceGrounds[what]}${at ? ` ${time(at)}` : ''}${ms > 0 ? `，${sayDuration(ms)}` : ''}`
    }
  }
}

const sayRange = (of: 'fine' | 'reward' | 'points', from: number, to: number | null): string => {
  const unit = (value: number) => (of === 'points' ? `${sayPoints(value)} 分` : `${sayMoney(value)}`)
  return to === null ? `${unit(from)} 或更多` : from === to ? unit(from) : `${unit(from)} 到 ${unit(to)}`
}

/** What the catalogue has to know, or will not take, as a question. `example` is the sentence to say instead. */
export function sayObjection(item: IncidentItem, objection: Objection, example: string): string {
  const what = { fine: '罚款', reward: '奖励', points: item.name }
  switch (objection.why) {
    case 'howMuch':
      return `「${item.name}」${objection.of === 'points' ? '记多少分' : `${what[objection.of]}多少`}？制度定 ${sayRange(objection.of, objection.from, objection.to)}。直接回复数目，或说：${example}`
    case 'outside':
      return `「${item.name}」制度定 ${sayRange(objection.of, objection.from, objection.to)}，没有记录。直接回复数目，或说：${example}`
    case 'base':
      return `「${item.name}」按${objection.of}的 ${item.times?.by ?? 1} 倍算，${objection.of}是多少？直接回复「${objection.of} 80元」，或说：${example}`
    case 'fixed':
      return `「${item.name}」制度定的是 ${sayRange(objection.of, objection.is, objection.is)}，不能另定，没有记录。请说：${example}`
  }
}

/** The same for a form, whose fields stand beside it. */
export function sayWanted(item: IncidentItem, objection: Objection): string {
  switch (objection.why) {
    case 'howMuch':
      return `「${item.name}」制度定 ${sayRange(objection.of, objection.from, objection.to)}，请填数目。`
    case 'outside':
      return `「${item.name}」制度定 ${sayRange(objection.of, objection.from, objection.to)}，填的数目不在里面，请改。`
    case 'base':
      return `「${item.name}」按${objection.of}的 ${item.times?.by ?? 1} 倍算，请填${objection.of}。`
    case 'fixed':
      return `「${item.name}」制度定的是 ${sayRange(objection.of, objection.is, objection.is)}，不能另定，请不要填数目。`
  }
}

/** What one time of an item costs or brings, for lists. */
export function sayCost(item: IncidentItem): string {
  const { fine, reward, points, between, times } = item
  const all = [
    fine === undefined ? '' : `罚 ${sayMoney(fine)}`,
    reward === undefined ? '' : `奖 ${sayMoney(reward)}`,
    points === undefined ? '' : points < 0 ? `扣 ${sayPoints(points)} 分` : `加 ${sayPoints(points)} 分`,
    between?.fine ? `罚 ${sayRange('fine', ...between.fine)}` : '',
    between?.reward ? `奖 ${sayRange('reward', ...between.reward)}` : '',
    between?.points ? `${between.points[0] < 0 ? '扣' : '加'} ${sayRange('points', ...between.points)}` : '',
    times ? `${times.of}的 ${times.by} 倍` : '',
    item.compensates ? '另赔损失' : '',
    item.losesAppraisal ? '取消考评' : '',
    item.daysOff ? `停工 ${item.daysOff} 天` : '',
    item.proposesDismissal ? '建议辞退' : '',
    item.record ?? '',
  ].filter(Boolean)
  return all.join('，')
}

/** The whole catalogue by its groups, for one's own post where that is asked. */
export function sayCatalogue(rule: IncidentsRule): string[] {
  const groups = new Map<string, IncidentItem[]>()
  for (const item of rule.items) {
    const group = item.group ?? '其他'
    groups.set(group, [...(groups.get(group) ?? []), item])
  }
  return [...groups].flatMap(([group, items]) => [
    `【${group}】`,
    ...items.map(item => `${item.name}${item.for ? `（${item.for.join('、')}）` : ''}：${sayCost(item)}`),
  ])
}

export const sayWhen = (day: string, today: string): string => sayDay(day, today)
