import { createHash } from 'node:crypto'
import { z } from 'zod'
import { keepFile, mediaFile } from '../chat/media.ts'
import { inTransaction } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { answerMedia, needPicture } from '../http/mediafile.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { attach } from '../orders/flow.ts'
import { worksOn } from '../orders/order.ts'
import { lockOrder } from '../orders/rows.ts'
import { needOwnOrder, personOf } from './reach.ts'

/** Pages send them shrunk to a few hundred kB; a browser that can't shrinks nothing. */
const mostBytes = 8 * 1024 * 1024
const mostPhotos = 60

/** `id` is made by the page for each photo: sent again it is kept once. */
const params = z.object({ code: z.string(), id: z.uuid() })
const query = z.object({ of: z.string().trim().min(1).max(12).optional() })

/** Photos of an order. */
export const photoRoutes = [
  pageRoute({
    ...{ method: 'put', path: '/orders/{code}/photos/{id}', id: 'sendPhoto', may: 'own' },
    params,
    query,
    body: { types: ['image/jpeg', 'image/png', 'image/webp'], maxBytes: mostBytes, what: 'a picture' },
    async handle(ctx, { viewer, params: { code, id }, query: { of }, body: bytes }) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return inTransaction(ctx.db, async tx => {
        const seen = await needOwnOrder(tx, ctx, viewer, code)
        // Held from here on: of the same photo sent twice at once the second finds the first.
        const order = await lockOrder(tx, ctx.company, seen.id)
        if (!order || !worksOn(order.view, viewer.person.id))
          throw new HttpProblem(403, 'Forbidden', '照片由做这张单的人来传。')
        const mime = needPicture(bytes)
        const file = { id, orderId: order.id, personId: viewer.person.id, kind: 'image' as const, bytes, mime, sha256 }
        if (order.view.photos.length >= mostPhotos && !order.view.photos.includes(id))
          throw new Refusal('limit', `${code} 已经有 ${mostPhotos} 张照片，不能再传。`)
        const kept = await keepFile(tx, ctx.company, file, ctx.clock.now())
        if (kept === 'other') throw new HttpProblem(409, 'Taken', '这张照片没有收下，请重新选一次。')
        if (kept === 'before') return { photos: order.view.photos.length }
        const evidence = { fact: 'photo' as const, media: id, ...(of && { of }) }
        const by = await personOf(tx, ctx, viewer)
        const after = await attach(tx, ctx, { orderId: order.id, evidence, by, speech: { via: 'page' } })
        return { photos: after.view.photos.length }
      })
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/orders/{code}/photos/{id}', id: 'photo', may: 'own' },
    params,
    async handle(ctx, { viewer, params: { code, id }, http }) {
      const file = await inTransaction(ctx.db, async tx => {
        const order = await needOwnOrder(tx, ctx, viewer, code)
        return mediaFile(tx, ctx.company, { orderId: order.id, id })
      })
      if (!file) throw new HttpProblem(404, 'Not found', '没有这张照片，或者还没有取到。')
      answerMedia(http, file)
    },
  }),
]
