import { createHash } from 'node:crypto'
import type { Context as KoaContext } from 'koa'
import { html } from '../html.ts'

/** What a page is allowed to do besides nothing, by directive of the Content-Security-Policy. */
export type Allowed = Partial<
  Record<'script-src' | 'style-src' | 'img-src' | 'font-src' | 'connect-src' | 'form-action', readonly string[]>
>

/**
 * Headers of every HTML page: it runs, loads and submits only what is named, is framed by nobody else (the sandbox's
 * phones are of this host), tells no other site its address, and is kept by no cache.
 */
export function pageHeaders(allowed: Allowed = {}): Record<string, string> {
  const directives = {
    'default-src': ["'none'"],
    ...allowed,
    'form-action': allowed['form-action'] ?? ["'none'"],
    ...{ 'base-uri': ["'none'"], 'frame-ancestors': ["'self'"] },
  }
  return {
    'Content-Security-Policy': Object.entries(directives)
      .map(([name, values]) => `${name} ${values.join(' ')}`)
      .join('; '),
    // A form that is sent without any referrer says `Origin: null`, and would be taken for another site's.
    'Referrer-Policy': allowed['form-action'] ? 'same-origin' : 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  }
}

const hashes = new Map<string, string>()

/** A style or script within the page, as the policy names it. */
export function inlineSource(text: string): string {
  const known = hashes.get(text) ?? `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  hashes.set(text, known)
  return known
}

export interface Page {
  status?: number
  title: string
  /** Becomes part of the page. */
  style: string
  /** HTML; whatever in it was somebody's words went through `html`. */
  body: string
  /** It has forms for addresses of this host. */
  forms?: boolean
}

/** Answers with a page that runs no script. */
export function answerPage(http: KoaContext, { status = 200, title, style, body, forms }: Page): void {
  http.status = status
  http.set(pageHeaders({ 'style-src': [inlineSource(style)], ...(forms && { 'form-action': ["'self'"] }) }))
  http.type = 'text/html; charset=utf-8'
  http.body = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${html(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`
}
