import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Composer, Composers } from '../outbox/compose.ts'
import { merge, type Telling } from '../outbox/store.ts'
import { comingDays } from '../people/duty.ts'
import { type Person, rolesIn, runsDesk } from '../people/person.ts'
import { peopleWithLeave } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { following } from './clockrows.ts'
import { clocksOf } from './clocks.ts'
import { type ClockKind, type FactBody, owedAfter } from './fact.ts'
import { followUps } from './followup.ts'
import { hearersOf, restsOn } from './hearers.ts'
import { sceneOf } from './look.ts'
import { type DueStep, nextTelling, stepsDue, toldSteps } from './nudges.ts'
import { type NudgeLine, nudgeText } from './nudgeWords.ts'
import { isOpen } from './order.ts'
import { canBeAsked } from './progress.ts'
import type { OrderRecord } from './record.ts'
import { loadOrder } from './rows.ts'
import { rulesOf } from './rules.ts'
import type { Addition } from './store.ts'
import { openQuestion } from './told.ts'

interface NudgeItem {
  orderId: string
  clock: ClockKind
  step: string
}

/** A reminder older than this helps nobody: the next step of the chain has taken over. */
const usefulMs = 60 * 60_000

/** What all looks of a transaction share. */
export interface Round {
  ctx: Context
  now: Date
  /** Everybody of the orders' teams. */
  team: readonly Person[]
}

/** What a look at an order comes to: facts for its journal, and who is told. */
export interface Look extends Addition {
  /** Reminders, which merge with others of the same person. */
  nudges: Nudge[]
  /** Cards with a question: each is a message of its own. */
  tellings: Telling[]
}

/** Looks at the clocks of a locked order. Writes nothing: the sweep does, for many orders at once. */
export function look({ ctx, now, team }: Round, order: OrderRecord): Look {
  const policy = rulesOf(ctx, order)
  const before = toldSteps(order.facts)
  const reminded: FactBody[] = []
  const nudges: Nudge[] = []
  const tellings: Telling[] = []
  const { id: orderId } = order
  const { assignee, urgent, state } = order.view
  for (const clock of clocksOf(order.facts, policy, now)) {
    for (const step of stepsDue(clock, policy, now, before, { urgent })) {
      const { people, until } = hearersOf(step.tell, { ...order.view, teamId: order.teamId }, team, policy, now)
      const asks = step.asks && canBeAsked(order.view) ? step.asks : undefined
      const at = sayAt(step, until, policy, now)
      for (const person of people) {
        const asked = asks !== undefined && person === assignee
        if (asked) tellings.push(questionFor(person, orderId, now))
        else nudges.push(nudgeFor(person, { orderId, clock: clock.kind, step: step.step }, now, at))
        reminded.push({
          ...{ fact: 'reminded', clock: clock.kind, step: step.step, to: person },
          ...(asks !== undefined && (asked || until) && { asks }),
          ...(until && { until: until.toISOString() }),
        })
      }
      if (step.takeBack && state === 'dispatched' && assignee)
        reminded.push({ fact: 'withdrawn', from: assignee, reason: '超过时限没有接单', notAccepted: true })
      if (people.length === 0) reminded.push({ fact: 'reminded', clock: clock.kind, step: step.step, to: '' })
    }
  }
  const asked = followUps(order, policy, team, now)
  return {
    ...{ before: order, bodies: [...reminded, ...asked.facts], follow: following(policy, now) },
    ...{ nudges, tellings: [...tellings, ...asked.tellings] },
  }
}

/** Warnings wait a little for others of the same person; what is late, unanswered or meant for one who rests does not. */
function sayAt({ kind }: DueStep, until: Date | null, { mergeWithinMs }: Policy, now: Date): Date {
  return kind === 'warn' && !until ? new Date(now.getTime() + mergeWithinMs) : now
}

/** A question goes out as the order's own card: never merged, since its answers are buttons of that card. */
function questionFor(person: string, orderId: string, now: Date): Telling {
  return {
    ...{ kind: 'order.card', to: { person }, subject: orderId, data: { asks: true } },
    ...{ notAfter: new Date(now.getTime() + usefulMs), dedupeKey: `ask:${orderId}:${person}:${now.getTime()}` },
  }
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
  let gone = 0
  for (const item of items) {
    const same = lines.find(line => line.scene.order.id === item.orderId && line.clock.kind === item.clock)
    const line = same ?? (await lineOf(tx, ctx, item, row.personId ?? ''))
    // That nobody answered is true only as long as nobody did.
    if (line === 'gone') gone += 1
    if (!line || line === 'gone' || (isSilence(item) && !openQuestion(line.scene.order.facts))) continue
    if (isSilence(item)) line.silentFor = item.step
    if (!same) lines.push(line)
  }
  if (lines.length === 0) return { drop: gone === items.length ? 'the order is gone' : 'nothing of it is due any more' }
  const late = lines.some(({ scene, clock }) => clock.dueAt && clock.dueAt < scene.now)
  return {
    ...{ to: { person: row.personId ?? '' }, message: { kind: 'text', text: nudgeText(lines) } },
    worth: late ? 'must' : 'should',
  }
}

const isSilence = ({ step }: NudgeItem): boolean => step.startsWith('unanswered:')

async function lineOf(tx: Tx, ctx: Context, item: NudgeItem, reader: string): Promise<NudgeLine | 'gone' | null> {
  const order = await loadOrder(tx, ctx.company, item.orderId)
  if (!order) return 'gone'
  if (!isOpen(order.view.state) && !owedAfter.has(item.clock)) return null
  const scene = await sceneOf(tx, ctx, order)
  const clock = scene.clocks.find(one => one.kind === item.clock && (one.state === 'running' || one.state === 'late'))
  const days = comingDays(rulesOf(ctx, order), ctx.clock.now())
  const team = await peopleWithLeave(tx, ctx.company, [order.teamId], days)
  const person = team.find(({ id }) => id === reader)
  const mine = order.view.assignee === reader
  // A technician who has it no longer, or whoever left the team, has nothing to do with it.
  if (!clock || !person || !(mine || runsDesk(person, order.teamId))) return null
  const policy = rulesOf(ctx, order)
  const roles = rolesIn(person, order.teamId)
  const level = mine ? 'technician' : roles.includes('manager') ? 'manager' : 'dispatcher'
  const options = { reader: level, urgent: order.view.urgent } as const
  const next = nextTelling(clock, policy, scene.now, toldSteps(order.facts), options)
  const holder = team.find(({ id }) => id === order.view.assignee)
  return { scene, clock, mine, next, resting: holder !== undefined && restsOn(holder, policy, scene.now) }
}

export const nudgeComposers: Composers = { nudge }
