import type { ServerResponse } from 'node:http'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, says } from './streamgateway.ts'
import { type Bench, benches, robotFrame, system } from './streamhelp.ts'

const newBench = benches()
let bench: Bench
let gateway: Gateway
beforeEach(() => {
  bench = newBench()
  gateway = bench.gateway
})

/** Closes it and looks for ten minutes whether something opens. */
async function closed(): Promise<void> {
  const before = [gateway.asked.length, gateway.tickets.length]
  const over = bench.stream?.close()
  await gateway.settle()
  await over
  expect(bench.time.pending, 'alarms').toBe(0)
  bench.stream?.open()
  await gateway.pass(600_000, 5_000)
  expect([gateway.asked.length, gateway.tickets.length], 'nothing opens afterwards').toEqual(before)
  expect([bench.stream?.sockets, bench.stream?.online, bench.codes]).toEqual([0, false, []])
}

describe('closing', () => {
  it('while the gateway is being asked: what it answers is of no interest any more', async () => {
    const held: ServerResponse[] = []
    gateway.answer = response => void held.push(response)
    bench.make().open()
    await gateway.settle()
    const over = bench.stream?.close()
    await over
    for (const response of held) says.yes(response, gateway)
    await closed()
    expect([held.length, gateway.tickets.length]).toEqual([1, 0])
  })

  it('during the handshake', async () => {
    gateway.door = 'hangs'
    bench.make().open()
    await gateway.settle()
    expect([gateway.upgrades.size, bench.stream?.sockets]).toEqual([1, 1])
    await closed()
    expect(gateway.upgrades.size).toBe(0)
  })

  it('during a wait', async () => {
    gateway.answer = says.broken
    bench.make().open()
    await gateway.settle()
    await gateway.pass(500)
    gateway.answer = says.yes
    await closed()
    expect(gateway.asked).toHaveLength(1)
  })

  it('while one is up and the other one waits', async () => {
    bench.make().open()
    await gateway.settle()
    expect(gateway.sockets.size).toBe(1)
    await closed()
  })

  it('before anything was opened', async () => {
    bench.make()
    await closed()
  })

  it('waits for frames being worked on, acknowledges what is kept and nothing else', async () => {
    await bench.open()
    bench.work = ({ messageId }) =>
      new Promise((resolve, reject) => {
        const end = () => (messageId === 'LOST' ? reject(new Error('not kept')) : resolve({ of: messageId }))
        bench.time.set(end, 2_000)
      })
    await bench.push(robotFrame('KEPT', {}))
    await bench.push(robotFrame('LOST', {}), 1)
    let over = false
    const close = bench.stream?.close().then(() => {
      over = true
    })
    await gateway.pass(500)
    await bench.push(robotFrame('LATE', {}))
    await gateway.pass(1_750)
    expect([over, gateway.sockets.size]).toEqual([false, 1])
    await gateway.pass(500)
    await close
    expect(bench.acks.map(({ headers, data }) => [headers.messageId, data])).toEqual([
      ['KEPT', '{"of":"KEPT"}'],
      ['LATE', '{"of":"LATE"}'],
    ])
    expect(gateway.sockets.size).toBe(0)
    await closed()
  })

  it('does not wait for work without end, nor for a goodbye without answer', async () => {
    await bench.open()
    bench.work = () => new Promise(() => {})
    await bench.push(robotFrame('M1', {}))
    for (const ws of gateway.sockets) ws.pause()
    const over = Promise.all([bench.stream?.close(), bench.stream?.close()])
    await gateway.pass(2_750)
    expect(bench.stream?.sockets).toBe(1)
    await gateway.pass(1_250)
    await over
    for (const ws of gateway.sockets) ws.resume()
    await gateway.settle()
    await closed()
  })

  it('while one is being replaced', async () => {
    await bench.open()
    gateway.socket().send(system('CONNECTED'))
    gateway.answer = says.nothing
    await bench.push(system('disconnect'))
    expect(gateway.asked).toHaveLength(3)
    await closed()
  })
})
