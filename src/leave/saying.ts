import type { CardRow } from '../chat/card.ts'
import { sayCost } from './costwords.ts'
import type { CountedDay, LeaveSpan } from './count.ts'
import { sayCounted, sayDays, sayShare, saySpan } from './daywords.ts'
import type { Flag, LeaveKind } from './fact.ts'
import type { LeaveScene, Setting, Weighing } from './look.ts'
import type { LeaveView } from './request.ts'

/** What cards and sentences about leave are made of. */

export const kindNames: Readonly<Record<LeaveKind, string>> = {
  leave: '请假',
  extend: '续假',
  return: '提前销假',
  cancel: '撤销请假',
}

export const stateWords = {
  asked: '待批',
  proposed: '等本人答复改期',
  granted: '已批准',
  rejected: '已驳回',
  withdrawn: '已撤回',
  lapsed: '已过期',
  cancelled: '已取消',
} as const satisfies Record<LeaveView['state'], string>

const flagWords: Readonly<Record<Flag, string>> = {
  late: '没有按规定提前请',
  notCome: '当天才请，没有到岗',
  onJob: '手上正在做单',
  forAnother: '别人代请',
  agreed: '已和同事商量好',
  proofOwed: '要补证明',
}

/** A card of WeCom shows 112 or 160 characters of all that is to be weighed: long names and lists are cut, no fact is. */
const nameChars = 6

export const sayFlags = (flags: ReadonlySet<Flag>): string =>
  [
    flags.has('agreed') ? `✅ ${flagWords.agreed}` : '',
    [...flags]
      .filter(flag => flag !== 'agreed')
      .map((flag, index) => `${index === 0 ? '⚠️ ' : ''}${flagWords[flag]}`)
      .join('、'),
  ]
    .filter(Boolean)
    .join('\n')

/** `事假 1.5 天`, `提前销假`. */
export function whatOf({ kind, type, days }: Pick<LeaveView, 'kind' | 'type' | 'days'>, { rule }: Setting): string {
  if (kind === 'return' || kind === 'cancel') return kindNames[kind]
  return `${kind === 'extend' ? '续' : ''}${type} ${sayDays(days, rule.hoursPerDay)}`
}

export const whenOf = (
  { days, span }: { days: readonly CountedDay[]; span: LeaveSpan },
  { rule, today }: Setting,
): string => (days.length > 0 ? sayCounted(days, today, rule.noon) : saySpan(span, today, rule.noon))

/** What speaks for and against it, for whoever decides (R4.10). */
export function weighingWords({ weighing, setting, nameOf, leave }: LeaveScene): string[] {
  if (!weighing) return []
  return [
    ...orderLines(weighing),
    awayLine(weighing, setting, nameOf),
    ...costLines(leave.view.kind, weighing, setting),
  ].filter(Boolean)
}

export function orderLines({ visits, inHand }: Weighing): string[] {
  const some = (codes: string[], most: number) =>
    codes.length > most ? `${codes.slice(0, most).join('、')} 等 ${codes.length} 单` : codes.join('、')
  return [
    visits.length > 0
      ? `📌 约了客户：${some(
          visits.map(order => `${order.code} ${shortName(order.view.fields.customer.name)}`),
          3,
        )}`
      : '',
    inHand.length > 0
      ? `📋 手上还有：${some(
          inHand.map(({ code }) => code),
          5,
        )}`
      : '',
  ].filter(Boolean)
}

const shortName = (name: string): string => (name.length > nameChars ? `${name.slice(0, nameChars)}…` : name)

export function awayLine({ away }: Weighing, { rule }: Setting, nameOf: (id: string) => string): string {
  if (away.length === 0) return '👥 那时没有别人请假'
  const each = away
    .slice(0, 3)
    .map(
      one =>
        `${shortName(nameOf(one.person))} ${one.type} ${sayShare(one.share, rule.hoursPerDay)}${one.asked ? '（待批）' : ''}`,
    )
  return `👥 同时请假：${each.join('、')}${away.length > 3 ? ` 等 ${away.length} 人` : ''}`
}

const costs = (kind: LeaveKind): boolean => kind === 'leave' || kind === 'extend'

/** What it takes from his wages: a row of the card, which no length of the rest cuts off. */
export function wagesRow(kind: LeaveKind, { cost }: Weighing, { rule }: Setting): CardRow[] {
  const [first] = costs(kind) ? sayCost(cost.slice(0, 1), rule.hoursPerDay) : []
  return first === undefined ? [] : [{ label: '工资', value: first }]
}

/** The other things it costs. */
export function costLines(kind: LeaveKind, { cost }: Weighing, { rule }: Setting): string[] {
  return costs(kind) ? sayCost(cost.slice(1), rule.hoursPerDay).map(line => `💰 ${line}`) : []
}

/** Where a platform's own approval is found. */
export const approvalApp = (platform: string): string => (platform === 'dingtalk' ? '钉钉「审批」' : '企业微信「审批」')

/** Who has it now: `等王经理批`. */
export function waitingFor({ deciders, nameOf, leave }: LeaveScene): string {
  if (leave.view.state === 'proposed') return `等${nameOf(leave.view.person)}答复改期`
  if (leave.view.decidesOn)
    return `已送${approvalApp(leave.view.decidesOn)}，等${deciders.people.map(nameOf).slice(0, 3).join('或') || '批准人'}批`
  const names = deciders.people.map(nameOf)
  if (names.length === 0) return '还没有人能批，请找派工员'
  const missed = deciders.missed.map(nameOf)
  const why = deciders.instead === 'unbound' ? '还没绑定，收不到' : '不在'
  const instead =
    missed.length > 0 && !deciders.missed.some(id => deciders.people.includes(id)) ? `${missed.join('、')}${why}，` : ''
  const still = missed.length > 0 && instead === '' ? `（${why}）` : ''
  return `${instead}等${names.slice(0, 3).join('或')}${still}批`
}
