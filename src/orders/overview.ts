import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { comingDays, restOn } from '../people/duty.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { namesOf, peopleWithLeave, teamById } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { type Board, boardOf } from './board.ts'
import { clocksOf } from './clocks.ts'
import { daysFrom, periodOf, type Span } from './daily.ts'
import { owedAfter } from './fact.ts'
import type { Waiting } from './find.ts'
import { type Glance, glanceOf } from './glance.ts'
import { finishedSince, helpedOrdersOf, openTogether, touchedSince, waitingForRevisit } from './happened.ts'
import { isOpen } from './order.ts'
import { byPriority } from './priority.ts'
import type { OrderRecord } from './record.ts'
import { rulesOf } from './rules.ts'
import type { Scene } from './scene.ts'
import { countedAt, type LateOrder, lateSince, type Tally, tally } from './tally.ts'
import { startOfDay } from './timewords.ts'

/** Teams looked at together: of one that is the usual case, of a desk that runs several all of them. */
export interface Teams {
  ids: readonly string[]
  /** Their names in one. */
  name: string
  /** The rule book of the first: its zone, its days and its targets are used. */
  policy: Policy
}

export async function teamsOf(tx: Tx, ctx: Context, ids: readonly string[]): Promise<Teams> {
  const teams = await Promise.all(ids.map(id => teamById(tx, ctx.company, id)))
  const named = teams.flatMap(team => team ?? [])
  return { ids, name: named.map(({ name }) => name).join('、'), policy: ctx.policy(named[0]?.policy ?? 'default') }
}

/** Teams as those whose customers are to be called back (R1.11). */
export async function waitingOf(tx: Tx, ctx: Context, ids: readonly string[]): Promise<Waiting[]> {
  const teams = await Promise.all(ids.map(id => teamById(tx, ctx.company, id)))
  return ids.map((teamId, index) => {
    const policy = ctx.policy(teams[index]?.policy ?? 'default')
    return { teamId, closed: policy.revisit !== null || policy.clocks.some(({ kind }) => kind === 'revisit') }
  })
}

/** The teams' work as it stands. */
export async function boardFor(tx: Tx, ctx: Context, { ids, policy }: Teams): Promise<Board> {
  const now = ctx.clock.now()
  const people = await peopleWithLeave(tx, ctx.company, ids, comingDays(policy, now))
  const technicians = people.filter(person => ids.some(id => rolesIn(person, id).includes('technician')))
  const rests = (person: Person) => restOn(person, policy, now) !== null
  const scenes = await scenesOf(tx, ctx, await openTogether(tx, ctx.company, ids), people)
  return boardOf(
    scenes,
    { working: technicians.filter(person => !rests(person)), resting: technicians.filter(rests) },
    {
      finished: await finishedSince(tx, ctx.company, ids, startOfDay(now, policy.zone)),
      toRevisit: await waitingForRevisit(tx, ctx.company, ids, now),
    },
  )
}

/** What is late there, the most pressing first. */
export async function lateThere(tx: Tx, ctx: Context, { ids }: Teams): Promise<Scene[]> {
  const scenes = await scenesOf(tx, ctx, await openTogether(tx, ctx.company, ids), [])
  return scenes.filter(scene => glanceOf(scene).pressure === 'late').sort(byPriority)
}

/** A technician's open orders in a team, those he goes along on included, and how many he finished today. */
export async function ownWork(
  tx: Tx,
  ctx: Context,
  { ids, policy }: Teams,
  personId: string,
): Promise<{ glances: Glance[]; finished: number }> {
  const since = startOfDay(ctx.clock.now(), policy.zone)
  const orders = await openTogether(tx, ctx.company, ids, personId)
  const helped = await helpedOrdersOf(tx, ctx.company, [personId], ids)
  const scenes = await scenesOf(tx, ctx, [...orders, ...helped], [])
  const glances = scenes.map(scene => ({ ...glanceOf(scene), along: scene.order.view.assignee !== personId }))
  return { glances, finished: await finishedSince(tx, ctx.company, ids, since, personId) }
}

/** What a report is written from. */
export interface Report {
  teams: Teams
  span: Span
  now: Date
  tally: Tally
  /** Open orders by now. */
  open: number
  /** Overdue from before the span, and open still. */
  older: readonly LateOrder[]
  /** The span of the same length before it. */
  before?: Tally
  nameOf(personId: string): string
}

/** The day's report, by now if it is not over. */
export async function dayReport(tx: Tx, ctx: Context, teams: Teams, day?: string): Promise<Report> {
  const span = daysFrom(teams.policy, day ?? periodOf(teams.policy, ctx.clock.now()))
  return reportOf(tx, ctx, teams, span)
}

/** The report of seven days from `day` on, compared with the seven before. */
export async function weekReport(tx: Tx, ctx: Context, teams: Teams, day: string): Promise<Report> {
  const span = daysFrom(teams.policy, day, 7)
  return reportOf(tx, ctx, teams, span, daysFrom(teams.policy, day, -7).to)
}

async function reportOf(tx: Tx, ctx: Context, teams: Teams, span: Span, comparedFrom?: Date): Promise<Report> {
  const now = ctx.clock.now()
  const owed = teams.policy.clocks.some(({ kind }) => owedAfter.has(kind))
  const read = { from: comparedFrom ?? span.from, to: span.to }
  const orders = await touchedSince(tx, ctx.company, teams.ids, read, owed)
  const counted = orders.map(({ code, facts, view, policy }) => {
    const rules = rulesOf(ctx, { policy, facts })
    return countedAt({ code, customer: view.fields.customer.name, facts, policy: rules }, now)
  })
  const found = tally(counted, span)
  const older = lateSince(counted, span)
  const people = [...found.late, ...older].flatMap(({ owner }) => owner ?? [])
  const names = await namesOf(tx, ctx.company, [...people, ...found.people.map(({ person }) => person)])
  return {
    ...{ teams, span, now, tally: found, older },
    open: orders.filter(({ view }) => isOpen(view.state)).length,
    ...(comparedFrom && { before: tally(counted, { from: comparedFrom, to: span.from }) }),
    nameOf: id => names.get(id) ?? '（已离职）',
  }
}

async function scenesOf(
  tx: Tx,
  ctx: Context,
  orders: readonly OrderRecord[],
  people: readonly Person[],
): Promise<Scene[]> {
  const now = ctx.clock.now()
  const known = new Map(people.map(({ id, name }) => [id, name]))
  const others = orders.flatMap(({ view }) => (view.assignee && !known.has(view.assignee) ? [view.assignee] : []))
  for (const [id, name] of await namesOf(tx, ctx.company, others)) known.set(id, name)
  return orders.map(order => {
    const policy = rulesOf(ctx, order)
    const clocks = clocksOf(order.facts, policy, now)
    return { order, clocks, now, zone: policy.zone, nameOf: (id: string) => known.get(id) ?? '（已离职）' }
  })
}
