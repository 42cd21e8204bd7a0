import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { teamsSeen, type Viewer } from '../login/viewer.ts'
import { awaitingCall } from '../orders/find.ts'
import { sceneOf } from '../orders/look.ts'
import { sayOutcome } from '../orders/outcomewords.ts'
import { waitingOf } from '../orders/overview.ts'
import { needsGrade } from '../orders/revisit.ts'
import { sayRating } from '../rating/say.ts'
import type { CallsPage } from './wire.ts'

const most = 100

/** Customers the viewer's teams still have to call (待回访). */
export async function callsOf(tx: Tx, ctx: Context, viewer: Viewer, team: string | undefined): Promise<CallsPage> {
  const seen = teamsSeen(viewer).filter(id => team === undefined || id === team)
  const { orders, total } = await awaitingCall(tx, ctx.company, await waitingOf(tx, ctx, seen), most)
  const items: CallsPage['items'] = []
  for (const order of orders) {
    const { nameOf } = await sceneOf(tx, ctx, order)
    const { fields, assignee, outcome, revisit } = order.view
    const done = order.facts.findLast(({ fact }) => fact === 'completed' || fact === 'emptyRun')
    items.push({
      ...{ code: order.code, team: order.team, customer: fields.customer.name, phone: fields.customer.phone },
      ...{ technician: assignee && nameOf(assignee), completedAt: done?.at ?? '' },
      ...{ result: outcome ? sayOutcome(outcome) : '', drawn: needsGrade(order.view), tries: revisit?.tries ?? 0 },
      rating: revisit?.rating ? sayRating(revisit.rating) : null,
    })
  }
  return { now: ctx.clock.now().toISOString(), zone: ctx.policy('default').zone, total, items }
}
