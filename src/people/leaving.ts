import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { change } from '../orders/flow.ts'
import { helpedOrdersOf } from '../orders/happened.ts'
import { openStates } from '../orders/order.ts'

/** What somebody has to do with open orders: the ones he is responsible for, and those he goes along on. */
export interface InHand {
  own: Array<{ id: string; code: string }>
  along: Array<{ id: string; code: string }>
}

/** What he has in hand of some teams. */
export async function inHandOf(tx: Tx, ctx: Context, personId: string, teamIds: readonly string[]): Promise<InHand> {
  const { company } = ctx
  const own = await tx.order.findMany({
    where: { company, assigneeId: personId, teamId: { in: [...teamIds] }, state: { in: openStates } },
    ...{ orderBy: { id: 'asc' }, select: { id: true, code: true } },
  })
  const helped = await helpedOrdersOf(tx, company, [personId], teamIds)
  const along = helped.filter(({ view }) => view.helpers.includes(personId)).map(({ id, code }) => ({ id, code }))
  return { own, along }
}

/**
 * Who leaves a team gives back the open orders he has there, each through its own journal: the desk hears of every one, as
 * of orders that come back for any other reason. Where he only goes along he is taken off.
 */
export async function giveBackOrders(
  tx: Tx,
  ctx: Context,
  personId: string,
  teamIds: readonly string[],
): Promise<void> {
  const { own, along } = await inHandOf(tx, ctx, personId, teamIds)
  const speech = { via: 'system' as const }
  for (const { id: orderId } of own)
    await change(tx, ctx, { orderId, command: { do: 'release', reason: '离开班组' }, by: null, speech })
  for (const { id: orderId } of along)
    await change(tx, ctx, { orderId, command: { do: 'leave', person: personId }, by: null, speech })
}
