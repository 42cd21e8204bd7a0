import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { readMigrations } from '../../src/db/migrate.ts'
import { openDatabase, wrapPGlite } from '../../src/db/open.ts'
import { openPGlite } from '../../src/db/pglite.ts'
import { projectRoot } from '../../src/root.ts'

/** What `freshDatabase` starts from. */
export type TestBase = { kind: 'embedded'; snapshot: string } | { kind: 'postgres'; server: string; prefix: string }

declare module 'vitest' {
  interface ProvidedContext {
    testBase: TestBase
  }
}

/** Makes a migrated database once, which each test file then copies. Chosen by TEST_DB: `embedded` or `postgres`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.TEST_DB === 'postgres') return setupServer(project)
  project.provide('testBase', { kind: 'embedded', snapshot: await makeSnapshot() })
  return async () => {}
}

/** A migrated PGlite as a tar file; kept until the migrations or PGlite change. */
async function makeSnapshot(): Promise<string> {
  const pglitePackage = readFileSync(join(projectRoot, 'node_modules/@electric-sql/pglite/package.json'), 'utf8')
  const versions = [pglitePackage, ...(await readMigrations()).map(({ name, checksum }) => `${name} ${checksum}`)]
  const hash = createHash('sha256').update(versions.join('\n')).digest('hex').slice(0, 16)
  const folder = join(projectRoot, 'node_modules/.cache/paigong')
  const file = join(folder, `pglite-${hash}.tar`)
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const pglite = await openPGlite('memory://')
  const db = await wrapPGlite(pglite, async () => {})
  const tar = await pglite.dumpDataDir('none')
  await db.close()
  const early = `${file}.${process.pid}`
  writeFileSync(early, Buffer.from(await tar.arrayBuffer()))
  renameSync(early, file)
  return file
}

async function setupServer(project: TestProject): Promise<() => Promise<void>> {
  const server = await findServer()
  const prefix = `paigong_${randomBytes(4).toString('hex')}`
  await onServer(server, sql => sql(`CREATE DATABASE ${prefix}_template`))
  const db = await openDatabase({ url: databaseUrl(server, `${prefix}_template`), dataDir: '' })
  await db.close()
  project.provide('testBase', { kind: 'postgres', server, prefix })
  return () =>
    onServer(server, async sql => {
      const rows = await sql(`SELECT datname FROM pg_database WHERE datname LIKE '${prefix}_%'`)
      for (const { datname } of rows) await sql(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`)
    })
}

async function findServer(): Promise<string> {
  const given = process.env.TEST_DATABASE_URL
  const candidates = given
    ? [given]
    : ['postgresql://127.0.0.1:5432/postgres', 'postgresql://postgres@127.0.0.1:5432/postgres']
  const problems: string[] = []
  for (const url of candidates) {
    try {
      await onServer(url, sql => sql('SELECT 1'))
      return url
    } catch (error) {
      problems.push((error as Error).message || String((error as NodeJS.ErrnoException).code))
    }
  }
  throw new Error(`No PostgreSQL to test on (set TEST_DATABASE_URL): ${problems.join('; ')}`)
}

export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

type Sql = (text: string) => Promise<Array<Record<string, unknown>>>

export async function onServer<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  pg.defaults.user ??= userInfo().username
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(async text => (await client.query<Record<string, unknown>>(text)).rows)
  } finally {
    await client.end()
  }
}
