import type { PlatformName } from '../chat/inbound.ts'
import { among } from '../db/among.ts'
import { forget, loadedAll } from '../db/loader.ts'
import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import { accountId, type Person, type Role, type Team } from './person.ts'

type Row = Omit<Person, 'away'> & { active: boolean }

/** With the roles in the same statement: as relations they are asked for in three, which cost more than what they find. */
const people = (where: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT p."company", p."id", p."name", p."mobile", p."platform", p."skills", p."areas", p."restDays", p."daysOff",
    p."active", (
      SELECT coalesce(json_agg(json_build_object('teamId', m."teamId", 'team', t."name", 'role', m."role")
        ORDER BY m."teamId", m."role"), '[]'::json)
      FROM "Membership" m JOIN "Team" t ON t."company" = m."company" AND t."id" = m."teamId"
      WHERE m."company" = p."company" AND m."personId" = p."id") AS "memberships"
  FROM "Person" p ${where}`

async function peopleWhere(tx: Tx, where: Prisma.Sql): Promise<Row[]> {
  return tx.$queryRaw<Row[]>(people(where))
}

const person = ({ active: _, ...row }: Row): Person => row

async function personWhere(tx: Tx, where: Prisma.Sql): Promise<Row | null> {
  const [row] = await peopleWhere(tx, where)
  return row ?? null
}

export async function personByUser(
  tx: Tx,
  company: string,
  platform: PlatformName,
  userId: string,
): Promise<Person | null> {
  const account = accountId(platform, userId)
  const row = await personWhere(
    tx,
    Prisma.sql`JOIN "Identity" i ON i."company" = p."company" AND i."personId" = p."id"
      WHERE i."company" = ${company} AND i."platform" = ${platform} AND i."userId" = ${account} AND p."active"`,
  )
  return row && person(row)
}

export async function personById(tx: Tx, company: string, id: string): Promise<Person | null> {
  const row = await personWhere(tx, Prisma.sql`WHERE p."company" = ${company} AND p."id" = ${id}::uuid`)
  return row && person(row)
}

/** Also those who left. */
export async function peopleById(tx: Tx, company: string, ids: readonly string[]): Promise<Person[]> {
  if (ids.length === 0) return []
  const rows = await peopleWhere(
    tx,
    Prisma.sql`WHERE p."company" = ${company} AND p."id" = ANY(${[...ids]}::uuid[]) ORDER BY p."id"`,
  )
  return rows.map(person)
}

export async function personByName(tx: Tx, company: string, name: string): Promise<Person | null> {
  const row = await personWhere(tx, Prisma.sql`WHERE p."company" = ${company} AND p."name" = ${name}`)
  return row?.active ? person(row) : null
}

export async function personByMobile(tx: Tx, company: string, mobile: string): Promise<Person | null> {
  const row = await personWhere(
    tx,
    Prisma.sql`WHERE p."company" = ${company} AND p."mobile" = ${mobile} AND p."active" LIMIT 1`,
  )
  return row && person(row)
}

/** Every manager of the company, each once. */
export async function managersOf(tx: Tx, company: string): Promise<string[]> {
  const rows = await tx.person.findMany({
    where: { company, active: true, memberships: { some: { role: 'manager' } } },
    select: { id: true },
    orderBy: { id: 'asc' },
  })
  return rows.map(row => row.id)
}

/** Everybody in the given teams, with the granted leave each has between two days. */
export async function peopleWithLeave(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
  { from, to }: { from: string; to: string },
): Promise<Person[]> {
  const people = await peopleOf(tx, company, teamIds)
  const days = await tx.leaveDay.findMany({
    where: { company, personId: { in: people.map(({ id }) => id) }, day: { gte: from, lte: to }, state: 'granted' },
    orderBy: [{ day: 'asc' }, { from: 'asc' }],
  })
  return people.map(one => {
    const away = days.filter(({ personId }) => personId === one.id)
    return away.length === 0 ? one : { ...one, away: away.map(({ day, from, to, type }) => ({ day, from, to, type })) }
  })
}

/** Everybody in the given teams, each once. */
export async function peopleOf(tx: Tx, company: string, teamIds: readonly string[]): Promise<Person[]> {
  const load = (ids: readonly string[]) => teamsOf(tx, company, ids)
  const teams = await loadedAll(tx, `people ${company}`, [...new Set(teamIds)], load, { keep: true })
  const all = new Map(teams.flat().map(row => [row.id, row]))
  return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(person)
}

/** For each of the teams who is in it. */
async function teamsOf(tx: Tx, company: string, teamIds: readonly string[]): Promise<Row[][]> {
  const rows = await peopleWhere(
    tx,
    // As a list: joined, everybody of the company would be looked at.
    Prisma.sql`WHERE p."company" = ${company} AND p."active" AND p."id" = ANY(ARRAY(
      SELECT "personId" FROM "Membership" WHERE "company" = ${company} AND ${among('"teamId"', teamIds)}))`,
  )
  const members = new Map(teamIds.map(id => [id, new Set<Row>()]))
  for (const row of rows) for (const { teamId } of row.memberships) members.get(teamId)?.add(row)
  return teamIds.map(id => [...(members.get(id) ?? [])])
}

export async function listPeople(tx: Tx, company: string, page: { after?: string; limit: number }): Promise<Person[]> {
  const after = page.after ? Prisma.sql`AND p."id" > ${page.after}::uuid` : Prisma.empty
  const rows = await peopleWhere(
    tx,
    Prisma.sql`WHERE p."company" = ${company} ${after} ORDER BY p."id" LIMIT ${page.limit}`,
  )
  return rows.map(person)
}

export async function namesOf(tx: Tx, company: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.person.findMany({
    where: { company, id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  })
  return new Map(rows.map(row => [row.id, row.name]))
}

export async function teamByIdOrName(tx: Tx, company: string, key: string): Promise<Team | null> {
  return tx.team.findFirst({ where: { company, OR: [{ name: key }, ...(isUuid(key) ? [{ id: key }] : [])] } })
}

export async function teamById(tx: Tx, company: string, id: string): Promise<Team | null> {
  return tx.team.findUnique({ where: { company_id: { company, id } } })
}

export async function teamsById(tx: Tx, company: string, ids: readonly string[]): Promise<Team[]> {
  return tx.$queryRaw<Team[]>`
    SELECT "company", "id", "name", "policy", "createdAt" FROM "Team"
    WHERE "company" = ${company} AND ${among('"id"', ids)} ORDER BY "id"`
}

export async function listTeams(tx: Tx, company: string, page: { after?: string; limit: number }): Promise<Team[]> {
  return tx.team.findMany({
    where: { company, ...(page.after && { id: { gt: page.after } }) },
    orderBy: { id: 'asc' },
    take: page.limit,
  })
}

export async function saveTeam(
  tx: Tx,
  company: string,
  team: { name: string; policy: string },
  now: Date,
): Promise<Team> {
  const { name, policy } = team
  const saved = await tx.team.upsert({
    where: { company_name: { company, name } },
    create: { company, id: newId(now), name, policy, createdAt: now },
    update: { policy },
  })
  peopleChanged(tx)
  return saved
}

/** Null when another team has the name. */
export async function createTeam(
  tx: Tx,
  company: string,
  { name, policy }: { name: string; policy: string },
  now: Date,
): Promise<Team | null> {
  const data = { company, id: newId(now), name, policy, createdAt: now }
  const made = await tx.team.createMany({ data: [data], skipDuplicates: true })
  return made.count === 1 ? data : null
}

export async function patchTeam(
  tx: Tx,
  company: string,
  id: string,
  { name, policy }: { name?: string | undefined; policy?: string | undefined },
): Promise<void> {
  const data = { ...(name !== undefined && { name }), ...(policy !== undefined && { policy }) }
  await tx.team.updateMany({ where: { company, id }, data })
  peopleChanged(tx)
}

/** What somebody is in a team from now on; nothing: no member. */
export async function setRoles(
  tx: Tx,
  company: string,
  { teamId, personId }: { teamId: string; personId: string },
  roles: readonly Role[],
): Promise<void> {
  await tx.membership.deleteMany({ where: { company, teamId, personId } })
  await tx.membership.createMany({ data: [...new Set(roles)].map(role => ({ company, teamId, personId, role })) })
  peopleChanged(tx)
}

/** Active managers of a team besides one person; nobody else changes the team before this transaction ends. */
export async function lockOtherManagers(tx: Tx, company: string, teamId: string, personId: string): Promise<number> {
  await tx.$queryRaw`SELECT 1 FROM "Team" WHERE "company" = ${company} AND "id" = ${teamId}::uuid FOR NO KEY UPDATE`
  return tx.membership.count({
    where: { company, teamId, role: 'manager', personId: { not: personId }, person: { active: true } },
  })
}

/** Creates a person or brings one up to date; roles given for a team replace those held there. */
export async function savePerson(
  tx: Tx,
  company: string,
  given: {
    name: string
    mobile?: string | undefined
    teamId?: string | undefined
    roles?: readonly Role[] | undefined
  },
  now: Date,
): Promise<string> {
  const { name, mobile, teamId } = given
  const row = await tx.person.upsert({
    where: { company_name: { company, name } },
    create: { company, id: newId(now), name, mobile: mobile ?? null, createdAt: now },
    update: { ...(mobile !== undefined && { mobile }), active: true },
  })
  if (teamId && given.roles) await setRoles(tx, company, { teamId, personId: row.id }, given.roles)
  peopleChanged(tx)
  return row.id
}

/** What is known of a person besides who he is; what is missing stays as it is. */
export interface ProfileChange {
  skills?: string[] | undefined
  areas?: string[] | undefined
  restDays?: number[] | undefined
  daysOff?: string[] | undefined
}

/** Changes a person's number or profile, or lets him leave: who is not active is a stranger to the bot. */
export async function patchPerson(
  tx: Tx,
  company: string,
  id: string,
  change: {
    mobile?: string | null | undefined
    active?: boolean | undefined
    platform?: PlatformName | null | undefined
  } & ProfileChange,
): Promise<boolean> {
  const { mobile, active, platform, skills, areas, restDays, daysOff } = change
  const data = {
    ...(skills && { skills }),
    ...(areas && { areas }),
    ...(restDays && { restDays }),
    ...(daysOff && { daysOff }),
    ...(mobile !== undefined && { mobile }),
    ...(active !== undefined && { active }),
    ...(platform !== undefined && { platform }),
  }
  // Who left is signed out everywhere, and stays so when he comes back.
  if (active === false) await tx.session.deleteMany({ where: { company, personId: id } })
  const { count } = await tx.person.updateMany({ where: { company, id }, data })
  peopleChanged(tx)
  return count === 1
}

/** Whether somebody is active, and which teams he is in. */
export async function standingOf(
  tx: Tx,
  company: string,
  personId: string,
): Promise<{ active: boolean; teamIds: string[] }> {
  const row = await tx.person.findUnique({
    where: { company_id: { company, id: personId } },
    select: { active: true, memberships: { select: { teamId: true }, orderBy: { teamId: 'asc' } } },
  })
  return { active: row?.active ?? false, teamIds: [...new Set(row?.memberships.map(({ teamId }) => teamId))] }
}

/** Who is in which team is asked for several times in a transaction: whoever changes it calls this. */
export const peopleChanged = (tx: Tx): void => forget(tx, 'people ')

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
