import { sayTime } from '../orders/timewords.ts'
import { maskPhones } from '../people/person.ts'
import { sayDays, saySpan } from './daywords.ts'
import type { LeaveFact } from './fact.ts'
import type { LeaveScene } from './look.ts'
import { approvalApp, kindNames, whenOf } from './saying.ts'

/** What happened to a request, the oldest first: when, who, what, and in whose words; reminders are left out. */
export function leaveStory(
  scene: LeaveScene,
): Array<{ seq: number; at: string; who: string; said: string; words: string | null }> {
  const { leave, setting, nameOf } = scene
  return leave.facts.flatMap(fact => {
    const said = step(fact, scene)
    if (said === null) return []
    const who = fact.by ? nameOf(fact.by) : fact.via === 'platform' ? '审批' : fact.via === 'api' ? '接口' : '系统'
    const at = sayTime(new Date(fact.at), setting.now, setting.policy.zone)
    return [{ seq: fact.seq, at, who, said, words: fact.words ? maskPhones(fact.words) : null }]
  })
}

const because = (reason: string | undefined): string => (reason ? `：${maskPhones(reason)}` : '')

function step(fact: LeaveFact, { leave, setting, nameOf }: LeaveScene): string | null {
  const { rule, today } = setting
  const { view } = leave
  const days = (counted: Parameters<typeof sayDays>[0]) => sayDays(counted, rule.hoursPerDay)
  switch (fact.fact) {
    case 'asked': {
      const forWhom = fact.by && fact.by !== fact.person ? `替${nameOf(fact.person)}` : ''
      const when = whenOf(fact, setting)
      const what = fact.kind === 'leave' || fact.kind === 'extend' ? ` ${fact.type} ${days(fact.days)}，${when}` : ''
      const of = fact.of ? `（原假 ${fact.of.code}）` : ''
      return `${forWhom}提出${kindNames[fact.kind]}${what}${of}${because(fact.reason)}`
    }
    case 'passed':
      return `批了第 ${fact.step + 1} 步，转下一步`
    case 'granted':
      return `批准${fact.ordinary ? '，按到岗后请假算，不算旷工' : ''}`
    case 'rejected':
      return `驳回${because(fact.reason)}`
    case 'proposed':
      return `建议改到 ${saySpan(fact.span, today, rule.noon)}，${days(fact.days)}${because(fact.note)}`
    case 'taken':
      return '同意改期'
    case 'refused':
      return `不同意改期${because(fact.reason)}`
    case 'withdrawn':
      return fact.why === 'left' ? '作废：人已离职' : '撤回'
    case 'lapsed':
      return fact.why === 'over' ? '日子过了没有人批，作废' : '一直没有人批，作废'
    case 'cancelled':
      return `取消${fact.through ? `（${fact.through.code}）` : ''}${fact.why === 'left' ? '：人已离职' : fact.why === 'revoked' ? '：审批里撤销了' : ''}`
    case 'shortened':
      return `提前回来，缩短到 ${whenOf({ days: fact.days, span: view.span }, setting)}，共 ${days(fact.days)}（${fact.through.code}）`
    case 'recounted':
      return `上班日历变了，重新算为 ${days(fact.days)}`
    case 'handedBack': {
      const when = fact.when === 'begun' ? '开始休，' : ''
      return fact.orders.length > 0
        ? `${when}退回 ${fact.orders.length} 单给派工员：${fact.orders.join('、')}`
        : `${when}手上没有要退回的单`
    }
    case 'homeward':
      return '提醒本人假快到期'
    case 'proof':
      return '交了一张证明'
    case 'sent':
      return `已送${approvalApp(fact.platform)}，编号 ${fact.id}`
    case 'unsent':
      return `没有送进${approvalApp(fact.platform)}：${fact.why}`
    case 'reminded':
      return null
  }
}
