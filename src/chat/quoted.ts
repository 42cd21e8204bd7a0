import { loadIncident } from '../incidents/rows.ts'
import { loadLeave } from '../leave/rows.ts'
import { loadOrder } from '../orders/rows.ts'
import { cardByMessage } from '../outbox/shown.ts'
import type { Talk } from './talk.ts'

/** A quoted card that came without its words: what it shows, by the message it went out as. */
export async function quotedCard(
  { tx, ctx, inbound }: Talk,
  messageId: string | undefined,
): Promise<string | undefined> {
  const card = messageId && (await cardByMessage(tx, ctx.company, inbound.platform, messageId))
  const order = card ? await loadOrder(tx, ctx.company, card.subject) : null
  if (order) return `派工单 ${order.code}`
  const leave = card ? await loadLeave(tx, ctx.company, card.subject) : null
  if (leave) return `请假 ${leave.code}`
  return (card && (await loadIncident(tx, ctx.company, card.subject))?.code) || undefined
}
