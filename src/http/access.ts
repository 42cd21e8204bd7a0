import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context as KoaContext, Middleware } from 'koa'
import type { Context } from '../context.ts'
import { HttpProblem } from './problem.ts'
import { type Bucket, take } from './rate.ts'
import type { Route } from './route.ts'
import { covers, everything, type Grant, type Scope } from './scopes.ts'
import { markUsed, type TokenRow, tokenByDigest } from './tokenstore.ts'

export interface AccessOptions {
  /** From the environment: it has every scope and is kept in no table. */
  token: string
  /** Requests a token may make in a minute; missing: as many as it likes. */
  ratePerMinute?: number | undefined
}

/** Whose request it is. */
export interface Bearer {
  /** Null: the token of the environment. */
  id: string | null
  name: string
  scopes: readonly Grant[]
}

const usedEveryMs = 60_000
/** The name of the one policy in the RateLimit headers. */
const limitName = '"default"'

/** `sha256`, in hex: secrets are random and long, so that nothing slower is needed. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Lets through who has a good token with the scope of a route, as often as it may come. @throws HttpProblem 401, 403, 429 */
export function guards(ctx: Context, options: AccessOptions): (route: Pick<Route, 'scope'>) => Middleware {
  const buckets = new Map<string | null, Bucket>()
  return ({ scope }) =>
    async (http, next) => {
      if (scope === null) return next()
      const bearer = await bearerFrom(ctx, options.token, http)
      if (options.ratePerMinute) {
        const { bucket, ...taken } = take(
          buckets.get(bearer.id) ?? null,
          ctx.clock.now().getTime(),
          options.ratePerMinute,
        )
        buckets.set(bearer.id, bucket)
        limit(http, options.ratePerMinute, taken)
      }
      http.state.bearer = bearer
      const wanted = typeof scope === 'string' ? [scope] : scope
      if (!wanted.some(one => covers(bearer.scopes, one))) throw lacks(http, wanted.join(' or '))
      return next()
    }
}

/** For what a route does only with some requests. @throws HttpProblem 403 */
export function needScope(http: KoaContext, scope: Scope): void {
  if (!covers(bearerOf(http).scopes, scope)) throw lacks(http, scope)
}

function lacks(http: KoaContext, scope: string): HttpProblem {
  http.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`)
  const has = bearerOf(http).scopes.join(', ')
  return new HttpProblem(403, 'Scope missing', `This needs the scope ${scope}; the token has ${has}.`, { scope })
}

/** Whose request a guarded route is answering. */
export const bearerOf = (http: KoaContext): Bearer => http.state.bearer as Bearer

async function bearerFrom(ctx: Context, own: string, http: KoaContext): Promise<Bearer> {
  const secret = /^Bearer (.+)$/i.exec(http.get('Authorization'))?.[1] ?? ''
  const digest = digestOf(secret)
  if (timingSafeEqual(Buffer.from(digest), Buffer.from(digestOf(own))))
    return { id: null, name: 'API_TOKEN', scopes: everything }
  const row = secret === '' ? null : await tokenByDigest(ctx.db.prisma, ctx.company, digest)
  const fault = faultOf(row, ctx.clock.now())
  if (!row || fault !== null) {
    http.set('WWW-Authenticate', secret === '' ? 'Bearer' : 'Bearer error="invalid_token"')
    throw new HttpProblem(401, 'Unauthorized', fault ?? 'Send the header "Authorization: Bearer <token>".')
  }
  await used(ctx, row)
  return row
}

function faultOf(row: TokenRow | null, now: Date): string | null {
  if (!row) return null
  if (row.revokedAt) return `This token was revoked at ${row.revokedAt.toISOString()}. Ask for a new one.`
  if (row.expiresAt && row.expiresAt <= now)
    return `This token expired at ${row.expiresAt.toISOString()}. Ask for a new one.`
  return null
}

async function used(ctx: Context, { id, lastUsedAt }: TokenRow): Promise<void> {
  const now = ctx.clock.now()
  const before = new Date(now.getTime() - usedEveryMs)
  if (!lastUsedAt || lastUsedAt <= before) await markUsed(ctx.db.prisma, ctx.company, id, now, before)
}

/** As draft-ietf-httpapi-ratelimit-headers-10 has them. */
function limit(
  http: KoaContext,
  perMinute: number,
  { allowed, remaining, resetSeconds, retrySeconds }: Omit<ReturnType<typeof take>, 'bucket'>,
): void {
  http.set('RateLimit-Policy', `${limitName};q=${perMinute};w=60`)
  http.set('RateLimit', `${limitName};r=${remaining};t=${resetSeconds}`)
  if (allowed) return
  http.set('Retry-After', `${retrySeconds}`)
  throw new HttpProblem(
    429,
    'Too many requests',
    `A token may make ${perMinute} requests a minute. Come again in ${retrySeconds} s.`,
  )
}
