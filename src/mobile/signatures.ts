import { createHash } from 'node:crypto'
import { z } from 'zod'
import { keepFile } from '../chat/media.ts'
import { inTransaction } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { pictureType } from '../http/mediafile.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { attach } from '../orders/flow.ts'
import { stateNames } from '../orders/order.ts'
import type { OrderRecord } from '../orders/record.ts'
import { lockOrder } from '../orders/rows.ts'
import { canBeSigned, maySign, needOwnOrder, personOf } from './reach.ts'
import { amount } from './steps.ts'

/** A few strokes as PNG are some ten kB. */
const mostBytes = 1024 * 1024
/** Nobody signs one job more often. */
const mostSignatures = 20

/** `id` is made by the page for each signature: sent again it is kept once. */
const params = z.object({ code: z.string(), id: z.uuid() })
/** Who signed and what the sheet above it said. */
const query = z.object({
  name: z.string().trim().min(1, '请写签字人的姓名').max(40),
  result: z.string().trim().min(1).max(200).optional(),
  charge: amount.optional(),
})

/** The customer's signature on an order. */
export const signatureRoutes = [
  pageRoute({
    ...{ method: 'put', path: '/orders/{code}/signature/{id}', id: 'sendSignature', may: 'own' },
    params,
    query,
    body: { types: ['image/png'], maxBytes: mostBytes, what: 'a signature' },
    async handle(ctx, { viewer, params: { code, id }, query: { name, result, charge }, body: bytes }) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const answer = await inTransaction(ctx.db, async tx => {
        const seen = await needOwnOrder(tx, ctx, viewer, code)
        // Held from here on: of the same signature sent twice at once the second finds the first.
        const order = await lockOrder(tx, ctx.company, seen.id)
        if (!order || !maySign(viewer, order))
          throw new HttpProblem(403, 'Forbidden', '签字由做这张单的人或派工员请客户来签。')
        if (pictureType(bytes) !== 'image/png')
          throw new HttpProblem(422, 'No picture', '签字没有收下：不是 PNG 图片，请重新签一次。')
        const who = { orderId: order.id, personId: viewer.person.id }
        const file = { id, ...who, kind: 'signature' as const, bytes, mime: 'image/png', sha256 }
        const kept = await keepFile(tx, ctx.company, file, ctx.clock.now())
        if (kept === 'other') throw new HttpProblem(409, 'Taken', '签字没有收下，请重新签一次。')
        // One that arrived before stays good, whatever became of the order since.
        if (kept === 'before') return { signature: order.view.signature?.media ?? id }
        needSignable(order)
        const evidence = {
          fact: 'signed' as const,
          media: id,
          name,
          ...(result && { result }),
          ...(charge && { charge }),
        }
        const by = await personOf(tx, ctx, viewer)
        const after = await attach(tx, ctx, { orderId: order.id, evidence, by, speech: { via: 'page' } })
        return { signature: after.view.signature?.media ?? id }
      })
      ctx.ring()
      return answer
    },
  }),
]

/** @throws Refusal */
function needSignable({ code, view, facts }: OrderRecord): void {
  if (!canBeSigned(view)) throw new Refusal('over', `${code} ${stateNames[view.state]}，不能再签字。`)
  if (facts.filter(({ fact }) => fact === 'signed').length >= mostSignatures)
    throw new Refusal('limit', `${code} 已经签过 ${mostSignatures} 次，不能再签。`)
}
