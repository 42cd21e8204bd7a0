import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Database, openDatabase } from '../src/db/open.ts'

/** A database of the bench's own, thrown away at the end. */
export interface Place {
  name: 'embedded' | 'postgres'
  db: Database
  /** For a process that is to run on it. */
  env: Record<string, string>
  /** Nobody but this process may have an embedded one open; a server is simply left. */
  close(): Promise<void>
  remove(): Promise<void>
}

const removals = new Set<() => Promise<void>>()

/** Throws away what is there, open or not: for a process that ends now. */
export async function removeAll(): Promise<void> {
  await Promise.all([...removals].map(remove => remove()))
}

export function embeddedPlace(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'paigong-bench-'))
  return openPlace('embedded', { dataDir }, async () => rmSync(dataDir, { recursive: true, force: true }))
}

/** Makes `paigong_bench_…` beside the database that `url` names, which is not touched. */
export async function serverPlace(url: string): Promise<Place> {
  const name = `paigong_bench_${randomBytes(4).toString('hex')}`
  const server = new URL(url)
  server.searchParams.delete('schema')
  const own = new URL(server)
  own.pathname = `/${name}`
  await onServer(server, `CREATE DATABASE ${name}`)
  return openPlace('postgres', { dataDir: '', url: own.href }, () =>
    onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  )
}

async function openPlace(
  name: Place['name'],
  options: Parameters<typeof openDatabase>[0],
  throwAway: () => Promise<void>,
): Promise<Place> {
  removals.add(throwAway)
  const remove = () => throwAway().finally(() => removals.delete(throwAway))
  try {
    const db = await openDatabase(options)
    let closing: Promise<void> | undefined
    const close = () => {
      closing ??= db.close()
      return closing
    }
    const { url, dataDir } = options
    const env = url ? { DATABASE_URL: url, DATA_DIR: tmpdir() } : { DATA_DIR: dataDir }
    return { name, db, env, close, remove: () => close().finally(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

async function onServer(server: URL, sql: string): Promise<void> {
  pg.defaults.user ??= userInfo().username
  const client = new pg.Client({ connectionString: server.href })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
