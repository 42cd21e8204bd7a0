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

const goodbye = system('disconnect', '{"reason":"connection is expired"}')
/** Connections of which the platform knows that they receive, over a while. */
async function fewest(ms: number): Promise<number> {
  let fewest = gateway.sockets.size
  for (let passed = 0; passed < ms; passed += 250) {
    await gateway.pass(250)
    fewest = Math.min(fewest, gateway.sockets.size)
  }
  return fewest
}
/** Both have brought something, so that their end is no failure. */
async function proven(): Promise<void> {
  for (const which of gateway.sockets.keys()) which.send(system('CONNECTED'))
  await gateway.settle()
}

describe('a connection the platform is about to close', () => {
  it('is replaced at once when another one is up, after its acknowledgements went out', async () => {
    await bench.open()
    await proven()
    bench.takes(2_000)
    const old = gateway.socket()
    await bench.push(robotFrame('M1', {}))
    await bench.push(goodbye)
    await gateway.pass(1_750)
    expect([gateway.sockets.has(old), gateway.asked.length]).toEqual([true, 2])
    await gateway.pass(250)
    expect(bench.acks.map(({ headers }) => headers.messageId)).toEqual(['M1'])
    expect(gateway.sockets.has(old)).toBe(false)
    expect([gateway.sockets.size, gateway.asked.length, bench.stream?.online]).toEqual([2, 3, true])
  })

  it('is not kept for work that takes longer than three seconds', async () => {
    await bench.open()
    await proven()
    bench.takes(9_000)
    const old = gateway.socket()
    await bench.push(robotFrame('M1', {}))
    await bench.push(goodbye)
    await gateway.pass(2_750)
    expect(gateway.sockets.has(old)).toBe(true)
    await gateway.pass(250)
    expect(gateway.sockets.has(old)).toBe(false)
    await gateway.pass(9_000)
    expect(bench.acks).toEqual([])
    await bench.push(robotFrame('M1', {}))
    expect([bench.acks.length, bench.heard.length]).toEqual([1, 1])
  })

  it('hears what comes meanwhile', async () => {
    await bench.open()
    await proven()
    bench.takes(1_000)
    await bench.push(robotFrame('M1', {}))
    const old = gateway.socket()
    await bench.push(goodbye)
    old.send(robotFrame('M2', {}))
    await gateway.settle()
    await gateway.pass(1_250)
    expect(bench.acks.map(({ headers }) => headers.messageId)).toEqual(['M1', 'M2'])
    expect(gateway.sockets.has(old)).toBe(false)
  })

  it('goes one after the other when both are told', async () => {
    await bench.open()
    await proven()
    const [first, second] = [gateway.socket(0), gateway.socket(1)]
    gateway.answer = says.broken
    first.send(goodbye)
    second.send(goodbye)
    expect(await fewest(6_500)).toBe(1)
    expect([...gateway.sockets]).toEqual([second])
    expect(bench.stream?.online).toBe(true)
    gateway.answer = says.yes
    expect(await fewest(10_000)).toBe(1)
    expect(gateway.sockets.has(second)).toBe(false)
    expect(gateway.sockets.size).toBe(2)
  })

  it('stays until its replacement is up when it is the only one', async () => {
    await bench.open({ connections: 1 })
    await proven()
    const old = gateway.socket()
    gateway.answer = says.busy
    await bench.push(goodbye)
    expect(await fewest(5_000)).toBe(1)
    gateway.answer = says.yes
    expect(await fewest(10_000)).toBe(1)
    expect([gateway.sockets.size, gateway.sockets.has(old), bench.stream?.sockets]).toEqual([1, false, 1])
  })

  it('may be closed by the platform, which is no failure', async () => {
    await bench.open({ connections: 1 })
    await proven()
    gateway.answer = says.nothing
    await bench.push(goodbye)
    gateway.dropAll()
    await gateway.pass(1_000)
    expect(bench.stream?.online).toBe(false)
    expect(bench.lines.join('\n')).not.toMatch(/failures/)
  })

  it('before it brought anything is a refusal: no storm comes of it', async () => {
    gateway.onOpen = ws => {
      ws.send(goodbye)
      bench.dropAfter(ws, 10_000)
    }
    await bench.open()
    await gateway.pass(300_000)
    // 1 + 2 + 4 + 8 + 16 + 32 seconds, then one a minute.
    expect(gateway.asked.length).toBeLessThanOrEqual(11)
    expect(gateway.asked.length).toBeGreaterThan(8)
  })
})
