import type { Middleware } from 'koa'
import { HttpProblem } from './problem.ts'

/** An address with a NUL in it names nothing: PostgreSQL keeps none in a text, and would fail on it. Signed addresses know so themselves. */
export const withoutNul: Middleware = (http, next) => {
  if (/%00|\0/.test(http.url)) throw new HttpProblem(400, 'Bad address', 'There is a NUL character in the address.')
  return next()
}
