import type { OrderRecord } from '../orders/record.ts'
import { wholeDay } from './count.ts'
import type { Weighing } from './look.ts'
import type { LeaveView } from './request.ts'

/**
 * The open orders that go back to the desk (R4.11): with the approval those with a visit agreed for the time, so that the
 * customer hears of it early; when a whole day away begins, all the rest but what waits until after it anyhow: suspended,
 * or agreed with the customer for a day when he is back.
 */
export function ordersToHandBack(
  view: LeaveView,
  { visits, inHand }: Pick<Weighing, 'visits' | 'inHand'>,
  when: 'granted' | 'begun',
  lastDay: (at: Date) => string,
): OrderRecord[] {
  if (when === 'granted') return visits
  const [first] = view.days
  if (!first || first.share < wholeDay) return visits
  const last = view.days.at(-1)?.day ?? first.day
  return [...visits, ...inHand].filter(({ view: order }) => {
    const waits = order.state === 'suspended' ? order.suspended?.expected : order.appointment
    return !waits || lastDay(new Date(waits.from)) <= last
  })
}
