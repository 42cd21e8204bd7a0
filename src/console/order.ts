import { mediaOfOrder } from '../chat/media.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { isSelf, mayDispatchIn, maySeeTeam, type Viewer } from '../login/viewer.ts'
import { rankingOf } from '../orders/assign.ts'
import { explainOrder } from '../orders/explain.ts'
import type { Fact } from '../orders/fact.ts'
import { phrase } from '../orders/factwords.ts'
import { sceneOf } from '../orders/look.ts'
import { isOpen, worksOn } from '../orders/order.ts'
import { sayObstacle, sayReason } from '../orders/rankwords.ts'
import type { OrderRecord } from '../orders/record.ts'
import { orderByCode } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import type { Scene } from '../orders/scene.ts'
import { actsOf } from './acts.ts'
import { spanOf } from './board.ts'
import type { Candidate, OrderPage } from './wire.ts'

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
export async function orderPage(tx: Tx, ctx: Context, viewer: Viewer, order: OrderRecord): Promise<OrderPage> {
  const scene = await sceneOf(tx, ctx, order)
  const { nameOf, clocks } = scene
  const { view } = order
  const { fields, assignee, appointment, outcome, suspended, linked, routed } = view
  const { customer, product } = fields
  const named = (id: string) => ({ id, name: nameOf(id) })
  const mayDispatch = mayDispatchIn(viewer, order.teamId)
  const isLate = clocks.some(({ state }) => state === 'late' || state === 'missed')
  const media = await mediaOfOrder(tx, ctx.company, order.id)
  const states = new Map(media.map(({ id, state }) => [id, state]))
  return {
    ...{ now: scene.now.toISOString(), zone: scene.zone, code: order.code },
    team: { id: order.teamId, name: order.team },
    ...{ state: view.state, urgent: view.urgent, offered: view.offered, kind: fields.kind, fault: fields.fault },
    ...{ category: fields.category ?? null, warranty: fields.warranty ?? null, externalId: fields.externalId ?? null },
    customer: { name: customer.name, phone: customer.phone, address: customer.address, key: customer.key ?? false },
    product: [product.brand, product.model, product.serial].filter(Boolean).join(' '),
    assignee: assignee === null ? null : named(assignee),
    helpers: view.helpers.map(named),
    shares: view.helpers.length > 0 ? view.shares.map(({ person, percent }) => ({ ...named(person), percent })) : [],
    wanted: fields.wanted ? spanOf(fields.wanted) : null,
    appointment: appointment && spanOf(appointment),
    suspended: suspended && { note: suspended.note, expected: suspended.expected ? spanOf(suspended.expected) : null },
    outcome: outcome && {
      ...{ result: outcome.result, charge: outcome.charge ?? null, empty: outcome.empty },
      parts: outcome.parts.map(({ name, quantity }) => (quantity === 1 ? name : `${name}×${quantity}`)).join('、'),
    },
    linked: linked && {
      ...{ why: linked.why, code: linked.code, days: linked.days },
      technician: linked.technician === null ? null : nameOf(linked.technician),
    },
    routed,
    clocks: clocks.map(({ kind, state, dueAt, stoppedAt }) => ({
      ...{ kind, state, dueAt: dueAt?.toISOString() ?? null, stoppedAt: stoppedAt?.toISOString() ?? null },
    })),
    timeline: order.facts.map((fact, index) => entry(scene, fact, order.facts[index - 1])),
    photos: photosOf(scene, states),
    why: isLate ? explainOrder(order.code, order.facts, rulesOf(ctx, order), scene.now, nameOf) : null,
    acts: mayDispatch ? await actsOf(tx, ctx, viewer, order) : [],
    routes: (scene.routes ?? []).map(({ subject }) => subject),
    mayDispatch: mayDispatch && isOpen(view.state),
    isOwn: assignee !== null && isSelf(viewer, assignee),
  }
}

/** Photos in the order they came, then the customer's last signature. */
function photosOf({ order, nameOf }: Scene, states: ReadonlyMap<string, string>): OrderPage['photos'] {
  const { signature } = order.view
  const found = order.facts.flatMap(fact => {
    const last = fact.fact === 'signed' && fact.media === signature?.media
    if (fact.fact !== 'photo' && !last) return []
    const { media: id, at, by } = fact
    const signed = fact.fact === 'signed' ? fact.name : null
    return [{ id, at, by: by && nameOf(by), state: states.get(id) ?? 'lost', signed }]
  })
  return [...found.filter(({ signed }) => signed === null), ...found.filter(({ signed }) => signed !== null)]
}

/** Words that several facts came out of are shown with the first. */
function entry(scene: Scene, fact: Fact, before: Fact | undefined): OrderPage['timeline'][number] {
  const words = fact.words !== undefined && fact.words !== before?.words ? fact.words : null
  return {
    ...{ seq: fact.seq, at: fact.at, what: phrase(scene, fact), words },
    by: fact.by ? scene.nameOf(fact.by) : null,
    photo: fact.fact === 'photo' || fact.fact === 'signed' ? fact.media : null,
  }
}

/** Who could be sent, best first, with what speaks for and against each. */
export async function candidatesOf(tx: Tx, ctx: Context, order: OrderRecord): Promise<Candidate[]> {
  const ranked = await rankingOf(tx, ctx, order)
  return ranked.map(({ id, name, reasons, obstacle }) => ({
    ...{ id, name, reasons: reasons.map(sayReason), obstacle: obstacle && sayObstacle(obstacle) },
  }))
}
