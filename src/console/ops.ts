import { z } from 'zod'
import { inTransaction } from '../db/tx.ts'
import { auditPage } from '../http/audited.ts'
import { makeToken } from '../http/maketoken.ts'
import { type PageRoute, pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { scopes } from '../http/scopes.ts'
import { tokenInput } from '../http/shapes/tokens.ts'
import { listTokens, revokeToken, type TokenRow } from '../http/tokenstore.ts'
import { codesOf, type LookedRow, outboxCounts, outboxPage, outboxViews } from '../outbox/look.ts'
import { attemptsBeforeDead } from '../outbox/retry.ts'
import { resendDead } from '../outbox/store.ts'
import { whyOf } from '../outbox/why.ts'
import { auditRoutes } from './auditlog.ts'
import { type HealthDeps, healthOf } from './health.ts'
import type { OutboxItem, OutboxList, TokenItem, TokenList } from './opswire.ts'

const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.uuid().optional(),
}
const outboxQuery = z.object({
  view: z.enum(outboxViews).default('waiting'),
  platform: z.enum(['wecom', 'dingtalk']).optional(),
  person: z.uuid().optional(),
  ...paging,
})
/** Without ids: every one that is dead. */
const again = z.strictObject({ ids: z.array(z.uuid()).min(1).max(200).optional() })

/** How the service runs: messages on their way, health, what was done, and programs that may use it. */
export const opsRoutes = (deps: HealthDeps): readonly PageRoute[] => [
  pageRoute({
    ...{ method: 'get', path: '/ops/outbox', id: 'opsOutbox', may: 'company' },
    query: outboxQuery,
    handle: (ctx, { query: { view, platform, person: personId, limit, after } }) =>
      inTransaction(ctx.db, async (tx): Promise<OutboxList> => {
        const now = ctx.clock.now()
        const rows = await outboxPage(tx, ctx.company, { view, platform, personId }, now, { limit, after })
        const codes = await codesOf(
          tx,
          ctx.company,
          rows.flatMap(({ subject }) => subject ?? []),
        )
        return {
          items: rows.map(row => itemOf(row, codes, now)),
          next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
          counts: await outboxCounts(tx, ctx.company, now),
        }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/ops/outbox/resend', id: 'opsResend', may: 'company' },
    body: again,
    async handle(ctx, { body: { ids }, ...call }) {
      const resent = await inTransaction(ctx.db, async tx => {
        const count = await resendDead(tx, ctx.company, ctx.clock.now(), ids)
        const subject = ids?.length === 1 ? ids[0] : undefined
        const data = { messages: count, all: ids === undefined }
        await auditPage(tx, ctx, call, { action: 'outbox.resend', ...(subject && { subject }), data })
        return count
      })
      ctx.ring()
      return { resent }
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/ops/health', id: 'opsHealth', may: 'company' },
    handle: ctx => healthOf(ctx, deps),
  }),

  ...auditRoutes,

  pageRoute({
    ...{ method: 'get', path: '/ops/tokens', id: 'opsTokens', may: 'company' },
    query: z.object(paging),
    async handle(ctx, { query }): Promise<TokenList> {
      const rows = await listTokens(ctx.db.prisma, ctx.company, query)
      return {
        items: rows.map(row => tokenOf(row, ctx.clock.now())),
        next: rows.length === query.limit ? (rows.at(-1)?.id ?? null) : null,
        scopes: Object.entries(scopes).map(([name, says]) => ({ name, says })),
      }
    },
  }),

  pageRoute({
    ...{ method: 'post', path: '/ops/tokens', id: 'opsMakeToken', may: 'company' },
    body: tokenInput,
    handle: (ctx, { body, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const { secret, ...token } = await makeToken(tx, ctx, body)
        const data = { name: token.name, scopes: token.scopes.join(' '), until: token.expiresAt?.toISOString() ?? null }
        await auditPage(tx, ctx, call, { action: 'token.create', subject: token.id, data })
        return { ...tokenOf(token, ctx.clock.now()), secret }
      }),
  }),

  pageRoute({
    ...{ method: 'delete', path: '/ops/tokens/{id}', id: 'opsRevokeToken', may: 'company' },
    params: z.object({ id: z.uuid() }),
    handle: (ctx, { params: { id }, ...call }) =>
      inTransaction(ctx.db, async tx => {
        if (!(await revokeToken(tx, ctx.company, id, ctx.clock.now())))
          throw new HttpProblem(404, 'Not found', '没有这个令牌。')
        await auditPage(tx, ctx, call, { action: 'token.revoke', subject: id })
        return { revoked: true }
      }),
  }),
]

function itemOf(row: LookedRow, codes: ReadonlyMap<string, string>, now: Date): OutboxItem {
  const { id, kind, status, attempts, platform, subject, personId, person, team, chatId, reason } = row
  return {
    ...{ id, kind, status, attempts, platform, said: reason },
    about: subject && (codes.get(subject) ?? null),
    to: personId === null ? { group: team ?? chatId ?? '' } : { person: person ?? '', id: personId },
    why: whyOf(row, now, attemptsBeforeDead),
    nextAt: status === 'waiting' ? row.nextAt.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
  }
}

const tokenOf = (
  { id, name, scopes, createdAt, lastUsedAt, expiresAt, revokedAt }: TokenRow,
  now: Date,
): TokenItem => ({
  ...{ id, name, scopes, createdAt: createdAt.toISOString() },
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  expiresAt: expiresAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
  over: revokedAt !== null || (expiresAt !== null && expiresAt <= now),
})
