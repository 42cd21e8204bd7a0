import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Temporary } from '../../../src/errors.ts'
import type { Gateway } from './streamgateway.ts'
import { type Bench, benches, callback, robotFrame, system, words } from './streamhelp.ts'

const newBench = benches()
let bench: Bench
let gateway: Gateway
beforeEach(() => {
  bench = newBench()
  gateway = bench.gateway
})

describe('frames', () => {
  it('pings are echoed, other words of the system are not answered', async () => {
    await bench.open()
    await bench.push(system('CONNECTED'))
    await bench.push(system('ping', '{"opaque":"0x1"}', 'P7'))
    await bench.push(system('ping', '{"opaque":"0x2"}', 'P7'))
    const headers = { messageId: 'P7', contentType: 'application/json' }
    expect(bench.acks).toEqual([
      { code: 200, headers, message: 'OK', data: '{"opaque":"0x1"}' },
      { code: 200, headers, message: 'OK', data: '{"opaque":"0x2"}' },
    ])
    expect(bench.heard).toEqual([])
  })

  it('what the robot and the cards hear is worked on and acknowledged with what came of it', async () => {
    bench.work = async frame => ({ response: { kind: frame.kind } })
    await bench.open()
    await bench.push(robotFrame('M1', { text: words }))
    await bench.push(callback('/v1.0/card/instances/callback', 'M2', { outTrackId: 'o1' }))
    expect(bench.heard.map(({ kind, messageId, data }) => [kind, messageId, data])).toEqual([
      ['robot', 'M1', { text: words }],
      ['card', 'M2', { outTrackId: 'o1' }],
    ])
    expect(bench.acks).toEqual(
      ['robot', 'card'].map((kind, index) => ({
        code: 200,
        headers: { messageId: `M${index + 1}`, contentType: 'application/json' },
        message: 'OK',
        data: JSON.stringify({ response: { kind } }),
      })),
    )
  })

  it('are worked on beside each other', async () => {
    bench.work = frame =>
      new Promise(resolve => void bench.time.set(() => resolve({}), frame.messageId === 'SLOW' ? 2_000 : 0))
    await bench.open()
    await bench.push(robotFrame('SLOW', {}))
    await bench.push(robotFrame('FAST', {}))
    await gateway.pass(3_000)
    expect(bench.acks.map(({ headers }) => headers.messageId)).toEqual(['FAST', 'SLOW'])
  })

  it('a push that comes again is answered as before, from the work under way or from memory', async () => {
    let count = 0
    bench.work = () => {
      count++
      return new Promise(resolve => void bench.time.set(() => resolve({ count }), 1_000))
    }
    await bench.open()
    await bench.push(robotFrame('M1', { text: words }), 0)
    await bench.push(robotFrame('M1', { text: words }), 1)
    await gateway.pass(1_000)
    await gateway.pass(290_000, 5_000)
    await bench.push(robotFrame('M1', { text: words }), 1)
    expect(bench.acks.map(({ data }) => data)).toEqual(Array(3).fill('{"count":1}'))
    expect(new Set(gateway.acks.map(({ socket }) => socket)).size).toBe(2)
    await gateway.pass(10_000)
    await bench.push(robotFrame('M1', { text: words }), 1)
    expect(count).toBe(2)
  })

  it('what could not be kept is not acknowledged, and is worked on when it comes again', async () => {
    const fails = [
      () => Promise.reject(new Temporary('busy', words)),
      () => Promise.reject(new Error(words)),
      () => {
        throw new TypeError(words)
      },
    ]
    bench.work = () => fails.shift()?.() ?? Promise.resolve({ response: null })
    await bench.open()
    for (let times = 0; times < 3; times++) await bench.push(robotFrame('M1', { text: words }))
    expect(bench.acks).toEqual([])
    expect(
      bench.lines.filter(line => line.includes('not acknowledged')).map(line => /"reason":"(\w+)"/.exec(line)?.[1]),
    ).toEqual(['busy', 'Error', 'TypeError'])
    await bench.push(robotFrame('M1', { text: words }))
    expect(bench.acks.map(({ code }) => code)).toEqual([200])
  })

  it('what is malformed or not ours is counted and hurts nobody', async () => {
    await bench.open()
    await bench.push('{')
    await bench.push('[]')
    await bench.push(robotFrame('M0', {}).replace('"{}"', '"<xml>"'))
    await bench.push(callback('/v1.0/other', 'M1', {}))
    await bench.push(JSON.stringify({ type: 'EVENT', headers: { topic: '*', messageId: 'E1' }, data: '{}' }))
    gateway.socket().send(Buffer.from(robotFrame('M2', {})), { binary: true })
    await gateway.settle()
    expect(bench.refusals).toEqual(
      ['json', 'frame', 'data', 'topic', 'topic'].map(reason => `dingtalk.stream ${reason}`),
    )
    expect(bench.acks.map(({ code, headers }) => [code, headers.messageId])).toEqual([
      [404, 'M1'],
      [404, 'E1'],
      [200, 'M2'],
    ])
    expect(gateway.sockets.size).toBe(2)
  })

  it('of more than a megabyte end their connection, which is replaced', async () => {
    await bench.open()
    const first = gateway.socket()
    await bench.push(robotFrame('M1', { text: 'x'.repeat(1_100_000) }))
    await vi.waitFor(() => expect(gateway.sockets.has(first)).toBe(false))
    await gateway.pass(3_000)
    expect([bench.heard.length, gateway.sockets.size, gateway.asked.length]).toEqual([0, 2, 3])
  })

  it('whose connection is gone before they are acknowledged do no harm', async () => {
    bench.work = () => new Promise(resolve => void bench.time.set(() => resolve({ n: 1 }), 2_000))
    await bench.open()
    await bench.push(robotFrame('M1', {}))
    gateway.socket().terminate()
    await gateway.pass(4_000)
    expect(bench.acks).toEqual([])
    await bench.push(robotFrame('M1', {}))
    expect([bench.acks.length, bench.heard.length, gateway.sockets.size]).toEqual([1, 1, 2])
  })
})

describe('staying connected', () => {
  it('hangs up on an end that does not answer pings any more', async () => {
    await bench.open()
    gateway.pongs = false
    await gateway.pass(70_000)
    expect(gateway.asked).toHaveLength(2)
    await gateway.pass(6_000)
    expect(bench.lines.filter(line => line.includes('"code":"no-pong"'))).toHaveLength(2)
    gateway.pongs = true
    await gateway.pass(5_000)
    expect([gateway.sockets.size, gateway.asked.length]).toEqual([2, 4])
  })

  it('does not trust a connection after the machine slept', async () => {
    await bench.open()
    await gateway.pass(5_000)
    bench.time.sleep(80_000)
    await gateway.pass(25_000, 25_000)
    expect(bench.lines.filter(line => line.includes('"code":"idle"'))).toHaveLength(2)
    await gateway.pass(5_000)
    expect(gateway.sockets.size).toBe(2)
  })

  it('stays with a server that answers pings and says nothing else', async () => {
    await bench.open()
    await gateway.pass(600_000, 5_000)
    expect([gateway.sockets.size, gateway.asked.length]).toEqual([2, 2])
  })
})
