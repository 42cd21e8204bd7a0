import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { mayDispatchIn, maySeeTeam, type Viewer } from '../login/viewer.ts'
import { isOpen, type OrderView, worksOn } from '../orders/order.ts'
import type { OrderRecord } from '../orders/record.ts'
import { orderByCode } from '../orders/rows.ts'
import type { Person } from '../people/person.ts'
import { personById } from '../people/store.ts'

const dayMs = 86_400_000
/** So long after the work somebody may look at his order: a month is paid, and appealed, weeks after its end. */
export const lookBackDays = 92

/**
 * An order somebody may open on his phone: one he works on, or did not long ago, or of a team he dispatches or manages.
 * @throws HttpProblem 404
 */
export async function needOwnOrder(tx: Tx, ctx: Context, viewer: Viewer, code: string): Promise<OrderRecord> {
  const order = await orderByCode(tx, ctx.company, code)
  // One answer for all: whose order it is says something, too.
  if (!order || !(maySeeTeam(viewer, order.teamId) || isHis(order, viewer, ctx.clock.now())))
    throw new HttpProblem(404, 'Not found', `没有单号 ${code}，或者不是你能看的单。`)
  return order
}

function isHis({ view, facts }: OrderRecord, { person }: Viewer, now: Date): boolean {
  if (!worksOn(view, person.id)) return false
  const last = facts.at(-1)
  return isOpen(view.state) || (last !== undefined && now.getTime() - Date.parse(last.at) <= lookBackDays * dayMs)
}

/** Whose phone the customer signs on: of somebody who works on it, or of the desk. */
export const maySign = (viewer: Viewer, { view, teamId }: OrderRecord): boolean =>
  worksOn(view, viewer.person.id) || mayDispatchIn(viewer, teamId)

/** It is not over yet. */
export const canBeSigned = ({ state }: OrderView): boolean => state !== 'closed' && state !== 'cancelled'

/** Who is asking, with all the service knows of him. */
export async function personOf(tx: Tx, ctx: Context, viewer: Viewer): Promise<Person> {
  const person = await personById(tx, ctx.company, viewer.person.id)
  if (!person) throw new HttpProblem(404, 'Not found', '派工里找不到你，请找经理。')
  return person
}
