import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { openOrdersOf } from '../orders/find.ts'
import { calendarOf } from '../policy/business.ts'
import { actedSince, checkedIn } from './find.ts'
import type { Setting } from './look.ts'

/** Whether somebody has come to work today: he has done something on an order since midnight, or checked in (R4.2). */
export async function cameToday(tx: Tx, ctx: Context, setting: Setting, person: string): Promise<boolean> {
  const since = calendarOf(setting.policy).momentOf(setting.today, 0)
  return (await actedSince(tx, ctx.company, person, since)) || checkedIn(tx, ctx.company, person, since)
}

/** Whether he is out on a job now (R4.7): on his way there, or there. */
export async function onJobNow(tx: Tx, ctx: Context, person: string): Promise<boolean> {
  const orders = await openOrdersOf(tx, ctx.company, person)
  return orders.some(({ view }) => view.state === 'arrived' || (view.departed && view.state !== 'suspended'))
}
