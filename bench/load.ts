import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** A request that was made ready beforehand. */
export interface Shot {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
}

export interface Answered {
  status: number
  body: string
  ms: number
}

/** What came of a number of requests. */
export interface Burst {
  answers: Answered[]
  perSecond: number
  durations: number[]
}

/** Asks one or several processes in turn, over connections that stay open. */
export class Gun {
  private readonly agent: Agent
  private turns = 0

  constructor(
    private readonly urls: readonly string[],
    private readonly concurrency: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  }

  fire({ method, path, headers, body }: Shot, since = performance.now()): Promise<Answered> {
    const url = this.urls[this.turns++ % this.urls.length] ?? ''
    return new Promise((resolve, reject) => {
      const req = request(url + path, { method, agent: this.agent, ...(headers && { headers }) }, res => {
        const parts: Buffer[] = []
        res.on('data', (part: Buffer) => void parts.push(part))
        res.on('error', reject)
        res.on('end', () =>
          resolve({
            ...{ status: res.statusCode ?? 0, body: Buffer.concat(parts).toString() },
            ms: performance.now() - since,
          }),
        )
      })
      req.on('error', reject)
      req.end(body)
    })
  }

  /** As fast as they are answered, so many at once. */
  async burst(shots: readonly Shot[]): Promise<Burst> {
    const answers: Answered[] = []
    let next = 0
    const begun = performance.now()
    const one = async () => {
      for (let shot = shots[next++]; shot; shot = shots[next++]) answers.push(await this.fire(shot))
    }
    await Promise.all(Array.from({ length: this.concurrency }, one))
    return outcome(answers, performance.now() - begun)
  }

  /** So many a second, whether the ones before are answered or not; each is measured from when it was due. */
  async paced(shots: readonly Shot[], perSecond: number): Promise<Burst> {
    const begun = performance.now()
    const pending: Array<Promise<Answered>> = []
    for (const [index, shot] of shots.entries()) {
      const due = begun + (index * 1_000) / perSecond
      const wait = due - performance.now()
      if (wait > 1) await pause(wait)
      pending.push(this.fire(shot, due))
    }
    const answers = await Promise.all(pending)
    return outcome(answers, performance.now() - begun)
  }

  close(): void {
    this.agent.destroy()
  }
}

function outcome(answers: Answered[], tookMs: number): Burst {
  return { answers, perSecond: (answers.length * 1_000) / tookMs, durations: answers.map(({ ms }) => ms) }
}
