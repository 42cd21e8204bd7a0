import Router from '@koa/router'
import type { Context as KoaContext } from 'koa'
import type { Context } from '../context.ts'
import { slipBody } from '../settlement/page.ts'
import { slipPage } from '../settlement/slipview.ts'
import { answerPage } from './page.ts'
import type { SlipLinks } from './sliplink.ts'

/** `/p/{token}`: a person's payslip, opened from his card. Whoever has the address reads it, so it is told to nobody else. */
export function payslipPages(ctx: Context, links: SlipLinks): Router {
  const router = new Router()
  router.get('/p/:token', async http => {
    const key = links.read(http.params.token ?? '')
    const page = key && (await slipPage(ctx.db.prisma, ctx, key))
    // Wrong, too old, not out yet: one answer for all of it, so that nobody can try addresses out.
    if (!page) return answer(http, 404, '打不开', gone)
    answer(http, 200, `${page.slip.name} 工资条`, slipBody(page))
  })
  return router
}

const gone =
  '<section><h1>这个链接打不开了</h1><p>它可能已经过期，或者不完整。请在聊天里对派工机器人说「我的工资」，看最新的工资条。</p></section>'

const style = `:root{color-scheme:light dark;--ink:#1F2329;--second:#646A73;--line:#DEE0E3;--ground:#F5F6F7;--paper:#fff;--teal:#0F766E;--near:#B45309}*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 "PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}main{max-width:640px;margin:0 auto;padding:12px}header,section{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:16px;margin-bottom:12px}h1{font-size:20px;line-height:1.4;margin:0}h1 small{font-size:14px;font-weight:400;color:var(--second)}h2{font-size:16px;margin:0 0 8px}p{margin:4px 0}.over{display:flex;justify-content:space-between;gap:8px;color:var(--second);font-size:14px;margin:0 0 4px}.state{flex:none;color:var(--teal)}.state.locked::before{content:"🔒 "}.net{display:flex;align-items:baseline;justify-content:space-between;gap:12px;margin:12px 0 4px;color:var(--second)}.net b{font-size:28px;line-height:1.3;color:var(--teal)}.standing{color:var(--second)}dl{margin:8px 0 0}dl div{display:flex;gap:12px;padding:4px 0}dt{flex:0 0 4.5em;color:var(--second)}dd{margin:0;flex:1;min-width:0}dd p{margin:0}details{border-top:1px solid var(--line)}details:first-of-type{border-top:0}summary{display:flex;gap:12px;justify-content:space-between;align-items:baseline;min-height:44px;padding:9px 0;cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}summary span::before{content:"▸";display:inline-block;width:1.2em;color:var(--second)}details[open]>summary span::before{content:"▾"}summary b{flex:none;font-weight:600}summary:focus-visible{outline:2px solid var(--teal);outline-offset:2px;border-radius:4px}details>dl,details>.wide{margin:0 0 12px;padding:8px 12px;background:var(--ground);border-radius:8px;font-size:14px}.input{display:flex;justify-content:space-between;gap:12px;margin:0}.input b{font-weight:500}.evidence,small,.note,footer{color:var(--second)}.evidence{font-size:13px;margin:0 0 6px}em{margin-left:8px;font-style:normal;font-size:13px;color:var(--near)}ul{margin:0;padding-left:20px}.wide{overflow-x:auto}table{width:100%;border-collapse:collapse;font-size:14px}th,td{padding:6px 4px;border-bottom:1px solid var(--line);text-align:right;font-weight:400;vertical-align:top;white-space:nowrap}th:first-child,th[scope=row]{text-align:left;white-space:normal;min-width:6em}td:first-child{text-align:left;width:1%}thead th{color:var(--second)}th small{display:block}footer{padding:4px 4px 20px;font-size:14px}@media(prefers-color-scheme:dark){:root{--ink:#E8EAED;--second:#A0A5AD;--line:#33363B;--ground:#141517;--paper:#1D1F22;--teal:#2DD4BF;--near:#FBBF24}}@media print{body{background:#fff}header,section{break-inside:avoid}}`

function answer(http: KoaContext, status: number, title: string, body: string): void {
  http.set('X-Robots-Tag', 'noindex, nofollow, noarchive')
  answerPage(http, { status, title, style, body })
}
