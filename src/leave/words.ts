import { sayTime } from '../orders/timewords.ts'
import { calendarOf } from '../policy/business.ts'
import { wholeDay } from './count.ts'
import { sayDays, saySpan } from './daywords.ts'
import type { LeaveFact } from './fact.ts'
import { ordersToHandBack } from './handback.ts'
import type { LeaveScene } from './look.ts'
import type { LeaveView } from './request.ts'
import { stateWords, waitingFor, whatOf, whenOf } from './saying.ts'

/** Sentences about leave. */

/** What a request is told as to the one it is about, after somebody else did something. */
export function tellApplicant(scene: LeaveScene, fact: LeaveFact): string {
  const { leave, nameOf, setting } = scene
  const { code, view } = leave
  const who = fact.by ? nameOf(fact.by) : ''
  const what = `${code}（${whatOf(view, setting)}，${whenOf(view, setting)}）`
  switch (fact.fact) {
    case 'asked':
      return `${who}替你申请了 ${what}，${waitingFor(scene)}。不对请回复「撤回 ${code}」。`
    case 'passed':
      return `${what} ${who}已批，${waitingFor(scene)}。`
    case 'granted':
      return `✅ ${what} ${who ? `已由${who}批准` : fact.via === 'platform' ? '已在审批里批准' : '已生效'}。${fact.ordinary ? '按到岗后请假算，不算旷工。' : ''}${view.kind === 'leave' || view.kind === 'extend' ? proofWords(view, code) : ''}`
    case 'rejected':
      return `❌ ${what} 没有批准：${fact.reason}。${who ? `有疑问请找${who}。` : ''}`
    case 'proposed':
      return `${who}建议 ${code} 改到 ${saySpan(fact.span, setting.today, setting.rule.noon)}${fact.note ? `：${fact.note}` : ''}。同意请回复「同意 ${code}」，不行请回复「不同意 ${code}」。`
    case 'withdrawn':
      return `${what} 已在审批里撤回。`
    case 'lapsed':
      return fact.why === 'over'
        ? `${what} 的日子过了还没有人批，已经作废。那几天没到岗的，请找经理说明。`
        : `${what} 一直没有人批，已经作废。还要请的话请重新说，急的话当面找经理。`
    case 'cancelled':
      if (fact.why === 'revoked') return `${what} 在审批里被撤销了，不再算请假，请照常上班。有疑问请找经理。`
      return `${what} 已取消，请照常上班。`
    case 'shortened':
      return `${code} 已缩短到 ${whenOf(view, setting)}，共 ${sayDays(view.days, setting.rule.hoursPerDay)}。`
    case 'recounted':
      return `上班日历变了，${code} 重新算过：${whenOf(view, setting)}，共 ${sayDays(view.days, setting.rule.hoursPerDay)}。`
    case 'unsent':
      return `${what} 没有送进审批：${fact.why}。请改好再请，或当面找经理。`
    case 'homeward':
      return `${code} 今天到期，${nextDay(scene)}上班。回不来请在到期前回复「续假 1天 原因」，过了没续按旷工。`
    default:
      return `${what} 有变化，回复「我的假」看看。`
  }
}

const proofWords = (view: LeaveView, code: string): string =>
  view.flags.has('proofOwed') && view.proofs === 0 ? `证明照片请回复「证明 ${code}」后发来。` : ''

/** What dispatchers and those who had to decide hear. */
export function tellDesk(scene: LeaveScene, fact: LeaveFact): string {
  const { leave, nameOf, setting } = scene
  const { code, view } = leave
  const person = nameOf(view.person)
  const what = `${person} ${whatOf(view, setting)}（${whenOf(view, setting)}，${code}）`
  switch (fact.fact) {
    case 'granted':
      return [`🏖 ${what} 已批准。`, handBackPlan(scene)].filter(Boolean).join('\n')
    case 'handedBack':
      return fact.orders.length === 0
        ? `🏖 ${what} 开始，手上没有单。`
        : `🏖 ${what}${fact.when === 'begun' ? ' 开始' : ''}，退回 ${fact.orders.length} 单，请改派：${fact.orders.join('、')}`
    case 'cancelled':
      return `${what} ${fact.why === 'revoked' ? '在审批里被撤销' : '取消'}，照常上班，可以派单。`
    case 'shortened':
      return `${person} 提前回来：${code} 缩短到 ${whenOf(view, setting)}，之后可以派单。`
    case 'withdrawn':
      return `${what} ${fact.why === 'left' ? '作废：人已离职' : '本人已撤回'}。`
    case 'lapsed':
      return `${what} 一直没批，已经作废。`
    case 'taken':
      return `✅ ${person} 同意把 ${code} 改到 ${whenOf(view, setting)}，共 ${sayDays(view.days, setting.rule.hoursPerDay)}。`
    case 'refused':
      return `${person} 不同意 ${code} 改期${fact.reason ? `：${fact.reason}` : ''}，请再批一次。`
    case 'recounted':
      return `上班日历变了，${what} 已重新算过。`
    case 'proof':
      return `${person} 交了 ${code} 的证明（第 ${view.proofs} 张）。`
    default:
      return `${what}：${stateWords[view.state]}。`
  }
}

/** What becomes of his orders (R4.11). */
function handBackPlan({ weighing, leave, setting }: LeaveScene): string {
  if (!weighing || (leave.view.kind !== 'leave' && leave.view.kind !== 'extend')) return ''
  const [first] = leave.view.days
  if (!first || first.share < wholeDay || leave.view.handedBack.has('begun')) return ''
  const calendar = calendarOf(setting.policy)
  const going = ordersToHandBack(leave.view, { ...weighing, visits: [] }, 'begun', at => calendar.dayOf(at))
  if (going.length === 0) return ''
  return `手上的 ${going.map(({ code }) => code).join('、')} 到 ${saySpan({ from: { day: first.day, minute: 0 }, to: { day: first.day, minute: 1440 } }, setting.today, setting.rule.noon)}还没做完就退回，也可以现在改派。`
}

function nextDay({ leave, setting }: LeaveScene): string {
  const last = leave.view.days.at(-1)
  return last && last.to < 1440 ? '之后' : last && last.day === setting.today ? '下一个上班日' : ''
}

/** Reminds whoever has to decide. */
export function remindDecider(scene: LeaveScene): string {
  const { leave, nameOf, setting } = scene
  const { view, code } = leave
  const since = sayTime(new Date(view.waitsSince), setting.now, setting.policy.zone)
  return `⏰ ${nameOf(view.person)} ${whatOf(view, setting)}（${whenOf(view, setting)}）从 ${since} 等你批。回复「批准 ${code}」或「驳回 ${code} 原因」。`
}
