import { Refusal } from '../errors.ts'
import { calendarOf } from '../policy/business.ts'
import { type LeaveType, leaveTypeOf } from '../policy/leaverule.ts'
import type { LeaveSpan } from './count.ts'
import type { Setting } from './look.ts'
import { standing } from './prepare.ts'
import { isPending, type LeaveRecord } from './request.ts'

/** 续假: of which type, and from where on; asked before the leave is over (R4.8). @throws Refusal where it can't be extended */
export function extensionOf(
  { view, code }: LeaveRecord,
  setting: Setting,
  by: { id: string },
): { type: LeaveType; from: LeaveSpan['from'] } {
  if (view.person !== by.id) throw new Refusal('role', `${code} 不是你的假，只有本人能续。`)
  if (isPending(view)) throw new Refusal('pending', `${code} 还没批，先等批下来，或回复「撤回 ${code}」重新请。`)
  if (view.state !== 'granted') throw new Refusal('decided', `${code} 已经不算数了，不能续。请重新请假。`)
  if (standing(view.days, setting) === 'over')
    throw new Refusal('over', `${code} 已经休完了，不能再续。还要休请重新请假；到期没上班的那段找经理说明。`)
  const type = leaveTypeOf(setting.rule, view.type)
  const last = view.days.at(-1)
  if (!type || !last) throw new Refusal('type', `${code} 的假别制度里已经没有了，请重新请假。`)
  const calendar = calendarOf(setting.policy)
  const from = last.to < 1440 ? { day: last.day, minute: last.to } : { day: calendar.dayAfter(last.day, 1), minute: 0 }
  return { type, from }
}
