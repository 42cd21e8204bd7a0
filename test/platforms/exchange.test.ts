import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createExchange, exchange, roadsOut } from '../../src/platforms/exchange.ts'

const listening = (server: Server) =>
  new Promise<string>(done =>
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  )

let [platform, proxy] = ['', '']
let tunnels: string[] = []
const servers = [
  createServer((req, res) => {
    if (req.url === '/chunked') res.write('x'.repeat(600))
    res.end('y'.repeat(600))
  }),
  // Whatever is asked for, it leads to the server above.
  createServer().on('connect', (req, socket, head) => {
    tunnels.push(req.url ?? '')
    const on = connect(Number(new URL(platform).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      on.write(head)
      socket.pipe(on).pipe(socket)
    })
    for (const one of [on, socket]) one.on('error', () => {})
  }),
]
beforeAll(async () => {
  ;[platform, proxy] = (await Promise.all(servers.map(listening))) as [string, string]
})
beforeEach(() => {
  tunnels = []
})
afterAll(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
})

const get = (url: string, more: object = {}) => ({
  ...{ method: 'GET' as const, url, most: 1_000, timeoutMs: 2_000 },
  ...more,
})

it('goes through the operator’s proxy, but for what is named as near', async () => {
  const ask = createExchange(roadsOut({ httpProxy: proxy, httpsProxy: proxy, noProxy: '127.0.0.1' }))
  expect(await ask(get('http://qyapi.platform.example/cgi-bin/gettoken'))).toMatchObject({ status: 200 })
  expect(await ask(get('http://files.platform.example/1', { given: [] }))).toMatchObject({ status: 200 })
  expect(tunnels).toEqual(['qyapi.platform.example:80', 'files.platform.example:80'])
  expect(await ask(get(platform))).toMatchObject({ status: 200 })
  // What a message names leads into no private network, proxy or not.
  await expect(ask(get('http://10.0.0.1/1', { given: [] }))).rejects.toMatchObject({ code: 'not-public' })
  expect(tunnels).toHaveLength(2)
})

it('reads no more than it was told to, whether the length is said or not', async () => {
  expect((await exchange(get(platform))).bytes).toHaveLength(600)
  await expect(exchange(get(platform, { most: 599 }))).rejects.toMatchObject({ code: 'too-large' })
  expect((await exchange(get(`${platform}/chunked`, { most: 1_200 }))).bytes).toHaveLength(1_200)
  await expect(exchange(get(`${platform}/chunked`, { most: 1_199 }))).rejects.toMatchObject({ code: 'too-large' })
})

it('tells what is no address and what nobody answers from what failed by itself', async () => {
  await expect(exchange(get('http://['))).rejects.toMatchObject({ name: 'Permanent', code: 'no-address' })
  const nobody = exchange(get('http://127.0.0.1:1/?access_token=SECRET'))
  await expect(nobody).rejects.toMatchObject({ name: 'Temporary', code: 'unreachable' })
  await expect(nobody).rejects.not.toMatchObject({ message: expect.stringContaining('SECRET') })
})
