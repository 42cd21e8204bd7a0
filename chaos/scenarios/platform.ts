import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../src/db/open.ts'
import type { Fault } from '../../src/sandbox/index.ts'
import { asking, type Finding } from '../invariants.ts'
import type { Outcome, Stage } from '../stage.ts'

const faults: Array<Omit<Fault, 'api'>> = [
  { hangMs: 12_000, errcode: -1 },
  { status: 500, body: 'Internal Server Error' },
  { status: 200, body: '<html><body>维护中</body></html>' },
  { errcode: 45009, errmsg: 'api freq out of limit' },
  { dropAfterCommit: true },
  { status: 502, body: '' },
]

/** How long a message to somebody on the other platform may take while this one is in trouble. */
const patienceMs = 10_000

/** WeCom hangs, answers nonsense, resets connections; those on DingTalk notice nothing, and afterwards all is out. */
export async function platform(stage: Stage, seconds: number): Promise<Outcome> {
  await stage.start()
  const load = stage.load.run(1_500)
  await pause(5_000)
  const from = new Date()
  const each = Math.max((seconds * 1_000) / faults.length, 3_000)
  for (const fault of faults) {
    const api = stage.random.chance(0.7) ? 'message/send' : 'wecom *'
    const release = stage.outside.sandbox.fail({ api, ...fault })
    await pause(each)
    release()
    await pause(stage.random.between(500, 2_000))
  }
  const to = new Date()
  stage.say(`WeCom ${faults.length} times in trouble for ${(each / 1_000).toFixed(0)} s each`)
  const outcome = stage.settle(
    () => false,
    async db => [await others(db, from, to)],
  )
  await load
  return outcome
}

/** Messages to people on DingTalk that fell due while WeCom was in trouble. */
async function others(db: Database, from: Date, to: Date): Promise<Finding> {
  const rows = await asking(db)<{ id: string; lane: string; ms: number }>(
    `SELECT o."id"::text, o."lane", (extract(epoch FROM o."sentAt" - greatest(o."createdAt", o."nextAt")) * 1000)::int AS "ms"
     FROM "Outbox" o JOIN "Identity" i ON i."personId" = o."personId" AND i."platform" = 'dingtalk'
     WHERE o."status" = 'sent' AND o."createdAt" BETWEEN '${from.toISOString()}' AND '${to.toISOString()}'`,
  )
  const slowest = Math.max(0, ...rows.map(({ ms }) => ms))
  return {
    ...{ what: 'the other platform’s people are told in 10 s', checked: rows.length, note: `slowest ${slowest} ms` },
    violations: rows.filter(({ ms }) => ms > patienceMs).map(row => JSON.stringify(row)),
  }
}
