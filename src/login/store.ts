import type { Tx } from '../db/tx.ts'
import { accountId, type Role } from '../people/person.ts'

/** Store of sign-ins. Sessions and states are known by the hashes of what browsers hold. */

export interface SessionRow {
  tokenHash: string
  personId: string
  platform: string
  userId: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  userAgent: string
}

export interface Holder {
  id: string
  name: string
  active: boolean
  memberships: Array<{ teamId: string; team: string; role: Role }>
}

const withTeams = {
  memberships: { include: { team: { select: { name: true } } }, orderBy: { teamId: 'asc' } },
} as const

interface PersonRow {
  id: string
  name: string
  active: boolean
  memberships: Array<{ teamId: string; role: Role; team: { name: string } }>
}

const holder = ({ id, name, active, memberships }: PersonRow): Holder => ({
  ...{ id, name, active },
  memberships: memberships.map(({ teamId, role, team }) => ({ teamId, role, team: team.name })),
})

/** Whose account it is, also when he left. */
export async function accountHolder(
  tx: Tx,
  company: string,
  platform: string,
  userId: string,
): Promise<{ id: string; name: string; active: boolean } | null> {
  const row = await tx.identity.findUnique({
    where: { company_platform_userId: { company, platform, userId: accountId(platform, userId) } },
    select: { person: { select: { id: true, name: true, active: true } } },
  })
  return row?.person ?? null
}

export async function putSession(tx: Tx, company: string, session: SessionRow): Promise<void> {
  await tx.session.create({ data: { company, ...session } })
}

/** A session with whoever it belongs to; `isHis`: the account it was opened with is still his. */
export async function findSession(
  tx: Tx,
  company: string,
  tokenHash: string,
): Promise<{ session: SessionRow; holder: Holder; isHis: boolean } | null> {
  const row = await tx.session.findUnique({
    where: { company_tokenHash: { company, tokenHash } },
    include: { person: { include: { ...withTeams, identities: true } } },
  })
  if (!row) return null
  const { person, company: _, ...session } = row
  const isHis = person.identities.some(one => one.platform === row.platform && one.userId === row.userId)
  return { session, holder: holder(person), isHis }
}

export async function touchSession(
  tx: Tx,
  company: string,
  tokenHash: string,
  change: { lastSeenAt: Date; expiresAt: Date },
): Promise<void> {
  await tx.session.updateMany({ where: { company, tokenHash }, data: change })
}

/** Whose it was; null when there was none. */
export async function dropSession(
  tx: Tx,
  company: string,
  tokenHash: string,
): Promise<{ personId: string; platform: string } | null> {
  const row = await tx.session.findUnique({ where: { company_tokenHash: { company, tokenHash } } })
  if (!row) return null
  await tx.session.deleteMany({ where: { company, tokenHash } })
  return { personId: row.personId, platform: row.platform }
}

/** All of a person's, in every browser. Returns how many. */
export async function dropSessionsOf(tx: Tx, company: string, personId: string): Promise<number> {
  return (await tx.session.deleteMany({ where: { company, personId } })).count
}

/** A person's sessions that are not over yet, the one that was seen last first. */
export async function sessionsOf(
  tx: Tx,
  company: string,
  personId: string,
  now: Date,
): Promise<Array<Pick<SessionRow, 'platform' | 'createdAt' | 'lastSeenAt' | 'userAgent'>>> {
  return tx.session.findMany({
    where: { company, personId, expiresAt: { gt: now } },
    orderBy: { lastSeenAt: 'desc' },
    select: { platform: true, createdAt: true, lastSeenAt: true, userAgent: true },
  })
}

/** Those he opened with his account on one platform. Returns how many. */
export async function dropSessionsOn(tx: Tx, company: string, personId: string, platform: string): Promise<number> {
  return (await tx.session.deleteMany({ where: { company, personId, platform } })).count
}

/** False when somebody came back with this state before. */
export async function useState(tx: Tx, company: string, hash: string, expiresAt: Date): Promise<boolean> {
  const made = await tx.usedState.createMany({ data: [{ company, hash, expiresAt }], skipDuplicates: true })
  return made.count === 1
}

/** Forgets what ended by itself. Returns how much. */
export async function dropEnded(tx: Tx, company: string, now: Date): Promise<number> {
  const ended = { where: { company, expiresAt: { lte: now } } }
  const [sessions, states] = [await tx.session.deleteMany(ended), await tx.usedState.deleteMany(ended)]
  return sessions.count + states.count
}

export async function countTeams(tx: Tx, company: string): Promise<number> {
  return tx.team.count({ where: { company } })
}
