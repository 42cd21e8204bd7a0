import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Permanent } from '../errors.ts'
import { projectRoot } from '../root.ts'

/** One session of a database. `exec` takes a script of several statements. */
export interface Session {
  exec(sql: string): Promise<void>
  query(sql: string, values?: unknown[]): Promise<Array<Record<string, unknown>>>
}

/** A session that is ended when it is not needed any more. */
export interface OpenSession extends Session {
  close(): Promise<void>
}

export interface Migration {
  name: string
  sql: string
  checksum: string
}

/** The number Prisma's own migrate locks, so that the two never work at once. */
const advisoryLock = 72707369

/** First line of a migration PostgreSQL refuses in a transaction; it holds a single statement. */
const alone = '-- no transaction'

/** As Prisma creates it: `prisma migrate` works on the same table. */
const table = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

export const migrationsFolder = join(projectRoot, 'prisma/migrations')

/** The migrations of this version, oldest first. */
export async function readMigrations(folder = migrationsFolder): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  return Promise.all(
    names.sort().map(async name => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Applies what is missing, once, however many instances start together. Returns the names of what it applied.
 *
 * @throws Permanent `migration-changed`, `database-newer` or `migration-failed`
 */
export async function migrate(session: Session, migrations?: Migration[]): Promise<string[]> {
  const all = migrations ?? (await readMigrations())
  await session.query('SELECT pg_advisory_lock($1::int)::text', [advisoryLock])
  try {
    await session.exec(table)
    const done = await checkHistory(session, all)
    const missing = all.filter(({ name }) => !done.has(name))
    for (const migration of missing) await apply(session, migration)
    return missing.map(({ name }) => name)
  } finally {
    // Fails only when the session is gone, and the lock with it.
    await session.query('SELECT pg_advisory_unlock($1::int)', [advisoryLock]).catch(() => {})
  }
}

/**
 * What `migrate` would do, without doing it: how many are applied, and the names of those that are not.
 *
 * @throws Permanent `migration-changed`, `database-newer` or `migration-failed`
 */
export async function pendingMigrations(session: Session): Promise<{ applied: number; missing: string[] }> {
  const all = await readMigrations()
  const [found] = await session.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`)
  const done = found?.there === true ? await checkHistory(session, all) : new Set<string>()
  return { applied: done.size, missing: all.filter(({ name }) => !done.has(name)).map(({ name }) => name) }
}

async function checkHistory(session: Session, all: Migration[]): Promise<Set<string>> {
  const rows = await session.query(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  const known = new Map(all.map(migration => [migration.name, migration]))
  for (const row of rows) {
    const name = String(row.migration_name)
    const migration = known.get(name)
    if (!migration) throw newer(name)
    if (row.finished_at === null) throw unfinished(name)
    if (row.checksum !== migration.checksum) throw changed(name)
  }
  return new Set(rows.map(row => String(row.migration_name)))
}

async function apply(session: Session, { name, sql, checksum }: Migration): Promise<void> {
  const inside = !sql.startsWith(alone)
  const id = randomUUID()
  try {
    if (inside) await session.exec('BEGIN')
    await session.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
      id,
      checksum,
      name,
    ])
    await session.exec(sql)
    await session.query(
      'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1',
      [id],
    )
    if (inside) await session.exec('COMMIT')
  } catch (error) {
    if (inside) await session.exec('ROLLBACK').catch(() => {})
    throw new Permanent('migration-failed', `Migration ${name} failed: ${(error as Error).message}`, {
      fix: inside
        ? 'Nothing of it was applied. Mend the cause and start again, or go back to the version before.'
        : resolveByHand(name),
      cause: error,
    })
  }
}

function resolveByHand(name: string): string {
  return `Bring the database by hand to the state before it, delete the row "${name}" from _prisma_migrations, start again.`
}

function unfinished(name: string): Permanent {
  return new Permanent('migration-failed', `Migration ${name} was begun and never finished.`, {
    fix: resolveByHand(name),
  })
}

function newer(name: string): Permanent {
  return new Permanent('database-newer', `The database has the migration ${name}, which this version doesn't know.`, {
    fix: 'Start the version of the service that made it, or a later one.',
  })
}

function changed(name: string): Permanent {
  return new Permanent('migration-changed', `Migration ${name} was changed after it had been applied.`, {
    fix: 'Put its migration.sql back as it was released, and write a new migration for the change.',
  })
}
