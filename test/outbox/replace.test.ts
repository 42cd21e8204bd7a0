import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { newId } from '../../src/ids.ts'
import { put, type Telling } from '../../src/outbox/store.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())
beforeEach(() => db.prisma.outbox.deleteMany())

const now = new Date('2026-11-25T01:00:00Z')
const person = newId(now)

/** A card drawn again as it is at a version. */
const repaint = (version: number): Telling => ({
  ...{ kind: 'repaint', to: { person }, coalesce: 'repaint:card', dedupeKey: `repaint:card:${version}` },
})

const putAll = (...tellings: Telling[]) => inTransaction(db, tx => put(tx, 'main', tellings, now))

async function rows(): Promise<string[]> {
  const found = await db.prisma.outbox.findMany({ orderBy: { id: 'asc' } })
  return found.map(({ dedupeKey, status }) => `${dedupeKey} ${status}`)
}

it('what waits gives way to what is newer', async () => {
  await putAll(repaint(1))
  await putAll(repaint(2))
  expect(await rows()).toEqual(['repaint:card:1 dropped', 'repaint:card:2 waiting'])
})

it('what is put a second time stays: nothing would be left of it otherwise', async () => {
  await putAll(repaint(1))
  await putAll(repaint(1))
  expect(await rows()).toEqual(['repaint:card:1 waiting'])
  // Together with something newer of another card of the same person, too.
  await putAll(repaint(1), { ...repaint(1), coalesce: 'repaint:other', dedupeKey: 'repaint:other:1' })
  expect(await rows()).toEqual(['repaint:card:1 waiting', 'repaint:other:1 waiting'])
})
