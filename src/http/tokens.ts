import { z } from 'zod'
import { inTransaction } from '../db/tx.ts'
import { bearerOf } from './access.ts'
import { makeToken } from './maketoken.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { covers } from './scopes.ts'
import { paging } from './shapes/common.ts'
import { freshToken, tokenInput, tokenPage } from './shapes/tokens.ts'
import { listTokens, revokeToken } from './tokenstore.ts'

/** `/api/v1/tokens`: who else may use this API, and for what. */
export const tokenRoutes = [
  route({
    ...{ method: 'post', path: '/tokens', id: 'createToken', tag: 'admin', scope: 'admin' },
    summary: 'Make a token for a program',
    description: 'A token gives no scope that it lacks itself.',
    body: tokenInput,
    answers: { 201: freshToken },
    async handle(ctx, { body, http }) {
      const by = bearerOf(http)
      const lacking = body.scopes.find(scope => !covers(by.scopes, scope))
      if (lacking)
        throw new HttpProblem(403, 'Scope missing', `"${by.name}" lacks ${lacking} itself and can’t give it.`, {
          scope: lacking,
        })
      const token = await inTransaction(ctx.db, tx => makeToken(tx, ctx, body))
      ctx.log.info({ id: token.id, name: body.name, scopes: body.scopes, by: by.name }, 'a token was made')
      return token
    },
  }),

  route({
    ...{ method: 'get', path: '/tokens', id: 'listTokens', tag: 'admin', scope: 'admin' },
    summary: 'List tokens, those that were revoked too',
    query: z.object(paging),
    answers: { 200: tokenPage },
    async handle(ctx, { query: { limit, after } }) {
      const items = await listTokens(ctx.db.prisma, ctx.company, { limit, after })
      return { items, next: items.length === limit ? items.at(-1)?.id : null }
    },
  }),

  route({
    ...{ method: 'delete', path: '/tokens/{id}', id: 'revokeToken', tag: 'admin', scope: 'admin' },
    summary: 'Revoke a token: it is good for nothing at once',
    params: z.object({ id: z.uuid() }),
    answers: { 204: null },
    problems: [404],
    async handle(ctx, { params: { id }, http }) {
      if (!(await revokeToken(ctx.db.prisma, ctx.company, id, ctx.clock.now())))
        throw new HttpProblem(404, 'Not found', `There is no token ${id}.`)
      ctx.log.info({ id, by: bearerOf(http).name }, 'a token was revoked')
    },
  }),
]
