import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { comingDays, restOn } from '../people/duty.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { peopleWithLeave } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { following } from './clockrows.ts'
import { agrees } from './clockrun.ts'
import { type FactBody, type KeptSpan, timeFor } from './fact.ts'
import { lastJobThere, type OpenVisit, visitsOf, workloads } from './find.ts'
import { helpedOrdersOf } from './happened.ts'
import { hadIt, moveOf } from './moves.ts'
import { type Job, type Ranked, rank, type Worker } from './ranking.ts'
import { sayObstacle, sayReason } from './rankwords.ts'
import type { OrderRecord } from './record.ts'
import { rulesOf } from './rules.ts'
import { append } from './store.ts'
import { startOfDay } from './timewords.ts'

/** How far back somebody's last order counts when two are equal otherwise. */
const fairMs = 7 * 86_400_000

/** The technicians of an order's team, best first, with what speaks for and against each. */
export async function rankingOf(tx: Tx, ctx: Context, order: OrderRecord): Promise<Ranked[]> {
  const policy = rulesOf(ctx, order)
  const team = await peopleWithLeave(tx, ctx.company, [order.teamId], comingDays(policy, ctx.clock.now()))
  const technicians = team.filter(person => rolesIn(person, order.teamId).includes('technician'))
  const place: Place = placeBy(technicians.flatMap(({ areas }) => areas))
  const [job, workers] = await Promise.all([
    jobOf(tx, ctx, order, policy, place),
    workersOf(tx, ctx, technicians, policy, order, place),
  ])
  return rank(job, workers, policy.assign)
}

type Place = (order: { zone?: string | null | undefined; address: string }) => string | undefined

/** The zone of an order: the one it came with, else the area of the team its address names, the longest name first. */
function placeBy(areas: readonly string[]): Place {
  const longest = [...new Set(areas)].sort((a, b) => b.length - a.length)
  return ({ zone, address }) => zone ?? longest.find(area => address.includes(area))
}

async function jobOf(tx: Tx, ctx: Context, order: OrderRecord, policy: Policy, place: Place): Promise<Job> {
  const { view, facts } = order
  const { fields } = view
  const moment = {
    subject: { ...fields, urgent: view.urgent, linked: view.linked?.why ?? null },
    at: Date.parse(facts[0]?.at ?? ''),
    calendar: calendarOf(policy),
  }
  const needs = policy.assign.needs.filter(need => agrees(need.when, moment))
  // A rework is his whose work it was, a leak the installer's (R9.5), whoever was there since.
  const { linked } = view
  const previous = linked?.technician
    ? { technician: linked.technician, code: linked.code }
    : await lastJobThere(tx, ctx.company, {
        ...{ id: order.id, phone: fields.customer.phone, serial: fields.product.serial },
      })
  return {
    zone: place(fields.customer),
    wanted: closely(view.appointment ?? fields.wanted ?? null, policy),
    skills: needs.map(need => need.skill),
    previous,
    had: hadIt(facts),
  }
}

async function workersOf(
  tx: Tx,
  ctx: Context,
  technicians: readonly Person[],
  policy: Policy,
  order: OrderRecord,
  place: Place,
): Promise<Worker[]> {
  const now = ctx.clock.now()
  const ids = technicians.map(({ id }) => id)
  const teamIds = [...new Set(technicians.flatMap(({ memberships }) => memberships.map(({ teamId }) => teamId)))]
  const [loads, visits, helped] = await Promise.all([
    workloads(tx, ctx.company, ids, {
      today: startOfDay(now, policy.zone),
      since: new Date(now.getTime() - fairMs),
    }),
    visitsOf(tx, ctx.company, ids, order.id),
    helpedOrdersOf(tx, ctx.company, ids, teamIds),
  ])
  const calendar = calendarOf(policy)
  return technicians.map(({ id, name, skills, areas, restDays, daysOff, away = [] }) => {
    const along = helped.filter(({ view, id: other }) => other !== order.id && view.helpers.includes(id))
    const own = [...visits.filter(({ technician }) => technician === id), ...along.map(visitOf)]
    const load = loads.get(id)
    return {
      ...{ id, name, skills, areas, rest: restOn({ restDays, daysOff, away }, policy, now) },
      away: away.map(({ day, from, to }) => ({ from: calendar.momentOf(day, from), to: calendar.momentOf(day, to) })),
      ...{ open: (load?.open ?? 0) + along.length, today: load?.today ?? 0, lastGivenAt: load?.lastGivenAt ?? null },
      visits: own.flatMap(({ code, appointment }) => {
        const span = closely(appointment, policy)
        return span ? [{ code, ...span }] : []
      }),
      zones: own.flatMap(visit => {
        const zone = place(visit)
        return zone === undefined ? [] : [{ code: visit.code, zone }]
      }),
    }
  })
}

/** Who goes along is there as long as the one in charge. */
function visitOf({ code, view }: OrderRecord): Pick<OpenVisit, 'code' | 'zone' | 'address' | 'appointment'> {
  const { zone = null, address } = view.fields.customer
  return { code, zone, address, appointment: view.appointment }
}

/** A time agreed closely enough to be in the way of another; a whole morning has room for several visits. */
function closely(span: KeptSpan | null, { assign }: Policy): { from: Date; to: Date } | null {
  if (span === null) return null
  const from = new Date(span.from)
  const to = span.to === undefined ? new Date(from.getTime() + assign.visitMs) : new Date(span.to)
  return to.getTime() - from.getTime() <= assign.visitMs ? { from, to } : null
}

/**
 * Does what dispatch does by itself, if it is time for it: gives a locked order to the first who may take it, puts it up
 * for grabs, or hands it to the desk. Returns the order as it is then; the caller tells everybody.
 */
export async function moved(tx: Tx, ctx: Context, order: OrderRecord): Promise<OrderRecord> {
  const now = timeFor(order.facts, ctx.clock.now())
  const policy = rulesOf(ctx, order)
  const move = moveOf(order.facts, policy)
  if (!move || move.at > now) return order
  const body =
    move.do === 'give'
      ? await giving(tx, ctx, order)
      : ({ fact: move.do === 'offer' ? 'offered' : 'offerEnded' } as const)
  return append(tx, order, [body], { at: now.toISOString(), by: null, via: 'system' }, following(policy, now))
}

async function giving(tx: Tx, ctx: Context, order: OrderRecord): Promise<FactBody> {
  const ranked = await rankingOf(tx, ctx, order)
  const best = ranked.find(({ obstacle }) => obstacle === null)
  if (best) return { fact: 'dispatched', to: best.id, auto: true, why: best.reasons.map(sayReason) }
  return {
    fact: 'unplaced',
    why: ranked.map(({ name, obstacle }) => `${name}${obstacle ? sayObstacle(obstacle) : ''}`).slice(0, 5),
  }
}
