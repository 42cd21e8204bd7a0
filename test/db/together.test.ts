import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { Together } from '../../src/db/together.ts'
import { inTransaction, isUniqueViolation, type Tx } from '../../src/db/tx.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())
beforeEach(() => db.reset())

const company = 'together'
/** Puts a row, and tells the transaction it was in. */
const put = (name: string) => async (tx: Tx) => {
  await tx.$executeRaw`INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, ${name}, 1)`
  const [row] = await tx.$queryRaw<Array<{ id: string }>>`SELECT pg_current_xact_id()::text AS "id"`
  return row?.id ?? ''
}
const names = async () => (await db.prisma.counter.findMany({ orderBy: { name: 'asc' } })).map(({ name }) => name)

it('does what comes meanwhile in one transaction, and the first at once', async () => {
  const together = new Together(db, { atOnce: 1 })
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map(name => together.add(put(name))))
  expect(new Set(ids).size).toBe(2)
  expect(new Set(ids.slice(1)).size).toBe(1)
  expect(await names()).toEqual(['a', 'b', 'c', 'd'])
})

it('tells each its own failure, and does the others all the same', async () => {
  const together = new Together(db, { atOnce: 1 })
  const outcomes = await Promise.allSettled(['a', 'b', 'a', 'c'].map(name => together.add(put(name))))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(outcomes[2]).toMatchObject({ reason: expect.toSatisfy(isUniqueViolation) })
  expect(await names()).toEqual(['a', 'b', 'c'])
})

it('is no part of the transaction of who adds to it', async () => {
  const together = new Together(db)
  let added: Promise<string> | undefined
  const failing = inTransaction(db, async tx => {
    await put('outer')(tx)
    added = together.add(put('inner'))
    throw new Error('thought better of it')
  })
  await expect(failing).rejects.toThrow('thought better of it')
  await added
  expect(await names()).toEqual(['inner'])
})

it('loses none of many', async () => {
  const together = new Together(db)
  const many = Array.from({ length: 200 }, (_, nr) => put(`${nr}`))
  await Promise.all(many.map(work => together.add(work)))
  expect(await names()).toHaveLength(200)
})
