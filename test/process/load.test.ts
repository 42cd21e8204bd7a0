import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  builtService,
  eventually,
  killAll,
  newPlace,
  Outside,
  type Place,
  Service,
  teamsFile,
} from '../support/process.ts'

const kills = 4
const each = 20

let outside: Outside
let place: Place

beforeAll(() => builtService())
beforeEach(async () => {
  // More patient than the real platform: a busy machine needs seconds to start again, and here nothing may be given up.
  outside = await Outside.open({ retries: 200, retryDelayMs: 300 })
  place = await newPlace()
})
afterEach(async () => {
  await killAll()
  await outside.close()
  await place.remove()
})

async function start(): Promise<Service> {
  const service = await Service.start({ ...outside.env(), ...place.env, TEAMS_FILE: teamsFile() })
  outside.doors = [service.url]
  return service
}

describe('killed at random under load', () => {
  it('has every acknowledged tap and sentence in the journal, and none of them twice', async () => {
    let service = await start()
    const tapped: string[] = []
    const said: string[] = []
    for (let made = 0; made < each; made++) {
      tapped.push(await service.order('张三'))
      said.push(await service.order('李四'))
    }
    await eventually(() => expect(outside.cards('zhangsan')).toHaveLength(each))

    const acts = tapped.flatMap((code, at) => [
      () => outside.tap('zhangsan', '接单', `派工单 ${code} `),
      () => outside.say('lisi', `接单 ${said[at]}`),
    ])
    const outcomes: string[] = []
    let next = 0
    /** Four phones at a time. */
    const phone = async () => {
      for (let act = acts[next++]; act; act = acts[next++]) outcomes.push(await act())
    }
    const phones = Promise.all([phone(), phone(), phone(), phone()])
    for (let kill = 1; kill <= kills; kill++) {
      const enough = (kill * acts.length) / (kills + 1)
      await eventually(() => expect(outcomes.length).toBeGreaterThanOrEqual(Math.floor(enough)))
      await pause(Math.random() * 60)
      await service.kill('SIGKILL')
      service = await start()
    }
    await phones

    expect(outcomes).toHaveLength(2 * each)
    expect(outcomes.filter(outcome => outcome === 'failed')).toEqual([])
    for (const code of [...tapped, ...said])
      await eventually(async () => {
        const facts = (await service.timeline(code)).map(({ fact }) => fact)
        expect(facts, code).toEqual(['created', 'dispatched', 'accepted'])
      })
    expect(service.errors).toEqual([])
    // Five starts of the service, on a machine that runs other tests meanwhile.
  }, 120_000)
})
