import { createHash } from 'node:crypto'
import type { Card, Said } from '../../chat/card.ts'
import { html } from '../../html.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { settle } from '../answer.ts'
import { guarded, told } from '../door.ts'
import type { RawAnswer, RawRequest, Receive, Route, Signals } from '../platform.ts'
import type { Deed, Links } from './links.ts'

interface Parts {
  corpId: string
  links: Links
  clock: Clock
  signals: Signals
  log: Log
}

const path = '/dingtalk/tap'
const mostBytes = 8_192
const waitMs = 4_000

/**
 * The page behind an ActionCard's button, where there are no cards that call back (dingtalk.md §5.6, route G). Opening it
 * shows what would be done; only the button on it does it.
 */
export function tapRoute({ corpId, links, clock, signals, log }: Parts, receive: Receive): Route {
  async function handle(request: RawRequest): Promise<RawAnswer> {
    const form = request.method === 'POST' ? new URLSearchParams(request.body.toString()) : undefined
    const token = form?.get('t') ?? (typeof request.query.t === 'string' ? request.query.t : '')
    const deed = links.read(token, clock.now())
    if (!deed) {
      signals.refused('dingtalk.tap', 'link')
      return page('链接失效了', '<p>这个链接过期了，或者不完整。请在钉钉里对派工机器人说「我的单」拿最新的。</p>', 403)
    }
    if (!form) return page(deed.title, question(deed, token))
    return done(deed, token)
  }

  async function done(deed: Deed, token: string): Promise<RawAnswer> {
    const now = clock.now()
    // The link is its own key: sent twice, it is done once and answered twice.
    const key = `tap:${createHash('sha256').update(token).digest('hex')}`
    const outcome = await settle(
      () =>
        receive({
          ...{ platform: 'dingtalk', key, corpId, sender: { userId: deed.userId }, at: now },
          chat: { kind: 'single', id: deed.userId, via: 'bot' },
          said: { kind: 'button', payload: deed.payload, taskId: deed.taskId, choices: {} },
        }),
      { storeMs: waitMs, answerMs: waitMs },
    )
    if (outcome.kind === 'lost') return page(deed.title, '<p>刚才没有记下来，请返回再点一次。</p>', 503)
    if (!outcome.answer) return page(deed.title, '<p>收到了，结果马上会在钉钉里告诉你。</p>')
    const { message, answered } = outcome.answer
    told(() => answered('tapper'), log)
    return page(deed.title, result(message, deed))
  }

  /** The next steps stand on the page as links of the same kind. */
  function result(message: Said, deed: Deed): string {
    if (message.kind === 'text') return paragraphs(message.text)
    const { card } = message
    const buttons = card.buttons.map(({ text, payload, style }) => {
      const next = { ...deed, payload, text, title: card.title }
      return `<a class="${style}" href="${html(links.write(next, clock.now()))}">${html(text)}</a>`
    })
    return `${cardHtml(card)}<nav>${buttons.join('')}</nav>`
  }

  return { methods: ['GET', 'POST'], path, maxBytes: mostBytes, handle: guarded(handle, log) }
}

const question = ({ text }: Deed, token: string): string =>
  `<form method="post" action="${path}"><input type="hidden" name="t" value="${html(token)}"><button class="primary">${html(text)}</button></form>`

function cardHtml(card: Card): string {
  const rows = card.rows.map(({ label, value }) => `<div><dt>${html(label)}</dt><dd>${html(value)}</dd></div>`)
  return [
    card.figure ? `<p class="figure">${html(card.figure)}</p>` : '',
    card.subtitle ? `<p>${html(card.subtitle)}</p>` : '',
    `<dl>${rows.join('')}</dl>`,
    card.body ? paragraphs(card.body) : '',
    card.closed ? `<p class="closed">${html(card.closed)}</p>` : '',
  ].join('')
}

const paragraphs = (text: string): string =>
  text
    .split('\n')
    .map(line => `<p>${html(line)}</p>`)
    .join('')

const style = `*{box-sizing:border-box}body{margin:0;padding:24px 16px;background:#F5F6F7;color:#1F2329;font:16px/1.6 "PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif}main{max-width:520px;margin:0 auto;background:#fff;border-radius:12px;padding:20px;border:1px solid #DEE0E3}h1{font-size:18px;margin:0 0 12px}p{margin:8px 0}.figure{font-size:22px;font-weight:600;color:#0F766E}.closed{color:#646A73}dl{margin:12px 0}dl div{display:flex;gap:12px}dt{color:#646A73;flex:0 0 4em}dd{margin:0;min-width:0;overflow-wrap:anywhere}nav{display:grid;gap:8px;margin-top:16px}a,button{display:block;width:100%;min-height:44px;padding:10px;border:1px solid #0F766E;border-radius:8px;background:#fff;color:#0F766E;font:inherit;text-align:center;text-decoration:none}.primary{background:#0F766E;color:#fff}.danger{border-color:#C2261D;color:#C2261D}@media(prefers-color-scheme:dark){body{background:#141517;color:#E8EAED}main{background:#1D1F22;border-color:#33363B}dt,.closed{color:#A0A5AD}.figure{color:#2DD4BF}a,button{background:#1D1F22;color:#2DD4BF;border-color:#2DD4BF}.primary{background:#0F766E;color:#fff;border-color:#0F766E}.danger{color:#FF8A80;border-color:#FF8A80}}`
const styleHash = createHash('sha256').update(style).digest('base64')

function page(title: string, body: string, status = 200): RawAnswer {
  return {
    status,
    type: 'text/html; charset=utf-8',
    headers: {
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
    body: `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${html(title)}</title><style>${style}</style></head><body><main><h1>${html(title)}</h1>${body}</main></body></html>`,
  }
}
