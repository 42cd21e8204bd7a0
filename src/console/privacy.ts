import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { auditPage } from '../http/audited.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { workbook, xlsx } from '../http/workbook.ts'
import { isSelf } from '../login/viewer.ts'
import { phone } from '../orders/input.ts'
import { maskPhone } from '../people/person.ts'
import { listTeams, personById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { type KeepTime, sayKeepTime } from '../policy/keeprule.ts'
import { sheetsOf } from '../privacy/book.ts'
import { customerData } from '../privacy/customerdata.ts'
import { eraseCustomer } from '../privacy/flow.ts'
import { erasePerson } from '../privacy/leavers.ts'
import { personData } from '../privacy/persondata.ts'
import type { Section } from '../privacy/sections.ts'
import { erasedSoFar, lastSweep } from '../privacy/store.ts'
import type { CustomerErased, CustomerFound, PrivacyPage } from './privacywire.ts'
import { needWhole } from './staff.ts'

/** In a body, never in an address: addresses are written into logs on the way. */
const customer = z.strictObject({ phone })
const person = z.object({ id: z.uuid() })
const mostTeams = 1_000

/** What is kept of people (个人信息): how long, what of whom, and deleting it. */
export const privacyRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/privacy', id: 'privacy', may: 'company' },
    handle: (ctx): Promise<PrivacyPage> =>
      inTransaction(ctx.db, async tx => {
        const said = (time: KeepTime | undefined) => (time ? sayKeepTime(time) : null)
        const teams = await listTeams(tx, ctx.company, { limit: mostTeams })
        return {
          teams: teams.map(({ name, policy: rules }) => {
            const { keep, title } = ctx.policy(rules)
            const { customers, photos, people } = keep ?? {}
            const times = { customers: said(customers), photos: said(photos ?? customers), people: said(people) }
            return { team: name, policy: title, ...times }
          }),
          lastRun: await lastSweep(tx, ctx.company),
          erased: await erasedSoFar(tx, ctx.company),
        }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/privacy/customer', id: 'customerData', may: 'company' },
    body: customer,
    handle: (ctx, { body, ...call }) =>
      inTransaction(ctx.db, async (tx): Promise<CustomerFound> => {
        const found = await customerData(tx, ctx, body.phone)
        const subject = maskPhone(body.phone)
        await auditPage(tx, ctx, call, { action: 'customer.seen', subject, data: { orders: found.orders } })
        return found
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/privacy/customer/file', id: 'customerFile', may: 'company' },
    body: customer,
    handle: (ctx, { body, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const { orders, sections } = await customerData(tx, ctx, body.phone)
        if (orders === 0) throw new HttpProblem(404, 'Not found', '没有这个电话的单，或者已经删除。')
        const subject = maskPhone(body.phone)
        await auditPage(tx, ctx, call, { action: 'customer.export', subject, data: { orders } })
        return asFile(ctx, call.http, sections, `客户 ${subject}`)
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/privacy/customer/erase', id: 'eraseCustomer', may: 'company' },
    body: customer,
    handle: (ctx, { body, ...call }) =>
      inTransaction(ctx.db, async (tx): Promise<CustomerErased> => {
        const frame = { at: ctx.clock.now().toISOString(), by: call.viewer.person.id, via: 'page' as const }
        const done = await eraseCustomer(tx, ctx, body.phone, frame)
        const data = { orders: done.erased.length, open: done.open.length }
        await auditPage(tx, ctx, call, { action: 'customer.erase', subject: maskPhone(body.phone), data })
        return done
      }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/people/{id}/data', id: 'personData', may: 'own' },
    params: person,
    handle: (ctx, { params: { id }, ...call }) =>
      inTransaction(ctx.db, async tx => {
        if (!isSelf(call.viewer, id)) await needWhole(tx, ctx, call.viewer, id)
        const { name } = await needPerson(tx, ctx, id)
        await auditPage(tx, ctx, call, { action: 'person.export', subject: id })
        return asFile(ctx, call.http, await personData(tx, ctx, id), name)
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/people/{id}/erase', id: 'erasePerson', may: 'company' },
    params: person,
    handle: (ctx, { params: { id }, ...call }) =>
      inTransaction(ctx.db, async tx => {
        await needPerson(tx, ctx, id)
        const erased = await erasePerson(tx, ctx, id)
        if (erased) await auditPage(tx, ctx, call, { action: 'person.erase', subject: id })
        return { erased }
      }),
  }),
]

async function needPerson(tx: Tx, ctx: Context, id: string): Promise<{ name: string }> {
  const found = await personById(tx, ctx.company, id)
  if (!found) throw new HttpProblem(404, 'Not found', '没有这个人。')
  return found
}

/** A workbook for whoever asked what is kept of him. */
async function asFile(ctx: Context, http: KoaContext, sections: readonly Section[], who: string): Promise<Buffer> {
  const day = calendarOf(ctx.policy('default')).dayOf(ctx.clock.now())
  const heading = `${who} 的个人信息，${day} 导出`
  const book = await workbook(sheetsOf(sections, heading))
  // No file may have a `*` in its name on Windows.
  http.attachment(`${who.replaceAll('*', 'x')} 个人信息 ${day}.xlsx`)
  http.type = xlsx
  http.set('Cache-Control', 'no-store')
  return book
}
