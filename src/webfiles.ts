import { createReadStream, type Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

/** What gets smaller, and the ways browsers take it, the smallest first. */
const packable = new Set(['.html', '.js', '.css', '.json', '.svg', '.map', '.webmanifest', '.txt'])
const packers = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) as Promise<Buffer>,
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }) as Promise<Buffer>,
}
type Packing = keyof typeof packers

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
  /** Packed once for each file as it is on the disk. */
  private readonly packed = new Map<string, Promise<Buffer>>()

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
    const packing = packable.has(extname(file)) ? packingFor(req.headers['accept-encoding']) : null
    const body = packing && (await this.pack(found, packing))
    res.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': body?.length ?? found.stats.size,
      ...(packing && { 'content-encoding': packing }),
      ...(packable.has(extname(file)) && { vary: 'Accept-Encoding' }),
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    })
    if (req.method === 'HEAD') return void res.end()
    if (body) return void res.end(body)
    createReadStream(found.path)
      .on('error', () => res.destroy())
      .pipe(res)
  }

  private pack({ path, stats }: { path: string; stats: Stats }, packing: Packing): Promise<Buffer> {
    const key = `${packing} ${stats.mtimeMs} ${path}`
    const made = this.packed.get(key) ?? readFile(path).then(packers[packing])
    this.packed.set(key, made)
    made.catch(() => this.packed.delete(key))
    return made
  }

  private async find(name: string): Promise<{ path: string; stats: Stats } | undefined> {
    if (!this.root) return undefined
    const path = resolve(join(this.root, name))
    if (!path.startsWith(this.root + sep)) return undefined
    const stats = await stat(path).catch(() => undefined)
    return stats?.isFile() ? { path, stats } : undefined
  }
}

/** The smallest form a browser says it takes; null: as it is. */
function packingFor(accepted: string | string[] | undefined): Packing | null {
  const taken = String(accepted ?? '')
    .split(',')
    .flatMap(one => {
      const [name = '', ...more] = one
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      return more.some(part => /^q=0(\.0*)?$/.test(part)) ? [] : [name]
    })
  return (Object.keys(packers) as Packing[]).find(packing => taken.includes(packing)) ?? null
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
