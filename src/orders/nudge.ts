import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Composer, Composers } from '../outbox/compose.ts'
import { merge } from '../outbox/store.ts'
import { type Person, type Role, rolesIn } from '../people/person.ts'
import { peopleOf } from '../people/store.ts'
import { announce } from './announce.ts'
import { clocksOf } from './clocks.ts'
import { type ClockKind, type FactBody, owedAfter } from './fact.ts'
import { clocksDue } from './find.ts'
import { clockRows } from './flow.ts'
import { sceneOf } from './look.ts'
import { stepsDue, toldSteps } from './nudges.ts'
import { type NudgeLine, nudgeText } from './nudgeWords.ts'
import { isOpen } from './order.ts'
import type { OrderRecord } from './record.ts'
import { loadOrder, lockOrder } from './rows.ts'
import { rulesOf } from './rules.ts'
import { append } from './store.ts'

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
  while (!stopping()) {
    const due = (await clocksDue(ctx.db.prisma, ctx.company, ctx.clock.now(), 200)).filter(id => !seen.has(id))
    if (due.length === 0) return looked
    for (const orderId of due) {
      seen.add(orderId)
      await inTransaction(ctx.db, tx => look(tx, ctx, orderId))
      looked += 1
    }
  }
  return looked
}

async function look(tx: Tx, ctx: Context, orderId: string): Promise<void> {
  const order = await lockOrder(tx, ctx.company, orderId)
  if (!order) return
  const now = ctx.clock.now()
  const policy = rulesOf(ctx, order)
  const told = toldSteps(order.facts)
  const team = await peopleOf(tx, ctx.company, [order.teamId])
  const reminded: FactBody[] = []
  for (const clock of clocksOf(order.facts, policy, now)) {
    for (const step of stepsDue(clock, policy, now, told, { urgent: order.view.urgent })) {
      const people = step.tell.flatMap(role => addressees(order, team, role))
      for (const person of new Set(people)) {
        const at = step.kind === 'warn' ? new Date(now.getTime() + policy.mergeWithinMs) : now
        await plan(tx, ctx, person, { orderId, clock: clock.kind, step: step.step }, now, at)
        reminded.push({ fact: 'reminded', clock: clock.kind, step: step.step, to: person })
      }
      if (step.takeBack && order.view.state === 'dispatched' && order.view.assignee)
        reminded.push({ fact: 'withdrawn', from: order.view.assignee, reason: '超过时限没有接单' })
      if (people.length === 0) reminded.push({ fact: 'reminded', clock: clock.kind, step: step.step, to: '' })
    }
  }
  const after = await append(
    tx,
    order,
    reminded,
    { at: now.toISOString(), by: null, via: 'system' },
    clockRows(policy, now),
  )
  const added = after.facts.slice(order.facts.length)
  if (added.some(fact => fact.fact === 'withdrawn'))
    await announce(tx, ctx, { before: order, order: after, added }, null, { via: 'system' })
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

export const nudgeComposers: Composers = { nudge }
