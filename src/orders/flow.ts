import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { put, type Telling } from '../outbox/store.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { postingPlaces } from '../people/places.ts'
import { namesOf, peopleOf } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import type { Scene } from './card.ts'
import { clocksOf } from './clocks.ts'
import { decide, type OrderCommand } from './decide.ts'
import type { Fact, FactFrame, OrderFields } from './fact.ts'
import { noticesFor } from './notices.ts'
import { nextLook, toldSteps } from './nudges.ts'
import { atLeast, isOpen, replay } from './order.ts'
import type { OrderRecord } from './record.ts'
import { rulesOf } from './rules.ts'
import { liveCards, repaintKey } from './shown.ts'
import { append, type ClockRow, createOrder, lockOrder, nextCode } from './store.ts'

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

/** Rows of the sweep's index for a journal. Given to the store, which knows nothing of policies. */
export function clockRows(policy: Policy, now: Date): (facts: readonly Fact[]) => ClockRow[] {
  return facts => {
    const told = toldSteps(facts)
    const { urgent } = replay(facts)
    return clocksOf(facts, policy, now).map(clock => {
      const look = nextLook(clock, policy, now, told, { urgent })
      return { clock, nextLookAt: look?.at ?? null, nextStep: look?.step ?? null }
    })
  }
}

/** Opens an order; given a technician it is dispatched in the same breath. */
export async function openOrder(
  tx: Tx,
  ctx: Context,
  request: {
    teamId: string
    policy: string
    fields: OrderFields
    by: Person | null
    assignTo?: string | undefined
    speech: Speech
  },
): Promise<Change> {
  const now = ctx.clock.now()
  const policy = ctx.policy(request.policy)
  const frame = frameOf(now, request.by, request.speech)
  const code = await nextCode(tx, ctx.company)
  const { teamId, fields, assignTo } = request
  const opened = await createOrder(tx, { company: ctx.company, teamId, code, fields }, frame, clockRows(policy, now))
  if (!assignTo) {
    await announce(tx, ctx, { before: null, order: opened, added: opened.facts }, request.by, request.speech)
    return { before: null, order: opened, added: opened.facts }
  }
  const order = await append(tx, opened, [{ fact: 'dispatched', to: assignTo }], frame, clockRows(policy, now))
  const change = { before: opened, order, added: order.facts.slice(1) }
  await announce(tx, ctx, change, request.by, request.speech)
  return { ...change, before: null, added: order.facts }
}

/** Does one thing to an order: decide, write the journal, tell everybody. Throws `Refusal`. */
export async function change(
  tx: Tx,
  ctx: Context,
  request: { orderId: string; command: OrderCommand; by: Person | null; speech: Speech },
): Promise<Change> {
  const before = await lockOrder(tx, ctx.company, request.orderId)
  if (!before) throw new Refusal('unknown', '找不到这张单，可能已经删除。回复「我的单」看看。')
  const now = ctx.clock.now()
  const policy = rulesOf(ctx, before)
  const people = await peopleOf(tx, ctx.company, [before.teamId])
  const names = await scenePeople(tx, ctx, before, people)
  const bodies = decide(before.facts, request.command, {
    ...{ code: before.code, now, zone: policy.zone, undoWithinMs: policy.undoWithinMs },
    // A program with a token speaks for the desk.
    actor: request.by
      ? { id: request.by.id, roles: rolesIn(request.by, before.teamId) }
      : { id: '', roles: ['manager'] },
    nameOf: names,
    technicians: people
      .filter(person => rolesIn(person, before.teamId).includes('technician'))
      .map(person => person.id),
  })
  const order = await append(tx, before, bodies, frameOf(now, request.by, request.speech), clockRows(policy, now))
  const result = { before, order, added: order.facts.slice(before.facts.length) }
  await announce(tx, ctx, result, request.by, request.speech)
  return result
}

/** Adds evidence (a photo, a place) to an order without changing what may be done next. */
export async function attach(
  tx: Tx,
  ctx: Context,
  request: {
    orderId: string
    evidence: { fact: 'photo'; media: string } | { fact: 'located'; lat: number; lng: number; label: string }
    by: Person
    speech: Speech
  },
): Promise<OrderRecord> {
  const before = await lockOrder(tx, ctx.company, request.orderId)
  if (!before) throw new Refusal('unknown', '找不到这张单。回复「我的单」看看。')
  const now = ctx.clock.now()
  return append(
    tx,
    before,
    [request.evidence],
    frameOf(now, request.by, request.speech),
    clockRows(rulesOf(ctx, before), now),
  )
}

function frameOf(now: Date, by: Person | null, speech: Speech): Omit<FactFrame, 'seq'> {
  return {
    at: now.toISOString(),
    by: by?.id ?? null,
    via: speech.via,
    ...(speech.words !== undefined && { words: speech.words }),
  }
}

/** Puts into the outbox what a change means for everybody. */
export async function announce(tx: Tx, ctx: Context, change: Change, by: Person | null, speech: Speech): Promise<void> {
  const { before, order, added } = change
  const now = ctx.clock.now()
  const team = await peopleOf(tx, ctx.company, [order.teamId])
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
  tellings.push(...(await repaints(tx, ctx, order, speech, now)))
  await put(tx, ctx.company, tellings, now)
}

/** Every card on a screen follows the truth, whatever changed it. */
async function repaints(tx: Tx, ctx: Context, order: OrderRecord, speech: Speech, now: Date): Promise<Telling[]> {
  const cards = await liveCards(tx, ctx.company, order.id)
  return cards
    .filter(card => card.version < order.view.look)
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

async function scenePeople(
  tx: Tx,
  ctx: Context,
  order: OrderRecord,
  team: readonly Person[],
): Promise<(id: string) => string> {
  const mentioned = order.facts.flatMap(fact => [
    fact.by,
    fact.fact === 'dispatched' ? fact.to : null,
    fact.fact === 'withdrawn' ? fact.from : null,
  ])
  const others = mentioned.filter((id): id is string => id !== null && !team.some(person => person.id === id))
  const names = new Map([
    ...team.map(person => [person.id, person.name] as const),
    ...(await namesOf(tx, ctx.company, others)),
  ])
  return id => names.get(id) ?? '（已离职）'
}

/** All that cards and sentences about an order are made from, as of now. */
export async function sceneOf(tx: Tx, ctx: Context, order: OrderRecord): Promise<Scene> {
  const now = ctx.clock.now()
  const policy = rulesOf(ctx, order)
  const team = await peopleOf(tx, ctx.company, [order.teamId])
  const nameOf = await scenePeople(tx, ctx, order, team)
  const technicians = team.filter(person => rolesIn(person, order.teamId).includes('technician'))
  return { order, clocks: clocksOf(order.facts, policy, now), now, zone: policy.zone, nameOf, candidates: technicians }
}

/** May this be said of the order now? Used to find the one order a sentence without a code can mean. */
export function fits(order: OrderRecord, wish: OrderCommand['do'], personId: string): boolean {
  const { view } = order
  if (!isOpen(view.state)) return false
  if (wish === 'accept') return view.offered || (view.assignee === personId && view.state === 'dispatched')
  if (view.assignee !== personId) return false
  if (wish === 'decline') return !atLeast(view.state, 'arrived')
  if (wish === 'contacted' || wish === 'unreachable')
    return ['dispatched', 'accepted', 'contacted', 'suspended'].includes(view.state)
  if (wish === 'depart') return !view.departed && !atLeast(view.state, 'arrived')
  if (wish === 'arrive') return view.state !== 'arrived'
  if (wish === 'resume') return view.state === 'suspended'
  return true
}
