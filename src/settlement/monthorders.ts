import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { creditOf } from '../orders/credit.ts'
import { rulesOf } from '../orders/rules.ts'
import type { Credited } from './credits.ts'
import { creditsBetween, saveCredits, uncredited } from './find.ts'
import { OrderTally } from './tables.ts'

/** Orders that were finished before it was written down what they count for. */
export async function creditOld(tx: Tx, ctx: Context, teamId: string, span: { from: Date; to: Date }): Promise<void> {
  const seen = new Set<string>()
  for (;;) {
    const old = (await uncredited(tx, ctx.company, teamId, span)).filter(({ id }) => !seen.has(id))
    const now = ctx.clock.now()
    const credits = old.map(order => ({ id: order.id, credit: creditOf(order.facts, rulesOf(ctx, order), now) }))
    for (const { id } of old) seen.add(id)
    await saveCredits(tx, ctx.company, credits)
    if (credits.every(({ credit }) => credit === null)) return
  }
}

/** Orders of a month, everybody's part of them, and what they add up to. */
export async function ordersOf(
  tx: Tx,
  company: string,
  teamId: string,
  span: { from: Date; to: Date },
  only?: string,
): Promise<{ orders: Map<string, Credited[]>; tally: OrderTally }> {
  const orders = new Map<string, Credited[]>()
  const tally = new OrderTally()
  for await (const page of creditsBetween(tx, company, teamId, span, only))
    for (const { id, code, credit } of page) {
      tally.add({ id, code, credit })
      for (const [person, percent] of credit.shares) {
        const own = orders.get(person) ?? []
        orders.set(person, own)
        own.push({ id, code, credit, percent, inCharge: person === credit.by })
      }
    }
  return { orders, tally }
}
