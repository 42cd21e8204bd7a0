import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { newId } from '../ids.ts'
import { digestOf } from './access.ts'
import type { tokenInput } from './shapes/tokens.ts'
import { saveToken, type TokenRow } from './tokenstore.ts'

/** So that a secret that got into a repository or a log can be searched for. */
const prefix = 'paigong_'
const secretBytes = 32

/** Makes a token for a program. Its secret is told this once and kept nowhere. @throws Invalid */
export async function makeToken(
  tx: Tx,
  ctx: Context,
  { name, scopes, expiresAt }: z.output<typeof tokenInput>,
): Promise<TokenRow & { secret: string }> {
  const now = ctx.clock.now()
  const until = expiresAt === undefined ? null : new Date(expiresAt)
  if (until && until <= now)
    throw new Invalid('expiresAt: is past', [{ path: 'expiresAt', message: 'must be a time to come' }])
  const secret = `${prefix}${randomBytes(secretBytes).toString('base64url')}`
  const token = await saveToken(tx, ctx.company, {
    ...{ id: newId(now), name, scopes: [...new Set(scopes)], createdAt: now, expiresAt: until },
    digest: digestOf(secret),
  })
  return { ...token, secret }
}
