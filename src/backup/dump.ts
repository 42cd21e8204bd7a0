import { readMigrations, type Session } from '../db/migrate.ts'
import { Permanent } from '../errors.ts'
import { Digest, type Sum } from './digest.ts'
import { type Content, formatVersion } from './header.ts'
import { countRows, historyTable, ownTables, quoted, readTables, type Table } from './tables.ts'

/**
 * What is in a backup, line by line:
 *
 *     {"content":{…}}                                the header once more
 *     {"table":"Team","columns":["company","id"]}    then a row a line, columns as PostgreSQL writes them as text
 *     ["main","019ac…"]
 *     {"end":"Team","rows":1,"checksum":"…"}
 *     …
 *     {"end":null,"tables":35}
 */
export interface Dump {
  content: Content
  lines: AsyncGenerator<string>
}

/** Rows at once: as many as this many bytes hold, judged by the largest row so far, never more than `most`. */
const wantedBytes = 2 * 1024 * 1024
const most = { usual: 500, withFiles: 8 }

/** So that text says the same wherever it is written. */
const settings = `SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`

/**
 * Everything of Paigong's in a database as it is at one moment, in a transaction that changes nothing and keeps nobody
 * waiting. It is over when the lines are, or when they are given up. @throws Permanent `no-database`
 */
export async function dump(session: Session, of: { at: Date; database: Content['database'] }): Promise<Dump> {
  const own = ownTables(await readMigrations())
  await session.exec(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${settings}`)
  try {
    // Others may keep tables beside ours. No restore would put them back, and we may not even be allowed to read them.
    const tables = (await readTables(session)).filter(({ name }) => own.includes(name))
    if (tables.length === 0) throw nothing()
    const [last] = await session.query(
      `SELECT migration_name FROM ${historyTable} WHERE rolled_back_at IS NULL ORDER BY migration_name COLLATE "C" DESC LIMIT 1`,
    )
    const content: Content = {
      ...{ format: 'paigong-backup', version: formatVersion, schema: String(last?.migration_name) },
      ...{ at: of.at.toISOString(), database: of.database, tables: await countRows(session, tables) },
    }
    return { content, lines: linesOf(session, tables, content) }
  } catch (error) {
    await session.exec('ROLLBACK')
    throw error
  }
}

const nothing = (): Permanent =>
  new Permanent('no-database', 'The database holds no table of Paigong: the service has never run on it.', {
    fix: 'Check DATABASE_URL, and the schema it names.',
  })

async function* linesOf(session: Session, tables: readonly Table[], content: Content): AsyncGenerator<string> {
  try {
    yield JSON.stringify({ content })
    for (const table of tables) {
      yield JSON.stringify({ table: table.name, columns: table.columns.map(({ name }) => name) })
      const digest = new Digest()
      for await (const row of rowsOf(session, table)) {
        digest.add(row)
        yield row
      }
      yield JSON.stringify({ end: table.name, ...digest.sum })
    }
    yield JSON.stringify({ end: null, tables: tables.length })
  } finally {
    // Where the session is gone already, so is its transaction.
    await session.exec('ROLLBACK').catch(() => {})
  }
}

/** What each table comes to, read in a transaction of the caller's. */
export async function sums(session: Session, tables: readonly Table[]): Promise<Map<string, Sum>> {
  await session.exec(settings)
  const all = new Map<string, Sum>()
  for (const table of tables) {
    const digest = new Digest()
    for await (const row of rowsOf(session, table)) digest.add(row)
    all.set(table.name, digest.sum)
  }
  return all
}

/** Rows of a table as lines. Within a transaction. */
async function* rowsOf(session: Session, { name, columns }: Table): AsyncGenerator<string> {
  const limit = columns.some(({ type }) => type === 'bytea') ? most.withFiles : most.usual
  const texts = columns.map(column => `${quoted(column.name)}::text`)
  await session.exec(
    `DECLARE rows NO SCROLL CURSOR FOR SELECT array_to_json(ARRAY[${texts.join(', ')}])::text AS "row" FROM ${quoted(name)}`,
  )
  let largest = 1
  let count = Math.min(limit, 8)
  for (;;) {
    const rows = await session.query(`FETCH ${count} FROM rows`)
    for (const { row } of rows) {
      const line = String(row)
      largest = Math.max(largest, line.length)
      yield line
    }
    if (rows.length < count) break
    count = Math.max(1, Math.min(limit, 2 * count, Math.floor(wantedBytes / largest)))
  }
  await session.exec('CLOSE rows')
}
