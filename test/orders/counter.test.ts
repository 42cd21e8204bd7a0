import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/db/open.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { drawNext } from '../../src/orders/sampling.ts'
import { moveCounter } from '../../src/orders/store.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
let other: Database

beforeAll(async () => {
  db = await freshDatabase()
  other = await db.another()
})
afterAll(async () => {
  await other.close()
  await db.close()
})

it('draws one in five of orders that are completed at the same time by two instances, for each team its own', async () => {
  const complete = (on: Database, team: string) =>
    inTransaction(on, async tx => {
      const slack = await moveCounter(tx, 'main', `form:${team}`, before => drawNext(before, 5).slack)
      return drawNext(slack, 5).drawn
    })
  const drawn = await Promise.all(
    Array.from({ length: 40 }, (_, n) => complete(n % 2 ? db : other, n % 4 < 2 ? 'one' : 'two')),
  )
  expect(drawn.filter((_, n) => n % 4 < 2).filter(Boolean)).toHaveLength(4)
  expect(drawn.filter((_, n) => n % 4 >= 2).filter(Boolean)).toHaveLength(4)
})
