import { setTimeout as pause } from 'node:timers/promises'
import type { Outcome, Stage } from '../stage.ts'

export interface KillOptions {
  /** Milliseconds between two journeys on the average. */
  everyMs?: number
  /** Journeys in all. */
  most?: number
  /** Months each team closes meanwhile. */
  months?: number
}

/** SIGKILL at random moments, a third of them before the service is ready; started again each time, the load goes on. */
export async function kill(
  stage: Stage,
  kills: number,
  { everyMs = 2_400, most = Number.POSITIVE_INFINITY, months = 10 }: KillOptions = {},
): Promise<Outcome> {
  let service = await stage.start()
  const load = stage.load.run(everyMs, { months, most })
  const begun = performance.now()
  let [done, early] = [0, 0]
  while (done < kills && !stage.enough) {
    await moment(stage)
    await stage.kill(service)
    done++
    if (done < kills && stage.random.chance(0.5)) {
      await killedAtStart(stage)
      early++
      done++
    }
    service = await stage.start()
    if (done % 10 < 2) console.log(`  ${done} of ${kills} kills, ${stage.load.progress} acts and answers acknowledged`)
  }
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0)
  stage.say(`${done} times SIGKILL in ${seconds} s, ${early} of them before the service was ready`)
  const outcome = await stage.settle()
  await load
  return outcome
}

/** A little after something was acknowledged, so that there is something to lose; or at any moment, busy or not. */
async function moment({ random, load }: Stage): Promise<void> {
  const after = load.progress + Math.floor(random.between(1, 5))
  const end = performance.now() + (random.chance(0.7) ? 8_000 : random.next() * 2_500)
  while (load.progress < after && performance.now() < end) await pause(10)
  await pause(random.between(0, 150))
}

async function killedAtStart(stage: Stage): Promise<void> {
  const after = stage.random.between(0, 2_000)
  const begun = (end: (signal: NodeJS.Signals) => void) => void setTimeout(() => end('SIGKILL'), after)
  await stage.start({}, { begun }).then(
    service => stage.kill(service),
    () => {},
  )
}
