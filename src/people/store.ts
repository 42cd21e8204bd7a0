import type { PlatformName } from '../chat/inbound.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import type { Person, Role, Team } from './person.ts'

const withMemberships = { memberships: { include: { team: true }, orderBy: { teamId: 'asc' } } } as const

type Row = {
  company: string
  id: string
  name: string
  mobile: string | null
  memberships: Array<{ teamId: string; role: Role; team: { name: string } }>
}

function person(row: Row): Person {
  const memberships = row.memberships.map(m => ({ teamId: m.teamId, team: m.team.name, role: m.role }))
  return { company: row.company, id: row.id, name: row.name, mobile: row.mobile, memberships }
}

export async function personByUser(
  tx: Tx,
  company: string,
  platform: PlatformName,
  userId: string,
): Promise<Person | null> {
  const row = await tx.identity.findUnique({
    where: { company_platform_userId: { company, platform, userId: userId.toLowerCase() } },
    include: { person: { include: withMemberships } },
  })
  return row?.person.active ? person(row.person) : null
}

export async function personById(tx: Tx, company: string, id: string): Promise<Person | null> {
  const row = await tx.person.findUnique({ where: { company_id: { company, id } }, include: withMemberships })
  return row && person(row)
}

export async function personByName(tx: Tx, company: string, name: string): Promise<Person | null> {
  const row = await tx.person.findUnique({ where: { company_name: { company, name } }, include: withMemberships })
  return row?.active ? person(row) : null
}

export async function personByMobile(tx: Tx, company: string, mobile: string): Promise<Person | null> {
  const row = await tx.person.findFirst({ where: { company, mobile, active: true }, include: withMemberships })
  return row && person(row)
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
  team: { name: string; policy: string; webhookKey?: string | undefined },
  now: Date,
): Promise<Team> {
  const { name, policy } = team
  const webhook = team.webhookKey === undefined ? {} : { webhookKey: team.webhookKey }
  return tx.team.upsert({
    where: { company_name: { company, name } },
    create: { company, id: newId(now), name, policy, ...webhook, createdAt: now },
    update: { policy, ...webhook },
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

/** Changes a person's number, or lets him leave: who is not active is a stranger to the bot. */
export async function patchPerson(
  tx: Tx,
  company: string,
  id: string,
  change: { mobile?: string | null | undefined; active?: boolean | undefined },
): Promise<boolean> {
  const { mobile, active } = change
  const data = { ...(mobile !== undefined && { mobile }), ...(active !== undefined && { active }) }
  return (await tx.person.updateMany({ where: { company, id }, data })).count === 1
}

/** Binds a platform user to a person; whoever held either before gives it up. */
export async function bind(
  tx: Tx,
  company: string,
  binding: { platform: PlatformName; userId: string; personId: string; how: 'api' | 'file' | 'mobile' | 'code' },
  now: Date,
): Promise<void> {
  const { platform, personId, how } = binding
  const userId = binding.userId.toLowerCase()
  await tx.identity.deleteMany({ where: { company, platform, OR: [{ userId }, { personId }] } })
  await tx.identity.create({ data: { company, platform, userId, personId, boundAt: now, how } })
}

export async function identitiesOf(
  tx: Tx,
  company: string,
  personId: string,
): Promise<Array<{ platform: PlatformName; userId: string }>> {
  const rows = await tx.identity.findMany({ where: { company, personId }, orderBy: { platform: 'desc' } })
  return rows.map(row => ({ platform: row.platform as PlatformName, userId: row.userId }))
}

export async function unbound(
  tx: Tx,
  company: string,
  platform: PlatformName,
): Promise<Array<{ id: string; mobile: string }>> {
  const rows = await tx.person.findMany({
    where: { company, active: true, mobile: { not: null }, identities: { none: { platform } } },
    select: { id: true, mobile: true },
  })
  return rows.flatMap(row => (row.mobile ? [{ id: row.id, mobile: row.mobile }] : []))
}

export async function putBindCode(
  tx: Tx,
  company: string,
  code: { code: string; personId: string; expiresAt: Date },
  now: Date,
): Promise<void> {
  await tx.bindCode.deleteMany({
    where: { company, OR: [{ personId: code.personId }, { expiresAt: { lt: now } }, { code: code.code }] },
  })
  await tx.bindCode.create({ data: { company, ...code, createdAt: now } })
}

/** The person a code was given for; the code is used up. Null when unknown, used or too old. */
export async function takeBindCode(tx: Tx, company: string, code: string, now: Date): Promise<string | null> {
  const taken = await tx.bindCode.updateMany({
    where: { company, code, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  })
  if (taken.count === 0) return null
  const row = await tx.bindCode.findUnique({ where: { company_code: { company, code } } })
  return row?.personId ?? null
}

export async function bindChat(
  tx: Tx,
  company: string,
  chat: { platform: PlatformName; chatId: string; via: string; teamId: string },
  now: Date,
): Promise<void> {
  const { platform, chatId, via, teamId } = chat
  await tx.chat.upsert({
    where: { company_platform_chatId: { company, platform, chatId } },
    create: { company, platform, chatId, via, teamId, boundAt: now },
    update: { teamId, via, boundAt: now },
  })
}

/** Where a team's notices are posted: its bound group chats, or its group robot where there are none. */
export async function postingPlaces(
  tx: Tx,
  company: string,
  teamId: string,
): Promise<Array<{ platform: PlatformName; chatId: string; via: 'bot' | 'webhook' }>> {
  const chats = await tx.chat.findMany({ where: { company, teamId }, orderBy: { chatId: 'asc' } })
  if (chats.length > 0)
    return chats.map(chat => ({ platform: chat.platform as PlatformName, chatId: chat.chatId, via: 'bot' }))
  const team = await tx.team.findUnique({ where: { company_id: { company, id: teamId } } })
  return team?.webhookKey ? [{ platform: 'wecom', chatId: `team:${teamId}`, via: 'webhook' }] : []
}

export async function webhookKey(tx: Tx, company: string, teamId: string): Promise<string | null> {
  const team = await tx.team.findUnique({ where: { company_id: { company, id: teamId } } })
  return team?.webhookKey ?? null
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
