import type Router from '@koa/router'
import type { Context as KoaContext, Middleware } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { check, readBody, readJson } from './body.ts'
import { HttpProblem } from './problem.ts'
import type { Scope } from './scopes.ts'

/** A request's body that is a file. `types`: the media types it may be sent as, the right one first. */
export interface Upload {
  types: readonly [string, ...string[]]
  maxBytes: number
  what: string
}

/** An answer that is a file, of this media type. */
export interface Download {
  file: string
}

/** Null: no body. */
export type Answer = z.ZodType | Download | null
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Areas of the API, in the order the document lists them. */
export const tags = {
  orders: 'Intake and life of orders',
  people: 'Teams and people',
  attendance: 'Check-ins and the attendance table',
  leaves: 'Requests for leave',
  incidents: 'Penalties and rewards',
  months: 'Month figures, settlements, payslips and points',
  privacy: 'What is kept of a customer or a person, and deleting it',
  webhooks: 'Telling other programs what happens',
  imports: 'Tables of orders, people and figures, sent and fetched',
  admin: 'Tokens, messages that could not be delivered, backups, this document',
} as const

/** What a handler gets: everything parsed. `raw` is a JSON body as it was sent; `http` is for headers and the status. */
export interface Call<P, Q, B> {
  params: P
  query: Q
  body: B
  raw: string
  http: KoaContext
}

/** What a route says of itself, for the router, the OpenAPI document and the tests alike. */
export interface Declared {
  method: Method
  /** As OpenAPI writes it: `/orders/{code}`. */
  path: string
  /** operationId; clients are generated from it, so it stays. */
  id: string
  tag: keyof typeof tags
  summary: string
  description?: string
  /** Null: no token is needed. Of several any will do, and the handler looks at what is done with it. */
  scope: Scope | readonly [Scope, ...Scope[]] | null
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType | Upload
  /** It takes an `Idempotency-Key`. */
  idempotent?: true
  /** By status; the first one is answered unless the handler sets another. */
  answers: Readonly<Record<number, Answer>>
  /** Statuses of problems that follow from what it does; those of tokens, bodies and schemas are known (`problemsOf`). */
  problems?: readonly number[]
}

export interface Route extends Declared {
  run(ctx: Context, http: KoaContext): Promise<void>
}

const nothing = z.object({})
export type Nothing = typeof nothing
export type Taken<B> = B extends z.ZodType ? z.output<B> : B extends Upload ? Buffer : undefined

/** Declares a route. The handler's result is the body of the answer. */
export function route<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType | Upload | undefined = undefined,
>(
  declared: Omit<Declared, 'params' | 'query' | 'body'> & {
    params?: P
    query?: Q
    body?: B
    handle(ctx: Context, call: Call<z.output<P>, z.output<Q>, Taken<B>>): Promise<unknown>
  },
): Route {
  const { handle, ...rest } = declared
  return {
    ...(rest as Declared),
    async run(ctx, http) {
      const call = await readCall<P, Q, B>(http, declared)
      http.status = Number(Object.keys(declared.answers)[0])
      http.body = await handle(ctx, call)
    },
  }
}

/** What a route says of a request, parsed out of one. @throws HttpProblem 400, 413, 415; Invalid 422 */
export async function readCall<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType | Upload | undefined>(
  http: KoaContext,
  { params, query, body }: { params?: P | undefined; query?: Q | undefined; body?: B | undefined },
): Promise<Call<z.output<P>, z.output<Q>, Taken<B>>> {
  const given = {
    params: check(params ?? nothing, http.params) as z.output<P>,
    query: check(query ?? nothing, http.query) as z.output<Q>,
  }
  const { value, raw } = await taken(http, body)
  return { ...given, body: value as Taken<B>, raw, http }
}

async function taken(http: KoaContext, body: Declared['body']): Promise<{ value: unknown; raw: string }> {
  if (body === undefined) return { value: undefined, raw: '' }
  if (body instanceof z.ZodType) return readJson(http.req, body)
  if (!http.is(...body.types))
    throw new HttpProblem(415, 'Unsupported media type', `Send ${body.what} as ${body.types[0]}.`)
  return { value: await readBody(http.req, body.maxBytes), raw: '' }
}

/** Statuses of problems a route may answer with. */
export function problemsOf({ scope, params, query, body, problems = [] }: Declared): number[] {
  const own = [
    ...(scope === null ? [] : [401, 403, 429]),
    ...(body ? [400, 413, 415] : []),
    ...(body || query || params ? [422] : []),
  ]
  return [...new Set([...own, ...problems, 500, 503])].sort((a, b) => a - b)
}

type Mounted = Pick<Route, 'method' | 'path' | 'run'>

export function mount<R extends Mounted>(
  router: Router,
  ctx: Context,
  routes: readonly R[],
  guard: (route: R) => Middleware,
): void {
  for (const one of routes)
    router[one.method](one.path.replaceAll(/\{(\w+)\}/g, ':$1'), guard(one), http => one.run(ctx, http))
}
