import { afterAll, beforeAll, expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { newId } from '../../src/ids.ts'
import { helpedOrdersOf } from '../../src/orders/happened.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

it('who goes along is looked up without reading everybody’s journal', async () => {
  const [team, zhang] = [newId(new Date()), newId(new Date())]
  await db.prisma.$executeRaw`
    INSERT INTO "Order" ("company", "id", "code", "teamId", "kind", "state", "urgent", "version", "customerName", "customerPhone", "address", "fault", "createdAt", "updatedAt")
    SELECT 'main', gen_random_uuid(), n::text, ${team}::uuid, 'repair', 'accepted', false, 3, '王女士', '13800001234', '花园路38号', '不制冷', now(), now()
    FROM generate_series(1, 2000) n`
  await db.prisma.$executeRaw`
    INSERT INTO "Journal" ("company", "orderId", "seq", "at", "fact", "via", "body")
    SELECT 'main', o."id", n, now(), CASE WHEN n = 4 THEN 'joined' ELSE 'accepted' END, 'text', jsonb_build_object('person', ${zhang}::text)
    FROM "Order" o, generate_series(1, 4) n WHERE n < 4 OR o."code" IN ('7', '8')`
  await db.prisma.$executeRaw`ANALYZE "Journal"`
  await db.prisma.$executeRaw`ANALYZE "Order"`
  const { before, after } = await inTransaction(db, async tx => {
    const scans = () => tx.$queryRaw<Array<{ whole: number; picked: number }>>`
      SELECT "seq_scan"::int AS whole, "idx_scan"::int AS picked FROM pg_stat_xact_user_tables WHERE "relname" = 'Journal'`
    // What this connection did a moment ago may be among them.
    const [before = { whole: 0, picked: 0 }] = await scans()
    await helpedOrdersOf(tx, 'main', [zhang, newId(new Date())], [team])
    const [after] = await scans()
    return { before, after }
  })
  expect(after?.whole).toBe(before.whole)
  expect(after?.picked).toBeGreaterThan(before.picked)
})
