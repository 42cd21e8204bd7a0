import { describe, expect, it } from 'vitest'
import { backoff, spacingMs } from '../../../src/platforms/dingtalk/stream/pace.ts'
import { type Gateway, says } from './streamgateway.ts'
import { type Bench, benches, system } from './streamhelp.ts'
import { dice, Traffic } from './streamtraffic.ts'

interface Phase {
  name: string
  seconds: number
  /** Every attempt fails. */
  fails: boolean
  begin(gateway: Gateway): void
}

const asking = (name: keyof typeof says, seconds: number): Phase => ({
  ...{ name, seconds, fails: true },
  begin: gateway => {
    gateway.door = 'open'
    gateway.answer = says[name]
  },
})
const knocking = (door: 'refuses' | 'hangs' | 'drops', seconds: number): Phase => ({
  ...{ name: `a door that ${door}`, seconds, fails: true },
  begin: gateway => {
    gateway.answer = says.yes
    gateway.door = door
  },
})
const calm = (seconds: number): Phase => ({ name: 'calm', seconds, fails: false, begin: friendly })
const goodbyes: Phase = { name: 'goodbyes', seconds: 60, fails: false, begin: friendly }

function friendly(gateway: Gateway): void {
  gateway.answer = says.yes
  gateway.door = 'open'
}

/** Ten minutes. */
const bad = [
  ...[asking('broken', 30), asking('busy', 20), asking('proxy401', 20), calm(60)],
  ...[asking('nothing', 45), asking('xml', 15), asking('html', 15), asking('garbage', 15), calm(60)],
  ...[knocking('hangs', 40), asking('elsewhere', 30), knocking('refuses', 20), calm(60)],
  ...[knocking('drops', 50), calm(60), goodbyes],
]

/** How many attempts fit into a time in which all fail, with the shortest waits there are. */
function mostAttempts(seconds: number): number {
  let attempts = 1
  for (let at = 0; ; attempts++) {
    at += Math.max(backoff(attempts, 1), spacingMs)
    if (at > seconds * 1_000) return attempts
  }
}

/** Every 5 s, to all. Counts them. */
function goodbyeTo(gateway: Gateway, quarter: number): number {
  if (quarter % 20 !== 19) return 0
  for (const ws of gateway.sockets) ws.send(system('disconnect'))
  return gateway.sockets.size
}

function expectNothingLost(traffic: Traffic, bench: Bench): void {
  expect(traffic.unacked, 'what was said and never kept').toBe(0)
  expect(traffic.total).toBeGreaterThan(400)
  expect(traffic.kept.size).toBe(traffic.total)
  expect(traffic.wrong).toEqual([])
  // The memory of pushes spares the store all frames that come twice, and nothing is worked on but to keep it.
  expect([...traffic.keptPushes.values()].filter(times => times > 1)).toEqual([])
  for (const [msgId, times] of traffic.kept) expect(times).toBeLessThanOrEqual(traffic.pushesOf(msgId))
  const failures = [...traffic.failedPushes.values()].reduce((sum, times) => sum + times, 0)
  expect(bench.heard).toHaveLength(traffic.keptPushes.size + failures)
  expect(bench.refusals.length).toBeGreaterThan(50)
}

const newBench = benches()

describe('ten bad minutes', () => {
  it('are ten minutes', () => {
    expect(bad.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(600)
    expect(mostAttempts(70)).toBe(8)
  })

  it.each([1, 2, 3])('lose nothing, start no storm, and are over afterwards (dice %i)', async seed => {
    const bench = newBench()
    const { gateway } = bench
    const chance = dice(seed)
    bench.chance = chance
    const traffic = new Traffic(bench, chance)
    const pass = async (seconds: number, talking: boolean, look: (quarter: number) => void = () => {}) => {
      for (let quarter = 0; quarter < seconds * 4; quarter++) {
        traffic.tick(talking)
        await gateway.pass(250)
        look(quarter)
      }
    }
    const stream = await bench.open()
    const asked = () => gateway.asked.length

    let failing = 0
    let before = asked()
    for (const phase of bad) {
      phase.begin(gateway)
      if (phase.fails) {
        gateway.dropAll()
        failing += phase.seconds
        await pass(phase.seconds, true)
        continue
      }
      if (failing > 0)
        expect(asked() - before, `attempts before ${phase.name}`).toBeLessThanOrEqual(mostAttempts(failing))
      failing = 0
      before = asked()
      let fewest = 2
      let told = 0
      await pass(phase.seconds, true, quarter => {
        fewest = Math.min(fewest, gateway.sockets.size)
        if (phase === goodbyes) told += goodbyeTo(gateway, quarter)
      })
      if (phase === goodbyes) expect(fewest, 'connections while the platform says goodbye').toBe(1)
      // One may be under way still from the phase before; every goodbye is worth one.
      expect(asked() - before, `attempts in ${phase.name}`).toBeLessThanOrEqual(3 + told)
      await pass(10, true)
      expect([gateway.sockets.size, stream.online], `connections after ${phase.name}`).toEqual([2, true])
      before = asked()
    }
    for (const [index, { at }] of gateway.asked.entries())
      expect(at - (gateway.asked[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(spacingMs)
    for (let minutes = 0; traffic.unacked > 0 && minutes < 20; minutes++) await pass(60, false)
    expectNothingLost(traffic, bench)
    expect([gateway.sockets.size, stream.sockets, bench.codes]).toEqual([2, 2, []])

    gateway.answer = says.wrongSecret
    gateway.dropAll()
    await pass(300, false)
    expect(bench.codes).toEqual(['wrong-secret'])
    before = asked()
    await pass(290, false)
    expect(asked()).toBe(before)
    friendly(gateway)
    await pass(30, false)
    expect([gateway.sockets.size, stream.sockets, bench.codes]).toEqual([2, 2, []])
    expect(gateway.most).toBe(2)
  })
})
