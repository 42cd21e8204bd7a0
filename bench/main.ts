import { existsSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Context } from '../src/context.ts'
import { createLog } from '../src/log.ts'
import { MovableClock } from '../src/now.ts'
import { loadPacks } from '../src/policy/load.ts'
import type { Policies } from '../src/policy/versions.ts'
import { projectRoot } from '../src/root.ts'
import { measureClocks } from './clocks.ts'
import { contextOf, enterCompany } from './company.ts'
import { embeddedPlace, type Place, removeAll, serverPlace } from './place.ts'
import { measureSettlement, settlementGrowth } from './settlement.ts'
import { measureOrders, start } from './sweep.ts'
import { drawTable, growth, isOver, type Row } from './table.ts'

const usage = `npm run bench -- [--only sweep|clocks|settlement] [--orders 10000,100000] [--technicians 1000]
                 [--postgres URL] [--no-embedded]

  --only         sweep: what depends on how many orders are open; clocks: the clocks of one order;
                 settlement: a month's end
  --orders       how many orders are open, one database for each number (default 10000,100000 and on a server 1000000)
  --technicians  how many are settled, with 150 orders each in teams of 1,000 at most, one database for each number
                 (default 1000; 1000,10000 takes minutes)
  --postgres     a server on which it may create a database, besides the embedded one (default: DATABASE_URL, if set)

Ends with 1 when a limit is missed, with 2 when it was asked for nothing it knows.`

const parts = ['sweep', 'clocks', 'settlement'] as const
type Part = (typeof parts)[number]

interface Options {
  parts: readonly Part[]
  technicians: readonly number[]
  places: Array<{ open(): Promise<Place>; sizes: readonly number[] }>
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        ...{ only: { type: 'string' }, orders: { type: 'string' }, technicians: { type: 'string' } },
        ...{ postgres: { type: 'string' }, 'no-embedded': { type: 'boolean', default: false } },
      },
    })
    const { only, orders, technicians = '1000', postgres } = values
    const [sizes, teams] = [orders?.split(',').map(Number), technicians.split(',').map(Number)]
    const wanted = parts.filter(part => only === undefined || only === part)
    const tooFew = (given: readonly number[], least: number) =>
      given.some(size => !Number.isInteger(size) || size < least)
    if (wanted.length === 0 || tooFew(sizes ?? [], 100) || tooFew(teams, 1)) return null
    const url = postgres ?? process.env.DATABASE_URL
    return {
      ...{ parts: wanted, technicians: teams },
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
async function measureOn(
  opening: Promise<Place>,
  policies: Policies,
  measure: (place: Place, ctx: Context, clock: MovableClock, say: (text: string) => void) => Promise<Row[]>,
): Promise<Row[]> {
  const place = await opening
  try {
    const clock = new MovableClock()
    clock.freeze(start)
    const ctx = contextOf(place.db, policies, clock, createLog('warn'))
    return await measure(place, ctx, clock, text => console.log(`${place.name}: ${text}`))
  } finally {
    await place.remove()
  }
}

async function measureSweep({ open, sizes }: Options['places'][number], policies: Policies): Promise<Row[]> {
  const rows: Row[] = []
  for (const orders of sizes)
    rows.push(
      ...(await measureOn(open(), policies, async (place, ctx, clock, say) => {
        const company = await enterCompany(ctx, clock, Math.min(20, Math.ceil(orders / 500)))
        const due = Math.min(1000, Math.floor(orders / 10))
        return measureOrders(place, company, { orders, due, repeat: 300 }, say)
      })),
    )
  return [...rows, ...growth(rows)]
}

async function measureMonths(
  { open }: Options['places'][number],
  policies: Policies,
  sizes: readonly number[],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const technicians of sizes)
    rows.push(
      ...(await measureOn(open(), policies, (place, ctx, clock, say) =>
        measureSettlement(place, ctx, clock, technicians, say),
      )),
    )
  return [...rows, ...settlementGrowth(rows)]
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
  const has = (part: Part) => options.parts.includes(part)
  const rows = has('clocks') ? measureClocks(policies, 300) : []
  // The month first: it says how much memory there was at most.
  if (has('settlement'))
    for (const place of options.places) rows.push(...(await measureMonths(place, policies, options.technicians)))
  if (has('sweep')) for (const place of options.places) rows.push(...(await measureSweep(place, policies)))
  const [after = 0] = loadavg()
  const load = `load ${before.toFixed(1)} at the start and ${after.toFixed(1)} at the end`
  console.log(`\n${drawTable(rows)}\n\n${cpus().length} cores, ${load}`)
  return rows.some(isOver) ? 1 : 0
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error)
  return 1
})
