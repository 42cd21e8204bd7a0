import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Viewer } from '../login/viewer.ts'
import type { OrderCommand } from '../orders/command.ts'
import { openComplaint } from '../orders/complaint.ts'
import { decide } from '../orders/decide.ts'
import { change, worldFor } from '../orders/flow.ts'
import type { OrderRecord } from '../orders/record.ts'
import { mayComplain } from '../orders/revisit.ts'
import { rulesOf } from '../orders/rules.ts'
import type { Person } from '../people/person.ts'
import { personById } from '../people/store.ts'
import { routeNamed } from '../policy/complaintrule.ts'
import type { Act, DeskWish } from './wire.ts'

const said = (max: number) => z.string().trim().min(1).max(max)

/** What the desk does from an order's page. */
export const deskWish: z.ZodType<DeskWish> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('assign'), to: z.uuid(), note: said(200).optional() }),
  z.strictObject({ do: z.enum(['release', 'cancel']), reason: said(200) }),
  z.strictObject({ do: z.enum(['offer', 'urge', 'confirmUnreachable', 'unlink', 'close', 'undo']) }),
  z.strictObject({ do: z.literal('join'), person: z.uuid(), share: z.int().min(1).max(99).optional() }),
  z.strictObject({ do: z.literal('leave'), person: z.uuid() }),
  z.strictObject({ do: z.literal('route'), to: said(40) }),
  z.strictObject({
    ...{ do: z.literal('revisit'), reached: z.boolean(), note: said(500).optional() },
    grade: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]).optional(),
  }),
  z.strictObject({ do: z.literal('complain'), text: said(500).optional() }),
])

/**
 * What may be done now, found by deciding it: a button that is shown is not refused for what could be known. Whom it is
 * about is chosen later, so anybody it could be about stands for him.
 */
export async function actsOf(tx: Tx, ctx: Context, viewer: Viewer, order: OrderRecord): Promise<Act[]> {
  const { view, facts } = order
  const by = await needBy(tx, ctx, viewer)
  const policy = rulesOf(ctx, order)
  const world = await worldFor(tx, ctx, order, { by, command: { do: 'offer' } })
  const other = world.technicians.find(id => id !== view.assignee && !view.helpers.includes(id)) ?? ''
  const [subject] = policy.complaints
  const tries: Record<Act, OrderCommand | (() => void) | null> = {
    assign: { do: 'assign', to: other },
    release: { do: 'release', reason: '收回' },
    offer: { do: 'offer' },
    urge: { do: 'urge' },
    join: { do: 'join', person: other },
    leave: view.helpers[0] === undefined ? null : { do: 'leave', person: view.helpers[0] },
    // Where it goes is asked of the desk only as long as it is open.
    route: subject && view.state !== 'closed' ? { do: 'route', route: { subject: subject.subject, to: '' } } : null,
    confirmUnreachable: { do: 'confirmUnreachable' },
    unlink: { do: 'unlink' },
    revisit: view.fields.kind === 'revisit' ? null : { do: 'revisit', reached: true, grade: 3, note: '…' },
    complain: () => mayComplain(view, order.code),
    close: { do: 'close' },
    cancel: { do: 'cancel', reason: '取消' },
    undo: { do: 'undo' },
  }
  return (Object.keys(tries) as Act[]).filter(act => {
    const tried = tries[act]
    if (tried === null) return false
    try {
      if (typeof tried === 'function') tried()
      else decide(facts, tried, world)
      return true
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  })
}

/** Does it, as chat does. The order afterwards; of a complaint that was opened: the order it came from. @throws Refusal, HttpProblem 422 */
export async function doFromDesk(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  order: OrderRecord,
  wish: DeskWish,
): Promise<OrderRecord> {
  const by = await needBy(tx, ctx, viewer)
  const speech = { via: 'page' as const }
  if (wish.do === 'complain') return (await openComplaint(tx, ctx, { order, text: wish.text, by, speech })).from
  const done = await change(tx, ctx, { orderId: order.id, command: commandOf(ctx, order, wish), by, speech })
  return done.order
}

function commandOf(ctx: Context, order: OrderRecord, wish: Exclude<DeskWish, { do: 'complain' }>): OrderCommand {
  if (wish.do === 'assign') return { do: 'assign', to: wish.to, ...(wish.note !== undefined && { note: wish.note }) }
  if (wish.do === 'join')
    return { do: 'join', person: wish.person, ...(wish.share !== undefined && { share: wish.share }) }
  if (wish.do === 'revisit') {
    const { reached, grade, note } = wish
    return { do: 'revisit', reached, ...(grade !== undefined && { grade }), ...(note !== undefined && { note }) }
  }
  if (wish.do !== 'route') return wish
  const found = routeNamed(rulesOf(ctx, order).complaints, wish.to)
  if (!found) throw new HttpProblem(422, 'Unknown route', `规则里没有「${wish.to}」这一类投诉，请从列表里选。`)
  return { do: 'route', route: { subject: found.subject, to: found.to } }
}

async function needBy(tx: Tx, ctx: Context, viewer: Viewer): Promise<Person> {
  const by = await personById(tx, ctx.company, viewer.person.id)
  if (!by) throw new HttpProblem(401, 'Unauthorized', 'Whoever is signed in is not known any more.')
  return by
}
