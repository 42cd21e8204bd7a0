import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { watchedSocket } from '../../src/db/silence.ts'

/** A server that does so with whoever comes; returns its port. */
async function serving(greet: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket.on('error', () => {}))
    greet(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

it('gives up a connection on which nothing comes any more, and says so', async () => {
  const port = await serving(() => {})
  const socket = watchedSocket(100)
  const failed = once(socket, 'error')
  socket.connect(port, '127.0.0.1').write('SELECT 1')
  const [error] = await failed
  expect(String(error)).toContain('silent for 0.1 s')
  expect(socket.destroyed).toBe(true)
})

it('keeps one on which something comes now and then', async () => {
  const port = await serving(socket => {
    const talk = setInterval(() => socket.write('.'), 50)
    socket.once('close', () => clearInterval(talk))
  })
  const socket = watchedSocket(1_000)
  socket.connect(port, '127.0.0.1')
  // Longer than a second in all.
  for (let heard = 0; heard < 30; heard++) await once(socket, 'data')
  expect(socket.destroyed).toBe(false)
  socket.destroy()
})
