import type { LeaveRule } from '../policy/leaverule.ts'
import { sayDay, sayShare } from './daywords.ts'
import type { Objection } from './limits.ts'
import { sayPeriod } from './periods.ts'

/** What stands against a request, as a sentence that says what to do. */
export function sayObjection(
  objection: Objection,
  names: { type: string; today: string; codeOf(leaveId: string): string; nameOf(person: string): string },
  { hoursPerDay }: LeaveRule,
): string {
  const { type, today } = names
  switch (objection.why) {
    case 'overlap': {
      const code = names.codeOf(objection.leaveId)
      return `${sayDay(objection.day, today)}你已经有 ${code}，日子重了。要改请先回复「撤销 ${code}」再重新请。`
    }
    case 'limit':
      return `${type}${sayPeriod(objection.per, objection.day)}最多 ${objection.days} 天，已用 ${sayShare(objection.used, hoursPerDay)}，这次要 ${sayShare(objection.wanted, hoursPerDay)}，不够。可以少请几天，或请别的假。`
    case 'onEnd':
      return `${type}连着最多 ${objection.days} 天，这样连起来有 ${sayShare(objection.wanted, hoursPerDay)}。请缩短一些。`
    case 'full': {
      const kind = objection.type ? `请${objection.type}的` : '休假的'
      const who = objection.people.map(names.nameOf).join('、')
      return `${sayDay(objection.day, today)}${kind}已有 ${who}，同一天最多 ${objection.atOnce} 人。请换一天，或和他商量、请经理协调。`
    }
  }
}
