import { Agent, request } from 'node:http'
import type { Ask } from './targets.ts'

export interface Answer {
  status: number
  type: string
  headers: Record<string, string | string[] | undefined>
  body: string
  tookMs: number
  /** What this process computed meanwhile: on a machine that is busy with others it takes much longer. */
  spentMs: number
}

/** Sends bytes as they are: no client of ours mends what is wrong with them. */
export class Knocker {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 })

  constructor(private readonly url: string) {}

  ask({ method, address, headers, body }: Ask, own: Record<string, string>): Promise<Answer> {
    const [begun, before] = [performance.now(), process.cpuUsage()]
    const cost = () => {
      const { user, system } = process.cpuUsage(before)
      return { tookMs: performance.now() - begun, spentMs: (user + system) / 1_000 }
    }
    const { hostname, port } = new URL(this.url)
    return new Promise((done, fail) => {
      const sent = request(
        {
          ...{ hostname, port, path: address, method, agent: this.agent },
          headers: { ...headers, ...own, ...(body && { 'Content-Length': body.length }) },
        },
        got => {
          const type = got.headers['content-type'] ?? ''
          const answer = { status: got.statusCode ?? 0, type, headers: got.headers }
          const finish = (text: string) => done({ ...answer, body: text, ...cost() })
          // An open stream of changes has no end of its own.
          if (type.startsWith('text/event-stream')) {
            finish('')
            return sent.destroy()
          }
          const chunks: Buffer[] = []
          got.on('data', chunk => chunks.push(chunk))
          got.on('end', () => finish(Buffer.concat(chunks).toString('utf8')))
          got.on('error', fail)
        },
      )
      // A service that has said no may close the door while the rest is still on its way.
      sent.on('error', error => {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EPIPE' || code === 'ECONNRESET') done({ status: 0, type: '', headers: {}, body: '', ...cost() })
        else fail(error)
      })
      sent.end(body ?? undefined)
    })
  }

  close(): void {
    this.agent.destroy()
  }
}
