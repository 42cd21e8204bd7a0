import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from './process.ts'

/** What stands in front of several instances: in turn to those that say they are ready, over connections that are kept open. */
export interface Balancer {
  url: string
  /** Takes an instance in once it is ready. */
  add(url: string): Promise<void>
  /** Requests that no instance answered, and why. */
  failures: string[]
  /** How many each answered. */
  answeredBy(urls: readonly string[]): number[]
  close(): Promise<void>
}

const checkMs = 200

export async function openBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 })
  const known = new Map<string, { ready: boolean; answered: number }>()
  const failures: string[] = []
  let turn = 0

  const check = async (url: string) => {
    const answer = await fetch(`${url}/health/ready`, { headers: { connection: 'close' } }).catch(() => null)
    const one = known.get(url)
    if (one) one.ready = answer?.status === 200
  }
  const timer = setInterval(() => void Promise.all([...known.keys()].map(check)), checkMs)

  const next = (not: ReadonlySet<string>): string | undefined => {
    const ready = [...known].filter(([url, one]) => one.ready && !not.has(url)).map(([url]) => url)
    return ready[turn++ % Math.max(1, ready.length)]
  }

  function pass(req: IncomingMessage, res: ServerResponse, body: Buffer, tried: ReadonlySet<string>): void {
    const to = next(tried)
    if (!to) {
      failures.push(`${req.method} ${req.url}: no instance is ready`)
      res.writeHead(503).end()
      return
    }
    const { method, headers } = req
    const sent = request(`${to}${req.url}`, { method, headers, agent }, answer => {
      const one = known.get(to)
      if (one) one.answered++
      const { connection: _, ...rest } = answer.headers
      res.writeHead(answer.statusCode ?? 502, rest)
      answer.pipe(res)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // As nginx does it: what was never sent goes to the next one, anything else might be done twice.
      if (error.code === 'ECONNREFUSED') return pass(req, res, body, new Set([...tried, to]))
      failures.push(`${req.method} ${req.url} at ${to}: ${error.message}`)
      if (!res.headersSent) res.writeHead(502)
      res.end()
    })
    sent.end(body)
  }

  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    pass(req, res, Buffer.concat(chunks), new Set())
  })
  // As the service does: longer than anybody here is silent, or an answer is lost to a connection that just ended.
  server.keepAliveTimeout = 75_000
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failures,
    async add(url) {
      known.set(url, { ready: false, answered: 0 })
      await eventually(() => {
        if (!known.get(url)?.ready) throw new Error(`${url} is not ready`)
      })
    },
    answeredBy: urls => urls.map(url => known.get(url)?.answered ?? 0),
    async close() {
      clearInterval(timer)
      agent.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
