import type { Policy } from '../policy/schema.ts'
import type { ClockView } from './clocks.ts'
import type { RevisitCommand, World } from './command.ts'
import { needDesk } from './desk.ts'
import type { FactBody } from './fact.ts'
import { type OrderView, stateNames } from './order.ts'
import { refuse } from './refusals.ts'
import { gradeNames, isBad, owesCall, waitsForCall } from './revisitresult.ts'

/** The customer was called back, or could not be reached (R1.11): done by the desk, once the work is done. */
export function revisit(
  order: OrderView,
  { reached, grade, note }: Extract<RevisitCommand, { do: 'revisit' }>,
  world: World,
): FactBody[] {
  needDesk(world)
  const { code } = world
  const { revisit: result } = order
  if (!result) throw refuse('step', `${code} 现在是「${stateNames[order.state]}」，完工以后才能回访。`)
  const { done } = result
  const before = done?.grade ? `已经回访过：${gradeNames[done.grade]}` : '已经回访过'
  if (!reached) {
    if (done && !owesCall(result)) throw refuse('step', `${code} ${before}，不用再记没打通。`)
    return [{ fact: 'revisitTried', ...(note && { note }) }]
  }
  if (needsGrade(order) && !grade)
    throw refuse('missing', `${code} 抽中满意度表，请带上满意度，比如：回访 ${code} 满意。`)
  const again = done && !note && (grade ?? done.grade) === done.grade
  if (again && !waitsForCall(result)) throw refuse('step', `${code} ${before}。`)
  return [{ fact: 'revisited', reached: true, ...(grade && { grade }), ...(note && { note }) }]
}

/** A complaint order was opened: the order it came from remembers its code, so that there is one. */
export function complain(order: OrderView, code: string, world: World): FactBody[] {
  needDesk(world)
  mayComplain(order, world.code)
  return [{ fact: 'complained', code }]
}

export function mayComplain({ revisit: result, state }: OrderView, code: string): void {
  if (!result) throw refuse('step', `${code} 现在是「${stateNames[state]}」，还没完工。要投诉请另开一单：派单 … 投诉。`)
  if (result.complaint) throw refuse('step', `${code} 已经开过投诉单 ${result.complaint}。`)
}

/** Drawn for the satisfaction form, and nobody asked for the grade yet. */
export const needsGrade = ({ revisit: result }: OrderView): boolean =>
  result?.drawn === true && result.done?.grade === undefined && !result.rating

/** Whether this order's customer is called back: by the policy (its clock runs, or all of them are, R1.11), or he is unhappy. */
export function wantsRevisit(
  { fields, revisit: result }: OrderView,
  policy: Policy,
  clocks: readonly ClockView[],
): boolean {
  if (!result) return false
  if (isBad(result.rating?.grade)) return true
  return (policy.revisit !== null && fields.kind !== 'revisit') || clocks.some(clock => clock.kind === 'revisit')
}

export const owesRevisit = ({ revisit: result }: OrderView): boolean => owesCall(result)
