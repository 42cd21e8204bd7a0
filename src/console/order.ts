import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { isSelf, mayDispatchIn, maySeeTeam, type Viewer } from '../login/viewer.ts'
import { rankingOf } from '../orders/assign.ts'
import type { Fact } from '../orders/fact.ts'
import { phrase } from '../orders/factwords.ts'
import { sceneOf } from '../orders/look.ts'
import { isOpen, stateNames, worksOn } from '../orders/order.ts'
import { sayObstacle, sayReason } from '../orders/rankwords.ts'
import type { OrderRecord } from '../orders/record.ts'
import { orderByCode } from '../orders/rows.ts'
import type { Scene } from '../orders/scene.ts'
import { sayLeft, saySpan, sayTime } from '../orders/timewords.ts'
import { clockKindNames, orderKindNames } from '../policy/terms.ts'

/** An order somebody may see: of a team he dispatches or manages, or one he works on. @throws HttpProblem 404 */
export async function needOrder(tx: Tx, ctx: Context, viewer: Viewer, code: string): Promise<OrderRecord> {
  const order = await orderByCode(tx, ctx.company, code)
  // One answer for both: whose order it is says something, too.
  if (!order || !(maySeeTeam(viewer, order.teamId) || worksOn(order.view, viewer.person.id)))
    throw new HttpProblem(404, 'Not found', `没有单号 ${code}，或者不是你能看的单。`)
  return order
}

/** @throws HttpProblem 404, 403 */
export async function orderToDispatch(tx: Tx, ctx: Context, viewer: Viewer, code: string): Promise<OrderRecord> {
  const order = await needOrder(tx, ctx, viewer, code)
  if (mayDispatchIn(viewer, order.teamId)) return order
  throw new HttpProblem(403, 'Forbidden', '派单由派工员或经理办理。')
}

/** An order with all its page shows. */
export async function orderPage(tx: Tx, ctx: Context, viewer: Viewer, order: OrderRecord): Promise<object> {
  const scene = await sceneOf(tx, ctx, order)
  const { now, zone, nameOf, clocks } = scene
  const { view } = order
  const { fields, appointment, outcome, suspended } = view
  const { customer, product } = fields
  return {
    ...{
      code: order.code,
      team: order.team,
      state: view.state,
      stateName: stateNames[view.state],
      urgent: view.urgent,
    },
    ...{ kind: orderKindNames[fields.kind], fault: fields.fault, warranty: fields.warranty ?? null },
    customer: { name: customer.name, phone: customer.phone, address: customer.address, key: customer.key ?? false },
    product: [product.brand, product.model, product.serial].filter(Boolean).join(' '),
    assignee: view.assignee && { id: view.assignee, name: nameOf(view.assignee) },
    helpers: view.helpers.map(id => nameOf(id)),
    appointment: appointment && saySpan(appointment, now, zone),
    suspended: suspended?.note ?? null,
    outcome: outcome && { note: outcome.result, charge: outcome.charge ?? null },
    clocks: clocks.map(({ kind, state, dueAt, stoppedAt }) => ({
      ...{ kind: clockKindNames[kind], state },
      due: dueAt && sayTime(dueAt, now, zone),
      left: dueAt && !stoppedAt ? sayLeft(dueAt, now) : null,
    })),
    timeline: order.facts.map(fact => entry(scene, fact)),
    mayDispatch: mayDispatchIn(viewer, order.teamId) && isOpen(view.state),
    isOwn: view.assignee !== null && isSelf(viewer, view.assignee),
  }
}

function entry(scene: Scene, fact: Fact): object {
  return {
    ...{ seq: fact.seq, what: phrase(scene, fact), words: fact.words ?? null, via: fact.via },
    by: fact.by ? scene.nameOf(fact.by) : null,
  }
}

/** Who could be sent, best first, with what speaks for and against each. */
export async function candidatesOf(tx: Tx, ctx: Context, order: OrderRecord): Promise<object[]> {
  const ranked = await rankingOf(tx, ctx, order)
  return ranked.map(({ id, name, reasons, obstacle }) => ({
    ...{ id, name, reasons: reasons.map(sayReason), obstacle: obstacle && sayObstacle(obstacle) },
  }))
}
