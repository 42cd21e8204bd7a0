import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { expect, vi } from 'vitest'
import { brokenEvent } from './promised.ts'
import { cert, key } from './selfsigned.ts'

/** The program at the other end: a server of its own that takes each message apart as the standard says. */

export interface Message {
  id: string
  /** By its header. */
  sentAt: Date
  type: string
  timestamp: string
  data: {
    order?: {
      code: string
      state: string
      assignee: { name: string } | null
      clocks: Array<{ kind: string; state: string }>
    }
    leave?: { code: string; state: string }
    incident?: { code: string; state: string }
    settlement?: { month: string; state: string }
    endpoint?: string
    fact?: { fact: string; seq: number }
  }
}

type Answer = number | { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'reset'

interface ReceiverOptions {
  /** What time it is there. */
  now?: () => Date
  address?: string
  /** https, with a certificate that nobody signed. */
  secure?: boolean
}

export class Receiver {
  /** Everything that came, whatever was answered. */
  readonly got: Message[] = []
  /** What was wrong with what came. */
  readonly wrong: string[] = []
  /** Any of them is good. */
  secrets: string[] = []
  answer: Answer | ((message: Message) => Answer) = 204
  url = ''
  private readonly hanging = new Set<ServerResponse>()

  private constructor(private readonly shut: () => Promise<void>) {}

  static async open({ now = () => new Date(), address = '127.0.0.1', secure = false }: ReceiverOptions = {}) {
    let receiver: Receiver | undefined
    const hear = (req: IncomingMessage, res: ServerResponse) => void receiver?.hear(req, res, now())
    const server = secure ? createSecureServer({ cert, key }, hear) : createServer(hear)
    await new Promise<void>(resolve => server.listen(0, address, resolve))
    receiver = new Receiver(async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    })
    const { port } = server.address() as AddressInfo
    receiver.url = secure ? `https://localhost:${port}/hooks` : `http://${address}:${port}/hooks`
    return receiver
  }

  private async hear(req: IncomingMessage, res: ServerResponse, now: Date): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    const event = JSON.parse(body) as Message
    const header = (name: string) => String(req.headers[name])
    const { method, url } = req
    if (method !== 'POST' || url !== '/hooks') this.wrong.push(`${method} ${url}`)
    if (header('content-type') !== 'application/json') this.wrong.push(header('content-type'))
    if (!this.secrets.some(secret => isSigned(secret, body, req, now)))
      this.wrong.push(`bad signature of ${event.type}`)
    this.wrong.push(...brokenEvent(event))
    const sentAt = new Date(Number(header('webhook-timestamp')) * 1000)
    const message = { ...event, id: header('webhook-id'), sentAt }
    this.got.push(message)
    this.reply(res, typeof this.answer === 'function' ? this.answer(message) : this.answer)
  }

  private reply(res: ServerResponse, answer: Answer): void {
    if (answer === 'hang') this.hanging.add(res)
    else if (answer === 'reset') res.socket?.resetAndDestroy()
    else if (typeof answer === 'number') res.writeHead(answer).end()
    else res.writeHead(answer.status, answer.headers).end(answer.body)
  }

  /** What came since it was asked last. */
  takes(): Message[] {
    return this.got.splice(0)
  }

  /** The same, in short. */
  types(): string[] {
    return this.takes().map(({ type }) => type)
  }

  /** Those who wait for an answer get this one, and whoever comes after them. */
  answersAll(answer: Exclude<Answer, 'hang'>): void {
    this.answer = answer
    for (const res of this.hanging) this.reply(res, answer)
    this.hanging.clear()
  }

  async close(): Promise<void> {
    for (const res of this.hanging) res.destroy()
    await this.shut()
    expect(this.wrong, 'wrong with what came').toEqual([])
  }
}

/** By the library of those who wrote the standard, at the receiver's time. */
export function isSigned(
  secret: string,
  body: string,
  { headers }: Pick<IncomingMessage, 'headers'>,
  now: Date,
): boolean {
  vi.useFakeTimers({ now, toFake: ['Date'] })
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>)
    return true
  } catch {
    return false
  } finally {
    vi.useRealTimers()
  }
}
