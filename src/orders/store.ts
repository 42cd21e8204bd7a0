import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { ClockView } from './clocks.ts'
import type { Fact, FactBody, FactFrame, OrderFields } from './fact.ts'
import { isOpen, type OrderState, type OrderView, replay } from './order.ts'
import type { OrderRecord } from './record.ts'

export type Frame = Omit<FactFrame, 'seq'>

/** The next short number of a company, from 1001 on. */
export async function nextCode(tx: Tx, company: string): Promise<string> {
  const rows = await tx.$queryRaw<Array<{ value: number }>>`
    INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, 'order', 1001)
    ON CONFLICT ("company", "name") DO UPDATE SET "value" = "Counter"."value" + 1
    RETURNING "value"`
  return String(rows[0]?.value)
}

type Row = { company: string; id: string; code: string; teamId: string }

async function record(tx: Tx, row: Row): Promise<OrderRecord> {
  const { company, id, code, teamId } = row
  const [journal, team] = await Promise.all([
    tx.journal.findMany({ where: { company, orderId: id }, orderBy: { seq: 'asc' } }),
    tx.team.findUniqueOrThrow({ where: { company_id: { company, id: teamId } }, select: { name: true, policy: true } }),
  ])
  const facts = journal.map(toFact)
  return { company, id, code, teamId, team: team.name, policy: team.policy, facts, view: replay(facts) }
}

function toFact(row: {
  seq: number
  at: Date
  by: string | null
  via: string
  words: string | null
  fact: string
  body: unknown
}): Fact {
  const frame = {
    seq: row.seq,
    at: row.at.toISOString(),
    by: row.by,
    via: row.via,
    ...(row.words !== null && { words: row.words }),
  }
  return { ...frame, fact: row.fact, ...(row.body as object) } as Fact
}

export async function loadOrder(tx: Tx, company: string, id: string): Promise<OrderRecord | null> {
  const row = await tx.order.findUnique({ where: { company_id: { company, id } } })
  return row && record(tx, row)
}

export async function orderByCode(tx: Tx, company: string, code: string): Promise<OrderRecord | null> {
  const row = await tx.order.findUnique({ where: { company_code: { company, code } } })
  return row && record(tx, row)
}

/** Loads an order and keeps others from changing it until the transaction ends. */
export async function lockOrder(tx: Tx, company: string, id: string): Promise<OrderRecord | null> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT "company", "id", "code", "teamId" FROM "Order" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return rows[0] ? record(tx, rows[0]) : null
}

export async function createOrder(
  tx: Tx,
  order: { company: string; teamId: string; code: string; fields: OrderFields },
  frame: Frame,
  clocks: (facts: readonly Fact[]) => ClockRow[],
): Promise<OrderRecord> {
  const { company, teamId, code, fields } = order
  const at = new Date(frame.at)
  const id = newId(at)
  const first: Fact = { seq: 1, ...frame, fact: 'created', order: fields }
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
      ...columns(replay([first]), [first]),
    },
  })
  await write(tx, company, id, [first], clocks([first]))
  const made = await loadOrder(tx, company, id)
  if (!made) throw new Error('an order just written is there')
  return made
}

/** What the sweep needs of a clock; made by `nudges.ts`. */
export interface ClockRow {
  clock: ClockView
  nextLookAt: Date | null
  nextStep: string | null
}

/** Adds facts to a locked order and brings its columns and clocks up to date. */
export async function append(
  tx: Tx,
  before: OrderRecord,
  bodies: readonly FactBody[],
  frame: Frame,
  clocks: (facts: readonly Fact[]) => ClockRow[],
): Promise<OrderRecord> {
  const added = bodies.map((body, index): Fact => ({ seq: before.view.version + 1 + index, ...frame, ...body }))
  const facts = [...before.facts, ...added]
  const view = replay(facts)
  await tx.order.update({
    where: { company_id: { company: before.company, id: before.id } },
    data: columns(view, facts),
  })
  await tx.orderClock.deleteMany({ where: { company: before.company, orderId: before.id } })
  await write(tx, before.company, before.id, added, clocks(facts))
  return { ...before, facts, view }
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
    data: clocks.map(({ clock, nextLookAt, nextStep }) => ({
      ...{ company, orderId, kind: clock.kind, state: clock.state, nextLookAt, nextStep },
      ...{ startedAt: clock.startedAt, dueAt: clock.dueAt, stoppedAt: clock.stoppedAt ?? null },
    })),
  })
}

function columns(view: OrderView, facts: readonly Fact[]) {
  const last = facts.at(-1)
  const at = last ? new Date(last.at) : null
  if (!at) throw new Error('a journal is never empty')
  const { appointment, outcome } = view
  return {
    ...{ state: view.state, urgent: view.urgent, assigneeId: view.assignee, version: view.version, updatedAt: at },
    appointmentFrom: appointment ? new Date(appointment.from) : null,
    appointmentTo: appointment?.to ? new Date(appointment.to) : null,
    charge: outcome?.charge ?? null,
    closedAt: isOpen(view.state) ? null : at,
  }
}

const openStates: OrderState[] = ['new', 'dispatched', 'accepted', 'contacted', 'arrived', 'suspended']

/** Open orders of a technician, oldest first. */
export async function openOrdersOf(tx: Tx, company: string, personId: string): Promise<OrderRecord[]> {
  const rows = await tx.order.findMany({
    where: { company, assigneeId: personId, state: { in: openStates } },
    orderBy: { id: 'asc' },
    take: 50,
  })
  return Promise.all(rows.map(row => record(tx, row)))
}

/** Open orders of teams, those due next first. */
export async function openOrdersOfTeams(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  take = 100,
): Promise<OrderRecord[]> {
  const rows = await tx.order.findMany({
    where: { company, teamId: { in: [...teamIds] }, state: { in: openStates } },
    orderBy: { id: 'asc' },
    take,
  })
  return Promise.all(rows.map(row => record(tx, row)))
}

export async function openCodesWithPhone(tx: Tx, company: string, phone: string): Promise<string[]> {
  const rows = await tx.order.findMany({
    where: { company, customerPhone: phone, state: { in: openStates } },
    select: { code: true },
    orderBy: { id: 'asc' },
  })
  return rows.map(row => row.code)
}

export async function knownCodes(tx: Tx, company: string, codes: readonly string[]): Promise<Set<string>> {
  if (codes.length === 0) return new Set()
  const rows = await tx.order.findMany({ where: { company, code: { in: [...codes] } }, select: { code: true } })
  return new Set(rows.map(row => row.code))
}

/** The order this person last did something to, with the time of it: for 撤回. */
export async function lastTouched(tx: Tx, company: string, personId: string): Promise<string | null> {
  const row = await tx.journal.findFirst({
    where: { company, by: personId, fact: { notIn: ['photo', 'located', 'undone'] } },
    orderBy: [{ at: 'desc' }, { seq: 'desc' }],
    select: { orderId: true },
  })
  return row?.orderId ?? null
}

/** Orders of a team finished since a moment, for the digest and 今日. */
export async function finishedSince(tx: Tx, company: string, teamIds: readonly string[], since: Date): Promise<number> {
  return tx.order.count({
    where: { company, teamId: { in: [...teamIds] }, state: { in: ['completed', 'closed'] }, closedAt: { gte: since } },
  })
}

export async function listOrders(
  tx: Tx,
  company: string,
  page: { after?: string; limit: number; state?: string; teamId?: string },
): Promise<OrderRecord[]> {
  const { after, limit, state, teamId } = page
  const rows = await tx.order.findMany({
    where: { company, ...(after && { id: { gt: after } }), ...(state && { state }), ...(teamId && { teamId }) },
    orderBy: { id: 'asc' },
    take: limit,
  })
  return Promise.all(rows.map(row => record(tx, row)))
}

/** Orders with a clock that wants a look by now: an index scan, whatever the number of open orders. */
export async function clocksDue(tx: Tx, company: string, now: Date, take: number): Promise<string[]> {
  const rows = await tx.orderClock.findMany({
    where: { company, nextLookAt: { lte: now } },
    orderBy: { nextLookAt: 'asc' },
    take,
    select: { orderId: true },
  })
  return [...new Set(rows.map(row => row.orderId))]
}
