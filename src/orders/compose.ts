import type { Card } from '../chat/card.ts'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Addressee, Composed, Composer, Composers, Recall, Worth } from '../outbox/compose.ts'
import { cardById, liveCards, painted, retire, type ShownCard, showCard } from '../outbox/shown.ts'
import { put } from '../outbox/store.ts'
import { rolesIn, runsDesk } from '../people/person.ts'
import { peopleOf } from '../people/store.ts'
import { drawOrder, replacedCard } from './card.ts'
import { digestComposers } from './digest.ts'
import { type Fact, type FactName, standing } from './fact.ts'
import { followUpComposers } from './followup.ts'
import { suspendedQuestion } from './followwords.ts'
import { cardScene, sceneOf } from './look.ts'
import { nudgeComposers } from './nudge.ts'
import { isOpen } from './order.ts'
import type { OrderRecord } from './record.ts'
import { owesRevisit } from './revisit.ts'
import { isBad } from './revisitresult.ts'
import { loadOrder } from './rows.ts'
import type { Viewer } from './scene.ts'
import { happened, notDelivered, posting, telling, withdrawnTogether } from './words.ts'

const gone: Composed = { drop: 'the order is gone' }

/** What a row for a card may say of it: why it is sent. */
interface Wanted {
  /** Somebody wants to see it, whatever its state. */
  asked?: boolean
  /** It puts the question for progress. */
  asks?: boolean
  /** It asks how suspended work stands. */
  question?: 'suspended'
  /** `seq` of the completion it tells of: the customer is to be called back. */
  done?: number
}

/** A new card. The one it replaces on the same screen is taken back, so that only one is ever live. */
const card: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  if (!order) return gone
  const personId = row.personId ?? ''
  const viewer = await viewerFor(tx, ctx, order, personId)
  if (!viewer) return { drop: 'the person left the team' }
  const { asked, asks, question, done } = row.data as Wanted
  if (question && order.view.state !== 'suspended') return { drop: 'the order went on before it was asked about' }
  const mine = isHis(order, personId) || (order.view.offered && viewer.technician) || viewer.desk
  const wanted = done === undefined ? mine && isOpen(order.view.state) : viewer.desk && owesRevisit(order.view)
  if (!asked && !wanted) return { drop: 'the order moved on before its card was sent' }
  const scene = await cardScene(tx, ctx, order, viewer)
  if (asks && scene.question?.to !== personId) return { drop: 'the question was answered, or it is too late for it' }
  const old = (await liveCards(tx, ctx.company, [order.id])).find(shown => shown.personId === personId)
  const fact = order.facts.find(one => one.seq === done)
  const note = question ? suspendedQuestion(scene) : fact && happened(scene, fact)
  const drawn = drawOrder(scene, { ...viewer, ...(note !== undefined && { note }) })
  const taskId = `card_${row.id}`
  return {
    to: { person: personId },
    message: { kind: 'card', card: drawn },
    taskId,
    ...(asks && { worth: 'should' }),
    ...(old?.messageId && { recall: takeBack(old, old.messageId, replacedCard(drawn)) }),
    // A technician who does not get his card must not be waited for: the desk calls him.
    held: async after => {
      if (isHis(order, personId) && !viewer.desk && !asks) await heldBack(after, ctx, order, { row: row.id, personId })
    },
    ...(fact && { worth: worthOf(fact) }),
    sent: (after, sent, platform) =>
      showCard(
        after,
        ctx.company,
        { subject: order.id, personId, platform, taskId, version: drawn.version },
        { messageId: sent.messageId, handle: sent.repaint?.handle, handleExpiresAt: sent.repaint?.expiresAt },
        ctx.clock.now(),
      ),
  }
}

function takeBack({ platform, handle }: ShownCard, messageId: string, replaced?: Card): Recall {
  const instead = handle && replaced ? { handle, card: replaced } : undefined
  return { platform: platform as PlatformName, messageId, instead }
}

/** The desk is told once that a card can't get through for now, so that it is not waited for. */
async function heldBack(
  tx: Tx,
  ctx: Context,
  order: OrderRecord,
  { row, personId }: { row: string; personId: string },
): Promise<void> {
  const team = await peopleOf(tx, ctx.company, [order.teamId])
  const desk = team.filter(person => rolesIn(person, order.teamId).includes('dispatcher'))
  const data = { text: notDelivered(order, personId, team.find(person => person.id === personId)?.name ?? '') }
  const tellings = desk.map(({ id }) => ({
    ...{ kind: 'note', to: { person: id }, data, aside: 'answer' as const },
    dedupeKey: `held:${row}:${id}`,
  }))
  await put(tx, ctx.company, tellings, ctx.clock.now())
}

/**
 * Repaints a card in place. Without a code left (WeCom gives one a message and one a tap, each good once) the person
 * in charge gets a fresh card when somebody else changed the order; a card that is nobody's business any more is taken back.
 */
const repaint: Composer = async (row, tx, ctx) => {
  const shown = await cardById(tx, ctx.company, (row.data as { card: string }).card)
  const order = shown && (await loadOrder(tx, ctx.company, shown.subject))
  if (!shown?.live || !order) return gone
  if (shown.version >= order.view.look) return { drop: 'drawn already' }
  const viewer = await viewerFor(tx, ctx, order, shown.personId)
  if (!viewer) return { drop: 'the person left the team' }
  const now = ctx.clock.now()
  if (shown.handle && shown.handleExpiresAt && shown.handleExpiresAt > now) {
    const drawn = drawOrder(await cardScene(tx, ctx, order, viewer), viewer)
    const { handle } = shown
    return {
      to: { person: shown.personId, on: shown.platform as PlatformName },
      message: { kind: 'card', card: drawn },
      taskId: shown.taskId,
      repaint: { handle },
      // Who changed it himself has seen the answer.
      worth: lastChange(order)?.by === shown.personId ? 'nice' : 'should',
      sent: (after, sent) => painted(after, ctx.company, shown.id, drawn.version, sent.repaint ? null : handle),
      stale: async after => {
        await freshCard(after, ctx, order, shown, viewer)
      },
    }
  }
  const messageId = await freshCard(tx, ctx, order, shown, viewer)
  return { drop: 'no code left to repaint it', ...(messageId && { recall: takeBack(shown, messageId) }) }
}

/** What becomes of a card that can't be repainted. Returns the message to take back, if it is to go. */
async function freshCard(
  tx: Tx,
  ctx: Context,
  order: OrderRecord,
  shown: ShownCard,
  viewer: Viewer,
): Promise<string | null> {
  const { personId } = shown
  // What is on it may be old, but its buttons still do what has to be done.
  if (viewer.desk && owesRevisit(order.view) && (await sceneOf(tx, ctx, order)).wantsCall) return null
  if (!isHis(order, personId) || !isOpen(order.view.state)) {
    await retire(tx, ctx.company, shown.id)
    return shown.messageId
  }
  const last = lastChange(order)
  // He said it himself and was answered: a second message would only be noise. A tap on the old card repaints it.
  if (last?.by === personId && order.facts.at(-1)?.fact !== 'undone') return null
  // Who goes along has to know where, when and with whom; the steps of the one in charge would only be noise.
  if (order.view.assignee !== personId && !(last && alongHears.has(last.fact))) return null
  // The one in charge was told in words, and what he can do is as it was.
  if (last?.fact === 'joined' || last?.fact === 'left') return null
  const dedupeKey = `card:${order.id}:${order.view.look}:${personId}:fresh`
  const telling = { kind: 'order.card', to: { person: personId }, subject: order.id, dedupeKey }
  await put(tx, ctx.company, [telling], ctx.clock.now())
  return null
}

const isHis = ({ view }: OrderRecord, personId: string): boolean =>
  view.assignee === personId || view.helpers.includes(personId)

const alongHears: ReadonlySet<FactName> = new Set(['dispatched', 'contacted', 'appointed'])

const lastChange = (order: OrderRecord) => standing(order.facts).findLast(fact => fact.seq <= order.view.look)

const tell: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  const { seq, desk } = row.data as { seq: number; desk: boolean }
  const fact = order?.facts.find(one => one.seq === seq)
  if (!order || !fact) return gone
  return {
    to: { person: row.personId ?? '' },
    message: { kind: 'text', text: telling(await sceneOf(tx, ctx, order), fact, { desk }) },
    worth: worthOf(fact),
  }
}

/** One order is told of as it always is; of several only the codes and why. */
const withdrawn: Composer = async (row, tx, ctx) => {
  const { items } = row.data as { items: Array<{ order: string; seq: number }> }
  const told: Array<{ order: OrderRecord; fact: Fact }> = []
  for (const item of items) {
    const order = await loadOrder(tx, ctx.company, item.order)
    const fact = order?.facts.find(({ seq }) => seq === item.seq)
    if (order && fact) told.push({ order, fact })
  }
  const [first] = told
  if (!first) return gone
  const scene = await sceneOf(tx, ctx, first.order)
  const text = told.length > 1 ? withdrawnTogether(scene, told) : telling(scene, first.fact, { desk: false })
  return { to: { person: row.personId ?? '' }, message: { kind: 'text', text } }
}

const group: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  const { seq, via } = row.data as { seq: number; via: 'bot' | 'webhook' }
  const fact = order?.facts.find(one => one.seq === seq)
  if (!order || !fact) return gone
  const to: Addressee = { group: row.chatId ?? '', platform: row.platform as PlatformName, via, teamId: order.teamId }
  return {
    ...{ to, message: { kind: 'text', text: posting(await sceneOf(tx, ctx, order), fact) } },
    ...(fact.fact === 'dispatched' && { mention: [fact.to] }),
    worth: fact.fact === 'offered' ? 'must' : fact.fact === 'dispatched' ? 'should' : 'nice',
  }
}

/** Progress can be looked up (今日, the card); what wants somebody to act can't wait. */
function worthOf(told: Fact): Worth {
  const { fact } = told
  if (told.fact === 'rated') return isBad(told.grade) ? 'must' : 'should'
  if (['accepted', 'contacted', 'arrived', 'resumed'].includes(fact)) return 'nice'
  return ['appointed', 'suspended', 'expected', 'completed', 'emptyRun', 'undone', 'closed'].includes(fact)
    ? 'should'
    : 'must'
}

async function viewerFor(tx: Tx, ctx: Context, order: OrderRecord, personId: string): Promise<Viewer | null> {
  const team = await peopleOf(tx, ctx.company, [order.teamId])
  const person = team.find(({ id }) => id === personId)
  if (!person) return null
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
  'order.withdrawn': withdrawn,
  'order.group': group,
  ...nudgeComposers,
  ...followUpComposers,
  ...digestComposers,
}
