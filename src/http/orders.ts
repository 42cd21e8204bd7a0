import { z } from 'zod'
import { seen } from '../audit/seen.ts'
import type { Context } from '../context.ts'
import { inTransaction, isUniqueViolation, type Tx } from '../db/tx.ts'
import { rankingOf } from '../orders/assign.ts'
import { clocksOf } from '../orders/clocks.ts'
import type { Fact, Link } from '../orders/fact.ts'
import { listOrders } from '../orders/find.ts'
import { change, openOrder } from '../orders/flow.ts'
import { sceneOf } from '../orders/look.ts'
import { sayObstacle, sayReason } from '../orders/rankwords.ts'
import type { OrderRecord } from '../orders/record.ts'
import { orderByCode } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import type { Scene } from '../orders/scene.ts'
import { byProgram } from './audited.ts'
import { once } from './idempotency.ts'
import { needPerson, needTeam } from './meant.ts'
import { fieldsOf } from './orderfields.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { assignInput, cancelInput, type OrderInput, orderInput } from './schema.ts'
import { named, paging } from './shapes/common.ts'
import { candidates, order, orderPage, orderState, orderWithTimeline } from './shapes/orders.ts'

const params = z.object({ code: z.string() })
const media = z.object({ code: z.string(), id: z.uuid() })
const listQuery = z.object({ ...paging, state: orderState.optional() })
const of = { tag: 'orders', problems: [404, 409] } as const

/** `/api/v1/orders`: intake and life of orders for other programs. */
export const orderRoutes = [
  route({
    ...{ method: 'post', path: '/orders', id: 'createOrder', tag: 'orders', scope: 'orders:write' },
    summary: 'Open an order',
    description:
      'Send `externalId`, the number the order has with you, so that it is never entered twice: the second one gets a 409.',
    body: named('OrderInput', orderInput),
    idempotent: true,
    answers: { 201: order },
    problems: [409],
    async handle(ctx, { body, raw, http }) {
      const key = http.get('Idempotency-Key') || undefined
      const answer = await once(ctx, { route: 'POST /orders', key, raw }, tx => create(tx, ctx, body)).catch(error => {
        if (body.externalId && isUniqueViolation(error))
          throw new HttpProblem(409, 'Known order', `An order with externalId "${body.externalId}" exists already.`)
        throw error
      })
      http.status = answer.status
      ctx.ring()
      return answer.body
    },
  }),

  route({
    ...{ method: 'get', path: '/orders', id: 'listOrders', tag: 'orders', scope: 'orders:read' },
    summary: 'List orders, the oldest first',
    query: listQuery,
    answers: { 200: orderPage },
    async handle(ctx, { query: { limit, after, state } }) {
      const orders = await listOrders(ctx.db.prisma, ctx.company, {
        limit,
        ...(after && { after }),
        ...(state && { state }),
      })
      const items = await Promise.all(orders.map(one => inTransaction(ctx.db, tx => orderJson(tx, ctx, one))))
      return { items, next: orders.length === limit ? orders.at(-1)?.id : null }
    },
  }),

  route({
    ...{ method: 'get', path: '/orders/{code}', id: 'getOrder', ...of, scope: 'orders:read', problems: [404] },
    summary: 'An order with its journal',
    params,
    answers: { 200: orderWithTimeline },
    handle: (ctx, { params: { code }, http }) =>
      inTransaction(ctx.db, async tx => {
        const found = await byCode(tx, ctx, code)
        await seen(tx, ctx, byProgram(http, { action: 'order.seen' as const, subject: code, data: {} }))
        return { ...(await orderJson(tx, ctx, found)), timeline: await orderTimeline(tx, ctx, found) }
      }),
  }),

  route({
    ...{ method: 'get', path: '/orders/{code}/media/{id}', id: 'getOrderMedia', tag: 'orders', scope: 'orders:read' },
    summary: 'A photo or signature of an order, as its `photos` and `signature` name it',
    params: media,
    answers: { 200: { file: '*/*' } },
    problems: [404],
    async handle(ctx, { params: { code, id }, http }) {
      const found = await byCode(ctx.db.prisma, ctx, code)
      const file = await ctx.db.prisma.media.findFirst({ where: { company: ctx.company, orderId: found.id, id } })
      if (!file?.bytes)
        throw new HttpProblem(
          404,
          'Not found',
          file
            ? `The file is ${file.state}: ${file.error ?? 'being fetched'}.`
            : 'There is no such file at this order.',
        )
      http.set('X-Content-Type-Options', 'nosniff')
      http.set('Content-Disposition', 'attachment')
      http.type = file.mime ?? 'application/octet-stream'
      return Buffer.from(file.bytes)
    },
  }),

  route({
    ...{ method: 'post', path: '/orders/{code}/assign', id: 'assignOrder', ...of, scope: 'orders:write' },
    summary: 'Give an order to a technician, or to another one',
    params,
    body: named('Assignment', assignInput),
    answers: { 200: order },
    async handle(ctx, { params: { code }, body }) {
      const answer = await inTransaction(ctx.db, async tx => {
        const { id } = await byCode(tx, ctx, code)
        const person = await needPerson(tx, ctx, body.person)
        const done = await change(tx, ctx, {
          orderId: id,
          command: { do: 'assign', to: person.id, ...(body.note !== undefined && { note: body.note }) },
          by: null,
          speech: { via: 'api' },
        })
        return orderJson(tx, ctx, done.order)
      })
      ctx.ring()
      return answer
    },
  }),

  route({
    ...{ method: 'get', path: '/orders/{code}/candidates', id: 'listCandidates', tag: 'orders', scope: 'orders:read' },
    summary: 'Who may take an order, the best first, and why',
    params,
    answers: { 200: candidates },
    problems: [404],
    async handle(ctx, { params: { code } }) {
      const items = await inTransaction(ctx.db, async tx => rankingOf(tx, ctx, await byCode(tx, ctx, code)))
      return {
        items: items.map(({ id, name, reasons, obstacle }) => ({
          ...{ person: { id, name }, reasons: reasons.map(sayReason) },
          obstacle: obstacle && sayObstacle(obstacle),
        })),
        next: null,
      }
    },
  }),

  route({
    ...{ method: 'post', path: '/orders/{code}/cancel', id: 'cancelOrder', ...of, scope: 'orders:write' },
    summary: 'Cancel an order',
    params,
    body: cancelInput,
    answers: { 200: order },
    async handle(ctx, { params: { code }, body: { reason } }) {
      const answer = await inTransaction(ctx.db, async tx => {
        const { id } = await byCode(tx, ctx, code)
        const command = { do: 'cancel', reason } as const
        const done = await change(tx, ctx, { orderId: id, command, by: null, speech: { via: 'api' } })
        return orderJson(tx, ctx, done.order)
      })
      ctx.ring()
      return answer
    },
  }),
]

async function create(tx: Tx, ctx: Context, input: OrderInput): Promise<{ status: number; body: object }> {
  const team = await needTeam(tx, ctx, input.team)
  const technician = input.assign ? await needPerson(tx, ctx, input.assign) : null
  if (technician && !technician.memberships.some(m => m.teamId === team.id && m.role === 'technician'))
    throw new HttpProblem(422, 'Not a technician', `"${input.assign}" is not a technician of "${team.name}".`)
  const { order } = await openOrder(tx, ctx, {
    ...{ teamId: team.id, policy: team.policy, fields: fieldsOf(input), by: null, speech: { via: 'api' as const } },
    assignTo: technician?.id,
  })
  return { status: 201, body: await orderJson(tx, ctx, order) }
}

async function byCode(tx: Tx, ctx: Context, code: string): Promise<OrderRecord> {
  const order = await orderByCode(tx, ctx.company, code)
  if (!order) throw new HttpProblem(404, 'Not found', `There is no order ${code}.`)
  return order
}

/** An order as programs get it, as of now. */
export async function orderJson(tx: Tx, ctx: Context, order: OrderRecord): Promise<object> {
  const scene = await sceneOf(tx, ctx, order)
  const { view } = order
  const { fields, assignee, outcome, appointment, suspended } = view
  const clocks = clocksOf(order.facts, rulesOf(ctx, order), ctx.clock.now())
  return {
    ...{
      id: order.id,
      code: order.code,
      state: view.state,
      team: order.team,
      kind: fields.kind,
      urgent: view.urgent,
      offered: view.offered,
    },
    assignee: assignee ? { id: assignee, name: scene.nameOf(assignee) } : null,
    helpers: view.helpers.map(id => ({ id, name: scene.nameOf(id) })),
    shares: view.shares.map(({ person, percent }) => ({ id: person, name: scene.nameOf(person), percent })),
    ...{
      customer: fields.customer,
      product: fields.product,
      fault: fields.fault,
      warranty: fields.warranty ?? null,
      invoice: fields.invoice ?? null,
      externalId: fields.externalId ?? null,
    },
    ...{
      appointment,
      suspended,
      outcome,
      revisit: calledBack(scene),
      photos: view.photos,
      signature: view.signature,
      routed: view.routed,
    },
    linked: linkJson(view.linked, scene.nameOf),
    createdAt: order.facts[0]?.at,
    clocks: clocks.map(({ kind, startedAt, dueAt, state, stoppedAt }) => ({
      kind,
      startedAt,
      dueAt,
      state,
      stoppedAt: stoppedAt ?? null,
    })),
  }
}

/** The earlier job an order follows from. */
function linkJson(linked: Link | null, nameOf: (id: string) => string): object | null {
  if (!linked) return null
  const { why, to, code, technician, doneAt, days } = linked
  return { why, id: to, code, technician: technician && { id: technician, name: nameOf(technician) }, doneAt, days }
}

/** Null before completion; `at` is null while the call back is owed, `grade` goes from 5 非常满意 to 1 很不满意. `rating`: the customer's own. */
function calledBack({ order, nameOf }: Scene): object | null {
  const { revisit } = order.view
  if (!revisit) return null
  const { drawn, tries, done, complaint = null, rating } = revisit
  return {
    ...{ drawn, tries, at: done?.at ?? null, grade: done?.grade ?? null, note: done?.note ?? null, complaint },
    by: done?.by ? { id: done.by, name: nameOf(done.by) } : null,
    rating: rating
      ? { at: rating.at, grade: rating.grade, tags: rating.tags, words: rating.words ?? null, changed: rating.changed }
      : null,
  }
}

async function orderTimeline(tx: Tx, ctx: Context, order: OrderRecord): Promise<object[]> {
  const { nameOf } = await sceneOf(tx, ctx, order)
  return order.facts.map(fact => entryJson(fact, nameOf))
}

/** An entry of an order's journal as programs get it: without what a customer's phone is known again by. */
export function entryJson({ by, ...fact }: Fact, nameOf: (id: string) => string): object {
  const { visitor: _, ...told } = { visitor: undefined, ...fact }
  return { ...told, by: by ? { id: by, name: nameOf(by) } : null }
}
