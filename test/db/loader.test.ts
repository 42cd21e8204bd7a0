import { afterAll, beforeAll, expect, it } from 'vitest'
import { forget, loaded, loadedAll } from '../../src/db/loader.ts'
import { inTransaction } from '../../src/db/tx.ts'
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
const ask = (key: number, keep = false) => loaded('squares', key, squares, { keep })
const all = () => Promise.all([ask(1), ask(2), ask(3)])

it('asks once for what several want at the same time in a transaction, and anew the next time', async () => {
  asked.length = 0
  const [first, second] = await inTransaction(db, async () => [await all(), await all()])
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
  const work = async () => {
    for (let time = 0; time < 3; time++) await ask(2, true)
    forget('squ')
    await ask(2, true)
  }
  await inTransaction(db, work)
  await inTransaction(db, work)
  expect(asked).toEqual([[2], [2], [2], [2]])
})

it('asks outside of transactions for all that one wants at once, not for what others want', async () => {
  asked.length = 0
  expect(await all()).toEqual([1, 4, 9])
  expect(asked).toEqual([[1], [2], [3]])
  asked.length = 0
  expect(await loadedAll('squares', [1, 2, 3], squares)).toEqual([1, 4, 9])
  expect(await loadedAll('squares', [], squares)).toEqual([])
  expect(asked).toEqual([[1, 2, 3]])
})
