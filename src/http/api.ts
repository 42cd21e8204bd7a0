import Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { type AccessOptions, guards } from './access.ts'
import { attendanceRoutes } from './attendance.ts'
import { backupRoutes } from './backup.ts'
import { boardRoutes } from './board.ts'
import { exportRoutes } from './exports.ts'
import { figureRoutes } from './figures.ts'
import { importRoutes } from './imports.ts'
import { incidentRoutes } from './incidents.ts'
import { leaveRoutes } from './leave.ts'
import { openApi } from './openapi.ts'
import { orderRoutes } from './orders.ts'
import { outboxRoutes } from './outbox.ts'
import { payslipRoutes } from './payslips.ts'
import { peopleRoutes } from './people.ts'
import { privacyRoutes } from './privacy.ts'
import { reportRoutes } from './reports.ts'
import { mount, type Route, route } from './route.ts'
import { settlementRoutes } from './settlements.ts'
import { simulateRoutes } from './simulate.ts'
import { tokenRoutes } from './tokens.ts'
import { webhookRoutes } from './webhooks.ts'

const working: readonly Route[] = [
  ...orderRoutes,
  ...boardRoutes,
  ...peopleRoutes,
  ...attendanceRoutes,
  ...leaveRoutes,
  ...incidentRoutes,
  ...figureRoutes,
  ...importRoutes,
  ...exportRoutes,
  ...reportRoutes,
  ...settlementRoutes,
  ...simulateRoutes,
  ...payslipRoutes,
  ...outboxRoutes,
  ...privacyRoutes,
  ...webhookRoutes,
  ...tokenRoutes,
  ...backupRoutes,
]

const openApiRoute = route({
  ...{ method: 'get', path: '/openapi.json', id: 'getOpenApi', tag: 'admin', scope: null },
  summary: 'This document; no token is needed',
  answers: { 200: z.record(z.string(), z.unknown()) },
  async handle(_, { http }) {
    http.type = 'json'
    http.set('Cache-Control', 'public, max-age=300')
    document ??= JSON.stringify(openApi(routes))
    return document
  },
})

/** Every route of `/api/v1`. */
export const routes: readonly Route[] = [...working, openApiRoute]
/** Written when it is first asked for. */
let document: string | null = null

/** The API for other programs: `/api/v1`. */
export function apiRoutes(ctx: Context, access: AccessOptions): Router {
  const router = new Router({ prefix: '/api/v1' })
  mount(router, ctx, routes, guards(ctx, access))
  return router
}
