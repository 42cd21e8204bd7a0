import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Person } from '../people/person.ts'
import { namesOf, peopleOf } from '../people/store.ts'
import { closedOn } from '../policy/business.ts'
import { rankingOf } from './assign.ts'
import { clocksOf } from './clocks.ts'
import { timeFor } from './fact.ts'
import type { OrderRecord } from './record.ts'
import { rulesOf } from './rules.ts'
import type { Scene, Viewer } from './scene.ts'

/** Names of everybody who had to do with an order, those who left the team as well. */
export async function scenePeople(
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
  const now = timeFor(order.facts, ctx.clock.now())
  const policy = rulesOf(ctx, order)
  const team = await peopleOf(tx, ctx.company, [order.teamId])
  const nameOf = await scenePeople(tx, ctx, order, team)
  return {
    ...{ order, clocks: clocksOf(order.facts, policy, now), now, zone: policy.zone, nameOf },
    closedOn: ({ from, to }) =>
      closedOn(policy, { from: new Date(from), to: to === undefined ? undefined : new Date(to) }),
  }
}

/** A scene for the card of one person: the desk also sees whom it can choose. */
export async function cardScene(tx: Tx, ctx: Context, order: OrderRecord, viewer: Viewer): Promise<Scene> {
  const scene = await sceneOf(tx, ctx, order)
  const choosing = viewer.desk && (order.view.state === 'new' || viewer.menu === 'assign')
  return choosing ? { ...scene, candidates: await rankingOf(tx, ctx, order) } : scene
}
