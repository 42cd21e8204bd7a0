import { createHash, timingSafeEqual } from 'node:crypto'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { listRows, resendDead } from '../outbox/store.ts'
import { enterTeam } from '../people/enter.ts'
import { teamInput } from '../people/schema.ts'
import { listTeams } from '../people/store.ts'
import { attendanceRoutes } from './attendance.ts'
import { boardRoutes } from './board.ts'
import { check, readJson } from './body.ts'
import { figureRoutes } from './figures.ts'
import { incidentRoutes } from './incidents.ts'
import { leaveRoutes } from './leave.ts'
import { orderRoutes } from './orders.ts'
import { payslipRoutes } from './payslips.ts'
import { peopleRoutes } from './people.ts'
import { HttpProblem } from './problem.ts'
import { reportRoutes } from './reports.ts'
import { pageQuery } from './schema.ts'
import { settlementRoutes } from './settlements.ts'
import { simulateRoutes } from './simulate.ts'

/** The API for other programs: `/api/v1`, one bearer token. */
export function apiRoutes(ctx: Context, token: string): Router {
  const router = new Router({ prefix: '/api/v1' })
  router.use(bearer(token))
  orderRoutes(router, ctx)
  boardRoutes(router, ctx)
  attendanceRoutes(router, ctx)
  leaveRoutes(router, ctx)
  peopleRoutes(router, ctx)
  figureRoutes(router, ctx)
  incidentRoutes(router, ctx)
  reportRoutes(router, ctx)
  settlementRoutes(router, ctx)
  simulateRoutes(router, ctx)
  payslipRoutes(router, ctx)

  router.post('/teams', async http => {
    const { value } = await readJson(http.req, teamInput)
    const { id, name, policy } = await inTransaction(ctx.db, tx => enterTeam(tx, ctx, value))
    http.status = 201
    http.body = { id, name, policy }
  })

  router.get('/teams', async http => {
    const { limit, after } = check(pageQuery, http.query)
    const teams = await listTeams(ctx.db.prisma, ctx.company, { limit, ...(after && { after }) })
    http.body = {
      items: teams.map(({ id, name, policy }) => ({ id, name, policy })),
      next: teams.length === limit ? teams.at(-1)?.id : null,
    }
  })

  router.get('/outbox', async http => {
    const { limit, status } = check(pageQuery, http.query)
    http.body = { items: await listRows(ctx.db.prisma, ctx.company, status, limit), next: null }
  })

  router.post('/outbox/resend', async http => {
    http.body = { resent: await resendDead(ctx.db.prisma, ctx.company, ctx.clock.now()) }
    ctx.ring()
  })

  return router
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function bearer(token: string): Middleware {
  const wanted = digest(token)
  return async (http, next) => {
    const given = /^Bearer (.+)$/.exec(http.get('Authorization'))?.[1] ?? ''
    if (timingSafeEqual(digest(given), wanted)) return next()
    http.set('WWW-Authenticate', 'Bearer')
    throw new HttpProblem(401, 'Unauthorized', 'Send the header "Authorization: Bearer <API_TOKEN>".')
  }
}
