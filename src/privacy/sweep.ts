import { setImmediate as breathe } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { byItself } from '../orders/flow.ts'
import { listTeams } from '../people/store.ts'
import { type KeepTime, keptSince } from '../policy/keeprule.ts'
import { eraseOrders } from './flow.ts'
import { erasePerson, leaversDue } from './leavers.ts'
import { type Erased, lockOrdersOver, sweepJob } from './store.ts'

/** Orders that are rewritten in one transaction: small enough that nobody waits for it. */
const atOnce = 50
const mostTeams = 10_000

/**
 * Once a night, deletes what has been kept for as long as the policies say (`keep`): photos, customers, people who left.
 * `night` names the night. It goes on where it was broken off, and two instances share it. Returns how much was deleted.
 */
export async function sweepKept(
  ctx: Context,
  { owner, night }: { owner: string; night: string },
  stopping: () => boolean,
): Promise<number> {
  const { company, db, clock } = ctx
  const run = { company, job: sweepJob, period: night }
  if (await db.prisma.jobRun.findUnique({ where: { company_job_period: run } })) return 0
  const now = clock.now()
  let count = 0
  for (const team of await listTeams(db.prisma, company, { limit: mostTeams })) {
    const { keep, zone } = ctx.policy(team.policy)
    if (!keep) continue
    const over = async (what: Erased, time: KeepTime | undefined) => {
      if (!time) return
      const before = keptSince(now, time, zone)
      for (let part = 1; part > 0 && !stopping(); count += part) {
        part = await erasePart(ctx, { teamId: team.id, what, before })
        await breathe()
      }
    }
    await over('customer', keep.customers)
    await over('photos', keep.photos)
    if (stopping()) return count
  }
  for (const id of await leaversDue(db.prisma, ctx, now)) {
    if (stopping()) return count
    if (await inTransaction(db, tx => erasePerson(tx, ctx, id))) count += 1
    await breathe()
  }
  await db.prisma.jobRun.createMany({ data: [{ ...run, owner, startedAt: now, doneAt: now }], skipDuplicates: true })
  return count
}

async function erasePart(ctx: Context, which: { teamId: string; what: Erased; before: Date }): Promise<number> {
  return inTransaction(ctx.db, async tx => {
    const orders = await lockOrdersOver(tx, ctx.company, { ...which, take: atOnce })
    await eraseOrders(tx, ctx, orders, { what: which.what, why: 'age', frame: byItself(ctx.clock.now()) })
    return orders.length
  })
}
