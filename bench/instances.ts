import { cpus } from 'node:os'
import type { Policies } from '../src/policy/versions.ts'
import { checked, concurrency } from './callbacks.ts'
import { workOn } from './crowd.ts'
import { Gun } from './load.ts'
import type { Place } from './place.ts'
import type { Measured } from './processes.ts'
import { Site } from './site.ts'
import type { Row } from './table.ts'

const counts = [1, 2, 4]

/** One, two and four services on one database; they share the machine with it and with who asks them. */
export async function measureInstances(open: () => Promise<Place>, policies: Policies, orders: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const count of counts) {
    const place = await open()
    try {
      rows.push(...(await measureCount(place, policies, orders, count)))
    } finally {
      await place.remove()
    }
  }
  return rows
}

async function measureCount(place: Place, policies: Policies, orders: number, count: number): Promise<Row[]> {
  const site = await Site.open(place, policies, { waiting: orders * 2 })
  try {
    const services = await Promise.all(Array.from({ length: count }, () => site.service()))
    await site.platform.awaitTaken(site.jobs.length)
    const { perSecond: delivered } = site.platform.count()
    const gun = new Gun(
      services.map(({ url }) => url),
      concurrency,
    )
    checked(await gun.burst(workOn(site.jobs.slice(0, orders), site.platform)))
    await site.platform.quiet()
    const shots = workOn(site.jobs.slice(orders), site.platform)
    const watch = await Watch.begin(services)
    const { perSecond } = checked(await gun.burst(shots))
    const note = await watch.end()
    gun.close()
    const size = `${count} ${count === 1 ? 'process' : 'processes'}`
    const of = { size, database: place.name, unit: '/s' as const }
    return [
      { what: 'callbacks, by instances', median: perSecond, ...of, note },
      { what: 'messages out, by instances, from their start', median: delivered, ...of },
    ]
  } finally {
    await site.close()
  }
}

/** Who used the machine's processors meanwhile. */
class Watch {
  private constructor(
    private readonly services: readonly Measured[],
    private readonly before: readonly number[],
    private readonly own = process.cpuUsage(),
    private readonly machine = busyMs(),
    private readonly begun = performance.now(),
  ) {}

  static async begin(services: readonly Measured[]): Promise<Watch> {
    return new Watch(services, await cpuOf(services))
  }

  async end(): Promise<string> {
    const tookMs = performance.now() - this.begun
    const used = (await cpuOf(this.services)).map((ms, nth) => ms - (this.before[nth] ?? 0))
    const { user, system } = process.cpuUsage(this.own)
    const load = (user + system) / 1_000
    const rest = busyMs() - this.machine - load - used.reduce((sum, ms) => sum + ms, 0)
    const share = (ms: number) => `${((ms / tookMs) * 100).toFixed(0)} %`
    return `${cpus().length} cores: services ${used.map(share).join(' + ')}, load ${share(load)}, database and others ${share(Math.max(rest, 0))}`
  }
}

const cpuOf = (services: readonly Measured[]) =>
  Promise.all(services.map(async service => (await service.usage()).cpuMs))

const busyMs = () => cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0)
