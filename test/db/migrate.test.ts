import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Migration, migrate, readMigrations, type Session } from '../../src/db/migrate.ts'
import { freshSession } from '../support/db.ts'

let session: Session & { close(): Promise<void> }

beforeAll(async () => {
  session = await freshSession()
})
afterAll(() => session.close())
beforeEach(() => session.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public'))

const first: Migration = { name: '1_first', sql: 'CREATE TABLE a (n int); CREATE TABLE b (n int);', checksum: '11' }
const second: Migration = { name: '2_second', sql: 'INSERT INTO a VALUES (2)', checksum: '22' }
const failing: Migration = {
  name: '2_failing',
  sql: 'INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1)',
  checksum: '33',
}
const rows = () => session.query('SELECT * FROM _prisma_migrations ORDER BY migration_name')
const inA = () => session.query('SELECT n FROM a')

describe('migrate', () => {
  it('applies what is missing, in order, once, and records it as Prisma does', async () => {
    expect(await migrate(session, [first])).toEqual(['1_first'])
    expect(await migrate(session, [first, second])).toEqual(['2_second'])
    expect(await migrate(session, [first, second])).toEqual([])
    expect(await inA()).toEqual([{ n: 2 }])
    expect(await rows()).toMatchObject([
      {
        migration_name: '1_first',
        checksum: '11',
        applied_steps_count: 1,
        logs: null,
        rolled_back_at: null,
        finished_at: expect.any(Date),
        started_at: expect.any(Date),
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
      { migration_name: '2_second', checksum: '22' },
    ])
  })

  it('leaves nothing of a migration that fails, says which, and can go on with the mended one', async () => {
    await expect(migrate(session, [first, failing])).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringContaining('2_failing'),
    })
    expect(await inA()).toEqual([])
    expect(await migrate(session, [first, second])).toEqual(['2_second'])
  })

  it('refuses a migration that was changed after it was applied', async () => {
    await migrate(session, [first])
    const edited = { ...first, checksum: 'other' }
    await expect(migrate(session, [edited, second])).rejects.toMatchObject({ code: 'migration-changed' })
    expect(await inA()).toEqual([])
  })

  it('refuses a database made by a later version', async () => {
    await migrate(session, [first, second])
    await expect(migrate(session, [first])).rejects.toMatchObject({
      code: 'database-newer',
      message: expect.stringContaining('2_second'),
    })
  })

  it('runs a migration marked so outside a transaction, and refuses to go on when that one was cut off', async () => {
    const sql = '-- no transaction\nCREATE INDEX CONCURRENTLY i ON nowhere (n)'
    const index = { name: '2_index', sql, checksum: '44' }
    const good = { name: '2_index', sql: sql.replace('nowhere', 'a'), checksum: '55' }
    await expect(migrate(session, [first, index])).rejects.toMatchObject({ code: 'migration-failed' })
    await expect(migrate(session, [first, good])).rejects.toMatchObject({ fix: expect.stringContaining('2_index') })
    await session.query(`DELETE FROM _prisma_migrations WHERE migration_name = '2_index'`)
    expect(await migrate(session, [first, good])).toEqual(['2_index'])
  })
})

it('finds the migrations of this version, oldest first, with the checksum of each file', async () => {
  const all = await readMigrations()
  expect(all.length).toBeGreaterThan(0)
  expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).sort())
  for (const { name, checksum } of all) {
    expect(name).toMatch(/^\d{14}_[a-z0-9_]+$/)
    expect(checksum).toMatch(/^[0-9a-f]{64}$/)
  }
})
