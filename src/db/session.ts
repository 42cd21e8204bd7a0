import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import type pg from 'pg'
import { Permanent } from '../errors.ts'
import { lockFolder, type Release } from './lock.ts'
import type { OpenSession, Session } from './migrate.ts'
import { openPGlite } from './pglite.ts'
import { threadSession } from './thread.ts'

/** Where a running service puts a copy of its embedded database while that is read; gone when it was. */
const copyName = 'pg.copy'

/** Connection settings from a URL. `schema` (as Prisma's URLs have it) becomes the search path. */
export function connection(url: string): { config: pg.PoolConfig; schema: string | undefined } {
  const parsed = new URL(url)
  const schema = parsed.searchParams.get('schema') ?? undefined
  const given = parsed.searchParams.get('options')
  parsed.searchParams.delete('schema')
  parsed.searchParams.delete('options')
  const options = [given, '-c timezone=UTC', schema ? `-c search_path=${schema}` : null].filter(Boolean).join(' ')
  return { config: { connectionString: parsed.href, options, application_name: 'paigong' }, schema }
}

/** One session of a server. @throws Permanent `database-unreachable` */
export async function serverSession(url: string, name = 'paigong'): Promise<OpenSession> {
  // Loaded here: who runs on the embedded database need not wait for it at each start.
  const { default: driver } = await import('pg')
  // libpq's default; `pg` would look at USER only, which containers and services often lack.
  driver.defaults.user ??= userInfo().username
  const { config } = connection(url)
  const client = new driver.Client({ ...config, application_name: name })
  // A connection lost while idle is reported here too; the query that needs it fails by itself.
  client.on('error', () => {})
  await client.connect().catch((error: unknown) => {
    throw unreachable(config.connectionString ?? '', error)
  })
  return {
    exec: async sql => void (await client.query(sql)),
    query: async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
    close: () => client.end(),
  }
}

function unreachable(url: string, cause: unknown): Permanent {
  const { host, pathname } = new URL(url)
  const why = cause instanceof Error ? cause.message || ((cause as NodeJS.ErrnoException).code ?? '') : String(cause)
  return new Permanent('database-unreachable', `PostgreSQL at ${host}${pathname} can't be used: ${why}`, {
    fix: 'Check DATABASE_URL, that the server runs, and that the database and the user exist.',
  })
}

/** A PGlite seen as a session. The adapters write and read times without an offset: they are right in UTC sessions only. */
export async function sessionOf(pglite: PGlite): Promise<Session> {
  await pglite.exec(`SET TIME ZONE 'UTC'`)
  return {
    exec: async sql => void (await pglite.exec(sql)),
    query: async (sql, values) => (await pglite.query<Record<string, unknown>>(sql, values)).rows,
  }
}

export const embeddedFolder = (dataDir: string): string => join(dataDir, 'pg')

/**
 * The embedded database of a folder, which is this process's until it is released. Made when there is none.
 *
 * @throws Permanent `database-locked`
 */
export async function openFolder(dataDir: string): Promise<{ pglite: PGlite; release: Release }> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const release = await lockFolder(dataDir)
  try {
    const folder = embeddedFolder(dataDir)
    // What a process left that was killed while it was read.
    rmSync(join(dataDir, copyName), { recursive: true, force: true })
    if (!existsSync(folder)) await initialise(folder)
    return { pglite: await openPGlite(folder), release }
  } catch (error) {
    await release()
    throw error
  }
}

/** Made beside and then renamed: a first start that was killed leaves nothing half done in the final place. */
async function initialise(folder: string): Promise<void> {
  const early = `${folder}.new`
  rmSync(early, { recursive: true, force: true })
  const pglite = await openPGlite(early)
  await pglite.close()
  renameSync(early, folder)
}

/** One session of the embedded database of a folder. @throws Permanent `database-locked` */
export async function folderSession(dataDir: string): Promise<OpenSession> {
  const { pglite, release } = await openFolder(dataDir)
  const close = async () => {
    await pglite.close()
    await release()
  }
  return { ...(await sessionOf(pglite)), close }
}

/**
 * A copy of a running PGlite, to be read at leisure: it has one connection only, and reading all of it there would keep
 * everybody else waiting. Work stands still while its files are copied; they are then what a crash at that moment would
 * have left, which PostgreSQL opens as it does after one.
 *
 * @throws Permanent `no-room`
 */
export async function copySession(pglite: PGlite, dataDir: string): Promise<OpenSession> {
  if (dataDir.startsWith('memory://')) {
    const copy = await openPGlite('memory://', { loadDataDir: await pglite.dumpDataDir('none') })
    return { ...(await sessionOf(copy)), close: () => copy.close() }
  }
  const folder = join(dataDir, copyName)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    // Less for the copy to catch up with.
    await pglite.exec('CHECKPOINT')
    await pglite.runExclusive(() => cp(embeddedFolder(dataDir), folder, { recursive: true }))
    const copy = await threadSession(folder)
    const close = async () => {
      await copy.close()
      remove()
    }
    return { ...copy, close }
  } catch (error) {
    remove()
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noRoom(folder) : error
  }
}

const noRoom = (folder: string): Permanent =>
  new Permanent('no-room', `There is no room for a copy of the database at ${folder}.`, {
    fix: 'It needs as much as the folder pg beside it: free some, or stop the service and back it up then.',
  })
