import Router from '@koa/router'
import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { pageSecret } from '../db/keep.ts'
import { Permanent, Temporary } from '../errors.ts'
import { readBody, readJson } from '../http/body.ts'
import { answerPage, pageHeaders } from '../http/page.ts'
import { HttpProblem } from '../http/problem.ts'
import { Attempts } from './attempts.ts'
import type { Guard } from './guard.ts'
import { home, localPath } from './nextpath.ts'
import { appOf } from './origin.ts'
import { admit, leave, type Refused, type Road, refuse, spend } from './signin.ts'
import { newState, openTrip, same, sealTrip, stateMs } from './tokens.ts'
import {
  chooseWords,
  goodbyeWords,
  type Notice,
  noticeWords,
  refusedNotice,
  style,
  tooOften,
  troubleNotice,
  welcomeWords,
} from './words.ts'

const tripCookie = 'paigong_signin'
/** Where the page is that signs in inside DingTalk. */
export const insidePath = '/login/inside'
const insideShape = z.strictObject({ code: z.string().min(1).max(512), next: z.string().max(512).optional() })

/** What a platform was asked came to nothing: whom it named, why not, or that it is in trouble itself. */
type Asked = { userId: string } | { refused: Refused } | { trouble: true }

/** `/login` and what belongs to it: out to a platform and back, sessions, signing out. */
export function loginRoutes(ctx: Context, guard: Guard, roads: readonly Road[]): Router {
  const { publicUrl } = guard
  const router = new Router()
  const attempts = new Attempts()
  let key = ''
  const stateKey = async () => {
    key ||= await pageSecret(ctx.db, ctx.company, ctx.clock.now())
    return key
  }
  const roadOf = (platform: string | undefined): Road => {
    const road = roads.find(one => one.platform === platform)
    if (!road) throw new HttpProblem(404, 'Not found', `Nobody signs in with "${platform}" here.`)
    return road
  }
  /** Always of the host the browser comes back to: the cookie that is set on the way out has to be there then. */
  const out = (platform: PlatformName, next: string) =>
    new URL(`/login/${platform}?next=${encodeURIComponent(next)}`, publicUrl).href

  router.get('/login', async http => {
    const session = await guard.sessionOf(http)
    const next = localPath(http.query.next)
    if (session && next !== home) return go(http, next)
    if (session) return say(http, 200, welcomeWords(session.viewer, session.csrf))
    const app = appOf(http.get('User-Agent'))
    const road = roads.length === 1 ? roads[0] : roads.find(({ platform }) => platform === app)
    if (road) return go(http, out(road.platform, next))
    const all = roads.map(({ platform }) => ({ platform, href: out(platform, next) }))
    say(http, 200, chooseWords(all))
  })

  router.get('/login/:platform', async http => {
    const { platform, login } = roadOf(http.params.platform)
    const from = appOf(http.get('User-Agent')) === platform ? 'app' : 'browser'
    const next = localPath(http.query.next)
    // The app itself says who it is, and nobody has to agree to anything; where it does not, the platform's page is left.
    if (from === 'app' && login.inside && http.query.by !== 'page')
      return go(http, `${insidePath}/?${new URLSearchParams({ ...login.inside, next })}`)
    const state = newState()
    const until = ctx.clock.now().getTime() + stateMs
    const trip = sealTrip({ state, platform, next, until }, await stateKey())
    guard.cookies.write(http, tripCookie, trip, stateMs / 1_000)
    go(http, login.authorizeUrl(new URL(`/login/${platform}/back`, publicUrl).href, state, from))
  })

  router.get('/login/:platform/back', async http => {
    const { platform, login } = roadOf(http.params.platform)
    const trip = openTrip(guard.cookies.read(http, tripCookie), await stateKey(), ctx.clock.now())
    guard.cookies.write(http, tripCookie, '', 0)
    const { state } = http.query
    // DingTalk says authCode where WeCom says code.
    const code = http.query.code ?? http.query.authCode
    await enter(http, platform, trip?.next ?? '', async () => {
      if (trip?.platform !== platform || typeof state !== 'string' || !same(trip.state, state))
        return { refused: 'state' }
      if (!(await spend(ctx, state))) return { refused: 'replayed' }
      if (typeof code !== 'string' || code === '') return { refused: 'cancelled' }
      return (await login.byAuthCode(code)) ?? { refused: 'code' }
    })
  })

  /** Of a page inside the platform's app, which has got a code from it (DingTalk's 免登, dingtalk.md §8.4). */
  router.post('/login/:platform/code', async http => {
    const { platform, login } = roadOf(http.params.platform)
    guard.checkOrigin(http)
    const { byCode } = login
    if (!byCode) throw new HttpProblem(404, 'Not found', `${platform} has no such codes.`)
    const { value } = await readJson(http.req, insideShape)
    await enter(http, platform, value.next ?? '', async () => (await byCode(value.code)) ?? { refused: 'code' })
  })

  for (const everywhere of [false, true])
    router.post(everywhere ? '/logout/everywhere' : '/logout', async http => {
      await guard.checkChange(http, http.get('X-CSRF-Token') || (await csrfField(http)))
      await leave(ctx, guard.tokenOf(http), guard.fromOf(http), everywhere)
      guard.take(http)
      if (http.get('Accept').includes('text/html')) return say(http, 200, goodbyeWords(everywhere))
      http.status = 204
    })

  router.get('/session', async http => {
    http.set('Cache-Control', 'no-store')
    const session = await guard.sessionOf(http)
    if (!session) throw new HttpProblem(401, 'Unauthorized', 'Nobody is signed in: open /login.')
    const { person, platform, teams, isCompanyManager } = session.viewer
    http.body = { person, platform, teams, isCompanyManager, csrf: session.csrf, expiresAt: session.expiresAt }
  })

  /** Asks the platform who it is and lets him in, or says why not: a page where one came by an address, else a problem. */
  async function enter(http: KoaContext, platform: PlatformName, next: string, ask: () => Promise<Asked>) {
    const from = guard.fromOf(http)
    const now = ctx.clock.now()
    const path = localPath(next)
    if (!attempts.allows(from.ip, now)) return deny(http, 429, tooOften, path)
    const asked = await ask().catch(trouble)
    if ('trouble' in asked) return deny(http, 503, troubleNotice(platform), path)
    if ('refused' in asked) await refuse(ctx, platform, asked.refused, from)
    const made = 'refused' in asked ? asked : await admit(ctx, { ...asked, platform }, from, guard.tokenOf(http))
    if ('refused' in made) {
      attempts.failedFrom(from.ip, now)
      return deny(http, 403, refusedNotice(made.refused, platform), path)
    }
    guard.give(http, made.token)
    if (http.method === 'GET') return go(http, path)
    http.set('Cache-Control', 'no-store')
    http.body = { next: path }
  }

  function trouble(error: unknown): { trouble: true } {
    if (!(error instanceof Temporary || error instanceof Permanent)) throw error
    ctx.log.warn({ code: error.code, why: error.message }, 'a platform did not say who signs in')
    return { trouble: true }
  }

  return router
}

/** `next`: where he wanted to go. */
function deny(http: KoaContext, status: number, notice: Notice, next: string): void {
  if (http.method !== 'GET') throw new HttpProblem(status, 'Not signed in', notice.text)
  say(http, status, noticeWords(notice, `/login?next=${encodeURIComponent(next)}`))
}

const say = (http: KoaContext, status: number, words: { title: string; body: string; forms?: boolean }): void =>
  answerPage(http, { status, style, ...words })

/** The address may carry a code: it is told to nobody, and kept by nobody. */
function go(http: KoaContext, to: string): void {
  http.set(pageHeaders())
  http.redirect(to)
}

/** The token out of the form of a page that runs no script. */
async function csrfField(http: KoaContext): Promise<string> {
  if (!http.is('application/x-www-form-urlencoded')) return ''
  return new URLSearchParams((await readBody(http.req, 4_096)).toString()).get('csrf') ?? ''
}
