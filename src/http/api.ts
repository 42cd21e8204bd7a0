import { createHash, timingSafeEqual } from 'node:crypto'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { attendanceRoutes } from './attendance.ts'
import { figureRoutes } from './figures.ts'
import { incidentRoutes } from './incidents.ts'
import { leaveRoutes } from './leave.ts'
import { openApi } from './openapi.ts'
import { orderRoutes } from './orders.ts'
import { outboxRoutes } from './outbox.ts'
import { payslipRoutes } from './payslips.ts'
import { peopleRoutes } from './people.ts'
import { HttpProblem } from './problem.ts'
import { reportRoutes } from './reports.ts'
import { mount, type Route, route } from './route.ts'
import { settlementRoutes } from './settlements.ts'
import { simulateRoutes } from './simulate.ts'

const working: readonly Route[] = [
  ...orderRoutes,
  ...peopleRoutes,
  ...attendanceRoutes,
  ...leaveRoutes,
  ...incidentRoutes,
  ...figureRoutes,
  ...reportRoutes,
  ...settlementRoutes,
  ...simulateRoutes,
  ...payslipRoutes,
  ...outboxRoutes,
]

const openApiRoute = route({
  ...{ method: 'get', path: '/openapi.json', id: 'getOpenApi', tag: 'admin', scope: null },
  summary: 'This document; no token is needed',
  answers: { 200: z.record(z.string(), z.unknown()) },
  handle: async () => document,
})

/** Every route of `/api/v1`. */
export const routes: readonly Route[] = [...working, openApiRoute]
const document = openApi(routes)

/** The API for other programs: `/api/v1`, one bearer token. */
export function apiRoutes(ctx: Context, token: string): Router {
  const router = new Router({ prefix: '/api/v1' })
  const guard = bearer(token)
  const open: Middleware = (_, next) => next()
  mount(router, ctx, routes, ({ scope }) => (scope === null ? open : guard))
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
