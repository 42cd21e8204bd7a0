import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { type Person, runsDesk } from '../people/person.ts'
import { teamById } from '../people/store.ts'
import { sayRating } from '../rating/say.ts'
import type { Change, Speech } from './announce.ts'
import type { OrderFields } from './fact.ts'
import { change, openOrder } from './flow.ts'
import type { OrderRecord } from './record.ts'
import { mayComplain } from './revisit.ts'
import { gradeNames, isUnhappy } from './revisitresult.ts'
import { lockOrder } from './rows.ts'

/**
 * Opens a complaint order of an order's customer (R1.11, R1.13): `text`, else what he said when he was called back. One
 * order has one. Refused before anything is written.
 */
export async function openComplaint(
  tx: Tx,
  ctx: Context,
  request: { order: Pick<OrderRecord, 'id' | 'teamId'>; text?: string | undefined; by: Person; speech: Speech },
): Promise<{ from: OrderRecord; opened: Change }> {
  const { text, by, speech } = request
  const order = await lockOrder(tx, ctx.company, request.order.id)
  const team = await teamById(tx, ctx.company, request.order.teamId)
  if (!order || !team) throw new Refusal('unknown', '找不到这张单。回复「今日」看看。')
  if (!runsDesk(by, team.id))
    throw new Refusal('role', `开投诉单要派工员或经理来办，请在群里找派工员处理 ${order.code}。`)
  mayComplain(order.view, order.code)
  const fields = complaintOf(order, text)
  // Of the unhappy answer they were told when it was noted; other words of the customer are news.
  const managersKnow = text === undefined && isUnhappy(order.view.revisit)
  const opened = await openOrder(tx, ctx, { teamId: team.id, policy: team.policy, fields, managersKnow, by, speech })
  const command = { do: 'complain' as const, code: opened.order.code }
  const from = await change(tx, ctx, { orderId: order.id, command, by, speech })
  return { from: from.order, opened }
}

function complaintOf({ view, code }: OrderRecord, text: string | undefined): OrderFields {
  const { customer, product, warranty } = view.fields
  const { done, rating } = view.revisit ?? {}
  const grade = done?.grade ? `回访${gradeNames[done.grade]}` : ''
  // The customer's own words say more than what was noted of them before.
  const own = rating && !rating.gradedAfter ? `客户评价${sayRating(rating)}` : ''
  const said = text ?? (own || [grade, done?.note].filter(Boolean).join('：'))
  if (!said) throw new Refusal('missing', `投诉什么？请回复「开投诉 ${code} 客户的原话」。`)
  return {
    ...{ kind: 'complaint', urgent: false, customer, product, fault: `${said}（原单 ${code}）` },
    ...(warranty && { warranty }),
  }
}
