import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { followOrders } from '../incidents/follow.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { peopleOf } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { announce, type Change, type Speech } from './announce.ts'
import { moved, rankingOf } from './assign.ts'
import { following } from './clockrows.ts'
import { decide, type OrderCommand, type World } from './decide.ts'
import type { FactBody, FactFrame, OrderFields } from './fact.ts'
import { arrivalOf, asksRoute } from './intake.ts'
import { scenePeople } from './look.ts'
import type { Obstacle } from './ranking.ts'
import type { OrderRecord } from './record.ts'
import { lockOrder } from './rows.ts'
import { rulesOf } from './rules.ts'
import { drawNext, giveBack } from './sampling.ts'
import { append, createOrder, moveCounter, nextCode } from './store.ts'

/** Opens an order; given a technician it is dispatched in the same breath. */
export async function openOrder(
  tx: Tx,
  ctx: Context,
  request: {
    teamId: string
    policy: string
    fields: OrderFields
    by: Person | null
    assignTo?: string | undefined
    /** The managers have heard already what a complaint says. */
    managersKnow?: boolean
    speech: Speech
  },
): Promise<Change> {
  const now = ctx.clock.now()
  const policy = ctx.policy(request.policy)
  const frame = frameOf(now, request.by, request.speech)
  const code = await nextCode(tx, ctx.company)
  const { teamId, assignTo } = request
  const { fields, earlier, facts } = await arrivalOf(tx, ctx, request.fields, policy)
  const made = { company: ctx.company, teamId, code, policy: request.policy, fields, earlier }
  const created = await createOrder(tx, made, frame, following(policy, now))
  const opened = facts.length > 0 ? await append(tx, created, facts, byItself(now), following(policy, now)) : created
  await tellEarlier(tx, ctx, { before: null, order: opened, added: opened.facts })
  const order = assignTo
    ? await append(tx, opened, [{ fact: 'dispatched', to: assignTo }], frame, following(policy, now))
    : await moved(tx, ctx, opened)
  // Given to somebody at once it is no work for the desk, unless that has to say where a complaint goes.
  const { managersKnow = false } = request
  const hearing = { asksDesk: asksRoute(order.view, policy), managersKnow }
  const change = { before: null, order, added: order.facts, hearing }
  await announce(tx, ctx, change, request.by, request.speech)
  return change
}

/** The earlier job learns in its own journal what a later order was linked as, or that it is not any more. */
export async function tellEarlier(tx: Tx, ctx: Context, { before, order, added }: Change): Promise<void> {
  const now = ctx.clock.now()
  const note = async (id: string, body: FactBody) => {
    const earlier = await lockOrder(tx, ctx.company, id)
    if (!earlier) return
    await followOrders(tx, ctx, [
      await append(tx, earlier, [body], byItself(now), following(rulesOf(ctx, earlier), now)),
    ])
  }
  for (const fact of added) {
    const old = before?.view.linked
    const { id, code } = order
    if ((fact.fact === 'unlinked' || fact.fact === 'linked') && old)
      await note(old.to, { fact: 'unreworked', order: id, code })
    if (fact.fact === 'linked')
      await note(fact.to, { fact: 'reworked', why: fact.why, order: id, code, days: fact.days })
  }
}

export const byItself = (now: Date): Omit<FactFrame, 'seq'> => ({ at: now.toISOString(), by: null, via: 'system' })

/** Does one thing to an order: decide, write the journal, tell everybody. Throws `Refusal`. */
export async function change(
  tx: Tx,
  ctx: Context,
  request: { orderId: string; command: OrderCommand; by: Person | null; speech: Speech },
): Promise<Change> {
  const before = await lockOrder(tx, ctx.company, request.orderId)
  if (!before) throw new Refusal('unknown', '找不到这张单，可能已经删除。回复「我的单」看看。')
  const now = ctx.clock.now()
  const policy = rulesOf(ctx, before)
  const decided = decide(before.facts, request.command, await worldFor(tx, ctx, before, request))
  const bodies = await drawForm(tx, policy, before, decided)
  const done = await append(tx, before, bodies, frameOf(now, request.by, request.speech), following(policy, now))
  const order = await moved(tx, ctx, done)
  const result = { before, order, added: order.facts.slice(before.facts.length) }
  await tellEarlier(tx, ctx, result)
  await announce(tx, ctx, result, request.by, request.speech)
  await followOrders(tx, ctx, [order])
  return result
}

/** The world a decision about an order is made in, as of now, for whoever asks. */
export async function worldFor(
  tx: Tx,
  ctx: Context,
  order: OrderRecord,
  { by, command }: { by: Person | null; command: OrderCommand },
): Promise<World> {
  const policy = rulesOf(ctx, order)
  const people = await peopleOf(tx, ctx.company, [order.teamId])
  return {
    ...{ code: order.code, now: ctx.clock.now(), zone: policy.zone, undoWithinMs: policy.undoWithinMs },
    evidence: policy.evidence.complete,
    ...(ctx.pages?.order && { page: ctx.pages.order(order.code) }),
    // A program with a token speaks for the desk.
    actor: by ? { id: by.id, roles: rolesIn(by, order.teamId) } : { id: '', roles: ['manager'] },
    nameOf: await scenePeople(tx, ctx, order, people, peopleIn(command)),
    obstacles: await obstaclesFor(tx, ctx, order, command),
    technicians: people.filter(person => rolesIn(person, order.teamId).includes('technician')).map(person => person.id),
  }
}

/** What speaks against technicians, where somebody is given the order or takes it himself. */
async function obstaclesFor(
  tx: Tx,
  ctx: Context,
  order: OrderRecord,
  command: OrderCommand,
): Promise<ReadonlyMap<string, Obstacle>> {
  if (command.do !== 'assign' && !(command.do === 'accept' && order.view.offered)) return new Map()
  const ranked = await rankingOf(tx, ctx, order)
  return new Map(ranked.flatMap(({ id, obstacle }) => (obstacle ? [[id, obstacle] as const] : [])))
}

const peopleIn = (command: OrderCommand): string[] => {
  if (command.do === 'assign') return [command.to]
  if (command.do === 'share') return (command.shares ?? []).map(({ person }) => person)
  return command.do === 'join' || command.do === 'leave' ? [command.person] : []
}

/**
 * One of so many completed orders of a team is drawn for the satisfaction form (R1.11); a completion that is taken back
 * gives its place to the next. The team's count is locked until the transaction ends, so two completions at once count as two.
 */
async function drawForm(
  tx: Tx,
  policy: Policy,
  { company, teamId, facts, view }: OrderRecord,
  bodies: readonly FactBody[],
): Promise<readonly FactBody[]> {
  if (policy.revisit === null || view.fields.kind === 'revisit') return bodies
  const { form } = policy.revisit
  const count = (move: (slack: number) => number) => moveCounter(tx, company, `form:${teamId}`, move)
  if (bodies.some(isCompletion)) {
    const slack = await count(before => drawNext(before, form).slack)
    return drawNext(slack, form).drawn ? [...bodies, { fact: 'sampled' }] : bodies
  }
  const back = bodies.flatMap(body => (body.fact === 'undone' ? facts.filter(fact => fact.seq === body.undoes) : []))
  if (back.some(isCompletion)) {
    const drawn = back.some(fact => fact.fact === 'sampled')
    await count(before => giveBack(before, form, drawn))
  }
  return bodies
}

const isCompletion = ({ fact }: FactBody): boolean => fact === 'completed' || fact === 'emptyRun'

/** Adds evidence (a photo, a signature, a place) to an order without changing what may be done next. */
export async function attach(
  tx: Tx,
  ctx: Context,
  request: {
    orderId: string
    evidence:
      | { fact: 'photo'; media: string; of?: string }
      | Extract<FactBody, { fact: 'signed' }>
      | { fact: 'located'; lat: number; lng: number; label: string }
    by: Person
    speech: Speech
  },
): Promise<OrderRecord> {
  const before = await lockOrder(tx, ctx.company, request.orderId)
  if (!before) throw new Refusal('unknown', '找不到这张单。回复「我的单」看看。')
  const now = ctx.clock.now()
  return append(
    tx,
    before,
    [request.evidence],
    frameOf(now, request.by, request.speech),
    following(rulesOf(ctx, before), now),
  )
}

function frameOf(now: Date, by: Person | null, speech: Speech): Omit<FactFrame, 'seq'> {
  return {
    at: now.toISOString(),
    by: by?.id ?? null,
    via: speech.via,
    ...(speech.words !== undefined && { words: speech.words }),
  }
}
