import type { PlatformName } from '../chat/inbound.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { accountId, type Person, type Role, type Team } from './person.ts'

const withMemberships = { memberships: { include: { team: true }, orderBy: { teamId: 'asc' } } } as const

type Row = {
  company: string
  id: string
  name: string
  mobile: string | null
  platform: string | null
  skills: string[]
  areas: string[]
  restDays: number[]
  daysOff: string[]
  memberships: Array<{ teamId: string; role: Role; team: { name: string } }>
}

function person(row: Row): Person {
  const memberships = row.memberships.map(m => ({ teamId: m.teamId, team: m.team.name, role: m.role }))
  const { company, id, name, mobile, platform, skills, areas, restDays, daysOff } = row
  return { company, id, name, mobile, platform, skills, areas, restDays, daysOff, memberships }
}

export async function personByUser(
  tx: Tx,
  company: string,
  platform: PlatformName,
  userId: string,
): Promise<Person | null> {
  const row = await tx.identity.findUnique({
    where: { company_platform_userId: { company, platform, userId: accountId(platform, userId) } },
    include: { person: { include: withMemberships } },
  })
  return row?.person.active ? person(row.person) : null
}

export async function personById(tx: Tx, company: string, id: string): Promise<Person | null> {
  const row = await tx.person.findUnique({ where: { company_id: { company, id } }, include: withMemberships })
  return row && person(row)
}

/** Also those who left. */
export async function peopleById(tx: Tx, company: string, ids: readonly string[]): Promise<Person[]> {
  const rows = await tx.person.findMany({
    where: { company, id: { in: [...ids] } },
    include: withMemberships,
    orderBy: { id: 'asc' },
  })
  return rows.map(person)
}

export async function personByName(tx: Tx, company: string, name: string): Promise<Person | null> {
  const row = await tx.person.findUnique({ where: { company_name: { company, name } }, include: withMemberships })
  return row?.active ? person(row) : null
}

export async function personByMobile(tx: Tx, company: string, mobile: string): Promise<Person | null> {
  const row = await tx.person.findFirst({ where: { company, mobile, active: true }, include: withMemberships })
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
  const rows = await tx.person.findMany({
    where: { company, active: true, memberships: { some: { teamId: { in: [...teamIds] } } } },
    include: withMemberships,
    orderBy: { id: 'asc' },
  })
  return rows.map(person)
}

export async function listPeople(tx: Tx, company: string, page: { after?: string; limit: number }): Promise<Person[]> {
  const rows = await tx.person.findMany({
    where: { company, ...(page.after && { id: { gt: page.after } }) },
    include: withMemberships,
    orderBy: { id: 'asc' },
    take: page.limit,
  })
  return rows.map(person)
}

export async function namesOf(tx: Tx, company: string, ids: readonly string[]): Promise<Map<string, string>> {
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
  return tx.team.upsert({
    where: { company_name: { company, name } },
    create: { company, id: newId(now), name, policy, createdAt: now },
    update: { policy },
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
  if (teamId && given.roles) {
    await tx.membership.deleteMany({ where: { company, teamId, personId: row.id } })
    await tx.membership.createMany({ data: given.roles.map(role => ({ company, teamId, personId: row.id, role })) })
  }
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
  return (await tx.person.updateMany({ where: { company, id }, data })).count === 1
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

export async function dropMembership(tx: Tx, company: string, teamId: string, personId: string): Promise<void> {
  await tx.membership.deleteMany({ where: { company, teamId, personId } })
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
