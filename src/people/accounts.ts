import type { PlatformName } from '../chat/inbound.ts'
import { among } from '../db/among.ts'
import { loaded } from '../db/loader.ts'
import type { Tx } from '../db/tx.ts'
import { accountId } from './person.ts'

/** Store of who is who on the platforms, and of the codes people bind themselves with. */

/** Binds a platform user to a person; whoever held either before gives it up. */
export async function bind(
  tx: Tx,
  company: string,
  binding: {
    platform: PlatformName
    userId: string
    personId: string
    how: 'api' | 'file' | 'mobile' | 'code' | 'page'
  },
  now: Date,
): Promise<void> {
  const { platform, personId, how } = binding
  const userId = accountId(platform, binding.userId)
  await tx.identity.deleteMany({ where: { company, platform, OR: [{ userId }, { personId }] } })
  await tx.identity.create({ data: { company, platform, userId, personId, boundAt: now, how } })
  await tx.$executeRaw`
    UPDATE "Person" SET "unboundOn" = array_remove("unboundOn", ${platform})
    WHERE "company" = ${company} AND "id" = ${personId}::uuid AND ${platform} = ANY("unboundOn")`
}

/**
 * Takes a person's account on a platform from him, and keeps the engine from finding it again by his mobile. The user id
 * it was; null where he had none.
 */
export async function unbind(
  tx: Tx,
  company: string,
  platform: PlatformName,
  personId: string,
): Promise<string | null> {
  const userId = await accountOn(tx, company, platform, personId)
  if (userId === null) return null
  await tx.identity.deleteMany({ where: { company, platform, personId } })
  await tx.$executeRaw`
    UPDATE "Person" SET "unboundOn" = array_append(array_remove("unboundOn", ${platform}), ${platform})
    WHERE "company" = ${company} AND "id" = ${personId}::uuid`
  return userId
}

export interface Account {
  personId: string
  platform: PlatformName
  userId: string
  boundAt: Date
  /** `api`, `file`, `mobile`, `code` or `page`. */
  how: string
}

/** Which accounts people are bound to, and since when. */
export async function accountsOf(tx: Tx, company: string, personIds: readonly string[]): Promise<Account[]> {
  const rows = await tx.identity.findMany({
    where: { company, personId: { in: [...personIds] } },
    orderBy: [{ personId: 'asc' }, { platform: 'asc' }],
    select: { personId: true, platform: true, userId: true, boundAt: true, how: true },
  })
  return rows.map(row => ({ ...row, platform: row.platform as PlatformName }))
}

/** A person's accounts, the one he wants to be reached on first. */
export async function identitiesOf(
  tx: Tx,
  company: string,
  personId: string,
): Promise<Array<{ platform: PlatformName; userId: string }>> {
  return loaded(tx, `accounts ${company}`, personId, async ids => {
    const rows = await tx.$queryRaw<Array<{ personId: string; platform: PlatformName; userId: string }>>`
      SELECT i."personId", i."platform", i."userId" FROM "Identity" i
      JOIN "Person" p ON p."company" = i."company" AND p."id" = i."personId"
      WHERE i."company" = ${company} AND ${among('i."personId"', ids)}
      ORDER BY i."platform" IS NOT DISTINCT FROM p."platform" DESC, i."platform" DESC`
    return ids.map(id => rows.filter(row => row.personId === id).map(({ platform, userId }) => ({ platform, userId })))
  })
}

/** Those of these people who have no account on any platform. */
export async function withoutAccount(tx: Tx, company: string, personIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.identity.findMany({
    where: { company, personId: { in: [...personIds] } },
    select: { personId: true },
  })
  const bound = new Set(rows.map(({ personId }) => personId))
  return new Set(personIds.filter(id => !bound.has(id)))
}

/** A person's user id on a platform. */
export async function accountOn(tx: Tx, company: string, platform: string, personId: string): Promise<string | null> {
  const row = await tx.identity.findFirst({ where: { company, platform, personId }, select: { userId: true } })
  return row?.userId ?? null
}

/** People's user ids on one platform; who has no account there is left out. */
export async function usersOn(
  tx: Tx,
  company: string,
  platform: string,
  personIds: readonly string[],
): Promise<string[]> {
  if (personIds.length === 0) return []
  const rows = await tx.identity.findMany({
    where: { company, platform, personId: { in: [...personIds] } },
    select: { userId: true },
  })
  return rows.map(row => row.userId)
}

/** Platforms on which somebody unbound a person by hand. */
export async function unboundOn(tx: Tx, company: string, id: string): Promise<string[]> {
  const where = { company_id: { company, id } }
  return (await tx.person.findUnique({ where, select: { unboundOn: true } }))?.unboundOn ?? []
}

export async function unbound(
  tx: Tx,
  company: string,
  platform: PlatformName,
): Promise<Array<{ id: string; mobile: string }>> {
  const rows = await tx.person.findMany({
    where: {
      ...{ company, active: true, mobile: { not: null }, identities: { none: { platform } } },
      NOT: { unboundOn: { has: platform } },
    },
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
