import { type Migration, migrate, readMigrations, type Session } from '../db/migrate.ts'
import { Permanent } from '../errors.ts'
import type { Sum } from './digest.ts'
import { sums } from './dump.ts'
import type { Content } from './header.ts'
import { loader, readLines } from './load.ts'
import { countRows, namedIn, ownTables, quoted, readTables, type Table } from './tables.ts'

/** Where a database is built before it takes the place of what is there. */
const staging = 'paigong_restore'

/** Somebody who holds a table for longer works on the database: the one who restores is told, and does not wait for ever. */
const usualWait = '30s'
const lockNotAvailable = '55P03'

export interface Restored {
  /** Each table as the backup has it, and as it was read again from the database. */
  tables: ReadonlyArray<{ name: string; given: Sum; found: Sum }>
  /** Names of the migrations that were run on the rows after that. */
  migrated: readonly string[]
}

/**
 * Puts what a backup holds in the place of what a database holds. It is built beside, as the backup's version had it, read
 * again and compared, brought up to date, and only then put there, in one transaction: until the end the database stays
 * what it was.
 *
 * @throws Permanent `backup-newer`, `backup-torn`, `backup-damaged`, `database-not-empty`, `database-in-use`,
 *   `database-shared`, `database-rights`, `restore-differs`
 */
export async function restore(
  session: Session,
  { content, lines }: { content: Content; lines: AsyncIterable<string> },
  options: { replace?: boolean; migrations?: Migration[]; longestWait?: string } = {},
): Promise<Restored> {
  const { longestWait = usualWait } = options
  await session.exec(`SET lock_timeout = '${longestWait}'`)
  return restoring(session, { content, lines }, options).catch((error: unknown) => {
    throw (error as { code?: string }).code === lockNotAvailable ? held(longestWait, error) : error
  })
}

async function restoring(
  session: Session,
  { content, lines }: { content: Content; lines: AsyncIterable<string> },
  { replace = false, migrations }: { replace?: boolean; migrations?: Migration[] },
): Promise<Restored> {
  const all = migrations ?? (await readMigrations())
  const at = all.findIndex(({ name }) => name === content.schema)
  if (at < 0) throw newer(content.schema, all.at(-1)?.name ?? '')
  const target = await targetOf(session)
  await needRoom(session, all, replace)
  const home = quoted(target)
  const clear = () => session.exec(`SET search_path = ${home}; DROP SCHEMA IF EXISTS ${staging} CASCADE`)
  await clear()
  await session.exec(`CREATE SCHEMA ${staging}`).catch(mayNot)
  try {
    await session.exec(`SET search_path = ${staging}`)
    await migrate(session, all.slice(0, at + 1))
    const tables = await readTables(session)
    // A migration may bring rows of its own into an empty database; they are in the backup as well.
    await session.exec(`TRUNCATE ${tables.map(({ name }) => quoted(name)).join(', ')}`)
    const given = await inTransaction(session, () => readLines(lines, content, loader(session, tables)))
    const compared = await compare(session, tables, given)
    const migrated = await migrate(session, all)
    await inTransaction(session, () => swap(session, home, all))
    await clear()
    await session.exec('ANALYZE')
    return { tables: compared, migrated }
  } catch (error) {
    // Where the session itself is lost, the next restore clears it away.
    await clear().catch(() => {})
    throw error
  }
}

const held = (longestWait: string, cause: unknown): Permanent =>
  new Permanent('database-in-use', `Somebody else holds a table of the database for more than ${longestWait}.`, {
    fix: 'End their sessions (pg_stat_activity names them); nothing was changed.',
    cause,
  })

function mayNot(error: unknown): never {
  throw new Permanent('database-rights', `No schema can be made in the database: ${(error as Error).message}`, {
    fix: 'Give the user the right to: GRANT CREATE ON DATABASE … TO …',
    cause: error,
  })
}

async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.exec('BEGIN')
  try {
    const result = await work()
    await session.exec('COMMIT')
    return result
  } catch (error) {
    await session.exec('ROLLBACK').catch(() => {})
    throw error
  }
}

async function targetOf(session: Session): Promise<string> {
  const [row] = await session.query('SELECT current_schema()::text AS "schema"')
  return String(row?.schema)
}

/** Reads everything once more. @throws Permanent `restore-differs` */
async function compare(
  session: Session,
  tables: readonly Table[],
  given: ReadonlyMap<string, Sum>,
): Promise<Restored['tables']> {
  const found = await inTransaction(session, () => sums(session, tables))
  const nothing = { rows: 0, checksum: '' }
  const all = tables.map(({ name }) => ({
    name,
    given: given.get(name) ?? nothing,
    found: found.get(name) ?? nothing,
  }))
  const different = all.filter(one => one.given.checksum !== one.found.checksum || one.given.rows !== one.found.rows)
  if (different.length === 0) return all
  const names = different.map(one => `${one.name} (${one.given.rows} rows given, ${one.found.rows} found)`).join(', ')
  throw new Permanent('restore-differs', `The database does not hold what the backup holds: ${names}.`, {
    fix: 'Nothing was changed. Look at the server’s log; take another database or server.',
  })
}

/** Takes away what is there, and puts there what was built. */
async function swap(session: Session, home: string, all: readonly Migration[]): Promise<void> {
  await session.exec(`SET LOCAL search_path = ${home}`)
  for (const name of ownTables(all)) await session.exec(`DROP TABLE IF EXISTS ${quoted(name)} CASCADE`)
  for (const name of ownTypes(all)) await session.exec(`DROP TYPE IF EXISTS ${quoted(name)} CASCADE`)
  const built = await session.query(`SELECT relname::text AS "name", 'TABLE' AS "what" FROM pg_class
    WHERE relnamespace = '${staging}'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    UNION ALL SELECT typname::text, 'TYPE' FROM pg_type WHERE typnamespace = '${staging}'::regnamespace AND typtype = 'e'`)
  for (const { name, what } of built)
    await session.exec(`ALTER ${what} ${staging}.${quoted(String(name))} SET SCHEMA ${home}`)
}

/** @throws Permanent `database-in-use`, `database-shared`, `database-not-empty` */
async function needRoom(session: Session, all: readonly Migration[], replace: boolean): Promise<void> {
  const [others] = await session.query(`SELECT count(*)::int AS "count" FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'paigong' AND pid <> pg_backend_pid()`)
  if (Number(others?.count) > 0)
    throw new Permanent('database-in-use', 'The service runs on this database.', {
      fix: 'Stop every instance first; what they would write meanwhile would be lost.',
    })
  const tables = await readTables(session)
  const own = ownTables(all)
  const foreign = tables.filter(({ name }) => !own.includes(name)).map(({ name }) => name)
  if (foreign.length > 0)
    throw new Permanent('database-shared', `The database holds tables that are not Paigong's: ${foreign.join(', ')}.`, {
      fix: 'Make a database for Paigong alone, or name a schema for it: postgresql://…?schema=paigong',
    })
  const counts = await countRows(session, tables)
  const full = Object.entries(counts).filter(([, rows]) => rows > 0)
  if (replace || full.length === 0) return
  const rows = full.reduce((sum, [, count]) => sum + count, 0)
  throw new Permanent('database-not-empty', `The database is not empty: ${rows} rows in ${full.length} tables.`, {
    fix: 'Name an empty one; or, where all of that may go, say --replace. Back it up first.',
  })
}

const newer = (schema: string, known: string): Permanent =>
  new Permanent(
    'backup-newer',
    `The backup is of a later version: it has the migration ${schema}, and this version knows those up to ${known}.`,
    { fix: 'Restore it with the version of Paigong that made it, or a later one.' },
  )

const ownTypes = (all: readonly Migration[]): string[] => namedIn(all, /CREATE TYPE "([^"]+)"/g)
