import type { Middleware } from 'koa'
import type { Log } from '../log.ts'
import type { Platform, Receive, Route } from '../platforms/platform.ts'
import { readBody } from './body.ts'
import { HttpProblem } from './problem.ts'

/** Carries raw requests to the platforms' doors. What comes in is not trusted and not parsed here. */
export function doors(platforms: Iterable<Platform>, receive: Receive, log: Log): Middleware {
  const routes = new Map<string, Route>()
  for (const platform of platforms) for (const route of platform.routes?.(receive) ?? []) routes.set(route.path, route)
  return async (ctx, next) => {
    const route = routes.get(ctx.path)
    if (!route) return next()
    const method = ctx.method as 'GET' | 'POST'
    if (!route.methods.includes(method)) {
      ctx.set('Allow', route.methods.join(', '))
      ctx.status = 405
      return
    }
    const body = method === 'POST' ? await readBody(ctx.req, route.maxBytes).catch(tooLarge(route)) : Buffer.alloc(0)
    const answer = await route.handle({ method, path: ctx.path, query: ctx.query, headers: ctx.headers, body })
    ctx.status = answer.status
    ctx.type = answer.type ?? 'text/plain'
    if (answer.headers) ctx.set(answer.headers)
    ctx.body = answer.body
    const { sent } = answer
    if (sent) ctx.res.once('finish', () => afterwards(sent, log))
  }
}

/** The door itself says no to what is larger than it takes, and counts it; what was sent is not kept for that. */
function tooLarge({ maxBytes }: Route): (error: unknown) => Buffer {
  return error => {
    if (error instanceof HttpProblem && error.status === 413) return Buffer.alloc(maxBytes + 1)
    throw error
  }
}

function afterwards(sent: () => void, log: Log): void {
  try {
    sent()
  } catch (error) {
    log.error({ err: String(error) }, 'work after an answer failed')
  }
}
