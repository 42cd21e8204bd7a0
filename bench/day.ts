import type { Policies } from '../src/policy/versions.ts'
import { checked, concurrency, difference } from './callbacks.ts'
import { opening, steps, workOn } from './crowd.ts'
import { Gun } from './load.ts'
import type { Place } from './place.ts'
import { Site } from './site.ts'
import type { Row } from './table.ts'
import { apiToken } from './wecom.ts'

const mostMB = 300
/** design.md §13: 10,000 companies with 200 orders a day, and ten times the mean at 08:30. */
const paper = { orders: 10_000 * 200, rush: 10, seconds: 86_400 }

/** Orders from the API to their completion, through the doors, with everything that is said about them. */
export async function measureDay(place: Place, policies: Policies, orders: number): Promise<Row[]> {
  const warm = Math.ceil(orders / 5)
  const site = await Site.open(place, policies, { waiting: 0, people: orders + warm })
  const gun = (url: string) => new Gun([url], concurrency)
  try {
    const service = await site.service({ counts: place.name === 'postgres' ? 'server' : 'embedded' })
    const door = gun(service.url)
    const play = async (from: number, many: number) => {
      const made = Array.from({ length: many }, (_, nth) => opening(from + nth, apiToken))
      const { answers } = await door.burst(made.map(({ shot }) => shot))
      const jobs = answers.map(({ status, body }) => {
        if (status !== 201) throw new Error(`an order was answered ${status} ${body}`)
        const { code, assignee } = JSON.parse(body) as { code: string; assignee: { name: string } | null }
        return { code, userId: `zhang${assignee?.name.slice(2)}` }
      })
      await site.platform.quiet()
      checked(await door.burst(workOn(jobs, site.platform)))
      await site.platform.quiet()
    }
    await play(0, warm)
    const before = await service.usage()
    await play(warm, orders)
    const after = await service.usage()
    door.close()
    const seconds = (after.cpuMs - before.cpuMs) / 1_000
    const asked = Object.values(difference(after.asked, before.asked)).reduce((sum, count) => sum + count, 0)
    const each = seconds / orders
    const at = { size: `${orders} orders`, database: place.name }
    return [
      { what: 'CPU time of the service for 1,000 orders a day', ...at, median: each * 1_000, unit: 's' },
      { what: '  statements for one order', ...at, median: asked / orders, unit: 'statements' },
      {
        ...{ what: '  most memory of the service', ...at, median: after.rssMB, unit: 'MB' as const },
        ...(place.name === 'postgres' && { limit: mostMB }),
      },
      {
        ...{ what: '  cores for 10,000 companies at 08:30', ...at, unit: 'cores' as const },
        median: (paper.orders * each * paper.rush) / paper.seconds,
        note: `2,000,000 orders a day, ten times the mean, ${steps.length + 1} requests an order; the database not counted`,
      },
    ]
  } finally {
    await site.close()
  }
}
