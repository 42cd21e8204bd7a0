import { existsSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createLog } from '../src/log.ts'
import { MovableClock } from '../src/now.ts'
import { loadPacks } from '../src/policy/load.ts'
import type { Policies } from '../src/policy/versions.ts'
import { projectRoot } from '../src/root.ts'
import { measureClocks } from './clocks.ts'
import { contextOf, enterCompany } from './company.ts'
import { embeddedPlace, type Place, removeAll, serverPlace } from './place.ts'
import { measureOrders, start } from './sweep.ts'
import { drawTable, growth, isOver, type Row } from './table.ts'

const usage = `npm run bench -- [--only sweep|clocks] [--orders 10000,100000] [--postgres URL] [--no-embedded]

  --only      sweep: what depends on how many orders are open; clocks: the clocks of one order
  --orders    how many orders are open, one database for each number (default 10000,100000 and on a server 1000000)
  --postgres  a server on which it may create a database, besides the embedded one (default: DATABASE_URL, if set)

Ends with 1 when a limit is missed, with 2 when it was asked for nothing it knows.`

interface Options {
  sweep: boolean
  clocks: boolean
  places: Array<{ open(): Promise<Place>; sizes: readonly number[] }>
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        ...{ only: { type: 'string' }, orders: { type: 'string' } },
        ...{ postgres: { type: 'string' }, 'no-embedded': { type: 'boolean', default: false } },
      },
    })
    const { only, orders, postgres } = values
    const sizes = orders?.split(',').map(Number)
    const known = only === undefined || only === 'sweep' || only === 'clocks'
    if (!known || sizes?.some(size => !Number.isInteger(size) || size < 100)) return null
    const url = postgres ?? process.env.DATABASE_URL
    return {
      ...{ sweep: only !== 'clocks', clocks: only !== 'sweep' },
      places: [
        ...(values['no-embedded'] ? [] : [{ open: embeddedPlace, sizes: sizes ?? [10_000, 100_000] }]),
        ...(url ? [{ open: () => serverPlace(url), sizes: sizes ?? [10_000, 100_000, 1_000_000] }] : []),
      ],
    }
  } catch {
    return null
  }
}

/** Measures on a database of its own, removed whatever happens. */
async function measureOn(opening: Promise<Place>, policies: Policies, orders: number): Promise<Row[]> {
  const place = await opening
  try {
    const clock = new MovableClock()
    clock.freeze(start)
    const teams = Math.min(20, Math.ceil(orders / 500))
    const company = await enterCompany(contextOf(place.db, policies, clock, createLog('warn')), clock, teams)
    const due = Math.min(1000, Math.floor(orders / 10))
    const say = (text: string) => console.log(`${place.name}: ${text}`)
    return await measureOrders(place, company, { orders, due, repeat: 300 }, say)
  } finally {
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
    process.once(signal, () => void removeAll().finally(() => process.exit(130)))
  const policies = loadPacks(join(projectRoot, 'src/policy/packs'), 'Asia/Shanghai')
  const [before = 0] = loadavg()
  const rows = options.clocks ? measureClocks(policies, 300) : []
  for (const { open, sizes } of options.sweep ? options.places : []) {
    const here: Row[] = []
    for (const orders of sizes) here.push(...(await measureOn(open(), policies, orders)))
    rows.push(...here, ...growth(here))
  }
  const [after = 0] = loadavg()
  const load = `load ${before.toFixed(1)} at the start and ${after.toFixed(1)} at the end`
  console.log(`\n${drawTable(rows)}\n\n${cpus().length} cores, ${load}`)
  return rows.some(isOver) ? 1 : 0
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error)
  return 1
})
