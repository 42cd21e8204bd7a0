import { beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, says } from './streamgateway.ts'
import { type Bench, benches, secret, system } from './streamhelp.ts'

const newBench = benches()
let bench: Bench
let gateway: Gateway
beforeEach(() => {
  bench = newBench()
  gateway = bench.gateway
})

describe('opening', () => {
  it('asks with our subscriptions, one attempt after the other, and brings the ticket as it was given', async () => {
    const stream = bench.make()
    stream.open()
    stream.open()
    await gateway.settle()
    expect([stream.online, stream.sockets, gateway.asked.length]).toEqual([true, 1, 1])
    await gateway.pass(2_000)
    expect([stream.online, stream.sockets, gateway.sockets.size]).toEqual([true, 2, 2])
    expect(gateway.asked[0]).toMatchObject({
      accept: 'application/json',
      body: {
        clientId: 'dingdemo',
        clientSecret: secret,
        subscriptions: [
          { type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' },
          { type: 'CALLBACK', topic: '/v1.0/card/instances/callback' },
        ],
      },
    })
    expect(gateway.tickets).toEqual([gateway.ticket, gateway.ticket])
    expect(bench.calls).toEqual(Array(2).fill('gateway/connections/open ok'))
    await gateway.pass(300_000, 5_000)
    expect(gateway.asked).toHaveLength(2)
    expect(bench.codes).toEqual([])
  })

  it('asks for events when they are wanted, and for as many connections as are wanted', async () => {
    const stream = await bench.open({ events: true, connections: 1 })
    expect(gateway.asked.map(({ body }) => body.subscriptions)).toEqual([
      expect.arrayContaining([{ type: 'EVENT', topic: '*' }]),
    ])
    expect(stream.sockets).toBe(1)
  })

  it('leaves a wrong secret alone for ten minutes and says whose fault it is', async () => {
    gateway.answer = says.wrongSecret
    const stream = await bench.open()
    await gateway.pass(590_000, 5_000)
    expect(gateway.asked).toHaveLength(1)
    expect(bench.calls).toEqual(['gateway/connections/open permanent'])
    const [problem, ...others] = stream.problems()
    expect(others).toEqual([])
    expect(problem).toMatchObject({ code: 'wrong-secret', since: new Date('2026-11-20T02:00:00Z') })
    expect(problem?.fix).toMatch(/DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET/)
    gateway.answer = says.yes
    await gateway.pass(10_000)
    expect([gateway.sockets.size, bench.codes]).toEqual([2, []])
  })

  it('asks nothing for five minutes when this machine’s address is shut out', async () => {
    gateway.answer = says.banned
    const stream = await bench.open()
    await gateway.pass(295_000, 5_000)
    expect(gateway.asked).toHaveLength(1)
    expect(stream.problems()[0]?.what).toContain('banned')
    gateway.answer = says.yes
    await gateway.pass(15_000)
    expect([gateway.sockets.size, bench.codes]).toEqual([2, []])
  })

  it.each([
    ['proxy401', 'http-401'],
    ['broken', 'server.error'],
    ['busy', 'system.busy'],
    ['notListed', 'Forbidden.AccessDenied.IpNotInWhiteList'],
    ['xml', 'unreadable'],
    ['html', 'unreadable'],
    ['garbage', 'unreadable'],
    ['fields', 'unreadable'],
    ['huge', 'too-large'],
    ['elsewhere', 'ECONNREFUSED'],
    ['nothing', 'timeout'],
  ] as const)('waits longer and longer after %s, and after a minute shows it', async (mood, code) => {
    gateway.answer = says[mood]
    const stream = bench.make()
    stream.open()
    await gateway.settle()
    await gateway.pass(59_000)
    expect(bench.codes).toEqual([])
    await gateway.pass(2_000)
    const [problem] = stream.problems()
    expect(problem).toMatchObject({ code: 'stream-offline', since: new Date('2026-11-20T02:00:00Z') })
    expect(problem?.what).toContain(`(last: ${code})`)
    expect(problem?.fix).toMatch(/api\.dingtalk\.com:443 and wss-open-connection\.dingtalk\.com:443/)
    const seconds = gateway.asked.map(({ at }) => (at - Date.parse('2026-11-20T02:00:00Z')) / 1_000)
    expect(seconds).toEqual(mood === 'nothing' ? [0, 11, 23, 37, 55] : [0, 1, 3, 7, 15, 31])
    gateway.answer = says.yes
    await gateway.pass(62_000)
    expect([gateway.sockets.size, bench.codes]).toEqual([2, []])
  })

  it.each([
    ['refuses', 'handshake-403'],
    ['hangs', 'timeout'],
    ['drops', 'closed'],
  ] as const)('counts a server that %s as a failure', async (door, code) => {
    gateway.door = door
    const stream = bench.make()
    stream.open()
    await gateway.settle()
    await gateway.pass(61_000)
    expect(stream.problems()[0]?.what).toContain(`(last: ${code})`)
    expect(gateway.asked).toHaveLength(door === 'hangs' ? 5 : 6)
  })

  it('counts a minute without a connection from when the last one was lost', async () => {
    const stream = await bench.open()
    await gateway.pass(300_000, 5_000)
    gateway.answer = says.broken
    gateway.dropAll()
    await gateway.settle()
    const since = bench.time.now()
    await gateway.pass(59_000)
    expect(bench.codes).toEqual([])
    await gateway.pass(2_000)
    expect(stream.problems()).toMatchObject([{ code: 'stream-offline', since }])
  })

  it('starts its waits again only when a connection brought something or stayed a minute', async () => {
    const failures = () => bench.lines.flatMap(line => /"failures":(\d+)/.exec(line)?.[1] ?? [])
    gateway.onOpen = ws => bench.dropAfter(ws, 2_000)
    await bench.open({ connections: 1 })
    await gateway.pass(28_000)
    expect(failures()).toEqual(['1', '2', '3', '4', '5'])
    gateway.onOpen = ws => {
      ws.send(system('CONNECTED'))
      bench.dropAfter(ws, 2_000)
    }
    await gateway.pass(13_500)
    expect(failures().slice(5)).toEqual(['1'])
    gateway.onOpen = ws => bench.dropAfter(ws, 61_000)
    await gateway.pass(62_500)
    expect(failures().slice(6)).toEqual(['1'])
  })
})
