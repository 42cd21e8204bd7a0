import type { ServerResponse } from 'node:http'
import type { Context as KoaContext } from 'koa'
import type { Context } from '../context.ts'
import { lastChange } from '../orders/boardrows.ts'

/** How often orders are looked at for pages that are open: other instances change them, too. */
const lookMs = 2_000
/** So that nothing on the way takes a quiet connection for a dead one. */
const beatMs = 20_000

/** Tells open pages that orders have changed, as server-sent events. They ask for what they show themselves. */
export class Changes {
  private readonly pages = new Set<ServerResponse>()
  private timer: NodeJS.Timeout | null = null
  private last: string | null = null
  private beat = 0
  private looking = false

  constructor(private readonly ctx: Context) {}

  attach({ req, res }: KoaContext): void {
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
    this.last = null
  }

  private async look(): Promise<void> {
    if (this.looking) return
    this.looking = true
    try {
      const now = await lastChange(this.ctx.db.prisma, this.ctx.company)
      const changed = this.last !== null && now !== this.last
      this.last = now ?? 'none'
      this.beat += lookMs
      if (changed) this.tell('event: changed\ndata: {}\n\n')
      else if (this.beat % beatMs === 0) this.tell(': still here\n\n')
    } catch (error) {
      this.ctx.log.warn({ err: String(error) }, 'open pages could not be told of changes; it is tried again')
    } finally {
      this.looking = false
    }
  }

  private tell(text: string): void {
    for (const page of this.pages) page.write(text)
  }
}
