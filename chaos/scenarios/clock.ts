import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../src/root.ts'
import { newFolder } from '../../test/support/service.ts'
import type { Outcome, Stage } from '../stage.ts'

/** What a platform's callback may be old, or come from the future, before a door refuses it. */
const tolerance = 300_000
const hours = 2 * 3_600_000

/**
 * The machine's clock is set forward and back while it runs, within what doors tolerate and far beyond, and between a
 * SIGKILL and the next start. The platform, and the database server, keep the right time.
 */
export async function clock(stage: Stage, seconds: number): Promise<Outcome> {
  const file = join(newFolder(), 'ahead')
  const set = (ms: number) => writeFileSync(file, `${Math.round(ms)}`)
  set(0)
  const hook = pathToFileURL(join(projectRoot, 'chaos/movedclock.mjs')).href
  const start = () => stage.start({ CHAOS_CLOCK: file }, { node: ['--import', hook] })
  let service = await start()
  const load = stage.load.run(1_500)
  const end = performance.now() + seconds * 1_000
  let jumps = 0
  const jump = (ms: number) => {
    set(ms)
    jumps++
  }
  while (performance.now() < end && !stage.enough) {
    await pause(stage.random.between(1_000, 4_000))
    jump(stage.random.between(-0.8, 0.8) * tolerance)
  }
  jump(0)
  await pause(2_000)
  // Far beyond: nothing is acknowledged meanwhile, and the platform insists.
  for (const far of [hours, -hours]) {
    jump(far)
    await pause(4_000)
    jump(0)
    await pause(6_000)
  }
  // A machine that started with a wrong clock and dies in the middle of its work; the next start has the right one.
  jump(hours)
  const release = stage.outside.sandbox.fail({ api: 'message/send', hangMs: 20_000, errcode: -1 })
  await pause(4_000)
  await stage.kill(service)
  release()
  jump(0)
  service = await start()
  stage.say(`${jumps} jumps of the clock, up to 4 minutes under load and 2 hours, one of them over a SIGKILL`)
  // Rows are sent by their ids, and those begin with the time: what was put under one clock and under another has no order.
  const outcome = stage.settle(undefined, undefined, { lateMs: hours + 2 * tolerance })
  await load
  return outcome
}
