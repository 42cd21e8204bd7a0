import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Addressee, Composed, Composer, Composers } from '../outbox/compose.ts'
import { put } from '../outbox/store.ts'
import { rolesIn, runsDesk } from '../people/person.ts'
import { personById } from '../people/store.ts'
import { drawOrder, type Viewer } from './card.ts'
import { standing } from './fact.ts'
import { sceneOf } from './flow.ts'
import { nudgeComposers } from './nudge.ts'
import { isOpen } from './order.ts'
import type { OrderRecord, ShownCard } from './record.ts'
import { cardById, liveCards, painted, retire, showCard } from './shown.ts'
import { loadOrder } from './store.ts'
import { posting, telling } from './words.ts'

const gone: Composed = { drop: 'the order is gone' }

/** A new card. The one it replaces on the same screen is taken back, so that only one is ever live. */
const card: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  if (!order) return gone
  const personId = row.personId ?? ''
  const viewer = await viewerFor(tx, ctx, order, personId)
  if (!viewer) return { drop: 'the person left the team' }
  const asked = (row.data as { asked?: boolean }).asked
  const mine = order.view.assignee === personId || (order.view.offered && viewer.technician) || viewer.desk
  if (!asked && !(mine && isOpen(order.view.state))) return { drop: 'the order moved on before its card was sent' }
  const old = (await liveCards(tx, ctx.company, order.id)).find(shown => shown.personId === personId)
  const drawn = drawOrder(await sceneOf(tx, ctx, order), viewer)
  const taskId = `card_${row.id}`
  return {
    to: { person: personId },
    message: { kind: 'card', card: drawn },
    taskId,
    ...(old?.messageId && { recall: { messageId: old.messageId, platform: old.platform as PlatformName } }),
    sent: (after, sent, platform) =>
      showCard(
        after,
        ctx.company,
        { orderId: order.id, personId, platform, taskId, version: drawn.version },
        { messageId: sent.messageId, handle: sent.repaint?.handle, handleExpiresAt: sent.repaint?.expiresAt },
        ctx.clock.now(),
      ),
  }
}

/**
 * Repaints a card in place. Without a code left (WeCom gives one a message and one a tap, each good once) the person
 * in charge gets a fresh card when somebody else changed the order; a card that is nobody's business any more is taken back.
 */
const repaint: Composer = async (row, tx, ctx) => {
  const shown = await cardById(tx, ctx.company, (row.data as { card: string }).card)
  const order = shown && (await loadOrder(tx, ctx.company, shown.orderId))
  if (!shown?.live || !order) return gone
  if (shown.version >= order.view.look) return { drop: 'drawn already' }
  const viewer = await viewerFor(tx, ctx, order, shown.personId)
  if (!viewer) return { drop: 'the person left the team' }
  const now = ctx.clock.now()
  if (shown.handle && shown.handleExpiresAt && shown.handleExpiresAt > now) {
    const drawn = drawOrder(await sceneOf(tx, ctx, order), viewer)
    const { handle } = shown
    return {
      to: { person: shown.personId },
      message: { kind: 'card', card: drawn },
      taskId: shown.taskId,
      repaint: { handle },
      sent: after => painted(after, ctx.company, shown.id, drawn.version, handle),
      stale: async after => {
        await freshCard(after, ctx, order, shown)
      },
    }
  }
  const messageId = await freshCard(tx, ctx, order, shown)
  const platform = shown.platform as PlatformName
  return { drop: 'no code left to repaint it', ...(messageId && { recall: { messageId, platform } }) }
}

/** What becomes of a card that can't be repainted. Returns the message to take back, if it is to go. */
async function freshCard(tx: Tx, ctx: Context, order: OrderRecord, shown: ShownCard): Promise<string | null> {
  const { personId } = shown
  if (order.view.assignee !== personId || !isOpen(order.view.state)) {
    await retire(tx, ctx.company, shown.id)
    return shown.messageId
  }
  const last = standing(order.facts).findLast(fact => fact.seq <= order.view.look)
  // He said it himself and was answered: a second message would only be noise. A tap on the old card repaints it.
  if (last?.by === personId && order.facts.at(-1)?.fact !== 'undone') return null
  const dedupeKey = `card:${order.id}:${order.view.look}:${personId}:fresh`
  const telling = { kind: 'order.card', to: { person: personId }, subject: order.id, dedupeKey }
  await put(tx, ctx.company, [telling], ctx.clock.now())
  return null
}

const tell: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  const { seq, desk } = row.data as { seq: number; desk: boolean }
  const fact = order?.facts.find(one => one.seq === seq)
  if (!order || !fact) return gone
  return {
    to: { person: row.personId ?? '' },
    message: { kind: 'text', text: telling(await sceneOf(tx, ctx, order), fact, { desk }) },
  }
}

const group: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  const { seq, via } = row.data as { seq: number; via: 'bot' | 'webhook' }
  const fact = order?.facts.find(one => one.seq === seq)
  if (!order || !fact) return gone
  const to: Addressee = { group: row.chatId ?? '', platform: row.platform as PlatformName, via, teamId: order.teamId }
  return { to, message: { kind: 'text', text: posting(await sceneOf(tx, ctx, order), fact) } }
}

async function viewerFor(tx: Tx, ctx: Context, order: OrderRecord, personId: string): Promise<Viewer | null> {
  const person = await personById(tx, ctx.company, personId)
  if (!person || rolesIn(person, order.teamId).length === 0) return null
  return {
    personId,
    desk: runsDesk(person, order.teamId),
    technician: rolesIn(person, order.teamId).includes('technician'),
  }
}

export const orderComposers: Composers = {
  'order.card': card,
  'order.repaint': repaint,
  'order.tell': tell,
  'order.group': group,
  ...nudgeComposers,
}
