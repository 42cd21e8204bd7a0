import { z } from 'zod'
import { inTransaction } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { seenOnPage } from '../http/audited.ts'
import { once } from '../http/idempotency.ts'
import { pageRoute } from '../http/pageroute.ts'
import { standing } from '../orders/fact.ts'
import { change } from '../orders/flow.ts'
import { sceneOf } from '../orders/look.ts'
import { lockOrder } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import { confirmation, lastWords } from '../orders/words.ts'
import { myOrders, orderPage } from './orderpage.ts'
import { needOwnOrder, personOf } from './reach.ts'
import { commandOf, stepWish } from './steps.ts'

const params = z.object({ code: z.string() })
/** `key`: made by the page for each step it sends, the same when it sends it again. `seen`: of the order it was chosen on. */
const stepBody = z.strictObject({ key: z.uuid(), seen: z.int().min(0), wish: stepWish })

/** Somebody's orders, and the steps he takes with them. */
export const myOrderRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/orders', id: 'myOrders', may: 'own' },
    handle: (ctx, { viewer }) => inTransaction(ctx.db, tx => myOrders(tx, ctx, viewer)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/orders/{code}', id: 'myOrder', may: 'own' },
    params,
    handle: (ctx, { params: { code }, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const order = await needOwnOrder(tx, ctx, call.viewer, code)
        await seenOnPage(tx, ctx, call, { action: 'order.seen', subject: code })
        return orderPage(tx, ctx, call.viewer, order)
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/orders/{code}/steps', id: 'takeStep', may: 'own' },
    params,
    body: stepBody,
    async handle(ctx, { viewer, params: { code }, body, raw }) {
      const { key, seen, wish } = body
      const route = `m:steps:${viewer.person.id}`
      const answer = await once(ctx, { route, key, raw }, async tx => {
        const { id } = await needOwnOrder(tx, ctx, viewer, code)
        const order = await lockOrder(tx, ctx.company, id)
        if (!order) throw new Refusal('unknown', '找不到这张单，可能已经删除。')
        const before = await sceneOf(tx, ctx, order)
        if (wish.do !== 'undo' && seen !== order.view.step) {
          const last = standing(order.facts).findLast(fact => fact.seq <= order.view.look)
          throw new Refusal(
            'stale',
            `单子有变化，刚才的没有生效：${last ? lastWords(before, last) : ''}。请看一眼再点。`,
          )
        }
        const command = commandOf(wish, { now: before.now, zone: rulesOf(ctx, order).zone })
        const by = await personOf(tx, ctx, viewer)
        const done = await change(tx, ctx, { orderId: id, command, by, speech: { via: 'page' } })
        const technician = done.order.view.assignee === by.id
        const [says] = confirmation(await sceneOf(tx, ctx, done.order), done.added, { technician }).split('\n')
        // Declined, it is his no more: there is nothing to go back to but the list.
        const page = done.order.view.assignee === by.id ? await orderPage(tx, ctx, viewer, done.order) : null
        return { status: 200, body: { says, order: page } }
      })
      ctx.ring()
      return answer.body
    },
  }),
]
