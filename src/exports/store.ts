import type { Tx } from '../db/tx.ts'
import type { Role } from '../people/person.ts'

/** Store: what is exported, page by page. */

export interface OrdersWanted {
  /** Null: every team. */
  teamIds: readonly string[] | null
  /** Moments they came in: from, and before. */
  from: Date | null
  to: Date
  states: readonly string[] | null
}

const where = (company: string, { teamIds, from, to, states }: OrdersWanted) => ({
  ...{ company, createdAt: { lt: to, ...(from && { gte: from }) } },
  ...(teamIds && { teamId: { in: [...teamIds] } }),
  ...(states && { state: { in: [...states] } }),
})

export const countOrders = (tx: Tx, company: string, wanted: OrdersWanted): Promise<number> =>
  tx.order.count({ where: where(company, wanted) })

export interface OrderRow {
  id: string
  code: string
  teamId: string
  state: string
  assigneeId: string | null
  createdAt: Date
  appointmentFrom: Date | null
  appointmentTo: Date | null
  completedAt: Date | null
  charge: { toFixed(places: number): string } | null
}

export async function ordersPage(
  tx: Tx,
  company: string,
  wanted: OrdersWanted,
  after: string | null,
  limit: number,
): Promise<OrderRow[]> {
  return tx.order.findMany({
    where: { ...where(company, wanted), ...(after && { id: { gt: after } }) },
    select: {
      ...{ id: true, code: true, teamId: true, state: true, assigneeId: true, createdAt: true },
      ...{ appointmentFrom: true, appointmentTo: true, completedAt: true, charge: true },
    },
    ...{ orderBy: { id: 'asc' }, take: limit },
  })
}

export interface PersonRow {
  id: string
  name: string
  mobile: string | null
  active: boolean
  identities: Array<{ platform: string; userId: string }>
  memberships: Array<{ teamId: string; role: Role }>
}

/** People who are, or ever were, in one of the teams; null: everybody. */
const ofTeams = (company: string, teamIds: readonly string[] | null, personIds: readonly string[]) => ({
  company,
  ...(teamIds && { OR: [{ memberships: { some: { teamId: { in: [...teamIds] } } } }, { id: { in: [...personIds] } }] }),
})

/** Who ever was in one of the teams. */
export async function everIn(tx: Tx, company: string, teamIds: readonly string[]): Promise<string[]> {
  const rows = await tx.employment.findMany({
    where: { company, teamId: { in: [...teamIds] } },
    ...{ select: { personId: true }, distinct: ['personId'] },
  })
  return rows.map(({ personId }) => personId)
}

export async function peoplePage(
  tx: Tx,
  company: string,
  {
    teamIds,
    ever,
    after,
    limit,
  }: { teamIds: readonly string[] | null; ever: readonly string[]; after: string | null; limit: number },
): Promise<PersonRow[]> {
  return tx.person.findMany({
    where: { AND: [ofTeams(company, teamIds, ever), after ? { id: { gt: after } } : {}] },
    select: {
      ...{ id: true, name: true, mobile: true, active: true },
      identities: { select: { platform: true, userId: true } },
      memberships: { select: { teamId: true, role: true }, orderBy: [{ teamId: 'asc' }, { role: 'asc' }] },
    },
    ...{ orderBy: { id: 'asc' }, take: limit },
  })
}
