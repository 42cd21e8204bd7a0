import type { OrderCommand } from './decide.ts'
import { atLeast, isOpen } from './order.ts'
import type { OrderRecord } from './record.ts'

/** May this be said of the order now? Used to find the one order a sentence without a code can mean. */
export function fits(order: OrderRecord, wish: OrderCommand['do'], personId: string): boolean {
  const { view } = order
  if (!isOpen(view.state)) return false
  if (wish === 'accept') return view.offered || (view.assignee === personId && view.state === 'dispatched')
  if (wish === 'askHelp' && view.helpers.includes(personId)) return true
  if (view.assignee !== personId) return false
  if (wish === 'decline') return !atLeast(view.state, 'arrived')
  if (wish === 'contacted' || wish === 'unreachable')
    return ['dispatched', 'accepted', 'contacted', 'suspended'].includes(view.state)
  if (wish === 'depart') return !view.departed && !atLeast(view.state, 'arrived')
  if (wish === 'arrive') return view.state !== 'arrived'
  if (wish === 'progress') return view.state !== 'dispatched'
  if (wish === 'resume' || wish === 'wait') return view.state === 'suspended'
  return true
}
