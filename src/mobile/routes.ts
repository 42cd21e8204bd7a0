import Router from '@koa/router'
import type { Context } from '../context.ts'
import type { PageRoute } from '../http/pageroute.ts'
import { mount } from '../http/route.ts'
import type { Guard } from '../login/guard.ts'
import { myOrderRoutes } from './orders.ts'
import { photoRoutes } from './photos.ts'
import { myPointsRoutes } from './points.ts'
import { signatureRoutes } from './signatures.ts'

export const mobilePrefix = '/m/api'

/** `/m/api`: what the technician's pages ask for. Everything is his own, or of a team he dispatches or manages. */
export const mobileTable: readonly PageRoute[] = [
  ...myOrderRoutes,
  ...photoRoutes,
  ...signatureRoutes,
  ...myPointsRoutes,
]

export function mobileRoutes(ctx: Context, guard: Guard): Router {
  const router = new Router({ prefix: mobilePrefix })
  mount(router, ctx, mobileTable, () => guard.needViewer)
  return router
}
