import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { putListed } from '../outbox/adjoin.ts'
import { liveCards, repaintKey, type ShownCard } from '../outbox/shown.ts'
import type { Telling } from '../outbox/store.ts'
import { type Person, type Role, rolesIn } from '../people/person.ts'
import { postingPlaces } from '../people/places.ts'
import { peopleOf } from '../people/store.ts'
import { clocksOf } from './clocks.ts'
import type { Fact, FactFrame } from './fact.ts'
import { type NoticeOptions, noticesFor } from './notices.ts'
import type { OrderRecord } from './record.ts'
import { wantsRevisit } from './revisit.ts'
import { rulesOf } from './rules.ts'

/** How somebody spoke: kept in the journal, and used so that nobody is told what he just said or read. */
export interface Speech {
  via: Exclude<FactFrame['via'], 'import'>
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
  /** What only the caller knows of who has to hear of it. */
  hearing?: Pick<NoticeOptions, 'asksDesk' | 'managersKnow' | 'many'>
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
  await putListed(tx, ctx.company, 'order.withdrawn', tellings, ctx.clock.now())
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
  const having = (role: Role) =>
    team.filter(person => rolesIn(person, order.teamId).includes(role)).map(person => person.id)
  const groups = {
    ...{ desk: having('dispatcher'), technicians: having('technician'), managers: having('manager') },
    assignee: [order.view.assignee ?? ''],
  }
  const tellings: Telling[] = []
  const last = order.view.version
  const about = { subject: order.id }
  const policy = rulesOf(ctx, order)
  const wantsCall = wantsRevisit(order.view, policy, clocksOf(order.facts, policy, now))
  const notices = noticesFor(before?.view ?? null, order.view, added, { wantsCall, ...change.hearing })
  for (const notice of notices) {
    if (notice.say === 'card') {
      const { done } = notice
      const people = typeof notice.to === 'string' ? groups[notice.to] : [notice.to.person]
      // His own card, which he tapped, is redrawn with what is to be done next.
      const wanted = people.filter(person => done === undefined || !speech.tapped || person !== by?.id)
      tellings.push(
        ...wanted.map(person => ({
          ...about,
          kind: 'order.card',
          to: { person },
          ...(done !== undefined && { data: { done } }),
          dedupeKey: `card:${order.id}:${last}:${person}`,
        })),
      )
    } else if (notice.say === 'tell') {
      const people = typeof notice.to === 'string' ? groups[notice.to] : [notice.to.person]
      const data = { seq: notice.seq, desk: notice.to === 'desk' || notice.to === 'managers' }
      const wanted = people.filter(person => person !== by?.id)
      const withdrawn = added.some(({ seq, fact }) => seq === notice.seq && fact === 'withdrawn')
      tellings.push(
        ...wanted.map(person => ({
          // Of orders that are taken back together one message tells.
          ...(withdrawn ? taken(order.id, notice.seq) : { ...about, kind: 'order.tell', data }),
          to: { person },
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
  // A new card takes the place of the one that is there: drawing that as well could only bring a third.
  const renewed = tellings.flatMap(({ kind, to, data }) =>
    kind === 'order.card' && data === undefined && 'person' in to ? [to.person] : [],
  )
  const stale = repaints(cards, order, speech, now)
  return [...tellings, ...stale.filter(({ to }) => !('person' in to && renewed.includes(to.person)))]
}

const taken = (order: string, seq: number) => ({ kind: 'order.withdrawn', data: { items: [{ order, seq }] } })

/** Every card on a screen follows the truth, whatever changed it. */
function repaints(cards: readonly ShownCard[], order: OrderRecord, speech: Speech, now: Date): Telling[] {
  return cards
    .filter(card => card.subject === order.id && card.version < order.view.look)
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
