import { z } from 'zod'
import { listRows, resendDead } from '../outbox/store.ts'
import { route } from './route.ts'
import { paging } from './shapes/common.ts'
import { outboxRows, outboxStatus } from './shapes/outbox.ts'

const query = z.object({ limit: paging.limit, status: outboxStatus.default('dead') })

/** `/api/v1/outbox`: messages that wait or could not be delivered, for the operator. */
export const outboxRoutes = [
  route({
    ...{ method: 'get', path: '/outbox', id: 'listOutbox', tag: 'admin', scope: 'admin' },
    summary: 'List messages by their state, the newest first',
    query,
    answers: { 200: outboxRows },
    handle: async (ctx, { query: { limit, status } }) => ({
      items: await listRows(ctx.db.prisma, ctx.company, status, limit),
      next: null,
    }),
  }),

  route({
    ...{ method: 'post', path: '/outbox/resend', id: 'resendOutbox', tag: 'admin', scope: 'admin' },
    summary: 'Send again what could not be delivered',
    answers: { 200: z.strictObject({ resent: z.int() }) },
    async handle(ctx) {
      const resent = await resendDead(ctx.db.prisma, ctx.company, ctx.clock.now())
      ctx.ring()
      return { resent }
    },
  }),
]
