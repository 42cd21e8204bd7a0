import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Clock } from '../now.ts'
import { send } from './http.ts'
import { randomId } from './ids.ts'
import type { Journal } from './journal.ts'
import type { SandboxPerson } from './wire.ts'

/** What the sign-in pages of both platforms have in common: one chooses who one is, and is sent back with a code. */

/** One-use codes that end by themselves. Not kept over a restart. */
export class Codes {
  private readonly known = new Map<string, { person: SandboxPerson; until: number }>()

  constructor(
    private readonly desk: { clock: Clock; journal: Journal },
    private readonly lifeMs: number,
  ) {}

  issue(person: SandboxPerson): string {
    const now = this.desk.clock.now().getTime()
    for (const [code, { until }] of this.known) if (until < now) this.known.delete(code)
    const code = randomId(16)
    this.known.set(code, { person, until: now + this.lifeMs })
    this.desk.journal.hide(code)
    return code
  }

  /** Whose it is, as often as one asks. */
  holder(code: string): SandboxPerson | undefined {
    const found = this.known.get(code)
    return found && found.until >= this.desk.clock.now().getTime() ? found.person : undefined
  }

  /** Whose it is; it is used up by asking. */
  redeem(code: string): SandboxPerson | undefined {
    const person = this.holder(code)
    this.known.delete(code)
    return person
  }
}

export function isTrusted(address: string, hosts: readonly string[]): boolean {
  return /^https?:\/\//.test(address) && URL.canParse(address) && hosts.includes(new URL(address).host)
}

/** Back to the app, with what its address had already. */
export function sendBack(res: ServerResponse, target: string, params: Record<string, string>): void {
  const url = new URL(target)
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  res.writeHead(302, { location: url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end()
}

export function refusedPage(res: ServerResponse, title: string, why: string): void {
  html(res, 400, title, `<h1>${escaped(title)}（沙盘）</h1><p>${escaped(why)}</p>`)
}

/** The list of everybody, each a link: no script needed. */
export function choosePage(
  res: ServerResponse,
  page: { title: string; people: readonly SandboxPerson[]; href: (userId: string) => string },
): void {
  const links = page.people.map(
    ({ userId, name, title }) =>
      `<li><a href="${escaped(page.href(userId))}"><b>${escaped(name)}</b><span>${escaped(title)}</span></a></li>`,
  )
  const head = `<h1>${escaped(page.title)}（沙盘）</h1><p>真的平台在这里认出你是谁。沙盘里请自己选：</p>`
  html(res, 200, page.title, `${head}<ul>${links.join('')}</ul>`)
}

const style = `:root{color-scheme:light dark;--ink:#1F2329;--second:#646A73;--line:#DEE0E3;--ground:#F5F6F7;--paper:#fff;--teal:#0F766E}*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 "PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif;overflow-wrap:anywhere}main{max-width:420px;margin:0 auto;padding:32px 16px}h1{font-size:20px;margin:0 0 4px}p{margin:0 0 16px;color:var(--second)}ul{list-style:none;margin:0;padding:0;background:var(--paper);border:1px solid var(--line);border-radius:12px;overflow:hidden}li+li{border-top:1px solid var(--line)}a{display:flex;justify-content:space-between;gap:12px;min-height:52px;padding:12px 16px;color:inherit;text-decoration:none}a span{color:var(--second)}a b{font-weight:600}a:hover b{color:var(--teal)}a:focus-visible{outline:2px solid var(--teal);outline-offset:-2px;border-radius:12px}@media(prefers-color-scheme:dark){:root{--ink:#E8EAED;--second:#A0A5AD;--line:#33363B;--ground:#141517;--paper:#1D1F22;--teal:#2DD4BF}}`
const styleHash = createHash('sha256').update(style).digest('base64')

const escaped = (text: string): string => text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)

function html(res: ServerResponse, status: number, title: string, body: string): void {
  const page = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`
  send(res, status, 'text/html; charset=utf-8', page, {
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
}
