import Router from '@koa/router'
import type { Middleware } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { check, readJson } from '../http/body.ts'
import { type Guard, viewerIn } from '../login/guard.ts'
import { change } from '../orders/flow.ts'
import { personById } from '../people/store.ts'
import type { WebFiles } from '../webfiles.ts'
import { boardOf, boardWish } from './board.ts'
import type { Changes } from './changes.ts'
import { candidatesOf, needOrder, orderPage, orderToDispatch } from './order.ts'

const assignWish = z.strictObject({ person: z.uuid(), note: z.string().trim().max(200).optional() })

/** `/console/api`: what the console's pages ask for, as the one who is signed in may see it. */
export function consoleRoutes(ctx: Context, guard: Guard, changes: Changes): Router {
  const router = new Router({ prefix: '/console/api' })
  router.use(guard.needViewer)

  router.get('/board', async http => {
    const wish = check(boardWish, http.query)
    http.body = await inTransaction(ctx.db, tx => boardOf(tx, ctx, viewerIn(http), wish))
  })

  router.get('/changes', http => {
    http.respond = false
    changes.attach(http)
  })

  router.get('/orders/:code', async http => {
    const viewer = viewerIn(http)
    http.body = await inTransaction(ctx.db, async tx => {
      return orderPage(tx, ctx, viewer, await needOrder(tx, ctx, viewer, http.params.code ?? ''))
    })
  })

  router.get('/orders/:code/candidates', async http => {
    http.body = await inTransaction(ctx.db, async tx => ({
      items: await candidatesOf(tx, ctx, await orderToDispatch(tx, ctx, viewerIn(http), http.params.code ?? '')),
    }))
  })

  router.post('/orders/:code/assign', async http => {
    const viewer = viewerIn(http)
    const { value } = await readJson(http.req, assignWish)
    http.body = await inTransaction(ctx.db, async tx => {
      const order = await orderToDispatch(tx, ctx, viewer, http.params.code ?? '')
      const by = await personById(tx, ctx.company, viewer.person.id)
      const done = await change(tx, ctx, {
        orderId: order.id,
        command: { do: 'assign', to: value.person, ...(value.note && { note: value.note }) },
        ...{ by, speech: { via: 'page' as const } },
      })
      return orderPage(tx, ctx, viewer, done.order)
    })
    ctx.ring()
  })

  return router
}

/** `/console`: the pages themselves. Who is not signed in is sent to do so; the files they are made of tell nothing. */
export function consolePages(guard: Guard, files: WebFiles): Middleware {
  return async (http, next) => {
    if (http.path !== '/console' && !http.path.startsWith('/console/')) return next()
    const isAsset = http.path.startsWith('/console/assets/')
    const serve = async () => {
      http.respond = false
      if (!files.handle(http.path, http.req, http.res)) http.res.writeHead(404).end()
    }
    if (isAsset) return serve()
    await guard.needViewer(http, serve)
  }
}
