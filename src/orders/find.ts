import { among } from '../db/among.ts'
import type { Tx } from '../db/tx.ts'
import type { KeptSpan } from './fact.ts'
import { openStates } from './order.ts'
import type { OrderRecord } from './record.ts'
import type { EarlierJob } from './rework.ts'
import { records } from './rows.ts'

/** Store: orders looked for. */

/** Orders a technician was in charge of and finished or gave up since a moment, the last one first. */
export async function finishedOrdersOf(
  tx: Tx,
  company: string,
  personId: string,
  { since, take }: { since: Date; take: number },
): Promise<OrderRecord[]> {
  const rows = await tx.order.findMany({
    where: { company, assigneeId: personId, completedAt: { gte: since }, state: { in: ['completed', 'closed'] } },
    orderBy: [{ completedAt: 'desc' }, { id: 'desc' }],
    take,
  })
  return records(tx, company, rows)
}

/** Open orders of a technician, oldest first. */
export async function openOrdersOf(tx: Tx, company: string, personId: string): Promise<OrderRecord[]> {
  const rows = await tx.order.findMany({
    where: { company, assigneeId: personId, state: { in: openStates } },
    orderBy: { id: 'asc' },
    take: 200,
  })
  return records(tx, company, rows)
}

/** A team whose customers are to be called back; `closed`: 结单 does not end that. */
export interface Waiting {
  teamId: string
  closed: boolean
}

/** Completed orders whose customer was not called back yet, those first that wait longest; `total` counts all of them. */
export async function awaitingCall(
  tx: Tx,
  company: string,
  teams: readonly Waiting[],
  take: number,
): Promise<{ orders: OrderRecord[]; total: number }> {
  const where = {
    ...{ company, completedAt: { not: null }, revisitedAt: null, kind: { not: 'revisit' } },
    OR: teams.map(({ teamId, closed }) => ({
      ...{ teamId, state: { in: closed ? ['completed', 'closed'] : ['completed'] } },
    })),
  }
  const [rows, total] = await Promise.all([
    tx.order.findMany({ where, orderBy: [{ completedAt: 'asc' }, { id: 'asc' }], take }),
    tx.order.count({ where }),
  ])
  return { orders: await records(tx, company, rows), total }
}

export async function openCodesWithPhone(tx: Tx, company: string, phone: string): Promise<string[]> {
  const rows = await tx.order.findMany({
    where: { company, customerPhone: phone, state: { in: openStates } },
    select: { code: true },
    orderBy: { id: 'asc' },
  })
  return rows.map(row => row.code)
}

const jobColumns = {
  ...{ id: true, code: true, kind: true, fault: true, category: true, brand: true, model: true, serial: true },
  ...{ customerPhone: true, address: true, assigneeId: true, completedAt: true },
} as const

type JobRow = Omit<EarlierJob, 'kind' | 'phone' | 'technician' | 'doneAt'> & {
  kind: string
  customerPhone: string
  assigneeId: string | null
  completedAt: Date | null
}

function job({ kind, customerPhone, assigneeId, completedAt, ...row }: JobRow): EarlierJob[] {
  if (!completedAt) return []
  const own = { kind: kind as EarlierJob['kind'], phone: customerPhone, technician: assigneeId, doneAt: completedAt }
  return [{ ...row, ...own }]
}

/** Jobs of a unit or a customer that were finished since a moment, the last one first. */
export async function finishedThere(
  tx: Tx,
  company: string,
  { phone, serial, since }: { phone: string; serial: string | null; since: Date },
): Promise<EarlierJob[]> {
  const rows = await tx.order.findMany({
    where: {
      ...{ company, completedAt: { gte: since } },
      OR: [{ customerPhone: phone }, ...(serial === null ? [] : [{ serial }])],
    },
    ...{ select: jobColumns, orderBy: { completedAt: 'desc' }, take: 50 },
  })
  return rows.flatMap(job)
}

/** Finished jobs since a moment of any of these customers or units, the last one first. */
export async function finishedAt(
  tx: Tx,
  company: string,
  { phones, serials, since }: { phones: readonly string[]; serials: readonly string[]; since: Date },
): Promise<EarlierJob[]> {
  const rows = await tx.$queryRaw<JobRow[]>`
    SELECT "id", "code", "kind", "fault", "category", "brand", "model", "serial", "customerPhone", "address", "assigneeId", "completedAt"
    FROM "Order" WHERE "company" = ${company} AND "completedAt" >= ${since}
      AND ("customerPhone" = ANY(${[...phones]}::text[]) OR "serial" = ANY(${[...serials]}::text[]))
    ORDER BY "completedAt" DESC`
  return rows.flatMap(job)
}

/** Codes of orders by the numbers they have elsewhere. */
export async function codesByExternal(tx: Tx, company: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.$queryRaw<Array<{ externalId: string; code: string }>>`
    SELECT "externalId", "code" FROM "Order" WHERE "company" = ${company} AND "externalId" = ANY(${[...ids]}::text[])`
  return new Map(rows.map(({ externalId, code }) => [externalId, code]))
}

/** One finished job by its code; null when there is none, or it is not finished. */
export async function finishedByCode(tx: Tx, company: string, code: string): Promise<EarlierJob | null> {
  const row = await tx.order.findUnique({ where: { company_code: { company, code } }, select: jobColumns })
  return (row && job(row)[0]) ?? null
}

/** Codes by id. */
export async function orderCodes(tx: Tx, company: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.order.findMany({ where: { company, id: { in: [...ids] } }, select: { id: true, code: true } })
  return new Map(rows.map(({ id, code }) => [id, code]))
}

export async function knownCodes(tx: Tx, company: string, codes: readonly string[]): Promise<Set<string>> {
  if (codes.length === 0) return new Set()
  const rows = await tx.$queryRaw<Array<{ code: string }>>`
    SELECT "code" FROM "Order" WHERE "company" = ${company} AND ${among('"code"', codes, 'text')}`
  return new Set(rows.map(row => row.code))
}

/** Facts that come beside what is said of an order. */
const beside = { notIn: ['photo', 'signed', 'located', 'undone'] }

/** The order this person last did something to, and when: for 撤回. */
export async function lastTouched(
  tx: Tx,
  company: string,
  personId: string,
): Promise<{ orderId: string; at: Date } | null> {
  return tx.journal.findFirst({
    where: { company, by: personId, fact: beside },
    // Of two orders at the same millisecond the newer one: ids rise with time.
    orderBy: [{ at: 'desc' }, { seq: 'desc' }, { orderId: 'desc' }],
    select: { orderId: true, at: true },
  })
}

/** How many orders this person did something to since a moment. */
export async function touchedSince(tx: Tx, company: string, personId: string, since: Date): Promise<number> {
  const rows = await tx.journal.findMany({
    where: { company, by: personId, fact: beside, at: { gt: since } },
    distinct: ['orderId'],
    select: { orderId: true },
  })
  return rows.length
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
  return records(tx, company, rows)
}

/**
 * Orders with a clock that wants a look by now, those in `except` left out: an index scan, whatever the number of open
 * orders.
 */
export async function clocksDue(
  tx: Tx,
  company: string,
  now: Date,
  take: number,
  except: readonly string[] = [],
): Promise<string[]> {
  const rows = await tx.orderClock.findMany({
    where: { company, nextLookAt: { lte: now }, ...(except.length > 0 && { orderId: { notIn: [...except] } }) },
    orderBy: { nextLookAt: 'asc' },
    take,
    select: { orderId: true },
  })
  return [...new Set(rows.map(row => row.orderId))]
}

export interface Workload {
  open: number
  /** Given since the day began, done or not. */
  today: number
  lastGivenAt: Date | null
}

/** How much each of some technicians has, in whatever team. */
export async function workloads(
  tx: Tx,
  company: string,
  people: readonly string[],
  times: { today: Date; since: Date },
): Promise<Map<string, Workload>> {
  if (people.length === 0) return new Map()
  const rows = await tx.$queryRaw<Array<{ id: string; open: number; today: number; last: Date | null }>>`
    SELECT "assigneeId" AS "id", count(*) FILTER (WHERE "state" = ANY(${openStates}::text[]))::int AS "open",
      count(*) FILTER (WHERE "dispatchedAt" >= ${times.today})::int AS "today", max("dispatchedAt") AS "last"
    FROM "Order" WHERE "company" = ${company} AND "assigneeId" = ANY(${[...people]}::uuid[])
      AND ("state" = ANY(${openStates}::text[]) OR "dispatchedAt" >= ${times.since})
    GROUP BY 1`
  return new Map(rows.map(({ id, open, today, last }) => [id, { open, today, lastGivenAt: last }]))
}

export interface OpenVisit {
  technician: string
  code: string
  zone: string | null
  address: string
  appointment: KeptSpan | null
}

/** Where the orders in hand of some technicians are, and when they are to be there; one order left out. */
export async function visitsOf(
  tx: Tx,
  company: string,
  people: readonly string[],
  without: string,
): Promise<OpenVisit[]> {
  const rows = await tx.order.findMany({
    where: { company, assigneeId: { in: [...people] }, state: { in: openStates }, id: { not: without } },
    select: { assigneeId: true, code: true, zone: true, address: true, appointmentFrom: true, appointmentTo: true },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ assigneeId, code, zone, address, appointmentFrom: from, appointmentTo: to }) => ({
    ...{ technician: assigneeId ?? '', code, zone, address },
    appointment: from && {
      from: from.toISOString(),
      ...(to && { to: to.toISOString() }),
      ...{ exact: to === null, words: '' },
    },
  }))
}

/** Who finished the last job at the same machine, else at the same customer's number. */
export async function lastJobThere(
  tx: Tx,
  company: string,
  order: { id: string; phone: string; serial?: string | undefined },
): Promise<{ technician: string; code: string } | null> {
  const { id, phone, serial } = order
  for (const same of [...(serial ? [{ serial }] : []), { customerPhone: phone }]) {
    const row = await tx.order.findFirst({
      where: { company, ...same, completedAt: { not: null }, assigneeId: { not: null }, id: { not: id } },
      orderBy: { completedAt: 'desc' },
      select: { assigneeId: true, code: true },
    })
    if (row?.assigneeId) return { technician: row.assigneeId, code: row.code }
  }
  return null
}

/** A team's orders by when they came in, `from` inside and `to` outside, or those of the codes that are its own. */
export async function ordersOfTeam(
  tx: Tx,
  company: string,
  teamId: string,
  which: { from: Date; to: Date } | { codes: readonly string[] },
  take: number,
): Promise<OrderRecord[]> {
  const rows = await tx.order.findMany({
    where: {
      ...{ company, teamId },
      ...('codes' in which
        ? { code: { in: [...which.codes] } }
        : { createdAt: { gte: which.from, lt: which.to }, state: { not: 'cancelled' } }),
    },
    select: { company: true, id: true, code: true, teamId: true },
    orderBy: { id: 'asc' },
    take,
  })
  return records(tx, company, rows)
}
