import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Person } from '../people/person.ts'
import { namesOf, peopleOf } from '../people/store.ts'
import { closedOn } from '../policy/business.ts'
import { mayBeRated } from '../rating/rate.ts'
import { rankingOf } from './assign.ts'
import { clocksOf } from './clocks.ts'
import { type Fact, timeFor } from './fact.ts'
import { questionOf } from './progress.ts'
import type { OrderRecord } from './record.ts'
import { wantsRevisit } from './revisit.ts'
import { rulesOf } from './rules.ts'
import type { Scene, Viewer } from './scene.ts'

/** Names of everybody who had to do with an order, those who left the team as well. */
export async function scenePeople(
  tx: Tx,
  ctx: Context,
  order: OrderRecord,
  team: readonly Person[],
  also: readonly string[] = [],
): Promise<(id: string) => string> {
  const mentioned = [...also, ...order.facts.flatMap(fact => [fact.by, ...namedIn(fact)])]
  const others = mentioned.filter((id): id is string => id !== null && !team.some(person => person.id === id))
  const names = new Map([
    ...team.map(person => [person.id, person.name] as const),
    ...(await namesOf(tx, ctx.company, others)),
  ])
  return id => names.get(id) ?? '（已离职）'
}

function namedIn(fact: Fact): string[] {
  switch (fact.fact) {
    case 'dispatched':
      return [fact.to]
    case 'withdrawn':
      return [fact.from]
    case 'joined':
    case 'left':
      return [fact.person]
    case 'shared':
      return fact.shares.map(({ person }) => person)
    case 'linked':
      return fact.technician === null ? [] : [fact.technician]
    case 'created':
      return fact.earlier?.technician ? [fact.earlier.technician] : []
    default:
      return []
  }
}

/** All that cards and sentences about an order are made from, as of now. */
export async function sceneOf(tx: Tx, ctx: Context, order: OrderRecord): Promise<Scene> {
  const now = timeFor(order.facts, ctx.clock.now())
  const policy = rulesOf(ctx, order)
  const team = await peopleOf(tx, ctx.company, [order.teamId])
  const nameOf = await scenePeople(tx, ctx, order, team)
  const clocks = clocksOf(order.facts, policy, now)
  return {
    ...{ order, clocks, now, zone: policy.zone, nameOf, question: questionOf(order, clocks, policy) },
    ...{ routes: policy.complaints, wantsCall: wantsRevisit(order.view, policy, clocks) },
    mayRate: ctx.pages !== undefined && mayBeRated(order.view),
    ...(ctx.pages?.order && { page: ctx.pages.order(order.code) }),
    ...(policy.leak && { installerMs: policy.leak.installerMs }),
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
