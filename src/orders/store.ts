import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { ClockRow } from './clockrows.ts'
import {
  type Fact,
  type FactBody,
  type FactFrame,
  type FactName,
  type LastTime,
  type OrderFields,
  recordedAt,
  standing,
} from './fact.ts'
import { isOpen, type OrderView, replay } from './order.ts'
import type { OrderRecord } from './record.ts'
import { loadOrder } from './rows.ts'

export type Frame = Omit<FactFrame, 'seq'>

/** The next short number of a company, from 1001 on. */
export async function nextCode(tx: Tx, company: string): Promise<string> {
  const rows = await tx.$queryRaw<Array<{ value: number }>>`
    INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, 'order', 1001)
    ON CONFLICT ("company", "name") DO UPDATE SET "value" = "Counter"."value" + 1
    RETURNING "value"`
  return String(rows[0]?.value)
}

/** Moves a number of the company's on and returns what it was; nobody else moves it until the transaction ends. */
export async function moveCounter(
  tx: Tx,
  company: string,
  name: string,
  move: (value: number) => number,
): Promise<number> {
  await tx.counter.createMany({ data: [{ company, name, value: 0 }], skipDuplicates: true })
  const rows = await tx.$queryRaw<Array<{ value: number }>>`
    SELECT "value" FROM "Counter" WHERE "company" = ${company} AND "name" = ${name} FOR UPDATE`
  const before = rows[0]?.value ?? 0
  await tx.counter.update({ where: { company_name: { company, name } }, data: { value: move(before) } })
  return before
}

export async function createOrder(
  tx: Tx,
  order: {
    company: string
    teamId: string
    code: string
    policy: string
    fields: OrderFields
    earlier?: LastTime | undefined
  },
  frame: Frame,
  clocks: (facts: readonly Fact[]) => ClockRow[],
): Promise<OrderRecord> {
  const { company, teamId, code, policy, fields, earlier } = order
  const at = new Date(frame.at)
  const id = newId(at)
  const first: Fact = { seq: 1, ...frame, fact: 'created', order: fields, policy, ...(earlier && { earlier }) }
  await tx.order.create({
    data: {
      ...{ company, id, code, teamId, createdAt: at, kind: fields.kind, fault: fields.fault },
      ...{ customerName: fields.customer.name, customerPhone: fields.customer.phone, address: fields.customer.address },
      ...{ zone: fields.customer.zone ?? null, distanceKm: fields.customer.distanceKm ?? null },
      ...{
        brand: fields.product.brand ?? null,
        model: fields.product.model ?? null,
        serial: fields.product.serial ?? null,
      },
      ...{ warranty: fields.warranty ?? null, externalId: fields.externalId ?? null },
      ...{ category: fields.category ?? null, key: fields.customer.key ?? false },
      ...columns(replay([first]), [first]),
    },
  })
  await write(tx, company, id, [first], clocks([first]))
  const made = await loadOrder(tx, company, id)
  if (!made) throw new Error('an order just written is there')
  return made
}

/** Adds facts to a locked order and brings its columns and clocks up to date. */
export async function append(
  tx: Tx,
  before: OrderRecord,
  bodies: readonly FactBody[],
  frame: Frame,
  clocks: (facts: readonly Fact[]) => ClockRow[],
): Promise<OrderRecord> {
  const at = recordedAt(before.facts, frame.at)
  const added = bodies.map((body, index): Fact => ({ seq: before.view.version + 1 + index, ...frame, at, ...body }))
  const facts = [...before.facts, ...added]
  const view = replay(facts)
  await tx.order.update({
    where: { company_id: { company: before.company, id: before.id } },
    data: columns(view, facts),
  })
  await forgetClocks(tx, before.company, before.id)
  await write(tx, before.company, before.id, added, clocks(facts))
  return { ...before, facts, view }
}

/** Takes an order out of the sweep's index. */
export async function forgetClocks(tx: Tx, company: string, orderId: string): Promise<void> {
  await tx.orderClock.deleteMany({ where: { company, orderId } })
}

async function write(
  tx: Tx,
  company: string,
  orderId: string,
  added: readonly Fact[],
  clocks: readonly ClockRow[],
): Promise<void> {
  await tx.journal.createMany({
    data: added.map(({ seq, at, by, via, words, fact, ...body }) => ({
      ...{
        company,
        orderId,
        seq,
        at: new Date(at),
        by,
        via,
        words: words ?? null,
        fact,
        body: body as Prisma.InputJsonObject,
      },
    })),
  })
  await tx.orderClock.createMany({
    data: clocks.map(clock => ({ company, orderId, ...clock })),
  })
}

function columns(view: OrderView, facts: readonly Fact[]) {
  const last = facts.at(-1)
  const at = last ? new Date(last.at) : null
  if (!at) throw new Error('a journal is never empty')
  const { appointment, outcome } = view
  const standingFacts = standing(facts)
  const lastOf = (...names: FactName[]) => {
    const found = standingFacts.findLast(fact => names.includes(fact.fact))
    return found ? new Date(found.at) : null
  }
  return {
    ...{ state: view.state, urgent: view.urgent, assigneeId: view.assignee, version: view.version, updatedAt: at },
    appointmentFrom: appointment ? new Date(appointment.from) : null,
    appointmentTo: appointment?.to ? new Date(appointment.to) : null,
    charge: outcome?.charge ?? null,
    // Not the last fact: a later order may be noted in the journal long after (`reworked`).
    closedAt: isOpen(view.state) ? null : lastOf('completed', 'emptyRun', 'closed', 'cancelled'),
    ...{
      dispatchedAt: lastOf('dispatched'),
      completedAt: lastOf('completed', 'emptyRun'),
      revisitedAt: lastOf('revisited'),
    },
  }
}
