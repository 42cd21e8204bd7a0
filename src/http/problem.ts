import type { Context as KoaContext, Middleware } from 'koa'
import { isAway } from '../db/tx.ts'
import { forLog, Invalid, Permanent, Refusal, Temporary } from '../errors.ts'
import type { Log } from '../log.ts'

/** An RFC 9457 body: what programs get when something is wrong. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  errors?: ReadonlyArray<{ path: string; message: string }>
  /** The scope the token lacks. */
  scope?: string
}

export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
    readonly more: Pick<ProblemBody, 'scope'> = {},
  ) {
    super(detail)
  }
}

export function answerProblem(ctx: KoaContext, body: Omit<ProblemBody, 'type'>): void {
  ctx.status = body.status
  ctx.set('Content-Type', 'application/problem+json; charset=utf-8')
  ctx.body = JSON.stringify({ type: 'about:blank', ...body })
}

/** The one place where failures become answers. */
export function problems(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && !ctx.body)
        answerProblem(ctx, { title: 'Not found', status: 404, detail: `Nothing is at ${ctx.method} ${ctx.path}.` })
      if (ctx.status === 405 && !ctx.body)
        answerProblem(ctx, {
          title: 'Method not allowed',
          status: 405,
          detail: `${ctx.path} does not take ${ctx.method}.`,
        })
    } catch (error) {
      if (error instanceof HttpProblem)
        return answerProblem(ctx, { title: error.title, status: error.status, detail: error.message, ...error.more })
      if (error instanceof Invalid)
        return answerProblem(ctx, {
          title: 'Invalid request',
          status: error.status,
          detail: error.message,
          errors: error.problems,
        })
      if (error instanceof Refusal)
        return answerProblem(ctx, { title: 'Not possible now', status: 409, detail: error.message })
      if (error instanceof Temporary || error instanceof Permanent)
        return answerProblem(ctx, { title: 'Platform failed', status: 503, detail: error.message })
      log.error(
        {
          method: ctx.method,
          // The address of a payslip opens it: it is no thing for a log.
          path: ctx.path.replace(/^\/p\/.*/, '/p/…'),
          err: forLog(error),
        },
        'a request failed',
      )
      if (isAway(error))
        return answerProblem(ctx, {
          title: 'Database unavailable',
          status: 503,
          detail:
            'The database can’t be reached at the moment. Try again later; what carries an Idempotency-Key is done once.',
        })
      answerProblem(ctx, {
        title: 'Internal error',
        status: 500,
        detail: 'Something went wrong on our side; the log has the reason. Trying again later may help.',
      })
    }
  }
}
