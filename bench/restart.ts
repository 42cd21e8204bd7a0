import { createLog } from '../src/log.ts'
import { MovableClock, systemClock } from '../src/now.ts'
import type { Policies } from '../src/policy/versions.ts'
import { contextOf, enterCompany } from './company.ts'
import { fill, quietLots } from './fill.ts'
import type { Place } from './place.ts'
import { Site } from './site.ts'
import { type Row, spread } from './table.ts'

const limitMs = 2_000
const times = 3

/** From the start of the process to its being ready, on a database that has orders; ended in order, as a restart is. */
export async function measureRestart(
  place: Place,
  policies: Policies,
  orders: number,
  say: (text: string) => void,
): Promise<Row[]> {
  const clock = new MovableClock()
  const now = systemClock.now()
  clock.freeze(now)
  const ctx = contextOf(place.db, policies, clock, createLog('warn'), 'main')
  const company = await enterCompany(ctx, clock, Math.min(20, Math.ceil(orders / 500)))
  await fill(company, quietLots(orders, now), say)
  const site = await Site.on(place)
  const took: number[] = []
  try {
    for (let turn = -1; turn < times; turn++) {
      const service = await site.service()
      if (turn >= 0) took.push(service.readyAfter)
      await service.stop()
    }
  } finally {
    await site.close()
  }
  const size = `${orders.toLocaleString('en')} orders`
  return [{ what: 'restart to ready', size, database: place.name, ...spread(took), limit: limitMs }]
}
