import { afterAll, beforeAll, expect, it } from 'vitest'
import { forget, loaded, loadedAll } from '../../src/db/loader.ts'
import { inTransaction, type Tx } from '../../src/db/tx.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

const asked: number[][] = []
const squares = async (keys: readonly number[]) => {
  asked.push([...keys])
  return keys.map(key => key * key)
}
const ask = (tx: Tx, key: number, keep = false) => loaded(tx, 'squares', key, squares, { keep })
const all = (tx: Tx) => Promise.all([ask(tx, 1), ask(tx, 2), ask(tx, 3)])

it('asks once for what several want at the same time in a transaction, and anew the next time', async () => {
  asked.length = 0
  const [first, second] = await inTransaction(db, async tx => [await all(tx), await all(tx)])
  expect([first, second]).toEqual([
    [1, 4, 9],
    [1, 4, 9],
  ])
  expect(asked).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ])
})

it('remembers in a transaction what is to be kept, until it is forgotten, and nothing beyond', async () => {
  asked.length = 0
  const work = async (tx: Tx) => {
    for (let time = 0; time < 3; time++) await ask(tx, 2, true)
    forget(tx, 'squ')
    await ask(tx, 2, true)
  }
  await inTransaction(db, work)
  await inTransaction(db, work)
  expect(asked).toEqual([[2], [2], [2], [2]])
})

it('asks outside of transactions for all that one wants at once, not for what others want', async () => {
  asked.length = 0
  expect(await all(db.prisma)).toEqual([1, 4, 9])
  expect(asked).toEqual([[1], [2], [3]])
  asked.length = 0
  expect(await loadedAll(db.prisma, 'squares', [1, 2, 3], squares)).toEqual([1, 4, 9])
  expect(await loadedAll(db.prisma, 'squares', [], squares)).toEqual([])
  expect(asked).toEqual([[1, 2, 3]])
})
