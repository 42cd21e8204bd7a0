import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SandboxLogEntry, SandboxState } from './wire.ts'

const pauseMs = 100
const heartbeatMs = 25_000

/** Server-sent events for the page: `state` at most ten a second, `log` for each exchange. */
export class Events {
  private readonly pages = new Set<ServerResponse>()
  private readonly heartbeat: NodeJS.Timeout
  private pause: NodeJS.Timeout | undefined

  constructor(private readonly state: () => SandboxState) {
    this.heartbeat = setInterval(() => this.write(': still here\n\n'), heartbeatMs)
    this.heartbeat.unref()
  }

  attach(req: IncomingMessage, res: ServerResponse): void {
    res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    })
    res.write(event('state', this.state()))
    this.pages.add(res)
    req.on('close', () => this.pages.delete(res))
  }

  /** The state changed; the pages hear of it within a tenth of a second. */
  changed(): void {
    if (this.pause || this.pages.size === 0) return
    this.pause = setTimeout(() => {
      this.pause = undefined
      this.write(event('state', this.state()))
    }, pauseMs)
    this.pause.unref()
  }

  logged(entry: SandboxLogEntry): void {
    if (this.pages.size > 0) this.write(event('log', entry))
  }

  close(): void {
    clearInterval(this.heartbeat)
    clearTimeout(this.pause)
    for (const page of this.pages) page.end()
    this.pages.clear()
  }

  private write(text: string): void {
    for (const page of this.pages) page.write(text)
  }
}

const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
