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

/** A team of so many technicians, each with so many orders done in the month; one order in five was done by two. */
export async function fillMonth(
  ctx: Context,
  technicians: number,
  orders: number,
  say: (text: string) => void,
): Promise<Team> {
  const manager = { name: '王经理', roles: ['manager' as const] }
  await enterTeams(ctx, { teams: [{ name: '一班', policy: rules, people: [manager] }] })
  const team = await teamByIdOrName(ctx.db.prisma, ctx.company, '一班')
  if (!team) throw new Error('the team is not there')
  const { prisma } = ctx.db
  await prisma.$executeRawUnsafe(`
    CREATE TABLE bench_people AS
    SELECT n, ('019ab000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid AS id FROM generate_series(0, ${technicians - 1}) n`)
  await prisma.$executeRawUnsafe('CREATE UNIQUE INDEX ON bench_people (n)')
  await prisma.$executeRaw`
    INSERT INTO "Person" ("company", "id", "name", "createdAt")
    SELECT ${ctx.company}, id, '张三' || n, '2025-01-01' FROM bench_people`
  await prisma.$executeRaw`
    INSERT INTO "Membership" ("company", "teamId", "personId", "role")
    SELECT ${ctx.company}, ${team.id}::uuid, id, 'technician' FROM bench_people`
  await prisma.$executeRaw`
    INSERT INTO "Employment" ("company", "id", "teamId", "personId", "from")
    SELECT ${ctx.company}, id, ${team.id}::uuid, id, '2025-01-01' FROM bench_people`
  await prisma.$executeRaw`
    INSERT INTO "Figure" ("company", "id", "teamId", "personId", "month", "name", "value", "via", "at")
    SELECT ${ctx.company}, id, ${team.id}::uuid, id, '2026-10', '工资档', 1 + n % 7, 'api', '2026-10-01' FROM bench_people`
  const from = { by: null, via: 'api', words: null, now: ctx.clock.now() }
  await inTransaction(ctx.db, tx =>
    addFigures(tx, ctx.company, { teamId: team.id, month }, [{ name: '毛利', personId: null, value: '523000' }], from),
  )
  for (let first = 0; first < technicians; first += chunk) {
    await ordersOf(ctx, team.id, { first, last: Math.min(first + chunk, technicians) - 1, of: technicians, orders })
    // The embedded database never waits for anything: without this the process would hear no signal.
    await breathe()
    if (first > 0) say(`orders of ${first.toLocaleString('en')} technicians written`)
  }
  await prisma.$executeRawUnsafe('VACUUM (ANALYZE)')
  return team
}

/** What an order that people work through leaves behind when it is done, as far as a month reads it (`keptCredit`). */
async function ordersOf(
  { db, company }: Context,
  teamId: string,
  { first, last, of, orders }: { first: number; last: number; of: number; orders: number },
): Promise<void> {
  await db.prisma.$executeRaw`
    INSERT INTO "Order" ("company", "id", "code", "teamId", "kind", "state", "urgent", "assigneeId", "version",
      "customerName", "customerPhone", "address", "fault", "createdAt", "updatedAt", "completedAt", "charge", "credit")
    SELECT ${company}, ('019ac000-0000-7000-a000-' || lpad(to_hex(nr), 12, '0'))::uuid, (100000 + nr)::text, ${teamId}::uuid,
      'repair', 'closed', false, p.id, 9, '王女士', '13800000000', '示例路 1 号', '不制冷', at, at, at, 80,
      jsonb_build_object('doneAt', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'day', to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), 'kind', 'repair', 'by', p.id, 'warranty', 'out',
        'zone', '城区', 'charge', '80.00', 'grade', 3 + k % 3, 'inTime', '["contact", "complete"]'::jsonb)
        || CASE WHEN k % 50 = 0 THEN '{"complained": true}'::jsonb ELSE '{}' END
        || CASE WHEN k % 5 = 0 THEN jsonb_build_object('shares',
          jsonb_build_array(jsonb_build_array(p.id, 70), jsonb_build_array(h.id, 30))) ELSE '{}' END
    FROM bench_people p CROSS JOIN generate_series(0, ${orders - 1}::int) k
      JOIN bench_people h ON h.n = (p.n + 1) % ${of}::int,
      LATERAL (SELECT p.n::bigint * ${orders}::int + k AS nr,
        '2026-11-01T01:00:00Z'::timestamptz + k * interval '280 minutes' AS at) one
    WHERE p.n BETWEEN ${first} AND ${last}`
}
