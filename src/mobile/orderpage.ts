import { DateTime } from 'luxon'
import { mediaOfOrder } from '../chat/media.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Viewer } from '../login/viewer.ts'
import { jobName, mayCall, runningClock } from '../orders/card.ts'
import { completionRule, missingFor, sayMissing, sayPhotos } from '../orders/evidence.ts'
import { type Fact, type FactName, standing } from '../orders/fact.ts'
import { phrase } from '../orders/factwords.ts'
import { finishedOrdersOf, finishedThere, openOrdersOf } from '../orders/find.ts'
import { worldFor } from '../orders/flow.ts'
import { helpedOrdersOf } from '../orders/happened.ts'
import { sceneOf } from '../orders/look.ts'
import { isOpen, stateNames, worksOn } from '../orders/order.ts'
import { sayOutcome } from '../orders/outcomewords.ts'
import { byPriority } from '../orders/priority.ts'
import type { OrderRecord } from '../orders/record.ts'
import { orderByCode } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import type { Scene } from '../orders/scene.ts'
import { sayLeft, saySpan, sayTime } from '../orders/timewords.ts'
import { maskPhone, runsDesk } from '../people/person.ts'
import { namesOf } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { clockKindNames, reasonNames } from '../policy/terms.ts'
import { canBeSigned, maySign, personOf } from './reach.ts'
import { stepsFor } from './steps.ts'
import type { Countdown, DoneOrder, MyOrder, MyOrders, OrderPage, PagePhoto, PageSignature, Visit } from './wire.ts'

const dayMs = 86_400_000
const doneDays = 14
const historyDays = 730
const daysAhead = 14

/** What is in somebody's hands, what is due next first, and what he has just done. */
export async function myOrders(tx: Tx, ctx: Context, viewer: Viewer): Promise<MyOrders> {
  const { id } = viewer.person
  const now = ctx.clock.now()
  const own = await openOrdersOf(tx, ctx.company, id)
  const teams = viewer.teams.map(({ teamId }) => teamId)
  const helped = await helpedOrdersOf(tx, ctx.company, [id], teams)
  const since = new Date(now.getTime() - doneDays * dayMs)
  const done = await finishedOrdersOf(tx, ctx.company, id, { since, take: 30 })
  const scenes = await Promise.all([...own, ...helped].map(order => sceneOf(tx, ctx, order)))
  return {
    now: now.toISOString(),
    open: scenes.sort(byPriority).map(scene => rowOf(scene, id)),
    done: done.map(order => doneRow(order, now, rulesOf(ctx, order).zone)),
  }
}

function rowOf(scene: Scene, personId: string): MyOrder {
  const { order, now, zone } = scene
  const { view, code } = order
  const { customer, fault } = view.fields
  return {
    ...{ code, kind: jobName(order), urgent: view.urgent, key: customer.key ?? false },
    helps: view.assignee !== personId,
    ...{ state: view.state, stateName: stateNames[view.state], customer: customer.name, address: customer.address },
    ...{ fault, clock: countdown(scene) },
    appointment: view.appointment && saySpan(view.appointment, now, zone),
    suspended: view.suspended?.note ?? null,
  }
}

function doneRow(order: OrderRecord, now: Date, zone: string): DoneOrder {
  const { customer } = order.view.fields
  return {
    ...{ code: order.code, kind: jobName(order), customer: customer.name, address: customer.address },
    doneAt: doneAt(order, now, zone),
    outcome: outcomeOf(order) ?? '',
  }
}

function doneAt({ facts }: OrderRecord, now: Date, zone: string): string {
  const last = facts.findLast(({ fact }) => fact === 'completed' || fact === 'emptyRun')
  return last ? sayTime(new Date(last.at), now, zone) : ''
}

const outcomeOf = ({ view }: OrderRecord): string | null => view.outcome && sayOutcome(view.outcome)

function countdown({ clocks, order }: Scene): Countdown | null {
  const clock = isOpen(order.view.state) ? runningClock(clocks) : undefined
  return clock?.dueAt ? { name: clockKindNames[clock.kind], dueAt: clock.dueAt.toISOString() } : null
}

/** Facts that are no news to the one who works there. */
const unsaid = new Set<FactName>(['reminded', 'asked', 'sampled', 'photo'])

/** An order with all its page shows. */
export async function orderPage(tx: Tx, ctx: Context, viewer: Viewer, order: OrderRecord): Promise<OrderPage> {
  const scene = await sceneOf(tx, ctx, order)
  const person = await personOf(tx, ctx, viewer)
  const { now, zone, clocks } = scene
  const { view } = order
  const { customer, product, fault, warranty } = view.fields
  const world = await worldFor(tx, ctx, order, { by: person, command: { do: 'undo' } })
  const full = mayCall(scene, { personId: person.id, desk: runsDesk(person, order.teamId), technician: true })
  return {
    ...{ now: now.toISOString(), code: order.code, team: order.team, kind: jobName(order), urgent: view.urgent },
    ...{ works: worksOn(view, person.id), helps: view.helpers.includes(person.id) },
    ...{ state: view.state, stateName: stateNames[view.state], seen: view.step, fault },
    customer: {
      ...{ name: customer.name, phone: full ? customer.phone : maskPhone(customer.phone), full },
      ...{ address: customer.address, key: customer.key ?? false },
    },
    product: {
      name: [product.brand, product.model].filter(Boolean).join(' '),
      ...{ serial: product.serial ?? null, warranty: warranty ? { in: '保内', out: '保外' }[warranty] : null },
    },
    appointment: view.appointment && saySpan(view.appointment, now, zone),
    suspended: suspendedWords(scene),
    outcome: outcomeOf(order),
    done: view.outcome && { result: view.outcome.result, charge: view.outcome.charge ?? null },
    crew: crewWords(scene),
    clock: countdown(scene),
    clocks: clocks.map(({ kind, state, dueAt, stoppedAt }) => ({
      ...{ name: clockKindNames[kind], state, due: dueAt && sayTime(dueAt, now, zone) },
      left: dueAt && !stoppedAt ? sayLeft(dueAt, now) : null,
    })),
    timeline: order.facts.filter(({ fact }) => !unsaid.has(fact)).map(fact => entry(scene, fact)),
    visits: await visitsThere(tx, ctx, scene),
    ...evidenceOf(order, rulesOf(ctx, order)),
    photos: await photosOf(tx, ctx, scene),
    signature: signatureOf(scene),
    maySign: canBeSigned(view) && maySign(viewer, order),
    steps: stepsFor(order, world),
    reasons: Object.entries(reasonNames).map(([name, says]) => ({ name, says })),
    ...timesFor(scene, rulesOf(ctx, order).dayParts),
  }
}

function entry(scene: Scene, fact: Fact): OrderPage['timeline'][number] {
  return {
    ...{ seq: fact.seq, what: phrase(scene, fact), words: fact.words ?? null },
    by: fact.by ? scene.nameOf(fact.by) : null,
  }
}

function suspendedWords({ order, now, zone }: Scene): string | null {
  const { suspended } = order.view
  if (!suspended) return null
  return suspended.expected ? `${suspended.note}，预计 ${saySpan(suspended.expected, now, zone)}` : suspended.note
}

function crewWords({ order, nameOf }: Scene): string | null {
  const { assignee, helpers } = order.view
  if (helpers.length === 0) return null
  return [assignee && `负责：${nameOf(assignee)}`, `同去：${helpers.map(nameOf).join('、')}`].filter(Boolean).join('，')
}

/** What was done for this customer or at this unit before, the last time first. */
async function visitsThere(tx: Tx, ctx: Context, { order, now, zone }: Scene): Promise<Visit[]> {
  const { customer, product } = order.view.fields
  const since = new Date(now.getTime() - historyDays * dayMs)
  const jobs = await finishedThere(tx, ctx.company, { phone: customer.phone, serial: product.serial ?? null, since })
  const others = jobs.filter(job => job.id !== order.id).slice(0, 5)
  const earlier = await Promise.all(others.map(({ code }) => orderByCode(tx, ctx.company, code)))
  const names = await namesOf(
    tx,
    ctx.company,
    earlier.flatMap(one => one?.view.assignee ?? []),
  )
  return others.map(({ code, fault, doneAt }, index) => {
    const before = earlier[index]
    return {
      ...{ code, fault, doneAt: sayTime(doneAt, now, zone), outcome: (before && outcomeOf(before)) ?? '' },
      by: names.get(before?.view.assignee ?? '') ?? null,
    }
  })
}

function evidenceOf(
  { view, facts }: OrderRecord,
  { evidence }: Policy,
): Pick<OrderPage, 'wanted' | 'missing' | 'lacks'> {
  const missing = isOpen(view.state) ? missingFor(evidence.complete, view.fields, facts) : null
  const wanted = completionRule(evidence.complete, view.fields)?.photos?.of ?? []
  const lacks = { photos: missing && sayPhotos(missing), signature: missing?.signature ?? false }
  return { wanted, missing: missing && sayMissing(missing), lacks }
}

function signatureOf({ order, nameOf, now, zone }: Scene): PageSignature | null {
  const signed = standing(order.facts).findLast(fact => fact.fact === 'signed')
  if (signed?.fact !== 'signed') return null
  const { media: id, name, by, at, result, charge } = signed
  const said = { result: result ?? null, charge: charge ?? null }
  return { id, name, by: by && nameOf(by), at: sayTime(new Date(at), now, zone), ...said }
}

/** Photos in the order they came; files of other kinds are nothing to look at here. */
async function photosOf(tx: Tx, ctx: Context, { order, nameOf, now, zone }: Scene): Promise<PagePhoto[]> {
  const media = new Map((await mediaOfOrder(tx, ctx.company, order.id)).map(one => [one.id, one]))
  return order.facts.flatMap(fact => {
    const file = fact.fact === 'photo' ? media.get(fact.media) : undefined
    if (fact.fact !== 'photo' || !file || !(file.mime === null || file.mime.startsWith('image/'))) return []
    const { id, state, personId, createdAt } = file
    return [{ id, state, of: fact.of ?? null, by: nameOf(personId), at: sayTime(createdAt, now, zone) }]
  })
}

/** Days and parts of day to choose a time from, as the team's zone has them. */
function timesFor(
  { now, zone }: Scene,
  dayParts: Readonly<Record<string, readonly [number, number]>>,
): Pick<OrderPage, 'days' | 'parts'> {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day')
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return {
    days: Array.from({ length: daysAhead }, (_, index) => {
      const day = today.plus({ days: index })
      return { day: day.toISODate() ?? '', says: sayTime(day.toJSDate(), now, zone).replace(/ 00:00$/, '') }
    }),
    parts: Object.entries(dayParts).map(([name, [from, to]]) => ({ name, from: clock(from), to: clock(to) })),
  }
}
