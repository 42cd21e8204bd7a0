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
  remove(): Promise<void>
}

export async function embeddedPlace(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'paigong-bench-'))
  const away = () => rmSync(dataDir, { recursive: true, force: true })
  try {
    const db = await openDatabase({ dataDir })
    return { name: 'embedded', db, remove: () => db.close().finally(away) }
  } catch (error) {
    away()
    throw error
  }
}

/** Makes `paigong_bench_…` beside the database that `url` names, which is not touched. */
export async function serverPlace(url: string): Promise<Place> {
  const name = `paigong_bench_${randomBytes(4).toString('hex')}`
  const own = new URL(url)
  own.pathname = `/${name}`
  own.searchParams.delete('schema')
  const drop = () => onServer(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await onServer(url, `CREATE DATABASE ${name}`)
  try {
    const db = await openDatabase({ url: own.href, dataDir: '' })
    return { name: 'postgres', db, remove: () => db.close().finally(drop) }
  } catch (error) {
    await drop()
    throw error
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  pg.defaults.user ??= userInfo().username
  const server = new URL(url)
  server.searchParams.delete('schema')
  const client = new pg.Client({ connectionString: server.href })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
