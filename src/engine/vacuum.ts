import { setImmediate as breathe } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { lastNight } from './night.ts'

/** A smaller table costs less than looking after it. */
const worthwhileBytes = 1_048_576

/**
 * Once a night, makes the room of rows changed and deleted usable again, and counts anew what queries are planned by. Only
 * on the embedded database: it has nobody who does that by itself (seen: a million dead rows stay for good; so many are
 * cleared away in 0.2 s), a server has autovacuum. Table by table, so that who knocks meanwhile waits for one at most.
 * Returns how many tables were cleared.
 */
export async function vacuum(ctx: Context, owner: string, stopping: () => boolean): Promise<number> {
  const { db, clock, company } = ctx
  if (db.kind !== 'embedded') return 0
  const now = clock.now()
  const run = { company, job: 'vacuum', period: lastNight(ctx) }
  if (await db.prisma.jobRun.findUnique({ where: { company_job_period: run } })) return 0
  const tables = await db.prisma.$queryRaw<Array<{ name: string }>>`
    SELECT "relname" AS "name" FROM "pg_stat_user_tables"
    WHERE pg_relation_size("relid") >= ${worthwhileBytes} ORDER BY "relname"`
  let cleared = 0
  for (const { name } of tables) {
    if (stopping()) return cleared
    // VACUUM can't run inside a transaction, and takes no parameters.
    await db.prisma.$executeRawUnsafe(`VACUUM (ANALYZE) "${name.replaceAll('"', '""')}"`)
    cleared += 1
    await breathe()
  }
  await db.prisma.jobRun.createMany({ data: [{ ...run, owner, startedAt: now, doneAt: now }], skipDuplicates: true })
  return cleared
}
