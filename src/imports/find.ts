import type { Tx } from '../db/tx.ts'
import { accountId, type Role } from '../people/person.ts'
import { peopleChanged } from '../people/store.ts'

/** Store: whom a table of people means. */

export interface KnownPerson {
  id: string
  name: string
  mobile: string | null
  active: boolean
  wecom: string | null
  dingtalk: string | null
  memberships: Array<{ teamId: string; role: Role }>
}

/** Everybody with one of these names, mobiles or accounts, also who left; who is there comes first. */
export async function peopleMeant(
  tx: Tx,
  company: string,
  keys: {
    names: readonly string[]
    mobiles: readonly string[]
    wecom: readonly string[]
    dingtalk: readonly string[]
  },
): Promise<KnownPerson[]> {
  const accounts = (['wecom', 'dingtalk'] as const).map(platform => ({
    identities: { some: { platform, userId: { in: keys[platform].map(userId => accountId(platform, userId)) } } },
  }))
  const rows = await tx.person.findMany({
    where: { company, OR: [{ name: { in: [...keys.names] } }, { mobile: { in: [...keys.mobiles] } }, ...accounts] },
    include: {
      memberships: { select: { teamId: true, role: true }, orderBy: [{ teamId: 'asc' }, { role: 'asc' }] },
      identities: { select: { platform: true, userId: true } },
    },
    orderBy: [{ active: 'desc' }, { id: 'asc' }],
  })
  return rows.map(({ id, name, mobile, active, memberships, identities }) => {
    const on = (platform: string) => identities.find(one => one.platform === platform)?.userId ?? null
    return { id, name, mobile, active, memberships, wecom: on('wecom'), dingtalk: on('dingtalk') }
  })
}

/** Gives a person another name. */
export async function renamePerson(tx: Tx, company: string, id: string, name: string): Promise<void> {
  await tx.person.update({ where: { company_id: { company, id } }, data: { name } })
  peopleChanged(tx)
}

/** What is exported of orders besides their columns: the order as it came in. */
export async function firstFacts(
  tx: Tx,
  company: string,
  orderIds: readonly string[],
): Promise<Map<string, { order?: unknown }>> {
  const rows = await tx.journal.findMany({
    where: { company, orderId: { in: [...orderIds] }, seq: 1 },
    select: { orderId: true, body: true },
  })
  return new Map(rows.map(({ orderId, body }) => [orderId, body as { order?: unknown }]))
}
