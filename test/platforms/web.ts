import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { Agent } from 'undici'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createExchange, type Exchange } from '../../src/platforms/exchange.ts'

export interface Asked {
  method: string
  host: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  /** What the JSON says, or the text of anything else. */
  body: unknown
}

export interface Told {
  status: number
  body: string | Buffer | object
  headers?: Record<string, string>
}

/** `drop`: the connection breaks; `silence`: nothing comes. */
type Answer = Told | 'drop' | 'silence'
type Answers = (asked: Asked) => Answer | Promise<Answer>

/** Something that will be asked, as often as it says. */
class Expected {
  private wanted: true | Record<string, string> | undefined
  private answers: Answers | undefined
  private left = 1
  private optional = false

  constructor(private readonly fits: (asked: Asked) => boolean) {}

  /** Without this there must be none; `true` is any. */
  query(wanted: true | Record<string, string>): this {
    this.wanted = wanted
    return this
  }

  times(count: number): this {
    this.left = count
    return this
  }

  optionally(): this {
    this.optional = true
    return this
  }

  reply(status: number, body: Told['body'] = '', headers: Record<string, string> = {}): this {
    return this.answer(() => ({ status, body, headers }))
  }

  answer(answers: Answers): this {
    this.answers = answers
    return this
  }

  isDone(): boolean {
    return this.optional || this.left === 0
  }

  take(asked: Asked): Answers | undefined {
    const fits = this.wanted === true || isDeepStrictEqual(asked.query, this.wanted ?? {})
    if (this.left === 0 || !fits || !this.fits(asked)) return undefined
    this.left--
    return this.answers
  }
}

type Body = object | ((body: never) => boolean)

/**
 * All that is outside, as a server of the test's own: whoever is asked, it is this one, over real connections, and says what
 * it was told to. What nobody expected is not answered, and noted in `strange`.
 */
export class Web {
  readonly strange: string[] = []
  private expected: Expected[] = []
  private readonly server = createServer((req, res) => void this.hear(req, res))
  private readonly agent = new Agent({
    // None is used again: one test ends them all, and the next would meet one.
    pipelining: 0,
    connect: (_, done) => {
      const socket = connect((this.server.address() as AddressInfo).port, '127.0.0.1')
      socket.once('connect', () => done(null, socket)).once('error', error => done(error, null))
    },
  })
  readonly exchange: Exchange = createExchange({ anywhere: this.agent, internet: this.agent })

  open(): Promise<void> {
    return new Promise(done => this.server.listen(0, '127.0.0.1', done))
  }

  async close(): Promise<void> {
    await this.agent.destroy()
    this.server.closeAllConnections()
    await new Promise(done => this.server.close(done))
  }

  at(origin: string) {
    const { host } = new URL(origin)
    const on = (method: string) => (path: string, body?: Body) => {
      const expected = new Expected(
        asked => asked.method === method && asked.host === host && asked.path === path && holds(body, asked.body),
      )
      this.expected.push(expected)
      return expected
    }
    return { get: on('GET'), post: on('POST'), put: on('PUT') }
  }

  /** Whatever this host is asked, however often. */
  all(origin: string, answers: Answers): void {
    const { host } = new URL(origin)
    this.expected.push(
      new Expected(asked => asked.host === host).query(true).times(Number.POSITIVE_INFINITY).answer(answers),
    )
  }

  /** Everything that was expected was asked. */
  isDone(): boolean {
    return this.expected.every(one => one.isDone())
  }

  forget(): void {
    this.expected = []
    this.strange.length = 0
    this.server.closeAllConnections()
  }

  private take(asked: Asked): Answers | undefined {
    for (const one of this.expected) {
      const answers = one.take(asked)
      if (answers) return answers
    }
    return undefined
  }

  private async hear(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const asked = await read(req)
    const answers = this.take(asked)
    if (!answers) this.strange.push(`${asked.method} ${asked.host}${asked.path}`)
    const told = answers ? await answers(asked) : 'drop'
    if (told === 'silence') return
    if (told === 'drop') {
      req.socket.destroy()
      return
    }
    const { status, body, headers } = told
    const plain = typeof body === 'string' || Buffer.isBuffer(body)
    res.writeHead(status, { ...(!plain && { 'content-type': 'application/json' }), ...headers })
    res.end(plain ? body : JSON.stringify(body))
  }
}

function holds(wanted: Body | undefined, body: unknown): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'function' ? wanted(body as never) : isDeepStrictEqual(body, wanted)
}

async function read(req: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = []
  for await (const part of req) parts.push(part)
  const text = Buffer.concat(parts).toString()
  const url = new URL(req.url ?? '/', 'http://any')
  const isJson = /^application\/json/.test(req.headers['content-type'] ?? '')
  return {
    ...{ method: req.method ?? '', host: req.headers.host ?? '', path: url.pathname },
    query: Object.fromEntries(url.searchParams),
    headers: req.headers as Record<string, string>,
    body: isJson ? JSON.parse(text) : text,
  }
}

/** One for the tests of a file, with nothing expected at the beginning of each; what none of them expected fails it. */
export function outside(): Web {
  const web = new Web()
  beforeAll(() => web.open())
  afterEach(() => {
    const strange = [...web.strange]
    web.forget()
    expect(strange).toEqual([])
  })
  afterAll(() => web.close())
  return web
}
