import { among } from '../db/among.ts'
import { insertAll, updateAll } from '../db/bulk.ts'
import { type Tx, unawaited } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { writeFacts } from '../webhooks/eventstore.ts'
import type { ClockRow, Following } from './clockrows.ts'
import { keptCredit } from './credit.ts'
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
import { waitsForCall } from './revisitresult.ts'
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
  // What is there already is written as it is: that locks it.
  const rows = await tx.$queryRaw<Array<{ value: number }>>`
    INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, ${name}, 0)
    ON CONFLICT ("company", "name") DO UPDATE SET "value" = "Counter"."value"
    RETURNING "value"`
  const before = rows[0]?.value ?? 0
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "Counter" SET "value" = ${move(before)}::int WHERE "company" = ${company} AND "name" = ${name}`,
  )
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
  follow: (facts: readonly Fact[]) => Following,
): Promise<OrderRecord> {
  const { company, teamId, code, policy, fields, earlier } = order
  const at = new Date(frame.at)
  const id = newId(at)
  const first: Fact = { seq: 1, ...frame, fact: 'created', order: fields, policy, ...(earlier && { earlier }) }
  const { clocks, pressing } = follow([first])
  await tx.order.create({
    data: {
      ...{ company, id, code, teamId, createdAt: at, ...fixed(fields) },
      ...columns(replay([first]), [first]),
      ...pressed(pressing),
    },
  })
  await write(tx, company, [{ id, teamId, added: [first], clocks }])
  const made = await loadOrder(tx, company, id)
  if (!made) throw new Error('an order just written is there')
  return made
}

/** Columns that stay as the order came in. */
function fixed(fields: OrderFields) {
  const { customer, product, warranty, externalId, category } = fields
  return {
    ...{ kind: fields.kind, fault: fields.fault, customerName: customer.name, customerPhone: customer.phone },
    ...{ address: customer.address, zone: customer.zone ?? null, distanceKm: customer.distanceKm ?? null },
    ...{ brand: product.brand ?? null, model: product.model ?? null, serial: product.serial ?? null },
    ...{ warranty: warranty ?? null, externalId: externalId ?? null, category: category ?? null },
    key: customer.key ?? false,
  }
}

/** So many short numbers in a row, the first of them. */
export async function nextCodes(tx: Tx, company: string, count: number): Promise<number> {
  const rows = await tx.$queryRaw<Array<{ value: number }>>`
    INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, 'order', ${1000 + count}::int)
    ON CONFLICT ("company", "name") DO UPDATE SET "value" = "Counter"."value" + ${count}::int
    RETURNING "value"`
  return (rows[0]?.value ?? 0) - count + 1
}

/** Many new orders with all that is in their journals, in as many statements as for one. */
export async function createOrders(
  tx: Tx,
  company: string,
  orders: ReadonlyArray<{ record: OrderRecord; fields: OrderFields; following: Following }>,
): Promise<void> {
  const rows = orders.map(({ record, fields, following: { credit, pressing } }) => ({
    ...{ company, id: record.id, code: record.code, teamId: record.teamId },
    ...{ createdAt: record.facts[0]?.at, ...fixed(fields), ...columns(record.view, record.facts) },
    ...{ ...pressed(pressing), credit: credit && keptCredit(credit) },
  }))
  await insertAll(tx, 'Order', rows)
  await write(
    tx,
    company,
    orders.map(({ record: { id, teamId, facts: added }, following: { clocks } }) => ({ id, teamId, added, clocks })),
  )
}

/** Facts to be added to a locked order, and how its clocks follow from the journal they make. */
export interface Addition {
  before: OrderRecord
  bodies: readonly FactBody[]
  follow: (facts: readonly Fact[]) => Following
}

/** Adds facts to a locked order and brings its columns and clocks up to date. */
export async function append(
  tx: Tx,
  before: OrderRecord,
  bodies: readonly FactBody[],
  frame: Frame,
  follow: (facts: readonly Fact[]) => Following,
): Promise<OrderRecord> {
  const [after] = await appendAll(tx, before.company, [{ before, bodies, follow }], frame)
  return after ?? before
}

/** The same for many orders, in as many statements as for one; returns them in the same order as they are then. */
export async function appendAll(
  tx: Tx,
  company: string,
  additions: readonly Addition[],
  frame: Frame,
): Promise<OrderRecord[]> {
  const all = additions.map(({ before, bodies, follow }) => {
    const after = grown(before, bodies, frame)
    const { id, teamId } = before
    return { id, teamId, added: after.facts.slice(before.facts.length), after, ...follow(after.facts) }
  })
  const rows = all.map(({ id, after, credit, pressing }) => ({
    ...{ id, ...columns(after.view, after.facts), ...pressed(pressing) },
    credit: credit && keptCredit(credit),
  }))
  await updateAll(tx, 'Order', company, rows)
  const ids = all.map(({ id }) => id)
  await unawaited(
    tx,
    tx.$executeRaw`
    DELETE FROM "OrderClock" WHERE "company" = ${company} AND ${among('"orderId"', ids)}`,
  )
  await write(tx, company, all)
  return all.map(({ after }) => after)
}

/** The order as it is when these facts are added. */
export function grown(before: OrderRecord, bodies: readonly FactBody[], frame: Frame): OrderRecord {
  const at = recordedAt(before.facts, frame.at)
  const added = bodies.map((body, index): Fact => ({ seq: before.view.version + 1 + index, ...frame, at, ...body }))
  const facts = [...before.facts, ...added]
  return { ...before, facts, view: replay(facts) }
}

/** Takes those of the orders out of the sweep's index that are not there any more. */
export async function forgetClocks(tx: Tx, company: string, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return
  await tx.$executeRaw`
    DELETE FROM "OrderClock" c WHERE c."company" = ${company} AND c."orderId" = ANY(${[...orderIds]}::uuid[])
      AND NOT EXISTS (SELECT 1 FROM "Order" o WHERE o."company" = c."company" AND o."id" = c."orderId")`
}

const pressed = (pressing: Following['pressing']) => ({ pressAt: pressing?.at ?? null, pressBy: pressing?.by ?? null })

interface Written {
  id: string
  teamId: string
  added: readonly Fact[]
  clocks: readonly ClockRow[]
}

async function write(tx: Tx, company: string, orders: readonly Written[]): Promise<void> {
  const facts = orders.flatMap(({ id, teamId, added }) => added.map(fact => ({ subject: id, teamId, fact })))
  await writeFacts(tx, company, 'order', facts)
  const clocks = orders.flatMap(({ id, clocks }) => clocks.map(clock => ({ company, orderId: id, ...clock })))
  await insertAll(tx, 'OrderClock', clocks)
}

function columns(view: OrderView, facts: readonly Fact[]) {
  const last = facts.at(-1)
  const at = last ? new Date(last.at) : null
  if (!at) throw new Error('a journal is never empty')
  const { appointment, outcome } = view
  const standingFacts = standing(facts)
  const settling: FactName[] = view.revisit?.rating?.settles ? ['rated'] : []
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
      revisitedAt: waitsForCall(view.revisit) ? null : lastOf('revisited', ...settling),
    },
  }
}
