import type { Tx } from '../db/tx.ts'
import type { OrderState } from './order.ts'
import type { OrderRecord } from './record.ts'
import { record } from './rows.ts'

/** Store: orders looked for. */

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
