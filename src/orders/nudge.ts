import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Composer, Composers } from '../outbox/compose.ts'
import { merge, put } from '../outbox/store.ts'
import { rolesIn, runsDesk } from '../people/person.ts'
import { peopleOf } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { announce } from './announce.ts'
import { moved } from './assign.ts'
import { clockRows } from './clockrows.ts'
import { clocksOf } from './clocks.ts'
import { type ClockKind, type FactBody, owedAfter } from './fact.ts'
import { clocksDue } from './find.ts'
import { followUps } from './followup.ts'
import { hearersOf, restsOn } from './hearers.ts'
import { sceneOf } from './look.ts'
import { type DueStep, nextTelling, stepsDue, toldSteps } from './nudges.ts'
import { type NudgeLine, nudgeText } from './nudgeWords.ts'
import { isOpen } from './order.ts'
import { canBeAsked } from './progress.ts'
import { loadOrder, lockOrder } from './rows.ts'
import { rulesOf } from './rules.ts'
import { append, forgetClocks } from './store.ts'
import { openQuestion } from './told.ts'

interface NudgeItem {
  orderId: string
  clock: ClockKind
  step: string
}

/** A reminder older than this helps nobody: the next step of the chain has taken over. */
const usefulMs = 60 * 60_000

/**
 * Finds orders whose clocks want a look and plans who is told. In one transaction an order's journal learns of the
 * reminder, its next look is set and the telling is put, so that two instances tell nobody twice.
 */
export async function sweepClocks(ctx: Context, stopping: () => boolean): Promise<number> {
  let looked = 0
  const seen = new Set<string>()
  const failed: unknown[] = []
  while (!stopping()) {
    // Clocks of an order that can't be looked at stay due: they must not hide those behind them.
    const take = 200 + failed.length * mostClocks
    const due = (await clocksDue(ctx.db.prisma, ctx.company, ctx.clock.now(), take)).filter(id => !seen.has(id))
    if (due.length === 0) break
    for (const orderId of due) {
      seen.add(orderId)
      await inTransaction(ctx.db, tx => look(tx, ctx, orderId)).catch(error => failed.push(error))
      looked += 1
    }
  }
  if (failed.length > 0) throw failed[0]
  return looked
}

/** Rows of one order at most: a clock of each kind, and what dispatch waits for. */
const mostClocks = 8

async function look(tx: Tx, ctx: Context, orderId: string): Promise<void> {
  const order = await lockOrder(tx, ctx.company, orderId)
  if (!order) {
    // Deleted by hand: nobody is to be told of it any more.
    await forgetClocks(tx, ctx.company, orderId)
    return
  }
  const now = ctx.clock.now()
  const policy = rulesOf(ctx, order)
  const before = toldSteps(order.facts)
  const team = await peopleOf(tx, ctx.company, [order.teamId])
  const reminded: FactBody[] = []
  const { assignee, urgent, state } = order.view
  for (const clock of clocksOf(order.facts, policy, now)) {
    for (const step of stepsDue(clock, policy, now, before, { urgent })) {
      const { people, until } = hearersOf(step.tell, { ...order.view, teamId: order.teamId }, team, policy, now)
      const asks = step.asks && canBeAsked(order.view) ? step.asks : undefined
      const at = sayAt(step, until, policy, now)
      for (const person of people) {
        const asked = asks !== undefined && person === assignee
        if (asked) await ask(tx, ctx, person, orderId, now)
        else await plan(tx, ctx, person, { orderId, clock: clock.kind, step: step.step }, now, at)
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
  reminded.push(...(await followUps(tx, ctx, order, team)))
  const told = await append(
    tx,
    order,
    reminded,
    { at: now.toISOString(), by: null, via: 'system' },
    clockRows(policy, now),
  )
  const after = await moved(tx, ctx, told)
  const added = after.facts.slice(order.facts.length)
  if (added.some(fact => fact.fact !== 'reminded'))
    await announce(tx, ctx, { before: order, order: after, added }, null, { via: 'system' })
}

/** Warnings wait a little for others of the same person; what is late, unanswered or meant for one who rests does not. */
function sayAt({ kind }: DueStep, until: Date | null, { mergeWithinMs }: Policy, now: Date): Date {
  return kind === 'warn' && !until ? new Date(now.getTime() + mergeWithinMs) : now
}

/** A question goes out as the order's own card: never merged, since its answers are buttons of that card. */
async function ask(tx: Tx, ctx: Context, person: string, orderId: string, now: Date): Promise<void> {
  const telling = {
    ...{ kind: 'order.card', to: { person }, subject: orderId, data: { asks: true } },
    ...{ notAfter: new Date(now.getTime() + usefulMs), dedupeKey: `ask:${orderId}:${person}:${now.getTime()}` },
  }
  await put(tx, ctx.company, [telling], now)
}

async function plan(tx: Tx, ctx: Context, person: string, item: NudgeItem, now: Date, at: Date): Promise<void> {
  const telling = {
    ...{
      kind: 'nudge',
      to: { person },
      aside: 'nudge' as const,
      coalesce: `nudge:${person}`,
      at,
      notAfter: new Date(now.getTime() + usefulMs),
    },
    dedupeKey: `nudge:${item.orderId}:${item.clock}:${item.step}:${person}:${now.getTime()}`,
  }
  await merge<{ items: NudgeItem[] }>(
    tx,
    ctx.company,
    telling,
    data => ({ items: [...(data?.items ?? []), item] }),
    now,
  )
}

/** Says only what is still true: an order that moved on, or whose clock was stopped by a reply, is left out. */
const nudge: Composer = async (row, tx, ctx) => {
  const { items } = row.data as { items: NudgeItem[] }
  const lines: NudgeLine[] = []
  const gone = 0
  for (const item of items) {
    const same = lines.find(line => line.scene.order.id === item.orderId && line.clock.kind === item.clock)
    const line = same ?? (await lineOf(tx, ctx, item, row.personId ?? ''))
    // That nobody answered is true only as long as nobody did.
    if (!line || (isSilence(item) && !openQuestion(line.scene.order.facts))) continue
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

async function lineOf(tx: Tx, ctx: Context, item: NudgeItem, reader: string): Promise<NudgeLine | null> {
  const order = await loadOrder(tx, ctx.company, item.orderId)
  if (!order || !(isOpen(order.view.state) || owedAfter.has(item.clock))) return null
  const scene = await sceneOf(tx, ctx, order)
  const clock = scene.clocks.find(one => one.kind === item.clock && (one.state === 'running' || one.state === 'late'))
  const team = await peopleOf(tx, ctx.company, [order.teamId])
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
