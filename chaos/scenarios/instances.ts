import { setTimeout as pause } from 'node:timers/promises'
import { eventually, type Service } from '../../test/support/service.ts'
import { groupBy } from '../groups.ts'
import type { Finding } from '../invariants.ts'
import { Wire } from '../proxy.ts'
import type { Outcome, Stage } from '../stage.ts'
import { isConnections } from './database.ts'

/** What a sender's claim on a message lasts (src/engine/deliver.ts): nobody else may send it before. */
const leaseMs = 20_000

/** Transactions wait so long for a connection, and may last as long once more (src/db/open.ts). */
const waitMs = 60_000

/**
 * Several instances on one server, one of them cut from it at a time, for a moment or for longer than leases last, or
 * killed and started again; the others go on.
 */
export async function instances(stage: Stage, count: number, seconds: number): Promise<Outcome> {
  const url = new URL(stage.place.env.DATABASE_URL ?? '')
  const wires = await Promise.all(Array.from({ length: count }, () => Wire.to(url.hostname, Number(url.port) || 5432)))
  const start = (nr: number) => stage.start({ DATABASE_URL: wires[nr]?.through(url.href) ?? url.href })
  try {
    const all: Service[] = []
    for (let nr = 0; nr < count; nr++) all.push(await start(nr))
    await eventually(() => online(stage))
    const load = stage.load.run(1_200, { months: 2 })
    const counts = await cutOneAtATime(stage, wires, all, start, seconds)
    stage.say(counts)
    await eventually(async () => {
      for (const { url: at } of stage.services) {
        const { status } = await fetch(`${at}/health/ready`)
        if (status !== 200) throw new Error(`${at} is not ready again`)
      }
      online(stage)
    }, 180_000)
    stage.say('every instance is ready again, and the bot is online')
    const outcome = await stage.settle(isConnections, undefined, { lateMs: waitMs, lost: true })
    await load
    return { ...outcome, findings: [...outcome.findings, leases(stage)] }
  } finally {
    await Promise.all(wires.map(wire => wire.close()))
  }
}

function online(stage: Stage): void {
  if (!stage.outside.sandbox.state().botOnline) throw new Error('the bot is not online')
}

async function cutOneAtATime(
  stage: Stage,
  wires: readonly Wire[],
  all: Service[],
  start: (nr: number) => Promise<Service>,
  seconds: number,
): Promise<string> {
  const { random } = stage
  const end = performance.now() + seconds * 1_000
  const counts = { drop: 0, stall: 0, lost: 0, long: 0, killed: 0 }
  for (let nth = 0; performance.now() < end && !stage.enough; nth++) {
    await pause(random.between(1_000, 3_000))
    const nr = nth % all.length
    const [wire, service] = [wires[nr], all[nr]]
    if (!wire || !service) break
    if (random.chance(0.2)) {
      counts.killed++
      await stage.kill(service)
      await pause(random.between(0, 2_000))
      all[nr] = await start(nr)
      continue
    }
    const how = random.pick(['drop', 'stall', 'lost'] as const)
    const long = nth % 3 === 0
    counts[how]++
    if (long) counts.long++
    wire.cut(how === 'lost' ? 'stall' : how)
    await pause(long ? random.between(1, 1.4) * leaseMs : random.between(500, 6_000))
    wire.mend({ lost: how === 'lost' })
  }
  const { drop, stall, lost, long, killed } = counts
  return `one instance at a time cut from the database ${drop + stall + lost}× (reset ${drop}, stalled ${stall}, lost ${lost}; ${long} longer than a lease), killed ${killed}×`
}

/** No message is given to WeCom twice within a lease, unless whoever sent it first was killed: then sooner is no fault of a lease. */
function leases(stage: Stage): Finding {
  const sends = groupBy(stage.outside.taken, ({ content }) => content)
  const gaps = [...sends].flatMap(([content, taken]) =>
    taken
      .slice(1)
      .map((one, at) => ({ content: content.slice(0, 120), ms: Math.round(one.at - (taken[at]?.at ?? 0)) })),
  )
  return {
    ...{ what: 'nothing is sent twice within a lease', checked: sends.size, note: `${gaps.length} sent again later` },
    violations: gaps.filter(({ ms }) => ms < leaseMs - 1_000).map(gap => JSON.stringify(gap)),
  }
}
