import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Composer, Composers } from '../outbox/compose.ts'
import { merge, put, type Telling } from '../outbox/store.ts'
import { type Person, type Role, rolesIn } from '../people/person.ts'
import { listTeams, peopleOf } from '../people/store.ts'
import { clockRows } from './clockrows.ts'
import { clocksOf } from './clocks.ts'
import { type ClockKind, type FactBody, owedAfter } from './fact.ts'
import { openOrdersOf, openOrdersOfTeams } from './find.ts'
import { sceneOf } from './look.ts'
import { dailyDue, stepsDue, toldSteps } from './nudges.ts'
import { dailyText, type NudgeLine, nudgeText } from './nudgeWords.ts'
import { isOpen } from './order.ts'
import type { OrderRecord } from './record.ts'
import { loadOrder } from './rows.ts'
import { rulesOf } from './rules.ts'
import type { Addition } from './store.ts'

interface NudgeItem {
  orderId: string
  clock: ClockKind
  step: string
}

/** A reminder older than this helps nobody: the next step of the chain has taken over. */
const usefulMs = 60 * 60_000

/** What all looks of a transaction share. */
export interface Round {
  tx: Tx
  ctx: Context
  now: Date
  /** Everybody of the orders' teams. */
  team: readonly Person[]
}

/** What a look at an order comes to: facts for its journal, and who is told. */
export interface Look extends Addition {
  nudges: Nudge[]
}

/** Looks at the clocks of a locked order. Writes nothing: the sweep does, for many orders at once. */
export async function look({ ctx, now, team }: Round, order: OrderRecord): Promise<Look> {
  const policy = rulesOf(ctx, order)
  const before = toldSteps(order.facts)
  const reminded: FactBody[] = []
  const nudges: Nudge[] = []
  for (const clock of clocksOf(order.facts, policy, now)) {
    for (const step of stepsDue(clock, policy, now, before, { urgent: order.view.urgent })) {
      const people = step.tell.flatMap(role => addressees(order, team, role))
      for (const person of new Set(people)) {
        const at = step.kind === 'warn' ? new Date(now.getTime() + policy.mergeWithinMs) : now
        nudges.push(nudgeFor(person, { orderId: order.id, clock: clock.kind, step: step.step }, now, at))
        reminded.push({ fact: 'reminded', clock: clock.kind, step: step.step, to: person })
      }
      if (step.takeBack && order.view.state === 'dispatched' && order.view.assignee)
        reminded.push({ fact: 'withdrawn', from: order.view.assignee, reason: '超过时限没有接单', notAccepted: true })
      if (people.length === 0) reminded.push({ fact: 'reminded', clock: clock.kind, step: step.step, to: '' })
    }
  }
  return { before: order, bodies: reminded, clocks: clockRows(policy, now), nudges }
}

/** Where nobody holds the role, the next one up is told at once: a chain never ends in silence. */
function addressees(order: OrderRecord, team: readonly Person[], role: Role): string[] {
  if (role === 'technician' && order.view.assignee) return [order.view.assignee]
  const chain: Role[] = role === 'manager' ? ['manager'] : ['dispatcher', 'manager']
  for (const next of chain) {
    const people = team.filter(person => rolesIn(person, order.teamId).includes(next)).map(person => person.id)
    if (people.length > 0) return people
  }
  return []
}

interface NudgeData {
  items: NudgeItem[]
}

type Nudge = Telling & { coalesce: string; data: NudgeData }

function nudgeFor(person: string, item: NudgeItem, now: Date, at: Date): Nudge {
  return {
    ...{ kind: 'nudge', to: { person }, aside: 'nudge', coalesce: `nudge:${person}`, data: { items: [item] } },
    ...{ at, notAfter: new Date(now.getTime() + usefulMs) },
    dedupeKey: `nudge:${item.orderId}:${item.clock}:${item.step}:${person}:${now.getTime()}`,
  }
}

/** Reminders of one person that have not gone out yet become one message. */
export function putNudges(tx: Tx, ctx: Context, nudges: readonly Nudge[], now: Date): Promise<void> {
  const join = (waiting: NudgeData | null, added: readonly NudgeData[]): NudgeData => ({
    items: [...(waiting?.items ?? []), ...added.flatMap(({ items }) => items)],
  })
  return merge(tx, ctx.company, nudges, join, now)
}

/** Says only what is still true: an order that moved on, or whose clock was stopped by a reply, is left out. */
const nudge: Composer = async (row, tx, ctx) => {
  const { items } = row.data as NudgeData
  const lines: NudgeLine[] = []
  for (const item of items) {
    if (lines.some(line => line.scene.order.id === item.orderId && line.clock.kind === item.clock)) continue
    const order = await loadOrder(tx, ctx.company, item.orderId)
    if (!order || !(isOpen(order.view.state) || owedAfter.has(item.clock))) continue
    const scene = await sceneOf(tx, ctx, order)
    const clock = scene.clocks.find(one => one.kind === item.clock && (one.state === 'running' || one.state === 'late'))
    if (clock) lines.push({ scene, clock, mine: order.view.assignee === row.personId })
  }
  if (lines.length === 0) return { drop: 'nothing of it is due any more' }
  const late = lines.some(({ scene, clock }) => clock.dueAt && clock.dueAt < scene.now)
  return {
    ...{ to: { person: row.personId ?? '' }, message: { kind: 'text', text: nudgeText(lines) } },
    worth: late ? 'must' : 'should',
  }
}

export type Daily = 'digest' | 'evening'

/** The morning digest and the before-leaving list, once a business day whatever the number of instances (R3.3, R1.7). */
export async function sweepDaily(ctx: Context, owner: string): Promise<number> {
  let planned = 0
  for (const team of await listTeams(ctx.db.prisma, ctx.company, { limit: 10_000 })) {
    for (const which of ['digest', 'evening'] as const) {
      const due = dailyDue(ctx.policy(team.policy), which, ctx.clock.now())
      if (!due || (await isDone(ctx, `${which}:${team.id}`, due.period))) continue
      planned += await inTransaction(ctx.db, tx => planDaily(tx, ctx, owner, team.id, which, due))
    }
  }
  return planned
}

async function isDone(ctx: Context, job: string, period: string): Promise<boolean> {
  return (await ctx.db.prisma.jobRun.count({ where: { company: ctx.company, job, period } })) > 0
}

async function planDaily(
  tx: Tx,
  ctx: Context,
  owner: string,
  teamId: string,
  which: Daily,
  due: { period: string; notAfter: Date },
): Promise<number> {
  const now = ctx.clock.now()
  const job = `${which}:${teamId}`
  const mine = await tx.jobRun.createMany({
    data: [{ company: ctx.company, job, period: due.period, owner, startedAt: now, doneAt: now }],
    skipDuplicates: true,
  })
  if (mine.count === 0) return 0
  const people = await peopleOf(tx, ctx.company, [teamId])
  const tellings = people.map(person => ({
    ...{ kind: 'daily', to: { person: person.id }, data: { which, teamId }, notAfter: due.notAfter },
    dedupeKey: `${job}:${due.period}:${person.id}`,
  }))
  await put(tx, ctx.company, tellings, now)
  return tellings.length
}

const daily: Composer = async (row, tx, ctx) => {
  const { which, teamId } = row.data as { which: Daily; teamId: string }
  const personId = row.personId ?? ''
  const team = await peopleOf(tx, ctx.company, [teamId])
  const person = team.find(one => one.id === personId)
  if (!person) return { drop: 'the person left the team' }
  const desk = rolesIn(person, teamId).some(role => role !== 'technician')
  const own = (await openOrdersOf(tx, ctx.company, personId)).filter(order => order.teamId === teamId)
  const orders = desk ? await openOrdersOfTeams(tx, ctx.company, [teamId]) : own
  if (orders.length === 0) return { drop: 'nothing is open' }
  const scenes = await Promise.all(orders.map(order => sceneOf(tx, ctx, order)))
  return {
    ...{ to: { person: personId }, message: { kind: 'text', text: dailyText(which, scenes, { desk }) } },
    worth: 'should',
  }
}

export const nudgeComposers: Composers = { nudge, daily }
