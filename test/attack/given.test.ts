import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Permanent } from '../../src/errors.ts'
import { exchange } from '../../src/platforms/exchange.ts'
import { Client } from '../../src/platforms/wecom/client.ts'
import { fetchBotFile } from '../../src/platforms/wecom/media.ts'
import { frozenClock, keptLog, keptSignals } from '../platforms/wecom/help.ts'

/** Addresses that come in messages: pictures, files, where to answer. Forged, they would make the service knock inside (SSRF). */

let asked: string[] = []
const server = createServer((req, res) => {
  asked.push(req.url ?? '')
  if (req.url === '/away') res.writeHead(302, { location: 'http://127.0.0.1:1/secret' }).end()
  else res.end('the inside')
})
let host = ''
beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise(done => server.close(done))
})

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'fetched'
  } catch (error) {
    if (error instanceof Permanent) return error.code
    throw error
  }
}
const port = () => host.split(':')[1]
const get = (url: string, given: readonly string[] = ['api.platform.example']) =>
  codeOf(exchange({ method: 'GET', url, most: 1_000, timeoutMs: 2_000, given }))

describe('an address that was given', () => {
  it.each([
    ['loopback', () => `http://${host}/`],
    ['loopback by its name', () => `http://localhost:${port()}/`],
    ['loopback as one number', () => `http://2130706433:${port()}/`],
    ['loopback in hex', () => `http://0x7f.0.0.1:${port()}/`],
    ['loopback in octal', () => `http://0177.0.0.1:${port()}/`],
    ['loopback, short', () => `http://127.1:${port()}/`],
    ['unspecified', () => `http://0.0.0.0:${port()}/`],
    ['IPv6 loopback', () => `http://[::1]:${port()}/`],
    ['IPv4 in IPv6', () => `http://[::ffff:127.0.0.1]:${port()}/`],
    ['behind a user', () => `http://api.platform.example@${host}/`],
    ['metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['metadata of Alibaba Cloud', () => 'http://100.100.100.200/latest/meta-data/'],
    ['a router', () => 'http://192.168.1.1/'],
  ])('%s is not asked', async (_, url) => {
    asked = []
    expect([await get(url()), asked]).toEqual(['not-public', []])
  })

  it('of the platform itself, wherever that is, is', async () => {
    asked = []
    expect([await get(`http://${host}/file`, [host]), asked]).toEqual(['fetched', ['/file']])
    // Another port of the same machine is another server.
    expect(await get(`http://${host}/file`, ['127.0.0.1:1'])).toBe('not-public')
  })

  it('that leads on elsewhere is not followed', async () => {
    asked = []
    const { status } = await exchange({
      method: 'GET',
      url: `http://${host}/away`,
      most: 1_000,
      timeoutMs: 2_000,
      given: [host],
    })
    expect([status, asked]).toEqual([302, ['/away']])
  })
})

describe('a file the platform names', () => {
  it('is not fetched from inside the network: WeCom’s bot', async () => {
    asked = []
    const own = { clock: frozenClock(), signals: keptSignals(), log: keptLog() }
    const client = new Client('https://qyapi.weixin.qq.com', own as never)
    expect(await codeOf(fetchBotFile(client, `http://${host}/file`, []))).toBe('not-public')
    const answer = client.ask({
      api: 'bot/response',
      method: 'POST',
      url: `http://${host}/answer`,
      body: {},
      elsewhere: 'bot',
    })
    expect(await codeOf(answer)).toBe('not-public')
    expect(asked).toEqual([])
  })
})
