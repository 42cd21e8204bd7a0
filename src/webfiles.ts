import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

/** Serves a built page below a path: hashed assets for ever, anything without an extension is the page itself. */
export class WebFiles {
  private readonly root: string | undefined

  /** `path`: `/console`; `dir`: where it was built into. */
  constructor(
    private readonly path: string,
    dir: string | undefined,
  ) {
    this.root = dir === undefined ? undefined : resolve(dir)
  }

  handle(path: string, req: IncomingMessage, res: ServerResponse): boolean {
    if (path === this.path) {
      res.writeHead(302, { location: `${this.path}/` }).end()
      return true
    }
    if (!path.startsWith(`${this.path}/`)) return false
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      text(res, 405, 'GET only', { allow: 'GET, HEAD' })
      return true
    }
    this.serve(path.slice(this.path.length + 1), req, res).catch(() => missing(res))
    return true
  }

  private async serve(rest: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const name = decode(rest)
    if (name === undefined) return missing(res)
    const file = extname(name) ? name : 'index.html'
    const found = await this.find(file)
    if (!found) {
      if (file !== 'index.html') return missing(res)
      return text(res, 503, notBuilt)
    }
    const hashed = name.startsWith('assets/') && /-[\w-]{8,}\.\w+$/.test(name)
    res.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': found.stats.size,
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    })
    if (req.method === 'HEAD') return void res.end()
    createReadStream(found.path)
      .on('error', () => res.destroy())
      .pipe(res)
  }

  private async find(name: string): Promise<{ path: string; stats: Stats } | undefined> {
    if (!this.root) return undefined
    const path = resolve(join(this.root, name))
    if (!path.startsWith(this.root + sep)) return undefined
    const stats = await stat(path).catch(() => undefined)
    return stats?.isFile() ? { path, stats } : undefined
  }
}

const notBuilt =
  'The service runs, but this page is not built: run npm run build and reload.\n页面还没有构建：运行 npm run build 后刷新。\n'

function text(res: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body)
}

const missing = (res: ServerResponse) => text(res, 404, 'not found')

function decode(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text)
    return name.includes('\0') || name.split(/[\\/]/).includes('..') ? undefined : name
  } catch {
    return undefined
  }
}
