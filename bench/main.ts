import { existsSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createLog } from '../src/log.ts'
import { MovableClock } from '../src/now.ts'
import { loadPacks } from '../src/policy/load.ts'
import { projectRoot } from '../src/root.ts'
import { measureClocks } from './clocks.ts'
import { contextOf, enterCompany } from './company.ts'
import { embeddedPlace, type Place, serverPlace } from './place.ts'
import { measureOrders, start } from './sweep.ts'
import { drawTable, growth, isOver, type Row } from './table.ts'

const usage = `npm run bench -- [--only sweep|clocks] [--orders 10000,100000] [--postgres URL] [--no-embedded]

  --only      sweep: what depends on how many orders are open; clocks: the clocks of one order
  --orders    how many orders are open, one database for each number (default 10000,100000,1000000)
  --postgres  a server on which it may create a database, besides the embedded one (default: DATABASE_URL, if set)

Ends with 1 when a limit is missed, with 2 when it was asked for nothing it knows.`

interface Options {
  sweep: boolean
  clocks: boolean
  sizes: number[]
  url: string | undefined
  embedded: boolean
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        ...{ only: { type: 'string' }, orders: { type: 'string', default: '10000,100000,1000000' } },
        ...{ postgres: { type: 'string' }, 'no-embedded': { type: 'boolean', default: false } },
      },
    })
    const { only, orders, postgres } = values
    const sizes = orders.split(',').map(Number)
    const known = only === undefined || only === 'sweep' || only === 'clocks'
    if (!known || sizes.some(size => !Number.isInteger(size) || size < 100)) return null
    const wanted = (what: string) => only === undefined || only === what
    const url = postgres ?? (process.env.DATABASE_URL || undefined)
    return { sweep: wanted('sweep'), clocks: wanted('clocks'), sizes, url, embedded: !values['no-embedded'] }
  } catch {
    return null
  }
}

const teamsFor = (orders: number): number => Math.min(20, Math.ceil(orders / 500))

let open: Place | null = null

/** A place for the time of `work`, removed whatever happens. */
async function within<T>(opening: Promise<Place>, work: (place: Place) => Promise<T>): Promise<T> {
  const place = await opening
  open = place
  try {
    return await work(place)
  } finally {
    open = null
    await place.remove()
  }
}

async function main(): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const options = readOptions()
  if (!options) {
    console.error(usage)
    return 2
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void Promise.resolve(open?.remove()).finally(() => process.exit(130)))
  const policies = loadPacks(join(projectRoot, 'src/policy/packs'), 'Asia/Shanghai')
  const load = loadavg()
  const rows: Row[] = []
  if (options.clocks) rows.push(...measureClocks(policies, 300))
  const places = [
    ...(options.embedded ? [embeddedPlace] : []),
    ...(options.url ? [() => serverPlace(options.url ?? '')] : []),
  ]
  for (const opening of options.sweep ? places : []) {
    const here: Row[] = []
    for (const orders of options.sizes)
      here.push(
        ...(await within(opening(), async place => {
          const say = (text: string) => console.log(`${place.name}: ${text}`)
          const clock = new MovableClock()
          clock.freeze(start)
          const company = await enterCompany(
            contextOf(place.db, policies, clock, createLog('warn')),
            clock,
            teamsFor(orders),
          )
          const due = Math.min(1000, Math.floor(orders / 10))
          return measureOrders(place, company, { orders, due, repeat: 300 }, say)
        })),
      )
    rows.push(...here, ...growth(here))
  }
  const [before, after] = [load[0], loadavg()[0]].map(value => value?.toFixed(1))
  console.log(`\n${drawTable(rows)}\n\n${cpus().length} cores, load ${before} at the start and ${after} at the end`)
  return rows.some(isOver) ? 1 : 0
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error)
  return 1
})
