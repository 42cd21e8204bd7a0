import type { PlatformName } from '../chat/inbound.ts'
import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { openStates } from '../orders/order.ts'
import { accountId, type Role } from './person.ts'

/** Store: people as the desk looks through them, by the hundred and by name. */

export interface RosterRow {
  id: string
  name: string
  mobile: string | null
  platform: string | null
  active: boolean
  skills: string[]
  areas: string[]
  restDays: number[]
  daysOff: string[]
  /** Granted leave of the day that was asked for: minutes since midnight. */
  away: Array<{ from: number; to: number }>
  memberships: Array<{ teamId: string; team: string; role: Role }>
  /** Open orders he is responsible for. */
  inHand: number
}

export type Standing = 'active' | 'left' | 'leave'

export interface RosterFilter {
  /** Who belongs to one of these, or left them; null: everybody of the company. */
  teamIds: readonly string[] | null
  standing: Standing
  /** Part of a name, a mobile or a user id. */
  words: string
  role?: Role | undefined
  /** `2026-11-25`: whose leave is looked at. */
  day: string
}

// Lists of ids instead of a look for each person: hashed once, they cost the same whatever the planner knows of the tables.
const away = (company: string, day: string) => Prisma.sql`
  SELECT d."personId" FROM "LeaveDay" d WHERE d."company" = ${company} AND d."day" = ${day} AND d."state" = 'granted'`

/** Of these teams; who is in no team any more still counts to those he was in. */
function ofTeams(company: string, teamIds: readonly string[]): Prisma.Sql {
  const own = Prisma.sql`m."company" = ${company} AND m."teamId" = ANY(${[...teamIds]}::uuid[])`
  return Prisma.sql`(p."id" IN (SELECT m."personId" FROM "Membership" m WHERE ${own})
    OR (NOT p."active" AND p."id" NOT IN (SELECT m."personId" FROM "Membership" m WHERE m."company" = ${company})
      AND p."id" IN (SELECT m."personId" FROM "Employment" m WHERE ${own})))`
}

function where(company: string, { teamIds, standing, words, role, day }: RosterFilter): Prisma.Sql {
  const part = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const holds = Prisma.sql`p."id" IN (SELECT r."personId" FROM "Membership" r
    WHERE r."company" = ${company} AND r."role"::text = ${role ?? ''}
      ${teamIds ? Prisma.sql`AND r."teamId" = ANY(${[...teamIds]}::uuid[])` : Prisma.empty})`
  const called = Prisma.sql`(p."name" ILIKE ${part} OR p."mobile" LIKE ${part} OR p."id" IN (
    SELECT i."personId" FROM "Identity" i WHERE i."company" = ${company} AND i."userId" ILIKE ${part}))`
  return Prisma.join(
    [
      Prisma.sql`p."company" = ${company} AND ${standing === 'left' ? Prisma.sql`NOT p."active"` : Prisma.sql`p."active"`}`,
      ...(standing === 'leave' ? [Prisma.sql`p."id" IN (${away(company, day)})`] : []),
      ...(teamIds ? [ofTeams(company, teamIds)] : []),
      ...(role ? [holds] : []),
      ...(words === '' ? [] : [called]),
    ],
    ' AND ',
  )
}

/** People in the order they were entered. `after`: the id at which the last page ended. */
export async function rosterPage(
  tx: Tx,
  company: string,
  filter: RosterFilter,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<RosterRow[]> {
  const beyond = after ? Prisma.sql`AND p."id" > ${after}::uuid` : Prisma.empty
  const found = await tx.$queryRaw<Array<{ id: string }>>`
    SELECT p."id"::text FROM "Person" p WHERE ${where(company, filter)} ${beyond} ORDER BY p."id" LIMIT ${limit}`
  return rosterRows(
    tx,
    company,
    found.map(({ id }) => id),
    filter.day,
  )
}

/** How many there are of each standing, whatever the filter says of that. */
export async function rosterCounts(tx: Tx, company: string, filter: RosterFilter): Promise<Record<Standing, number>> {
  const of = (standing: Standing) => tx.$queryRaw<Array<{ count: number }>>`
    SELECT count(*)::int AS "count" FROM "Person" p WHERE ${where(company, { ...filter, standing })}`
  const [[active], [left], [leave]] = [await of('active'), await of('left'), await of('leave')]
  return { active: active?.count ?? 0, left: left?.count ?? 0, leave: leave?.count ?? 0 }
}

/** People by their ids, in the order they were entered. */
export async function rosterRows(tx: Tx, company: string, ids: readonly string[], day: string): Promise<RosterRow[]> {
  if (ids.length === 0) return []
  const people = await tx.person.findMany({
    where: { company, id: { in: [...ids] } },
    include: { memberships: { include: { team: { select: { name: true } } }, orderBy: { teamId: 'asc' } } },
    orderBy: { id: 'asc' },
  })
  const days = await tx.leaveDay.findMany({
    where: { company, personId: { in: [...ids] }, day, state: 'granted' },
    ...{ orderBy: { from: 'asc' }, select: { personId: true, from: true, to: true } },
  })
  const hands = await tx.order.groupBy({
    ...{ by: ['assigneeId'], _count: { _all: true } },
    where: { company, assigneeId: { in: [...ids] }, state: { in: openStates } },
  })
  return people.map(({ company: _, createdAt: _at, unboundOn: _on, memberships, ...person }) => ({
    ...person,
    memberships: memberships.map(({ teamId, role, team }) => ({ teamId, team: team.name, role })),
    away: days.filter(({ personId }) => personId === person.id).map(({ from, to }) => ({ from, to })),
    inHand: hands.find(({ assigneeId }) => assigneeId === person.id)?._count._all ?? 0,
  }))
}

/** Somebody who has already what another one is given: his name, his mobile, his account. */
export interface Double {
  id: string
  name: string
  active: boolean
  teams: string[]
  by: 'name' | 'mobile' | PlatformName
}

/** Whom a name, a mobile or accounts belong to already, also who left; one person is left out. */
export async function doublesOf(
  tx: Tx,
  company: string,
  given: { name?: string | undefined; mobile?: string | undefined } & { [P in PlatformName]?: string | undefined },
  except?: string,
): Promise<Double[]> {
  const { name, mobile } = given
  const accounts = (['wecom', 'dingtalk'] as const).flatMap(platform => {
    const userId = given[platform]
    return userId ? [{ platform, userId: accountId(platform, userId) }] : []
  })
  const any = [
    ...(name ? [{ name }] : []),
    ...(mobile ? [{ mobile }] : []),
    ...accounts.map(account => ({ identities: { some: account } })),
  ]
  if (any.length === 0) return []
  const rows = await tx.person.findMany({
    where: { company, OR: any, ...(except && { id: { not: except } }) },
    include: { memberships: { include: { team: { select: { name: true } } } }, identities: true },
    ...{ orderBy: { id: 'asc' }, take: 20 },
  })
  return rows.flatMap(row => {
    const same: Array<Double['by']> = [
      ...(name && row.name === name ? (['name'] as const) : []),
      ...(mobile && row.mobile === mobile ? (['mobile'] as const) : []),
      ...accounts
        .filter(one => row.identities.some(own => own.platform === one.platform && own.userId === one.userId))
        .map(({ platform }) => platform),
    ]
    const teams = [...new Set(row.memberships.map(({ team }) => team.name))]
    return same.map(by => ({ id: row.id, name: row.name, active: row.active, teams, by }))
  })
}

/** Words people are described with already, for whoever describes the next one. */
export async function wordsInUse(tx: Tx, company: string): Promise<{ skills: string[]; areas: string[] }> {
  const of = (column: 'skills' | 'areas') => tx.$queryRaw<Array<{ word: string }>>`
    SELECT DISTINCT unnest(${Prisma.raw(`"${column}"`)}) AS "word" FROM "Person" WHERE "company" = ${company} LIMIT 200`
  const [skills, areas] = [await of('skills'), await of('areas')]
  return { skills: skills.map(({ word }) => word).sort(), areas: areas.map(({ word }) => word).sort() }
}

/** How many active people each team has, by what they are there. */
export async function headcounts(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
): Promise<Array<{ teamId: string; role: Role; count: number }>> {
  const rows = await tx.membership.groupBy({
    ...{ by: ['teamId', 'role'], _count: { _all: true } },
    where: { company, teamId: { in: [...teamIds] }, person: { active: true } },
  })
  return rows.map(({ teamId, role, _count }) => ({ teamId, role, count: _count._all }))
}
