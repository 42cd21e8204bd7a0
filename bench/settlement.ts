import type { Context } from '../src/context.ts'
import { inTransaction } from '../src/db/tx.ts'
import type { MovableClock } from '../src/now.ts'
import type { Team } from '../src/people/person.ts'
import { changeMonth, rulesOfMonth } from '../src/settlement/flow.ts'
import { gather } from '../src/settlement/look.ts'
import { postAll, reckonMonth } from '../src/settlement/reckon.ts'
import { monthOfTeam, ownMonths, slipOf } from '../src/settlement/rows.ts'
import { fillMonth, month } from './month.ts'
import type { Place } from './place.ts'
import { type Row, spread } from './table.ts'

const orders = 150
const limits = { settle: 5_000, open: 100, memory: 512, growth: 12 }
export const settling = 'a month settled, and its slips written'

/** Settles a month of all teams from what the database has, one after the other, and opens slips of it. */
export async function measureSettlement(
  place: Place,
  ctx: Context,
  clock: MovableClock,
  technicians: number,
  say: (text: string) => void,
): Promise<Row[]> {
  clock.freeze(new Date('2026-12-01T02:00:00Z'))
  const begun = performance.now()
  const teams = await fillMonth(ctx, technicians, orders, say)
  say(`${technicians} × ${orders} orders written in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  // A large month once, as it is settled; of a small one single runs say little.
  const repeat = technicians < 1_000 ? 3 : 1
  const posting: number[] = []
  const took: number[] = []
  const cpu: number[] = []
  for (let turn = 0; turn < repeat; turn++) {
    await ctx.db.prisma.pointsEntry.deleteMany({})
    await ctx.db.prisma.pointsBook.deleteMany({})
    await ctx.db.prisma.payslip.deleteMany({})
    const sum = { posted: 0, real: 0, worked: 0 }
    for (const team of teams) {
      sum.posted += await timePosting(ctx, team)
      const { real, worked } = await timeSettling(ctx, team)
      sum.real += real
      sum.worked += worked
    }
    posting.push(sum.posted)
    took.push(sum.real)
    cpu.push(sum.worked)
    const slips = await ctx.db.prisma.payslip.count({ where: { company: ctx.company } })
    if (slips !== technicians) throw new Error(`${slips} slips of ${technicians}`)
  }
  const size = `${technicians.toLocaleString('en')} × ${orders}`
  const row = (what: string, durations: readonly number[], limit?: number): Row => ({
    ...{ what, size, database: place.name, ...spread(durations) },
    ...(limit !== undefined && { limit }),
  })
  await yearOf(ctx)
  const opened = await timeOpening(ctx)
  return [
    row(settling, took, technicians <= 1_000 ? limits.settle : undefined),
    row('CPU time of that in this process', cpu),
    row('its points written into the ledger', posting),
    row('a payslip opened, of a year of them', opened, limits.open),
    {
      ...{ what: 'most memory this process had by then', size, database: place.name, unit: 'MB' as const },
      median: process.resourceUsage().maxRSS / 1024,
      // The embedded one lives in this process, and keeps what filling it took.
      ...(place.name === 'postgres' && { limit: limits.memory }),
    },
  ]
}

/** How many times as much ten times the people cost. */
export function settlementGrowth(rows: readonly Row[]): Row[] {
  const [first, last] = rows.filter(({ what }) => what === settling)
  if (!first || !last) return []
  const size = `${first.size} → ${last.size}`
  return [
    {
      ...{ what: settling, size, database: first.database, median: last.median / first.median },
      ...{ limit: limits.growth, unit: '×' as const },
    },
  ]
}

const speech = { via: 'system' as const }

async function timePosting(ctx: Context, team: Team): Promise<number> {
  const policy = rulesOfMonth(ctx, team, month)
  const { prisma } = ctx.db
  const { points } = await gather(prisma, ctx, { team, policy, month, setByHand: [], owed: new Map() })
  const begun = performance.now()
  await postAll(ctx, { teamId: team.id, month, policy }, points)
  return performance.now() - begun
}

/** From what is recorded to slips in the database; the ledger is up to date by then and only compared. */
async function timeSettling(ctx: Context, team: Team): Promise<{ real: number; worked: number }> {
  const command = { do: 'draft' as const }
  const { after } = await inTransaction(ctx.db, tx => changeMonth(tx, ctx, { team, month, command, by: null, speech }))
  const [begun, busy] = [performance.now(), process.cpuUsage()]
  await reckonMonth(ctx, team, after)
  const [real, { user, system }] = [performance.now() - begun, process.cpuUsage(busy)]
  const slips = await ctx.db.prisma.payslip.count({ where: { company: ctx.company, settlementId: after.id } })
  const { view } = (await monthOfTeam(ctx.db.prisma, ctx.company, team.id, month)) ?? {}
  if (slips === 0 || view?.reckoned?.people !== slips || view.reckoned.missing > 0)
    throw new Error(`${slips} slips: ${JSON.stringify(view?.reckoned)}`)
  return { real, worked: (user + system) / 1000 }
}

/** The month's slips stand for eleven months before it as well. */
async function yearOf(ctx: Context): Promise<void> {
  const { prisma } = ctx.db
  await prisma.$executeRaw`
    INSERT INTO "Settlement" ("company", "id", "teamId", "month", "state", "policy", "rules", "result", "version", "createdAt", "updatedAt")
    SELECT "company", gen_random_uuid(), "teamId", to_char('2026-11-01'::date - n * interval '1 month', 'YYYY-MM'), 'locked',
      "policy", "rules", '{}', 0, "createdAt", "updatedAt"
    FROM "Settlement", generate_series(1, 11) n WHERE "company" = ${ctx.company} AND "month" = ${month}`
  await prisma.$executeRaw`
    INSERT INTO "Payslip" ("company", "settlementId", "personId", "month", "net", "body")
    SELECT p."company", s."id", p."personId", s."month", p."net", p."body"
    FROM "Payslip" p JOIN "Settlement" s ON s."company" = p."company" AND s."id" <> p."settlementId"
      AND s."teamId" = (SELECT "teamId" FROM "Settlement" own WHERE own."company" = p."company" AND own."id" = p."settlementId")
    WHERE p."company" = ${ctx.company} AND p."month" = ${month}`
  await prisma.$executeRaw`UPDATE "Settlement" SET "state" = 'published' WHERE "company" = ${ctx.company} AND "month" = ${month}`
  await prisma.$executeRawUnsafe('ANALYZE')
}

/** By the person's id and the month, as a chat does, and by the key of the row. */
async function timeOpening(ctx: Context): Promise<number[]> {
  const { prisma } = ctx.db
  const people = await prisma.$queryRaw<
    Array<{ id: string }>
  >`SELECT id::text FROM bench_people ORDER BY n DESC LIMIT 50`
  const durations: number[] = []
  for (const { id } of people) {
    const begun = performance.now()
    const [own] = await ownMonths(prisma, ctx.company, id, month)
    const slip = own && (await slipOf(prisma, ctx.company, own.record.id, id))
    durations.push(performance.now() - begun)
    if (slip?.person !== id) throw new Error(`there is no slip of ${id}`)
  }
  return durations
}
