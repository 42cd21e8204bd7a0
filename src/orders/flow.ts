import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { peopleOf } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { announce, type Change, type Speech } from './announce.ts'
import { clocksOf } from './clocks.ts'
import { decide, type OrderCommand } from './decide.ts'
import type { Fact, FactFrame, OrderFields } from './fact.ts'
import { scenePeople } from './look.ts'
import { nextLook, toldSteps } from './nudges.ts'
import { replay } from './order.ts'
import type { OrderRecord } from './record.ts'
import { lockOrder } from './rows.ts'
import { rulesOf } from './rules.ts'
import { append, type ClockRow, createOrder, nextCode } from './store.ts'

/** Rows of the sweep's index for a journal. Given to the store, which knows nothing of policies. */
export function clockRows(policy: Policy, now: Date): (facts: readonly Fact[]) => ClockRow[] {
  return facts => {
    const told = toldSteps(facts)
    const { urgent } = replay(facts)
    return clocksOf(facts, policy, now).map(clock => {
      const look = nextLook(clock, policy, now, told, { urgent })
      const { kind, state, startedAt, dueAt, stoppedAt = null } = clock
      return { kind, state, startedAt, dueAt, stoppedAt, nextLookAt: look?.at ?? null, nextStep: look?.step ?? null }
    })
  }
}

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
    speech: Speech
  },
): Promise<Change> {
  const now = ctx.clock.now()
  const policy = ctx.policy(request.policy)
  const frame = frameOf(now, request.by, request.speech)
  const code = await nextCode(tx, ctx.company)
  const { teamId, fields, assignTo } = request
  const made = { company: ctx.company, teamId, code, policy: request.policy, fields }
  const opened = await createOrder(tx, made, frame, clockRows(policy, now))
  if (!assignTo) {
    await announce(tx, ctx, { before: null, order: opened, added: opened.facts }, request.by, request.speech)
    return { before: null, order: opened, added: opened.facts }
  }
  const order = await append(tx, opened, [{ fact: 'dispatched', to: assignTo }], frame, clockRows(policy, now))
  const change = { before: opened, order, added: order.facts.slice(1) }
  await announce(tx, ctx, change, request.by, request.speech)
  return { ...change, before: null, added: order.facts }
}

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
  const people = await peopleOf(tx, ctx.company, [before.teamId])
  const names = await scenePeople(tx, ctx, before, people)
  const bodies = decide(before.facts, request.command, {
    ...{ code: before.code, now, zone: policy.zone, undoWithinMs: policy.undoWithinMs },
    // A program with a token speaks for the desk.
    actor: request.by
      ? { id: request.by.id, roles: rolesIn(request.by, before.teamId) }
      : { id: '', roles: ['manager'] },
    nameOf: names,
    technicians: people
      .filter(person => rolesIn(person, before.teamId).includes('technician'))
      .map(person => person.id),
  })
  const order = await append(tx, before, bodies, frameOf(now, request.by, request.speech), clockRows(policy, now))
  const result = { before, order, added: order.facts.slice(before.facts.length) }
  await announce(tx, ctx, result, request.by, request.speech)
  return result
}

/** Adds evidence (a photo, a place) to an order without changing what may be done next. */
export async function attach(
  tx: Tx,
  ctx: Context,
  request: {
    orderId: string
    evidence: { fact: 'photo'; media: string } | { fact: 'located'; lat: number; lng: number; label: string }
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
    clockRows(rulesOf(ctx, before), now),
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
