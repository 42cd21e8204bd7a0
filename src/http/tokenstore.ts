import type { Tx } from '../db/tx.ts'
import type { Grant } from './scopes.ts'

/** A token of a program. Its secret is kept nowhere, only what it hashes to. */
export interface TokenRow {
  id: string
  name: string
  scopes: Grant[]
  createdAt: Date
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
}

const select = {
  ...{ id: true, name: true, scopes: true, createdAt: true, lastUsedAt: true, expiresAt: true, revokedAt: true },
} as const

const rowOf = ({ scopes, ...rest }: Omit<TokenRow, 'scopes'> & { scopes: string[] }): TokenRow => ({
  ...rest,
  scopes: scopes as Grant[],
})

export async function saveToken(
  tx: Tx,
  company: string,
  token: Pick<TokenRow, 'id' | 'name' | 'scopes' | 'createdAt' | 'expiresAt'> & { digest: string },
): Promise<TokenRow> {
  return rowOf(await tx.apiToken.create({ data: { company, ...token }, select }))
}

export async function listTokens(
  tx: Tx,
  company: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<TokenRow[]> {
  const rows = await tx.apiToken.findMany({
    where: { company, ...(after && { id: { gt: after } }) },
    ...{ orderBy: { id: 'asc' }, take: limit, select },
  })
  return rows.map(rowOf)
}

export async function tokenByDigest(tx: Tx, company: string, digest: string): Promise<TokenRow | null> {
  const row = await tx.apiToken.findUnique({ where: { company_digest: { company, digest } }, select })
  return row && rowOf(row)
}

/** False where there is no such token. One that was revoked before stays as it was. */
export async function revokeToken(tx: Tx, company: string, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.apiToken.updateMany({ where: { company, id, revokedAt: null }, data: { revokedAt: at } })
  return count > 0 || (await tx.apiToken.count({ where: { company, id } })) > 0
}

/** Several instances may see the same token at once: only a time that is later is written. */
export async function markUsed(tx: Tx, company: string, id: string, at: Date, before: Date): Promise<void> {
  await tx.apiToken.updateMany({
    where: { company, id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] },
    data: { lastUsedAt: at },
  })
}
