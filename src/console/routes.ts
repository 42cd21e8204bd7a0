import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Context } from '../context.ts'
import { type PageRoute, pageRoute } from '../http/pageroute.ts'
import { mount } from '../http/route.ts'
import type { Guard } from '../login/guard.ts'
import type { WebFiles } from '../webfiles.ts'
import { attendancePageRoutes } from './attendance.ts'
import type { Changes } from './changes.ts'
import { figurePageRoutes } from './figures.ts'
import type { HealthDeps } from './health.ts'
import { importPageRoutes } from './imports.ts'
import { incidentPageRoutes } from './incidents.ts'
import { leavePageRoutes } from './leave.ts'
import { monthPageRoutes } from './months.ts'
import { opsRoutes } from './ops.ts'
import { orderPageRoutes } from './orders.ts'
import { peopleRoutes } from './people.ts'
import { personRoutes } from './personacts.ts'
import { policyPageRoutes } from './policies.ts'
import { privacyRoutes } from './privacy.ts'
import { teamRoutes } from './teams.ts'

export const consolePrefix = '/console/api'

export interface ConsoleDeps extends HealthDeps {
  changes: Changes
  /** Names of the rule books there are. */
  policyNames(): readonly string[]
}

/** `/console/api`: what the console's pages ask for, as the one who is signed in may see it. */
export const consoleTable = ({ changes, policyNames, ...health }: ConsoleDeps): readonly PageRoute[] => [
  ...orderPageRoutes,
  ...importPageRoutes,
  ...monthPageRoutes,
  ...figurePageRoutes,
  ...policyPageRoutes,
  ...leavePageRoutes,
  ...attendancePageRoutes,
  ...incidentPageRoutes,
  ...privacyRoutes,
  ...peopleRoutes,
  ...personRoutes,
  ...teamRoutes(policyNames),
  ...opsRoutes(health),
  pageRoute({
    ...{ method: 'get', path: '/changes', id: 'changes', may: 'own' },
    handle: (_, { http }) => changes.attach(http),
  }),
]

export function consoleRoutes(ctx: Context, guard: Guard, deps: ConsoleDeps): Router {
  const router = new Router({ prefix: consolePrefix })
  mount(router, ctx, consoleTable(deps), () => guard.needViewer)
  return router
}

/**
 * Built pages below a path. Who is not signed in is sent to do so by `guard` (null: they are for who is about to sign in);
 * the files they are made of tell nothing.
 */
export function pagesAt(path: `/${string}`, guard: Guard | null, files: WebFiles): Middleware {
  return async (http, next) => {
    if (http.path !== path && !http.path.startsWith(`${path}/`)) return next()
    const serve = async () => {
      http.respond = false
      // Answered later, by the files: nobody on the way back is to take it for something that is not there.
      http.status = 200
      if (!files.handle(http.path, http.req, http.res)) http.res.writeHead(404).end()
    }
    const open = /\/(assets\/|[\w-]+\.(svg|png|webmanifest|js)$)/.test(http.path.slice(path.length))
    await (open || !guard ? serve() : guard.needViewer(http, serve))
  }
}
