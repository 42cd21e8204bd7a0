import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { following } from '../orders/clockrows.ts'
import type { FactFrame } from '../orders/fact.ts'
import { isOpen } from '../orders/order.ts'
import type { OrderRecord } from '../orders/record.ts'
import { rulesOf } from '../orders/rules.ts'
import { appendAll } from '../orders/store.ts'
import { blanked, incidentWithout, scrubberOf } from './blank.ts'
import {
  dropPhotos,
  dropTraces,
  type Erased,
  incidentTexts,
  lockOrdersOf,
  markErased,
  rewriteIncidents,
  rewriteOrders,
} from './store.ts'

type Frame = Omit<FactFrame, 'seq'>

/**
 * Deletes what is known of the customers of some orders that are over and locked, or their photos alone: out of journals,
 * columns, photos and incidents. That it was done, and why, is a fact of each; what counts for money and time stays.
 */
export async function eraseOrders(
  tx: Tx,
  ctx: Context,
  orders: readonly OrderRecord[],
  { what, why, frame }: { what: Erased; why: 'age' | 'asked'; frame: Frame },
): Promise<void> {
  if (orders.length === 0) return
  const { company } = ctx
  const now = ctx.clock.now()
  const ids = orders.map(({ id }) => id)
  const added = orders.map(before => ({
    before,
    bodies: [{ fact: 'erased', what, why } as const],
    follow: following(rulesOf(ctx, before), now),
  }))
  const after = await appendAll(tx, company, added, frame)
  await dropPhotos(tx, company, ids)
  await markErased(tx, company, ids, what)
  if (what === 'photos') return
  await rewriteOrders(
    tx,
    company,
    after.map(({ id, facts }) => ({ id, facts: blanked(facts) })),
  )
  const scrub = scrubberOf(orders.flatMap(({ facts }) => facts))
  const said = await incidentTexts(tx, company, ids)
  await rewriteIncidents(
    tx,
    company,
    said.map(row => ({ ...row, words: null, body: incidentWithout(row.body, scrub) })),
  )
}

/** What became of a customer's orders: those still under way keep what is needed to do them. */
export interface ErasedCustomer {
  erased: string[]
  open: string[]
}

/** Deletes what is known of a customer, wherever it is, as far as his orders are over. */
export async function eraseCustomer(tx: Tx, ctx: Context, phone: string, frame: Frame): Promise<ErasedCustomer> {
  const orders = await lockOrdersOf(tx, ctx.company, phone)
  const over = orders.filter(({ view }) => !isOpen(view.state))
  await eraseOrders(tx, ctx, over, { what: 'customer', why: 'asked', frame })
  if (over.length > 0) await dropTraces(tx, ctx.company, { phone, orderIds: over.map(({ id }) => id) })
  const codes = (some: readonly OrderRecord[]) => some.map(({ code }) => code)
  return { erased: codes(over), open: codes(orders.filter(({ view }) => isOpen(view.state))) }
}
