import { embeddedPlace, type Place, serverPlace } from '../test/support/place.ts'
import type { Name, Options } from './options.ts'
import type { Random } from './random.ts'
import { clock } from './scenarios/clock.ts'
import { database } from './scenarios/database.ts'
import { disk, smallDisk } from './scenarios/disk.ts'
import { instances } from './scenarios/instances.ts'
import { kill } from './scenarios/kill.ts'
import { platform } from './scenarios/platform.ts'
import { type Outcome, Stage, type StageOptions } from './stage.ts'

type Played = Outcome | { impossible: string }

export interface Scenario {
  name: Name
  database: 'embedded' | 'PostgreSQL'
  play(random: Random): Promise<Played>
}

type Act = (stage: Stage) => Promise<Outcome>

/** What is to be played, in order. */
export function scenarios(options: Options): Scenario[] {
  const { only, embedded, server, kills, quick, seconds, restartPostgres } = options
  const own = (name: Name, act: Act, more: StageOptions = {}): Scenario[] =>
    embedded && only.includes(name)
      ? [{ name, database: 'embedded', play: async random => staged(await embeddedPlace(), random, act, more) }]
      : []
  const served = (name: Name, act: Act, more: StageOptions = {}): Scenario[] => {
    if (!server || !only.includes(name)) return []
    const play = async (random: Random) => staged(await serverPlace(server, 'paigong_chaos'), random, act, more)
    return [{ name, database: 'PostgreSQL', play }]
  }
  const few = { everyMs: 500, most: 24, months: 1 }
  if (quick)
    return [
      ...own('kill', stage => kill(stage, Math.min(kills, 5), few)),
      ...served('database', stage => database(stage, 0)),
    ]
  return [
    ...own('kill', stage => kill(stage, kills)),
    ...served('kill', stage => kill(stage, kills)),
    ...served('database', stage => database(stage, seconds, restartPostgres)),
    ...(embedded && only.includes('disk')
      ? [{ name: 'disk' as const, database: 'embedded' as const, play: playDisk }]
      : []),
    ...own('platform', stage => platform(stage, seconds), { both: true }),
    ...served('platform', stage => platform(stage, seconds), { both: true }),
    ...own('clock', stage => clock(stage, seconds)),
    ...served('clock', stage => clock(stage, seconds)),
    ...served('pair', stage => instances(stage, 2, seconds * 2), { bot: true }),
    ...served('three', stage => instances(stage, 3, seconds * 2), { bot: true }),
  ]
}

async function playDisk(random: Random): Promise<Played> {
  const small = smallDisk()
  if ('impossible' in small) return small
  try {
    return await staged(await embeddedPlace(undefined, small.folder), random, stage => disk(stage, small.folder, 4), {})
  } finally {
    small.remove()
  }
}

async function staged(place: Place, random: Random, act: Act, more: StageOptions): Promise<Outcome> {
  const stage = await Stage.open(place, random, more)
  try {
    return await act(stage)
  } finally {
    await stage.close()
  }
}
