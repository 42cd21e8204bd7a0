import type { Context as KoaContext, Middleware } from 'koa'
import type { Context } from '../context.ts'
import { HttpProblem } from '../http/problem.ts'
import { Cookies } from './cookies.ts'
import { isOver, seen } from './lifetime.ts'
import { askerIp, isOwnPage, shortAgent, shortIp } from './origin.ts'
import type { From } from './signin.ts'
import { countTeams, findSession, touchSession } from './store.ts'
import { csrfOf, hashOf, isCsrfOf, isToken } from './tokens.ts'
import { type Viewer, viewerFrom } from './viewer.ts'

const sessionCookie = 'paigong'
/** Says to the phone's pages, opened without a network, that nobody has signed out here; it opens nothing. */
const signedInCookie = 'paigong-in'
const sessionSeconds = 7 * 86_400
/** Methods that change nothing. */
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

interface Known {
  viewer: Viewer
  token: string
  expiresAt: Date
}

/** Who is asking: sessions as requests carry them, and what protects them from other sites. */
export class Guard {
  readonly cookies: Cookies
  private readonly origin: string
  private readonly known = new WeakMap<KoaContext, Promise<Known | null>>()

  /** `publicUrl`: where people's browsers reach this service. */
  constructor(
    private readonly ctx: Context,
    readonly publicUrl: string,
  ) {
    this.cookies = new Cookies(publicUrl)
    this.origin = new URL(publicUrl).origin
  }

  /** Who is signed in; null for everybody else. Looked up once for a request. */
  async viewerOf(http: KoaContext): Promise<Viewer | null> {
    return (await this.look(http))?.viewer ?? null
  }

  /** What a page has to know to go on: who is looking, until when, and what it sends as X-CSRF-Token. */
  async sessionOf(http: KoaContext): Promise<{ viewer: Viewer; csrf: string; expiresAt: Date } | null> {
    const known = await this.look(http)
    return known && { viewer: known.viewer, csrf: csrfOf(known.token), expiresAt: known.expiresAt }
  }

  /**
   * Lets on only those who are signed in, as `http.state.viewer`. Others are sent to sign in if it is a page they wanted,
   * and get a 401 otherwise. What changes something must come from a page of ours and carry its token.
   */
  readonly needViewer: Middleware = async (http, next) => {
    const viewer = await this.viewerOf(http)
    if (!viewer) {
      if (!wantsPage(http)) throw unknown()
      http.set('Cache-Control', 'no-store')
      return http.redirect(`/login?next=${encodeURIComponent(http.url)}`)
    }
    if (!safe.has(http.method)) await this.checkChange(http)
    http.state.viewer = viewer
    http.set('Cache-Control', 'no-store')
    return next()
  }

  /** @throws HttpProblem 401, 403 unless the request comes from a page of ours, with the token of its session */
  async checkChange(http: KoaContext, csrf = http.get('X-CSRF-Token')): Promise<void> {
    this.checkOrigin(http)
    const known = await this.look(http)
    if (!known) throw unknown()
    if (!isCsrfOf(known.token, csrf))
      throw new HttpProblem(403, 'Forbidden', 'Send the csrf token of GET /session in the header X-CSRF-Token.')
  }

  /** @throws HttpProblem 403 */
  checkOrigin(http: KoaContext): void {
    if (isOwnPage({ origin: http.get('Origin'), site: http.get('Sec-Fetch-Site') }, this.origin)) return
    throw new HttpProblem(403, 'Forbidden', `Only pages of ${this.origin} may ask for this.`)
  }

  /** The token a browser shows, whether it is good or not; empty when it is none. */
  tokenOf(http: KoaContext): string {
    const token = this.cookies.read(http, sessionCookie)
    return isToken(token) ? token : ''
  }

  /** Gives the browser the token of its new session. The end is the session's own. */
  give(http: KoaContext, token: string): void {
    this.cookies.write(http, sessionCookie, token, sessionSeconds)
    this.cookies.write(http, signedInCookie, '1', sessionSeconds, true)
  }

  take(http: KoaContext): void {
    this.cookies.write(http, sessionCookie, '', 0)
    this.cookies.write(http, signedInCookie, '', 0, true)
    this.known.delete(http)
  }

  fromOf(http: KoaContext): From {
    const ip = shortIp(askerIp(http.req.socket.remoteAddress ?? '', http.get('X-Forwarded-For')))
    return { ip, userAgent: shortAgent(http.get('User-Agent')) }
  }

  private look(http: KoaContext): Promise<Known | null> {
    const looked = this.known.get(http) ?? this.find(this.tokenOf(http))
    this.known.set(http, looked)
    return looked
  }

  private async find(token: string): Promise<Known | null> {
    if (!token) return null
    const { db, company, clock } = this.ctx
    const now = clock.now()
    const found = await findSession(db.prisma, company, hashOf(token))
    if (!found?.isHis || !found.holder.active || isOver(found.session, now)) return null
    const touched = seen(found.session, now)
    if (touched) await touchSession(db.prisma, company, found.session.tokenHash, touched)
    const viewer = viewerFrom(found.holder, found.session.platform, await countTeams(db.prisma, company))
    return { viewer, token, expiresAt: touched?.expiresAt ?? found.session.expiresAt }
  }
}

/** The one who is asking, behind `needViewer`. */
export function viewerIn(http: KoaContext): Viewer {
  if (!http.state.viewer) throw new Error('this route is not behind needViewer')
  return http.state.viewer as Viewer
}

/** Somebody opens an address; not a script that asks for data. */
const wantsPage = (http: KoaContext): boolean =>
  http.method === 'GET' && http.get('Accept').includes('text/html') && http.get('Sec-Fetch-Dest') !== 'empty'

const unknown = () => new HttpProblem(401, 'Unauthorized', 'Nobody is signed in: open /login.')
