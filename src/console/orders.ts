import { z } from 'zod'
import { mediaFile } from '../chat/media.ts'
import { inTransaction } from '../db/tx.ts'
import { seenOnPage } from '../http/audited.ts'
import { once } from '../http/idempotency.ts'
import { answerMedia } from '../http/mediafile.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { deskWish, doFromDesk } from './acts.ts'
import { boardOf, boardWish } from './board.ts'
import { callsOf } from './calls.ts'
import { newOrderWish, openFromPage, pasteWish, readPasted } from './intake.ts'
import { loadOf } from './load.ts'
import { candidatesOf, needOrder, orderPage, orderToDispatch } from './order.ts'

const params = z.object({ code: z.string() })
const ofTeam = z.object({ team: z.uuid().optional() })

/** The board, and orders opened from it. */
export const orderPageRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/board', id: 'board', may: 'own' },
    query: boardWish,
    handle: (ctx, { viewer, query }) => inTransaction(ctx.db, tx => boardOf(tx, ctx, viewer, query)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/load', id: 'load', may: 'dispatch' },
    query: ofTeam,
    handle: (ctx, { viewer, query: { team } }) => inTransaction(ctx.db, tx => loadOf(tx, ctx, viewer, team)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/calls', id: 'calls', may: 'dispatch' },
    query: ofTeam,
    handle: (ctx, { query: { team }, ...call }) =>
      inTransaction(ctx.db, async tx => {
        await seenOnPage(tx, ctx, call, { action: 'calls.seen', subject: team ?? 'own' })
        return callsOf(tx, ctx, call.viewer, team)
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/orders/read', id: 'readPasted', may: 'dispatch' },
    body: pasteWish,
    handle: (ctx, { viewer, body }) => inTransaction(ctx.db, tx => readPasted(tx, ctx, viewer, body)),
  }),

  pageRoute({
    ...{ method: 'post', path: '/orders', id: 'openOrder', may: 'dispatch' },
    body: newOrderWish,
    async handle(ctx, { viewer, body, raw, http }) {
      // The form makes a key when it is opened: who presses twice, or again after a lost answer, has one order.
      const given = http.get('Idempotency-Key')
      const key = given ? `${viewer.person.id}:${given}` : undefined
      const { body: page } = await once(ctx, { route: 'POST /console/orders', key, raw }, async tx => ({
        status: 200,
        body: await orderPage(tx, ctx, viewer, await openFromPage(tx, ctx, viewer, body)),
      }))
      ctx.ring()
      return page
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/orders/{code}', id: 'order', may: 'own' },
    params,
    handle: (ctx, { params: { code }, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const order = await needOrder(tx, ctx, call.viewer, code)
        await seenOnPage(tx, ctx, call, { action: 'order.seen', subject: code })
        return orderPage(tx, ctx, call.viewer, order)
      }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/orders/{code}/candidates', id: 'candidates', may: 'dispatch' },
    params,
    handle: (ctx, { viewer, params: { code } }) =>
      inTransaction(ctx.db, async tx => ({
        items: await candidatesOf(tx, ctx, await orderToDispatch(tx, ctx, viewer, code)),
      })),
  }),

  pageRoute({
    ...{ method: 'get', path: '/orders/{code}/media/{id}', id: 'orderMedia', may: 'own' },
    params: params.extend({ id: z.uuid() }),
    async handle(ctx, { viewer, params: { code, id }, http }) {
      const order = await needOrder(ctx.db.prisma, ctx, viewer, code)
      const file = await mediaFile(ctx.db.prisma, ctx.company, { orderId: order.id, id })
      if (!file) throw new HttpProblem(404, 'Not found', '没有这张照片，或者还没有取到。')
      answerMedia(http, file)
    },
  }),

  pageRoute({
    ...{ method: 'post', path: '/orders/{code}/do', id: 'doToOrder', may: 'dispatch' },
    params,
    body: deskWish,
    async handle(ctx, { viewer, params: { code }, body }) {
      const page = await inTransaction(ctx.db, async tx => {
        const order = await orderToDispatch(tx, ctx, viewer, code)
        return orderPage(tx, ctx, viewer, await doFromDesk(tx, ctx, viewer, order, body))
      })
      ctx.ring()
      return page
    },
  }),
]
