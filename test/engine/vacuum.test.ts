import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf } from '../../bench/company.ts'
import { vacuum } from '../../src/engine/vacuum.ts'
import { MovableClock } from '../../src/now.ts'
import { ownPacks } from '../../src/policy/load.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

it('clears rows that were changed away, once a day and only where nothing else does', async () => {
  const clock = new MovableClock()
  clock.freeze(new Date('2026-11-25T02:00:00Z'))
  const ctx = contextOf(db, ownPacks('src/policy/packs', 'Asia/Shanghai'), clock, new StoryLog())
  const run = () => vacuum(ctx, 'me', () => false)
  const change = () => db.prisma.$executeRaw`UPDATE "Counter" SET "value" = "value" + 1`
  await db.prisma.$executeRaw`
    INSERT INTO "Counter" SELECT 'main', 'a counter with a name of some length ' || n, 0 FROM generate_series(1, 15000) n`
  await change()
  if (db.kind === 'server') {
    expect(await run()).toBe(0)
    expect(await db.prisma.jobRun.count()).toBe(0)
    return
  }
  const size = async () =>
    (await db.prisma.$queryRaw<Array<{ size: number }>>`SELECT pg_relation_size('"Counter"')::int AS size`)[0]?.size ??
    0
  const before = await size()
  expect(await run()).toBe(1)
  // What is changed next goes where the cleared rows were.
  await change()
  expect(await size()).toBe(before)
  expect(await run()).toBe(0)
  clock.forward(24 * 3_600_000)
  expect(await run()).toBe(1)
})
