import type { Policies } from '../src/policy/versions.ts'
import type { Place } from './place.ts'
import { Site } from './site.ts'
import { type Row, ratio, spread } from './table.ts'

const least = 500
const rounds = 2

/** Cards that wait in the outbox, each for somebody else, to the platform; and as many jobs of graphile-worker. */
export async function measureDeliveries(
  open: () => Promise<Place>,
  policies: Policies,
  messages: number,
): Promise<Row[]> {
  const own: number[] = []
  const other: number[] = []
  let name: Place['name'] = 'postgres'
  for (let round = 0; round < rounds; round++) {
    const place = await open()
    name = place.name
    try {
      const site = await Site.open(place, policies, { waiting: messages })
      try {
        const service = await site.service()
        await site.platform.awaitTaken(messages)
        own.push(site.platform.count().perSecond)
        await site.platform.quiet()
        site.platform.count()
        await service.stop()
        if (name === 'embedded') continue
        await site.peer('worker', { BENCH_JOBS: String(messages) })
        await site.platform.awaitTaken(messages)
        other.push(site.platform.count().perSecond)
      } finally {
        await site.close()
      }
    } finally {
      await place.remove()
    }
  }
  const size = `${messages} cards`
  const row = (what: string, speeds: readonly number[], more: Partial<Row> = {}): Row => ({
    ...{ what, size, database: name, ...spread(speeds), unit: '/s' as const },
    ...more,
  })
  return [
    row('messages out to the platform', own, name === 'postgres' ? { least } : {}),
    ...(other.length > 0
      ? [
          row('  graphile-worker, a job for each', other),
          { what: '  of that the service reaches', size, database: name, ...ratio(own, other), unit: '×' as const },
        ]
      : []),
  ]
}
