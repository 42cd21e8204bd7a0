import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { expect, inject } from 'vitest'
import type { OpenSession, Session } from '../../src/db/migrate.ts'
import { type Database, openDatabase, wrapPGlite } from '../../src/db/open.ts'
import { openPGlite } from '../../src/db/pglite.ts'
import { serverSession, sessionOf } from '../../src/db/session.ts'
import { databaseUrl, onServer } from './global.ts'

export interface TestDatabase extends Database {
  /** Empties every table; the schema stays. */
  reset(): Promise<void>
  /** Another client of the same database, as a second instance has; on the embedded one it is this one. */
  another(): Promise<Database>
}

/** Databases of this worker that nobody uses at the moment: to open one takes as long as a story. */
const unused: TestDatabase[] = []

/**
 * A database of its own with the current schema and nothing in it: take one per test file in `beforeAll`, `reset()` it in
 * `beforeEach`, `close()` it in `afterAll`. The next file of the worker gets it then, so the schema is left as it is.
 * TEST_DB=postgres puts it on a server.
 */
export async function freshDatabase(): Promise<TestDatabase> {
  const ready = unused.pop()
  if (ready) return ready
  const base = inject('testBase')
  const made = base.kind === 'embedded' ? await onPGlite(base.snapshot) : await onPostgres(base.server, base.prefix)
  const before = await tables(made)
  const db: TestDatabase = {
    ...made,
    async close() {
      expect(await tables(made)).toEqual(before)
      await truncate(made)
      unused.push(db)
    },
  }
  return db
}

async function onPGlite(snapshot: string): Promise<TestDatabase> {
  const loadDataDir = new Blob([readFileSync(snapshot)])
  const db = await wrapPGlite(await openPGlite('memory://', { loadDataDir }), async () => {})
  return { ...db, reset: await resetter(db), another: async () => ({ ...db, close: async () => {} }) }
}

/** Dropped when the run is over. */
async function onPostgres(server: string, prefix: string): Promise<TestDatabase> {
  const name = `${prefix}_${randomBytes(4).toString('hex')}`
  await onServer(server, sql => sql(`CREATE DATABASE ${name} TEMPLATE ${prefix}_template`))
  const url = new URL(databaseUrl(server, name))
  // What a crash would lose is lost anyway: no commit waits for the disk.
  url.searchParams.set('options', '-c synchronous_commit=off')
  const open = () => openDatabase({ url: url.href, dataDir: '' })
  const db = await open()
  return { ...db, reset: await resetter(db), another: open }
}

const tables = ({ prisma }: Database) => prisma.$queryRaw<Array<{ name: string }>>`
  SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`

/** As it was at the beginning: new files, no dead rows, nothing known of sizes, so that plans are the same for every file. */
async function truncate(db: Database): Promise<void> {
  const names = (await tables(db)).map(({ name }) => name)
  await db.prisma.$executeRawUnsafe(`TRUNCATE ${names.join(', ')} RESTART IDENTITY CASCADE`)
}

/** Between stories rows are deleted: TRUNCATE takes a quarter of a second on the embedded database. */
async function resetter(db: Database): Promise<() => Promise<void>> {
  const script = `DO $$ BEGIN ${(await tables(db)).map(({ name }) => `DELETE FROM ${name};`).join(' ')} END $$`
  return async () => void (await db.prisma.$executeRawUnsafe(script))
}

/** A database with the current schema and nothing in it that a test may build anew; `open` makes it one the service runs on. */
export interface SpareDatabase extends OpenSession {
  open(): Promise<Database>
  /** A session of somebody else's; the embedded database has only the one. */
  besides?(): Promise<OpenSession>
}

export async function spareDatabase(): Promise<SpareDatabase> {
  const base = inject('testBase')
  if (base.kind === 'embedded') {
    const pglite = await openPGlite('memory://', { loadDataDir: new Blob([readFileSync(base.snapshot)]) })
    const open = () => wrapPGlite(pglite, async () => {})
    return { ...(await sessionOf(pglite)), open, close: async () => (pglite.closed ? undefined : pglite.close()) }
  }
  const name = `${base.prefix}_${randomBytes(4).toString('hex')}`
  await onServer(base.server, sql => sql(`CREATE DATABASE ${name} TEMPLATE ${base.prefix}_template`))
  const url = databaseUrl(base.server, name)
  return {
    ...(await serverSession(url, 'paigong-spare')),
    open: () => openDatabase({ url, dataDir: '' }),
    besides: () => serverSession(url, 'somebody'),
  }
}

/** One bare session of a database of its own, for tests of what happens below Prisma. */
export async function freshSession(): Promise<Session & { close(): Promise<void> }> {
  const base = inject('testBase')
  if (base.kind === 'embedded') {
    const pglite = await openPGlite('memory://', { loadDataDir: new Blob([readFileSync(base.snapshot)]) })
    return {
      exec: async sql => void (await pglite.exec(sql)),
      query: async (sql, values) => (await pglite.query<Record<string, unknown>>(sql, values)).rows,
      close: () => pglite.close(),
    }
  }
  const name = `${base.prefix}_${randomBytes(4).toString('hex')}`
  await onServer(base.server, sql => sql(`CREATE DATABASE ${name} TEMPLATE ${base.prefix}_template`))
  const client = new pg.Client({ connectionString: databaseUrl(base.server, name) })
  await client.connect()
  return {
    exec: async sql => void (await client.query(sql)),
    query: async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
    close: () => client.end(),
  }
}

/** A PGlite without any table; opened in a tenth of the time a new one takes. */
export async function emptyPGlite(): Promise<PGlite> {
  const base = inject('testBase')
  if (base.kind === 'postgres') return openPGlite('memory://')
  const pglite = await openPGlite('memory://', { loadDataDir: new Blob([readFileSync(base.snapshot)]) })
  await pglite.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  return pglite
}
