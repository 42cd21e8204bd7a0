import { boardOf, boardWish } from '../src/console/board.ts'
import { loadOf } from '../src/console/load.ts'
import type { Context } from '../src/context.ts'
import { inTransaction } from '../src/db/tx.ts'
import type { Viewer } from '../src/login/viewer.ts'
import { boardCounts, boardPage, searchOrders } from '../src/orders/boardrows.ts'
import { listOrders, openOrdersOf } from '../src/orders/find.ts'
import { sweepClocks } from '../src/orders/sweep.ts'
import type { Company } from './company.ts'
import { fill, type Lot, quietLots } from './fill.ts'
import type { Place } from './place.ts'
import { type Row, spread } from './table.ts'

const minuteMs = 60_000
const limits = { idle: 5, due: 1000, board: 200 }

/** 10:00 in Shanghai on a Wednesday. */
export const start = new Date('2026-11-25T02:00:00Z')

/**
 * Steps of the default policy's contact clock for a repair, in minutes after the warning, and how many people each tells:
 * the warning, due, a quarter of an hour late, an hour late.
 */
const steps: ReadonlyArray<readonly [minutes: number, told: number]> = [
  [0, 1],
  [10, 1],
  [25, 2],
  [70, 3],
]
/** Warned a minute one after the other, so that no step of one falls on a step of another. */
const groups = 3
const warnAfterMs = 20 * minuteMs
/** Given to technicians who say nothing, after all the others are done with. */
const unwanted = new Date(start.getTime() + 120 * minuteMs)
/** What nobody accepted goes back to the dispatcher after so long. */
const backAfterMs = 30 * minuteMs

export interface SweepOptions {
  orders: number
  /** Orders due at one moment. */
  due: number
  repeat: number
}

/** Fills the database and measures on it what depends on the number of open orders. */
export async function measureOrders(
  place: Place,
  company: Company,
  { orders, due, repeat }: SweepOptions,
  say: (text: string) => void,
): Promise<Row[]> {
  const begun = performance.now()
  const few = Math.floor(due / 10)
  await fill(company, lotsOf(orders, due, few), say)
  say(`${orders} open orders written in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  const row = (what: string, durations: readonly number[], limit?: number): Row => ({
    ...{ what, size: count(orders), database: place.name, ...spread(durations) },
    ...(limit !== undefined && { limit }),
  })
  const { ctx, clock } = company
  clock.freeze(start)
  const idle = await timesIdle(ctx, repeat)
  const told: number[] = []
  for (const [after, people] of steps)
    for (let group = 0; group < groups; group++) {
      clock.freeze(new Date(start.getTime() + (1 + group + after) * minuteMs))
      told.push(await timeDue(ctx, due, due * people))
    }
  clock.freeze(new Date(unwanted.getTime() + backAfterMs))
  const back = await timeBack(ctx, few)
  const still = await timesIdle(ctx, repeat)
  return [
    row('sweep, nothing due', idle, limits.idle),
    // The first one finds nothing compiled and nothing cached.
    row(`sweep, ${count(due)} due`, told.slice(1), limits.due),
    row(`sweep, ${count(few)} to be taken back`, [back]),
    row('sweep, nothing due any more', still, limits.idle),
    row('the board, with its counts', await times(repeat / 10, () => board(ctx)), limits.board),
    row('the console: board, everybody’s load', await times(repeat / 10, () => desk(company)), limits.board),
    row('an address looked for in all orders', await times(repeat / 10, () => search(ctx))),
    row(
      'a page of a team’s orders',
      await times(repeat / 10, () => listOrders(ctx.db.prisma, ctx.company, { limit: 100, teamId: teamOf(company) })),
    ),
    row(
      'orders of a technician',
      await times(repeat / 10, () => openOrdersOf(ctx.db.prisma, ctx.company, personOf(company))),
    ),
  ]
}

const board = ({ db, company, clock }: Context): Promise<unknown> =>
  Promise.all([boardPage(db.prisma, company, {}, { limit: 50 }), boardCounts(db.prisma, company, {}, clock.now())])

/** What the console asks for when something changed: for somebody who dispatches in every team. */
function desk({ ctx, crews }: Company): Promise<unknown> {
  const teams = [...new Set(crews.map(({ teamId }) => teamId))]
  const viewer: Viewer = {
    ...{ person: { id: crews[0]?.dispatcher.id ?? '', name: '' }, platform: 'wecom', isCompanyManager: false },
    teams: teams.map(teamId => ({ teamId, team: '', roles: ['dispatcher'] })),
  }
  return Promise.all([
    inTransaction(ctx.db, tx => boardOf(tx, ctx, viewer, boardWish.parse({}))),
    inTransaction(ctx.db, tx => loadOf(tx, ctx, viewer, undefined)),
  ])
}

const search = ({ db, company }: Context): Promise<unknown> =>
  searchOrders(db.prisma, company, { words: '花园路38号院5号楼9901' }, { limit: 50 })

const count = (number: number): string => number.toLocaleString('en')

function lotsOf(orders: number, due: number, few: number): Lot[] {
  const warned = Array.from({ length: groups }, (_, group): Lot => {
    const openedAt = new Date(start.getTime() + (1 + group) * minuteMs - warnAfterMs)
    return { count: due, openedAt, accepted: true }
  })
  const quiet = quietLots(orders - groups * due - few, start)
  return [...quiet, ...warned, { count: few, openedAt: unwanted, accepted: false }]
}

const teamOf = ({ crews }: Company): string => crews[0]?.teamId ?? ''
const personOf = ({ crews }: Company): string => crews[0]?.technician.id ?? ''

async function times(repeat: number, work: () => Promise<unknown>): Promise<number[]> {
  const durations: number[] = []
  for (let turn = -repeat / 5; turn < repeat; turn++) {
    const begun = performance.now()
    await work()
    if (turn >= 0) durations.push(performance.now() - begun)
  }
  return durations
}

const timesIdle = (ctx: Context, repeat: number): Promise<number[]> =>
  times(repeat, async () => {
    const looked = await sweepClocks(ctx, () => false)
    if (looked > 0) throw new Error(`nothing was due, and ${looked} orders were looked at`)
  })

async function timeSweep(ctx: Context): Promise<{ looked: number; duration: number }> {
  const begun = performance.now()
  const looked = await sweepClocks(ctx, () => false)
  return { looked, duration: performance.now() - begun }
}

/** A sweep that takes orders back from technicians and hands them to the dispatchers, each order by itself. */
async function timeBack(ctx: Context, due: number): Promise<number> {
  const { duration } = await timeSweep(ctx)
  const back = await ctx.db.prisma.journal.count({ where: { at: ctx.clock.now(), fact: 'withdrawn' } })
  if (back !== due) throw new Error(`${back} orders were taken back instead of ${due}`)
  return duration
}

/** One sweep, and whether it did what it is for: everybody's reminder is in the journal and in the outbox, once. */
async function timeDue(ctx: Context, due: number, tellings: number): Promise<number> {
  const { prisma } = ctx.db
  const { looked, duration } = await timeSweep(ctx)
  const at = ctx.clock.now()
  const [journal] = await prisma.$queryRaw<Array<{ orders: number; facts: number }>>`
    SELECT count(DISTINCT "orderId")::int AS orders, count(*)::int AS facts FROM "Journal"
    WHERE "company" = ${ctx.company} AND "by" IS NULL AND "at" = ${at} AND "fact" = 'reminded'`
  const [outbox] = await prisma.$queryRaw<Array<{ items: number }>>`
    SELECT coalesce(sum(jsonb_array_length("data"->'items')), 0)::int AS items FROM "Outbox"
    WHERE "company" = ${ctx.company} AND "status" = 'waiting' AND "kind" = 'nudge'`
  const left = await prisma.orderClock.count({ where: { company: ctx.company, nextLookAt: { lte: at } } })
  const found = { looked, orders: journal?.orders, facts: journal?.facts, items: outbox?.items, left }
  const wanted = { looked: due, orders: due, facts: tellings, items: tellings, left: 0 }
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(
      `the sweep at ${at.toISOString()} did ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`,
    )
  // Deliveries come after the sweep in each beat of the engine.
  await prisma.outbox.updateMany({ where: { status: 'waiting' }, data: { status: 'sent', sentAt: at } })
  return duration
}
