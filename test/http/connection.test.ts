import { Agent, createServer, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { expect, it } from 'vitest'
import { endUnfinished } from '../../src/http/connection.ts'

it('a connection that is kept for many requests collects nothing of those that were answered early', async () => {
  const sockets = new Set<Socket>()
  const server = createServer((req, res) => {
    sockets.add(req.socket)
    endUnfinished(req, res)
    res.writeHead(401).end()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = () =>
    new Promise<void>((done, fail) => {
      const req = request({ port, agent, method: 'POST', headers: { 'Content-Length': 1_000_000 } }, res => {
        res.resume().once('end', done)
        expect(res.statusCode).toBe(401)
      })
      req.on('error', fail)
      // Its head is answered before the rest of it is there.
      req.write(Buffer.alloc(1_000))
      setImmediate(() => req.end(Buffer.alloc(999_000)))
    })
  for (let turn = 0; turn < 30; turn++) await post()
  expect(sockets.size).toBe(1)
  for (const socket of sockets) expect(socket.listenerCount('close')).toBeLessThan(8)
  agent.destroy()
  server.close()
})
