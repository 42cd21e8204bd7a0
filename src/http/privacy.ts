import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import { audit } from '../audit/store.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { maskPhone } from '../people/person.ts'
import { personById } from '../people/store.ts'
import { customerData } from '../privacy/customerdata.ts'
import { eraseCustomer } from '../privacy/flow.ts'
import { erasePerson } from '../privacy/leavers.ts'
import { personData } from '../privacy/persondata.ts'
import { byProgram } from './audited.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import {
  customerErased,
  customerInput,
  customerData as customerShape,
  personData as personShape,
} from './shapes/privacy.ts'

const tag = 'privacy'
const params = z.object({ id: z.uuid() })

/** `/api/v1/privacy`: what is kept of a customer or a person (PIPL §45), and deleting it (§47). Each use is in the audit log. */
export const privacyRoutes = [
  route({
    ...{ method: 'post', path: '/privacy/customer', id: 'customerData', tag, scope: 'privacy:read' },
    summary: 'All that is kept of a customer, by his number',
    body: customerInput,
    answers: { 200: customerShape },
    handle: (ctx, { body, http }) =>
      inTransaction(ctx.db, async tx => {
        const found = await customerData(tx, ctx, body.phone)
        await noted(tx, ctx, http, 'customer.export', maskPhone(body.phone), { orders: found.orders })
        return found
      }),
  }),

  route({
    ...{ method: 'post', path: '/privacy/customer/erasure', id: 'eraseCustomer', tag, scope: 'privacy:write' },
    summary: 'Delete what is known of a customer, as far as his orders are over',
    description:
      'Name, number, address, words, photos and signatures go; times, money, grades and reasons stay. It can’t be taken back. Webhooks are told (`order.erased`).',
    body: customerInput,
    answers: { 200: customerErased },
    handle: (ctx, { body, http }) =>
      inTransaction(ctx.db, async tx => {
        const frame = { at: ctx.clock.now().toISOString(), by: null, via: 'api' as const }
        const done = await eraseCustomer(tx, ctx, body.phone, frame)
        const data = { orders: done.erased.length, open: done.open.length }
        await noted(tx, ctx, http, 'customer.erase', maskPhone(body.phone), data)
        return done
      }),
  }),

  route({
    ...{ method: 'get', path: '/people/{id}/data', id: 'personData', tag, scope: 'privacy:read' },
    summary: 'All that is kept of a person',
    params,
    answers: { 200: personShape },
    problems: [404],
    handle: (ctx, { params: { id }, http }) =>
      inTransaction(ctx.db, async tx => {
        await needPerson(tx, ctx, id)
        await noted(tx, ctx, http, 'person.export', id)
        return { sections: await personData(tx, ctx, id) }
      }),
  }),

  route({
    ...{ method: 'post', path: '/people/{id}/erasure', id: 'erasePerson', tag, scope: 'privacy:write' },
    summary: 'Delete what is known of somebody who left',
    description:
      'Name, number, accounts, check-ins, reasons of leave and payslips go; days, points and the sums of months stay under an alias. It can’t be taken back.',
    params,
    answers: { 204: null },
    problems: [404, 409],
    handle: (ctx, { params: { id }, http }) =>
      inTransaction(ctx.db, async tx => {
        await needPerson(tx, ctx, id)
        if (await erasePerson(tx, ctx, id)) await noted(tx, ctx, http, 'person.erase', id)
      }),
  }),
]

async function needPerson(tx: Tx, ctx: Context, id: string): Promise<void> {
  if (!(await personById(tx, ctx.company, id))) throw new HttpProblem(404, 'Not found', `There is no person ${id}.`)
}

const noted = (
  tx: Tx,
  ctx: Context,
  http: KoaContext,
  action: string,
  subject: string,
  data: Record<string, number> = {},
): Promise<void> => audit(tx, ctx, byProgram(http, { action, subject, data }))
