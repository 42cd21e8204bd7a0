import { createHash, randomBytes } from 'node:crypto'
import Router from '@koa/router'
import type { Context as KoaContext } from 'koa'
import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'
import { submitRating } from '../rating/flow.ts'
import { readForm } from '../rating/form.ts'
import { RateLimit } from '../rating/limit.ts'
import { ratingPage } from '../rating/look.ts'
import { notice, type RatingPage, ratingBody } from '../rating/page.ts'
import { pageWords as words } from '../rating/pagewords.ts'
import { readBody } from './body.ts'
import { answerPage, pageHeaders } from './page.ts'
import { HttpProblem } from './problem.ts'
import type { RatingKey, RatingLinks } from './ratinglink.ts'

const mostBytes = 32 * 1024
const minuteMs = 60_000
const cookie = 'paigong_rating'
/** A little longer than the rating may be changed. */
const cookieMs = 48 * 3_600_000

/** `/r/{token}`: where an order's customer rates the visit. Whoever has the address may, once; no script, no login. */
export function ratingPages(ctx: Context, links: RatingLinks): Router {
  const router = new Router()
  // A customer submits twice at most; each instance counts for itself, since more than that changes nothing anyway.
  const looks = new RateLimit(60, minuteMs)
  const posts = new RateLimit(10, minuteMs)

  router.get('/r/:token', async http => {
    const key = enter(http, looks)
    if (!key) return
    const { visitor, page } = await seen(http, key)
    if (!page) return gone(http)
    // The phone is known again by it when the rating comes, sent twice or not.
    if (!page.rated && !visitor) remember(http)
    answer(http, 200, ratingBody(page))
  })

  router.post('/r/:token', async http => {
    const key = enter(http, posts)
    if (!key) return
    const body = await readBody(http.req, mostBytes).catch(error => {
      if (error instanceof HttpProblem && error.status === 413) return null
      throw error
    })
    if (body === null) return answer(http, 413, notice(words.tooLarge, words.wrong.words))
    const { visitor, page } = await seen(http, key)
    if (!page) return gone(http)
    const form = readForm(body.toString('utf8'), page.tags)
    if ('wrong' in form) return answer(http, 422, ratingBody(page, form))
    try {
      await submitRating(ctx, key.orderId, form, visitor)
    } catch (error) {
      // Somebody else was first, or it was changed already: the page he is sent to says so.
      if (!(error instanceof Refusal)) throw error
    }
    // Reloading what he is shown sends nothing again.
    http.status = 303
    http.set(pageHeaders())
    http.set('Location', http.path)
  })

  /** Null when it is answered already. A token of ours may be told that its time is over: that gives nothing away. */
  function enter(
    http: KoaContext & { params: Record<string, string | undefined> },
    limit: RateLimit,
  ): RatingKey | null {
    const key = links.read(http.params.token ?? '')
    if (!key) gone(http)
    else if (!limit.takes(key.orderId, ctx.clock.now())) {
      http.set('Retry-After', '60')
      answer(http, 429, notice(words.busy, words.busyHint))
    } else if (key.over) answer(http, 410, notice(words.over, words.overHint))
    else return key
    return null
  }

  async function seen(
    http: KoaContext,
    { orderId }: RatingKey,
  ): Promise<{ visitor?: string; page: RatingPage | null }> {
    const visitor = signOf(http.cookies.get(cookie))
    return { ...(visitor && { visitor }), page: await ratingPage(ctx.db.prisma, ctx, orderId, visitor) }
  }

  return router
}

/** What the journal keeps of a phone: not what it shows, so that who reads the journal can't pass for it. */
function signOf(secret: string | undefined): string | undefined {
  if (!secret || !/^[A-Za-z0-9_-]{22}$/.test(secret)) return undefined
  return createHash('sha256').update(secret).digest('hex').slice(0, 24)
}

function remember(http: KoaContext): void {
  const { path } = http
  http.cookies.set(cookie, randomBytes(16).toString('base64url'), {
    ...{ path, httpOnly: true, sameSite: 'lax', maxAge: cookieMs, signed: false, overwrite: true },
  })
}

/** Forged, of an order that was never done, cut off: one answer for all of it, so that nobody can try addresses out. */
const gone = (http: KoaContext) => answer(http, 404, notice(words.gone, words.goneHint))

const style = `:root{color-scheme:light dark;--ink:#1F2329;--second:#5B626B;--line:#DEE0E3;--edge:#868C95;--ground:#F5F6F7;--paper:#fff;--teal:#0F766E;--on:#fff;--late:#C2261D;--lateground:#FDE8E6;--tint:#E3F4F1}*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 "PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}main{max-width:480px;margin:0 auto;padding:12px}header,form,details{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:16px;margin:0 0 12px}details form{border:0;padding:8px 0 0;margin:0}h1{font-size:20px;line-height:1.4;margin:0}p{margin:8px 0 0}.over{display:flex;justify-content:space-between;gap:8px;color:var(--second);font-size:14px;margin:0 0 4px}.over span{flex:none}dl{margin:8px 0 0;font-size:15px}dl div{display:flex;gap:12px;padding:1px 0}dt{flex:0 0 2.2em;color:var(--second)}dd{margin:0;flex:1;min-width:0}fieldset{border:0;margin:0 0 16px;padding:0;min-width:0}legend,.words>span{display:block;padding:0;margin:0 0 8px;font-weight:600}input{position:absolute;opacity:0;width:1px;height:1px}.grade{position:relative;display:block;margin:0 0 8px;cursor:pointer}.grade span{display:flex;align-items:center;gap:12px;min-height:56px;padding:6px 16px;border:2px solid var(--edge);border-radius:12px;font-size:18px}.grade b{font-weight:600}.grade span::after{content:"";margin-left:auto;font-size:22px;font-weight:700}svg{flex:none;width:40px;height:40px;fill:none;stroke:currentColor;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}.eye{stroke-width:4.5}.g5 path:first-of-type{fill:currentColor}.grade :checked+span{border-color:var(--teal);background:var(--teal);color:var(--on)}.g1 :checked+span,.g2 :checked+span{border-color:var(--late);background:var(--late);color:var(--on)}.grade :checked+span::after{content:"✓"}.tags{display:flex;flex-wrap:wrap;gap:8px}.tag{position:relative;cursor:pointer}.tag span{display:flex;align-items:center;min-height:44px;padding:4px 16px;border:2px solid var(--edge);border-radius:22px}.tag :checked+span{border-color:var(--teal);background:var(--tint);font-weight:600}.tag :checked+span::before{content:"✓ ";white-space:pre}:focus-visible+span,button:focus-visible,textarea:focus-visible,summary:focus-visible{outline:3px solid var(--ink);outline-offset:2px}.words{display:block;margin:0 0 16px}textarea{width:100%;padding:10px 12px;border:2px solid var(--edge);border-radius:8px;background:var(--paper);color:inherit;font:inherit;resize:vertical}button{width:100%;min-height:52px;border:0;border-radius:12px;background:var(--teal);color:var(--on);font:inherit;font-size:18px;font-weight:600;cursor:pointer}.note{color:var(--second);font-size:14px}.wrong{margin:0 0 12px;padding:10px 12px;border-radius:8px;background:var(--lateground);color:var(--late);font-weight:600}.given{display:flex;align-items:center;gap:12px;color:var(--teal);font-size:16px}.given b{display:block;font-size:22px;line-height:1.3}.given.g1,.given.g2{color:var(--late)}blockquote{margin:8px 0 0;padding:8px 12px;border-left:3px solid var(--edge);color:var(--second)}summary{min-height:44px;display:flex;align-items:center;justify-content:space-between;gap:8px;cursor:pointer;font-weight:600;color:var(--teal)}summary small{font-weight:400;font-size:14px;color:var(--second)}main>.note{padding:0 4px}@media(prefers-color-scheme:dark){:root{--ink:#E8EAED;--second:#A9AFB8;--line:#33363B;--edge:#7D848E;--ground:#141517;--paper:#1D1F22;--teal:#2DD4BF;--on:#10201E;--late:#FF8A80;--lateground:#3A1B19;--tint:#143B37}}@media(prefers-contrast:more){:root{--line:currentColor;--edge:currentColor}}`

function answer(http: KoaContext, status: number, body: string): void {
  http.set('X-Robots-Tag', 'noindex, nofollow, noarchive')
  answerPage(http, { status, title: words.title, style, body, forms: true })
}
