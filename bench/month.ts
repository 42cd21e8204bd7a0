import { setImmediate as breathe } from 'node:timers/promises'
import type { Context } from '../src/context.ts'
import { inTransaction } from '../src/db/tx.ts'
import { enterTeams } from '../src/people/enter.ts'
import type { Team } from '../src/people/person.ts'
import { teamByIdOrName } from '../src/people/store.ts'
import { addFigures } from '../src/settlement/figurestore.ts'

/** The month that is settled, by the rule book with the most sections: points, figures, counts, leave, attendance and pay. */
export const month = '2026-11'
export const rules = 'ebike-shop'
const chunk = 1_000

/** People of one team at most: a month is a team's, and no shop has a larger one. */
const teamSize = 1_000

/** So many technicians in as few teams as can be, each with so many orders done in the month; one order in five was done by two. */
export async function fillMonth(
  ctx: Context,
  technicians: number,
  orders: number,
  say: (text: string) => void,
): Promise<Team[]> {
  const names = Array.from({ length: Math.ceil(technicians / teamSize) }, (_, index) => `${index + 1}班`)
  const people = [{ name: '王经理', roles: ['manager' as const] }]
  await enterTeams(ctx, { teams: names.map(name => ({ name, policy: rules, people })) })
  const { prisma } = ctx.db
  const teams: Team[] = []
  for (const name of names) {
    const team = await teamByIdOrName(prisma, ctx.company, name)
    if (team) teams.push(team)
  }
  await prisma.$executeRawUnsafe('CREATE TABLE bench_teams (nr int, team uuid)')
  for (const [index, { id }] of teams.entries())
    await prisma.$executeRaw`INSERT INTO bench_teams VALUES (${index}, ${id}::uuid)`
  // `next`: his colleague, the first one's where he is the last of his team.
  await prisma.$executeRawUnsafe(`
    CREATE TABLE bench_people AS
    SELECT n, ('019ab000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid AS id, team,
      CASE WHEN (n + 1) % ${teamSize} = 0 OR n + 1 = ${technicians} THEN n - n % ${teamSize} ELSE n + 1 END AS next
    FROM generate_series(0, ${technicians - 1}) n JOIN bench_teams ON nr = n / ${teamSize}`)
  await prisma.$executeRawUnsafe('CREATE UNIQUE INDEX ON bench_people (n)')
  await prisma.$executeRaw`
    INSERT INTO "Person" ("company", "id", "name", "createdAt")
    SELECT ${ctx.company}, id, '张三' || n, '2025-01-01' FROM bench_people`
  await prisma.$executeRaw`
    INSERT INTO "Membership" ("company", "teamId", "personId", "role")
    SELECT ${ctx.company}, team, id, 'technician' FROM bench_people`
  await prisma.$executeRaw`
    INSERT INTO "Employment" ("company", "id", "teamId", "personId", "from", "at")
    SELECT ${ctx.company}, id, team, id, '2025-01-01', '2025-01-01' FROM bench_people`
  await prisma.$executeRaw`
    INSERT INTO "Figure" ("company", "id", "teamId", "personId", "month", "name", "value", "via", "at")
    SELECT ${ctx.company}, id, team, id, '2026-10', '工资档', 1 + n % 7, 'api', '2026-10-01' FROM bench_people`
  const from = { by: null, via: 'api', words: null, now: ctx.clock.now() }
  const profit = [{ name: '毛利', personId: null, value: '523000' }]
  for (const { id: teamId } of teams)
    await inTransaction(ctx.db, tx => addFigures(tx, ctx.company, { teamId, month }, profit, from))
  for (let first = 0; first < technicians; first += chunk) {
    await ordersOf(ctx, { first, last: Math.min(first + chunk, technicians) - 1, orders })
    // The embedded database never waits for anything: without this the process would hear no signal.
    await breathe()
    if (first > 0) say(`orders of ${first.toLocaleString('en')} technicians written`)
  }
  await prisma.$executeRawUnsafe('VACUUM (ANALYZE)')
  return teams
}

/** What an order that people work through leaves behind when it is done, as far as a month reads it (`keptCredit`). */
async function ordersOf(
  { db, company }: Context,
  { first, last, orders }: { first: number; last: number; orders: number },
): Promise<void> {
  await db.prisma.$executeRaw`
    INSERT INTO "Order" ("company", "id", "code", "teamId", "kind", "state", "urgent", "assigneeId", "version",
      "customerName", "customerPhone", "address", "fault", "createdAt", "updatedAt", "completedAt", "charge", "credit")
    SELECT ${company}, ('019ac000-0000-7000-a000-' || lpad(to_hex(nr), 12, '0'))::uuid, (100000 + nr)::text, p.team,
      'repair', 'closed', false, p.id, 9, '王女士', '13800000000', '示例路 1 号', '不制冷', at, at, at, 80,
      jsonb_build_object('doneAt', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'day', to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), 'kind', 'repair', 'by', p.id, 'warranty', 'out',
        'zone', '城区', 'charge', '80.00', 'grade', 3 + k % 3, 'inTime', '["contact", "complete"]'::jsonb)
        || CASE WHEN k % 50 = 0 THEN '{"complained": true}'::jsonb ELSE '{}' END
        || CASE WHEN k % 5 = 0 THEN jsonb_build_object('shares',
          jsonb_build_array(jsonb_build_array(p.id, 70), jsonb_build_array(h.id, 30))) ELSE '{}' END
    FROM bench_people p CROSS JOIN generate_series(0, ${orders - 1}::int) k
      JOIN bench_people h ON h.n = p.next,
      LATERAL (SELECT p.n::bigint * ${orders}::int + k AS nr,
        '2026-11-01T01:00:00Z'::timestamptz + k * interval '280 minutes' AS at) one
    WHERE p.n BETWEEN ${first} AND ${last}`
}
