import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createReach, type Resolve } from '../../src/webhooks/reach.ts'
import { createSend } from '../../src/webhooks/send.ts'
import { newSecret, rotated, signed, signing } from '../../src/webhooks/sign.ts'
import { isSigned, Receiver } from '../support/receiver.ts'

const now = new Date('2026-11-24T09:00:00Z')
const id = '019aa000-0000-7000-8000-000000000001'
const body = JSON.stringify({ type: 'webhook.test', timestamp: now.toISOString(), data: { endpoint: id } })
const secret = newSecret()
const headers: Record<string, string> = {
  'content-type': 'application/json',
  ...signed({ id, body, secrets: [secret] }, now),
}

const open: Array<{ close(): unknown }> = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function receiver(options: Parameters<typeof Receiver.open>[0] = {}): Promise<Receiver> {
  const made = await Receiver.open({ now: () => now, ...options })
  made.secrets = [secret]
  open.push(made)
  return made
}

interface Way {
  allow?: string[]
  resolve?: Resolve
  timeoutMs?: number
}
const send = (url: string, { allow = ['127.0.0.0/8'], resolve, timeoutMs = 30_000 }: Way = {}) =>
  createSend(createReach(allow, resolve), timeoutMs)(url, headers, body, now)

describe('sending', () => {
  it('a message that is taken came through, however long its answer goes on', async () => {
    const at = await receiver()
    expect(await send(at.url)).toEqual({ status: 204, error: null, answer: null })
    at.answer = { status: 200, body: 'x'.repeat(5_000_000) }
    expect(await send(at.url)).toEqual({ status: 200, error: null, answer: null })
    expect(at.types()).toEqual(['webhook.test', 'webhook.test'])
  })

  it('what an operator is shown of an answer is one short line', async () => {
    const at = await receiver()
    at.answer = { status: 500, body: `\u0000<b>\r\n没有  这个表\u202e ${'坏'.repeat(100_000)}` }
    const { status, error, answer } = await send(at.url)
    expect([status, error]).toEqual([500, 'answered 500'])
    expect(answer).toMatch(/^<b> 没有 这个表 坏+$/)
    expect([...(answer ?? '')]).toHaveLength(200)
  })

  it('redirects are not followed', async () => {
    const [from, to] = [await receiver(), await receiver()]
    for (const status of [301, 302, 303, 307, 308]) {
      from.answer = { status, headers: { location: to.url } }
      expect(await send(from.url)).toMatchObject({ status, error: `answered ${status}: redirects are not followed` })
    }
    expect(to.takes()).toEqual([])
  })

  it('Retry-After is read', async () => {
    const at = await receiver()
    at.answer = { status: 429, headers: { 'retry-after': '90' } }
    expect(await send(at.url)).toMatchObject({ status: 429, retryAfterMs: 90_000 })
  })

  it.each([
    ['never answers', 'hang', 'no answer within 0.4 s'],
    ['breaks off', 'reset', 'no connection: ECONNRESET'],
  ] as const)('who %s failed', async (_, answer, error) => {
    const at = await receiver()
    at.answer = answer
    expect(await send(at.url, { timeoutMs: 400 })).toEqual({ status: null, error, answer: null })
  })

  it('who answers a failure drop by drop is cut off, and what came counts', async () => {
    const server = createServer((req, res) => {
      req.resume()
      res.writeHead(502)
      const drip = setInterval(() => res.write('drop '), 50)
      res.on('close', () => clearInterval(drip))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    open.push({
      close() {
        server.closeAllConnections()
        return new Promise(resolve => server.close(resolve))
      },
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const { status, answer } = await send(url, { timeoutMs: 3_000 })
    expect([status, answer]).toEqual([502, expect.stringMatching(/^(drop ?)+$/)])
  })

  it('nobody there, no such name, or a name server that says nothing', async () => {
    const gone = await receiver()
    await open.pop()?.close()
    expect(await send(gone.url)).toMatchObject({ status: null, error: 'no connection: ECONNREFUSED' })
    const nobody = { resolve: async () => Promise.reject(new Error('ENOTFOUND')) }
    expect(await send('https://erp.example.com/', nobody)).toMatchObject({ error: expect.stringMatching(/not found/) })
    const silent = { resolve: () => new Promise<string[]>(() => {}), timeoutMs: 400 }
    expect(await send('https://erp.example.com/', silent)).toMatchObject({ error: 'no answer within 0.4 s' })
  })

  it('a certificate nobody signed is no certificate', async () => {
    const at = await receiver({ secure: true })
    const error = 'no connection: DEPTH_ZERO_SELF_SIGNED_CERT'
    expect(await send(at.url, { allow: ['localhost'] })).toEqual({ status: null, error, answer: null })
    expect(at.takes()).toEqual([])
  })

  it('a name is asked for once, and what it meant then is where the message goes', async () => {
    const [meant, other] = [await receiver(), await receiver({ address: '127.0.0.2' })]
    const { port } = new URL(meant.url)
    const asked: string[] = []
    // The second answer would be another machine's.
    const resolve: Resolve = async host => {
      asked.push(host)
      return [asked.length === 1 ? '127.0.0.1' : '127.0.0.2']
    }
    const url = `http://rebinds.example.com:${port}/hooks`
    expect(await send(url, { allow: ['127.0.0.1'], resolve })).toMatchObject({ status: 204 })
    expect([asked, meant.types(), other.types()]).toEqual([['rebinds.example.com'], ['webhook.test'], []])
    // The next message looks again: by now it leads where nothing may go.
    const refused = await send(url, { allow: ['127.0.0.1'], resolve })
    expect(refused).toMatchObject({ status: null, error: expect.stringMatching(/^refused: .*127\.0\.0\.2/) })
    expect([meant.types(), other.types()]).toEqual([[], []])
  })
})

describe('signing', () => {
  const check = (one: string, told = headers, text = body, at = now) => isSigned(one, text, { headers: told }, at)

  it('is what the authors of the standard verify', () => {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(check(secret)).toBe(true)
    expect(check(newSecret())).toBe(false)
    expect(check(secret, headers, `${body} `)).toBe(false)
    expect(check(secret, { ...headers, 'webhook-id': id.replace('1', '2') })).toBe(false)
    expect(check(secret, headers, body, new Date(now.getTime() + 6 * 60_000))).toBe(false)
  })

  it('is done with the secret before, too, for a day, however often it is rotated', () => {
    const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
    const [one, two, three] = [newSecret(), newSecret(), newSecret()]
    const once = rotated({ secret: one, oldSecrets: [] }, two, now)
    expect(signing(once, now)).toEqual([two, one])
    expect(signing(once, later(23.9))).toEqual([two, one])
    expect(signing(once, later(24))).toEqual([two])
    const twice = rotated(once, three, later(1))
    expect(signing(twice, later(23.9))).toEqual([three, two, one])
    expect(signing(twice, later(24.5))).toEqual([three, two])
    const told = signed({ id, body, secrets: signing(once, now) }, now)
    expect(told['webhook-signature']?.split(' ')).toHaveLength(2)
    expect([check(one, { ...headers, ...told }), check(two, { ...headers, ...told })]).toEqual([true, true])
    const often = Array.from({ length: 20 }, newSecret).reduce((all, fresh) => rotated(all, fresh, now), once)
    expect(signing(often, now)).toHaveLength(5)
  })
})
