import type { Context as KoaContext } from 'koa'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { viewerIn } from '../login/guard.ts'
import { hasRole, type Viewer } from '../login/viewer.ts'
import type { Role } from '../people/person.ts'
import { HttpProblem } from './problem.ts'
import { type Call, type Method, type Nothing, readCall, type Taken, type Upload } from './route.ts'

/** Who may use a route of our pages at all; whose things they are the route sees to itself (console/reach.ts). */
export const mays = {
  /** Everybody who is signed in, for what is his own or his to see. */
  own: { says: 'Everybody who is signed in', roles: null },
  dispatch: { says: 'Dispatchers and managers, in their teams', roles: ['dispatcher', 'manager'] },
  manage: { says: 'Managers, in their teams', roles: ['manager'] },
  /** The month's figures, its view and its exports; finance decides and publishes nothing. */
  finance: { says: 'Managers and finance, in their teams', roles: ['manager', 'finance'] },
  company: { says: 'Who manages every team there is', roles: ['manager'] },
} as const satisfies Record<string, { says: string; roles: readonly Role[] | null }>
export type May = keyof typeof mays

const refusals: Record<Exclude<May, 'own'>, string> = {
  dispatch: '这一项由派工员或经理办理。',
  manage: '这一项由经理办理。',
  finance: '这一项由经理或财务办理。',
  company: '这一项管的是全公司，要在每个班组都是经理的人来办。',
}

/** A route of our own pages (console, H5): a session instead of a token, a role instead of a scope. */
export interface PageDeclared {
  method: Method
  /** Below the prefix of its pages, as OpenAPI writes it: `/orders/{code}`. */
  path: string
  id: string
  may: May
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType | Upload
}

export interface PageRoute extends PageDeclared {
  run(ctx: Context, http: KoaContext): Promise<void>
}

export interface PageCall<P, Q, B> extends Call<P, Q, B> {
  viewer: Viewer
}

/** Declares a route of our pages. The handler's result is the body of the answer; its type is a wire type of the page. */
export function pageRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType | Upload | undefined = undefined,
>(
  declared: Omit<PageDeclared, 'params' | 'query' | 'body'> & {
    params?: P
    query?: Q
    body?: B
    handle(ctx: Context, call: PageCall<z.output<P>, z.output<Q>, Taken<B>>): Promise<unknown>
  },
): PageRoute {
  const { handle, ...rest } = declared
  return {
    ...(rest as PageDeclared),
    async run(ctx, http) {
      const viewer = viewerIn(http)
      needMay(viewer, declared.may)
      const call = await readCall<P, Q, B>(http, declared)
      const body = await handle(ctx, { ...call, viewer })
      if (http.respond !== false) http.body = body ?? null
    },
  }
}

/** @throws HttpProblem 403 */
function needMay(viewer: Viewer, may: May): void {
  const { roles } = mays[may]
  if (may === 'own' || roles === null) return
  const is =
    may === 'company' ? viewer.isCompanyManager : viewer.teams.some(({ teamId }) => hasRole(viewer, teamId, roles))
  if (!is) throw new HttpProblem(403, 'Forbidden', refusals[may])
}
