import { existsSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../src/context.ts'
import { createLog } from '../src/log.ts'
import { MovableClock } from '../src/now.ts'
import { loadPacks } from '../src/policy/load.ts'
import type { Policies } from '../src/policy/versions.ts'
import { projectRoot } from '../src/root.ts'
import { measureCallbacks } from './callbacks.ts'
import { measureClocks } from './clocks.ts'
import { contextOf, enterCompany } from './company.ts'
import { measureDay } from './day.ts'
import { measureDeliveries } from './deliveries.ts'
import { drawProfile } from './flame.ts'
import { measureInstances } from './instances.ts'
import { type Options, type Part, readOptions, usage } from './options.ts'
import { servePeer } from './peers/serve.ts'
import { type Place, removeAll } from './place.ts'
import { endAll } from './processes.ts'
import { measureRestart } from './restart.ts'
import { measureSettlement, settlementGrowth } from './settlement.ts'
import { measureOrders, start } from './sweep.ts'
import { drawTable, growth, isOver, markdownTable, type Row } from './table.ts'

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

async function measureSweep(
  { open, sizes }: Options['places'][number],
  policies: Policies,
  repeat: number,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const orders of sizes)
    rows.push(
      ...(await measureOn(open(), policies, async (place, ctx, clock, say) => {
        const company = await enterCompany(ctx, clock, Math.min(20, Math.ceil(orders / 500)))
        const due = Math.min(1000, Math.floor(orders / 10))
        return measureOrders(place, company, { orders, due, repeat }, say)
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

/** What goes through the doors of the service as it is built, on databases of their own. */
async function measureService(options: Options, policies: Policies, say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = []
  const has = (part: Part) => options.parts.includes(part)
  const on = async ({ open }: Options['places'][number], measure: (place: Place) => Promise<Row[]>) => {
    const place = await open()
    try {
      rows.push(...(await measure(place)))
    } finally {
      await place.remove()
    }
  }
  const server = options.places.find(({ name }) => name === 'postgres')
  const embedded = options.places.find(({ name }) => name === 'embedded')
  const { orders, profile } = options.service
  for (const at of [server, embedded]) {
    if (!at) continue
    if (has('callbacks')) {
      say(`${at.name}: callbacks`)
      await on(at, place => measureCallbacks(place, policies, { orders, profile }))
    }
    if (has('deliveries')) {
      say(`${at.name}: messages out`)
      rows.push(...(await measureDeliveries(at.open, policies, orders * 4)))
    }
  }
  if (has('instances') && server) {
    say('postgres: instances')
    rows.push(...(await measureInstances(server.open, policies, orders)))
  }
  for (const at of [server, embedded]) {
    if (!at || !has('day')) continue
    say(`${at.name}: a day’s orders`)
    await on(at, place => measureDay(place, policies, options.service.day))
  }
  if (has('restart') && embedded) {
    say('embedded: restarts')
    await on(embedded, place => measureRestart(place, policies, 10_000, say))
  }
  return rows
}

async function main(): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const options = readOptions()
  if (!options) {
    console.error(usage)
    return 2
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      endAll()
      void removeAll().finally(() => process.exit(130))
    })
  const policies = loadPacks(join(projectRoot, 'src/policy/packs'), 'Asia/Shanghai')
  const [before = 0] = loadavg()
  const has = (part: Part) => options.parts.includes(part)
  const rows = has('clocks') ? measureClocks(policies, options.repeat) : []
  // The month first: it says how much memory there was at most.
  if (has('settlement'))
    for (const place of options.places) rows.push(...(await measureMonths(place, policies, options.technicians)))
  if (has('sweep'))
    for (const place of options.places) rows.push(...(await measureSweep(place, policies, options.repeat)))
  rows.push(...(await measureService(options, policies, console.log)))
  if (options.service.profile && has('callbacks'))
    console.log(
      `\n${drawProfile(options.service.profile)}\n\nflame graph: ${join(options.service.profile, 'flames.svg')}`,
    )
  const [after = 0] = loadavg()
  const load = `load ${before.toFixed(1)} at the start and ${after.toFixed(1)} at the end`
  const left = options.places.some(({ name }) => name === 'postgres')
    ? ''
    : '\nNo PostgreSQL server was named (--postgres, DATABASE_URL): what needs one was left out.'
  const draw = options.markdown ? markdownTable : drawTable
  console.log(`\n${draw(rows)}\n\n${cpus().length} cores, ${load}${left}`)
  return rows.some(isOver) ? 1 : 0
}

const [, , first, peer] = process.argv
const work = first === 'peer' ? servePeer(peer).then(() => 0) : main()
void work
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.stack : error)
    endAll()
    return 1
  })
  .then(code => {
    process.exitCode = code
  })
