import type { ServerResponse } from 'node:http'
import type { Context as KoaContext } from 'koa'
import type { Context } from '../context.ts'
import { writtenSince } from '../orders/boardrows.ts'

/** How often orders are looked at for pages that are open: other instances change them, too. */
const lookMs = 2_000
/** A transaction may be committed so long after the moment it writes down. */
const lookBackMs = 60_000
/** So that nothing on the way takes a quiet connection for a dead one. */
const beatMs = 20_000

/** Tells open pages that orders have changed, as server-sent events. They ask for what they show themselves. */
export class Changes {
  private readonly pages = new Set<ServerResponse>()
  private timer: NodeJS.Timeout | null = null
  /** What was written of late and is known; null while nobody looks. */
  private known: ReadonlySet<string> | null = null
  private beat = 0
  private looking = false

  constructor(private readonly ctx: Context) {}

  /**
   * What there is has been looked at before the page hears that it is connected: it reads what it shows after that, and is
   * told of everything later.
   */
  async attach(http: KoaContext): Promise<void> {
    this.known ??= await this.written()
    http.respond = false
    const { req, res } = http
    const headers = { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', 'X-Content-Type-Options': 'nosniff' }
    res.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers })
    res.write('retry: 3000\n\n')
    this.pages.add(res)
    this.timer ??= setInterval(() => void this.look(), lookMs).unref()
    req.on('close', () => {
      this.pages.delete(res)
      if (this.pages.size === 0) this.rest()
    })
  }

  close(): void {
    for (const page of this.pages) page.end()
    this.pages.clear()
    this.rest()
  }

  private rest(): void {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
    this.known = null
  }

  private async look(): Promise<void> {
    if (this.looking) return
    this.looking = true
    try {
      const written = await this.written()
      const changed = [...written].some(one => !this.known?.has(one))
      this.known = written
      this.beat += lookMs
      if (changed) this.tell('event: changed\ndata: {}\n\n')
      else if (this.beat % beatMs === 0) this.tell(': still here\n\n')
    } catch (error) {
      this.ctx.log.warn({ err: String(error) }, 'open pages could not be told of changes; it is tried again')
    } finally {
      this.looking = false
    }
  }

  private async written(): Promise<ReadonlySet<string>> {
    const { db, company, clock } = this.ctx
    const since = new Date(clock.now().getTime() - lookBackMs)
    return new Set(await writtenSince(db.prisma, company, since))
  }

  private tell(text: string): void {
    for (const page of this.pages) page.write(text)
  }
}
