import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { routeOf } from '../policy/complaintrule.ts'
import { isKeyCustomer } from '../policy/keycustomerrule.ts'
import type { Policy } from '../policy/schema.ts'
import type { FactBody, LastTime, OrderFields } from './fact.ts'
import { finishedAt, finishedThere } from './find.ts'
import type { OrderView } from './order.ts'
import { type EarlierJob, lookBack, lookBackSince } from './rework.ts'

/** What is known of an order by the policy before anybody has done anything about it. */
export interface Arrival {
  fields: OrderFields
  earlier: LastTime | undefined
  /** Written right behind the beginning. */
  facts: FactBody[]
}

/** Marks key customers (R1.12), looks for an earlier job it follows from (R1.10, R9.5), finds where a complaint goes (R1.13). */
export async function arrivalOf(tx: Tx, ctx: Context, given: OrderFields, policy: Policy): Promise<Arrival> {
  const now = ctx.clock.now()
  const { customer, product } = given
  const since = lookBackSince(policy, now)
  const jobs = since
    ? await finishedThere(tx, ctx.company, { phone: customer.phone, serial: product.serial ?? null, since })
    : []
  return arrivalFrom(given, jobs, policy, now)
}

/** The same for many orders, in one statement. */
export async function arrivalsOf(
  tx: Tx,
  ctx: Context,
  given: readonly OrderFields[],
  policy: Policy,
): Promise<Arrival[]> {
  const now = ctx.clock.now()
  const since = lookBackSince(policy, now)
  const phones = [...new Set(given.map(({ customer }) => customer.phone))]
  const serials = [...new Set(given.flatMap(({ product }) => product.serial ?? []))]
  const jobs = since ? await finishedAt(tx, ctx.company, { phones, serials, since }) : []
  return given.map(fields => {
    const { customer, product } = fields
    const own = jobs.filter(
      ({ phone, serial }) => phone === customer.phone || (serial !== null && serial === product.serial),
    )
    return arrivalFrom(fields, own, policy, now)
  })
}

function arrivalFrom(given: OrderFields, jobs: readonly EarlierJob[], policy: Policy, now: Date): Arrival {
  const { customer } = given
  const key =
    customer.key ?? (policy.keyCustomers !== null && isKeyCustomer(policy.keyCustomers, customer, given.invoice?.price))
  const fields = key ? { ...given, customer: { ...customer, key } } : given
  const { link, earlier } = lookBack(fields, jobs, policy, now)
  const route =
    fields.kind === 'complaint' ? routeOf(policy.complaints, { category: fields.category, text: fields.fault }) : null
  return {
    fields,
    earlier: earlier ?? undefined,
    facts: [
      ...(link ? [{ fact: 'linked' as const, ...link }] : []),
      ...(route ? [{ fact: 'routed' as const, subject: route.subject, to: route.to }] : []),
    ],
  }
}

/** A complaint of which the desk has to say where it goes. */
export function asksRoute({ fields, routed }: OrderView, policy: Policy): boolean {
  return fields.kind === 'complaint' && routed === null && policy.complaints.length > 0
}
