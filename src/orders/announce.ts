import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { put, type Telling } from '../outbox/store.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { postingPlaces } from '../people/places.ts'
import { peopleOf } from '../people/store.ts'
import type { Fact, FactFrame } from './fact.ts'
import { noticesFor } from './notices.ts'
import type { OrderRecord, ShownCard } from './record.ts'
import { liveCards, repaintKey } from './shown.ts'

/** How somebody spoke: kept in the journal, and used so that nobody is told what he just said or read. */
export interface Speech {
  via: FactFrame['via']
  words?: string | undefined
  /** The group it was said in: the answer there is notice enough. */
  group?: { platform: PlatformName; chatId: string } | undefined
  /** The tapped card is repainted with the answer; its own repaint waits this long. */
  tapped?: { shownId: string; graceMs: number } | undefined
}

export interface Change {
  before: OrderRecord | null
  order: OrderRecord
  added: Fact[]
}

/** Puts into the outbox what a change means for everybody. */
export function announce(tx: Tx, ctx: Context, change: Change, by: Person | null, speech: Speech): Promise<void> {
  return announceAll(tx, ctx, [change], by, speech)
}

/** The same for many orders, in as many statements as for one. */
export async function announceAll(
  tx: Tx,
  ctx: Context,
  changes: readonly Change[],
  by: Person | null,
  speech: Speech,
): Promise<void> {
  if (changes.length === 0) return
  const orders = changes.map(change => change.order)
  const team = await peopleOf(tx, ctx.company, [...new Set(orders.map(order => order.teamId))])
  const cards = await liveCards(
    tx,
    ctx.company,
    orders.map(order => order.id),
  )
  const tellings: Telling[] = []
  for (const change of changes) tellings.push(...(await tellingsOf(tx, ctx, change, by, speech, team, cards)))
  await put(tx, ctx.company, tellings, ctx.clock.now())
}

async function tellingsOf(
  tx: Tx,
  ctx: Context,
  change: Change,
  by: Person | null,
  speech: Speech,
  team: readonly Person[],
  cards: readonly ShownCard[],
): Promise<Telling[]> {
  const { before, order, added } = change
  const now = ctx.clock.now()
  const desk = team.filter(person => rolesIn(person, order.teamId).includes('dispatcher')).map(person => person.id)
  const technicians = team
    .filter(person => rolesIn(person, order.teamId).includes('technician'))
    .map(person => person.id)
  const tellings: Telling[] = []
  const last = order.view.version
  const about = { subject: order.id }
  for (const notice of noticesFor(before?.view ?? null, order.view, added)) {
    if (notice.say === 'card') {
      const people =
        notice.to === 'desk' ? desk : notice.to === 'technicians' ? technicians : [order.view.assignee ?? '']
      tellings.push(
        ...people.map(person => ({
          ...about,
          kind: 'order.card',
          to: { person },
          dedupeKey: `card:${order.id}:${last}:${person}`,
        })),
      )
    } else if (notice.say === 'tell') {
      const people = notice.to === 'desk' ? desk : [notice.to.person]
      const data = { seq: notice.seq, desk: notice.to === 'desk' }
      const wanted = people.filter(person => person !== by?.id)
      tellings.push(
        ...wanted.map(person => ({
          ...about,
          kind: 'order.tell',
          to: { person },
          data,
          dedupeKey: `tell:${order.id}:${notice.seq}:${person}`,
        })),
      )
    } else {
      const places = await postingPlaces(tx, ctx.company, order.teamId)
      const elsewhere = places.filter(
        place => place.platform !== speech.group?.platform || place.chatId !== speech.group?.chatId,
      )
      for (const { platform, chatId, via } of elsewhere)
        tellings.push({
          ...about,
          kind: 'order.group',
          to: { platform, chatId },
          data: { seq: notice.seq, via },
          dedupeKey: `group:${order.id}:${notice.seq}:${platform}:${chatId}`,
        })
    }
  }
  tellings.push(...repaints(cards, order, speech, now))
  return tellings
}

/** Every card on a screen follows the truth, whatever changed it. */
function repaints(cards: readonly ShownCard[], order: OrderRecord, speech: Speech, now: Date): Telling[] {
  return cards
    .filter(card => card.orderId === order.id && card.version < order.view.look)
    .map(card => ({
      ...{
        kind: 'order.repaint',
        to: { person: card.personId },
        subject: order.id,
        lane: `card:${card.id}`,
        data: { card: card.id },
      },
      dedupeKey: `${repaintKey(card.id)}:${order.view.look}`,
      coalesce: repaintKey(card.id),
      at: new Date(now.getTime() + (speech.tapped?.shownId === card.id ? speech.tapped.graceMs : 0)),
    }))
}
