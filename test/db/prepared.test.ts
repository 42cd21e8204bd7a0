import { readFileSync } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { openPGlite } from '../../src/db/pglite.ts'
import { preparing } from '../../src/db/prepared.ts'

const at = new Date('2026-10-01T08:00:00.123Z')
const base = inject('testBase')
let pglite: PGlite
let client: PGlite
beforeAll(async () => {
  // Opened in a tenth of the time a new one takes.
  const ready = base.kind === 'embedded' && { loadDataDir: new Blob([readFileSync(base.snapshot)]) }
  pglite = await openPGlite('memory://', { ...ready })
  client = preparing(pglite).pglite
  await pglite.exec('CREATE TABLE t (id int PRIMARY KEY, note jsonb, days text[], at timestamptz(3), bytes bytea)')
})
afterAll(() => pglite.close())

const names = async () =>
  (await pglite.query<{ n: number }>('SELECT count(*)::int AS n FROM pg_prepared_statements')).rows[0]?.n ?? 0
const arrays = { rowMode: 'array' as const }

it('says each statement once and gives what PGlite itself gives', async () => {
  const insert = 'INSERT INTO t VALUES ($1, $2, $3, $4, $5)'
  const values = [{ a: [1] }, ['2026-12-01', 'a "b", c'], at, new Uint8Array([0, 255])]
  for (const id of [1, 2]) expect((await client.query(insert, [id, ...values], arrays)).affectedRows).toBe(1)
  expect((await client.query(insert, [3, null, null, null, null], arrays)).affectedRows).toBe(1)
  const select = 'SELECT * FROM t WHERE id <> $1 ORDER BY id'
  const mine = await client.query(select, [2], arrays)
  const theirs = await pglite.query(select, [2], arrays)
  expect(mine.rows).toEqual(theirs.rows)
  expect(mine.rows).toHaveLength(2)
  expect(mine.fields).toMatchObject(theirs.fields)
  expect((await client.query('UPDATE t SET note = NULL WHERE id < $1', [3], arrays)).affectedRows).toBe(2)
  expect(await names()).toBe(3)
})

it('goes on after a statement that fails, in a transaction and outside, and undoes what is rolled back', async () => {
  const count = async () => (await client.query('SELECT count(*)::int FROM t', [], arrays)).rows
  const before = await count()
  await expect(client.query('SELECT nothing FROM t', [], arrays)).rejects.toMatchObject({ code: '42703' })
  const twice = client.transaction(async tx => {
    await tx.query('INSERT INTO t (id) VALUES ($1)', [10], arrays)
    await tx.query('INSERT INTO t (id) VALUES ($1)', [10], arrays)
  })
  await expect(twice).rejects.toMatchObject({ code: '23505' })
  expect(await count()).toEqual(before)
  // What waits outside comes when the transaction is over.
  const [, seen] = await Promise.all([
    client.transaction(async tx => {
      await tx.query('INSERT INTO t (id) VALUES ($1)', [11], arrays)
      await new Promise(resolve => setTimeout(resolve, 5))
      await tx.rollback()
    }),
    count(),
  ])
  expect(seen).toEqual(before)
})

it('forgets the statements not used for longest', async () => {
  for (let n = 0; n < 450; n++) await client.query(`SELECT ${n} AS n`, [], arrays)
  expect(await names()).toBe(400)
  expect((await client.query('SELECT 0 AS n', [], arrays)).rows).toEqual([[0]])
})

it('lets others have their turn while there is much to do', async () => {
  const turns: number[] = []
  let said = 0
  const others = setInterval(() => turns.push(said), 1)
  for (; said < 400; said++) await client.query('SELECT $1::int', [said], arrays)
  clearInterval(others)
  expect(turns.length).toBeGreaterThan(10)
  // In a transaction as well, which nobody else can share.
  turns.length = 0
  const again = setInterval(() => turns.push(said), 1)
  await client.transaction(async tx => {
    for (said = 0; said < 400; said++) await tx.query('SELECT $1::int', [said], arrays)
  })
  clearInterval(again)
  expect(turns.length).toBeGreaterThan(10)
})
