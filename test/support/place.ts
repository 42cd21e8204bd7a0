import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../src/db/open.ts'
import { openPGlite } from '../../src/db/pglite.ts'
import { databaseUrl, onServer } from './global.ts'

/** Where the service keeps its data over restarts. */
export interface Place {
  readonly env: Record<string, string>
  /** For looking into it. The embedded one can be opened only while no service runs on it. */
  open(): Promise<Database>
  remove(): Promise<void>
}

/** `snapshot`: a migrated database to begin with, else the first start makes one. `under`: in this folder. */
export async function embeddedPlace(snapshot?: string, under = tmpdir()): Promise<Place> {
  const dataDir = mkdtempSync(join(under, 'paigong-place-'))
  if (snapshot !== undefined) {
    const loadDataDir = new Blob([readFileSync(snapshot)])
    await (await openPGlite(join(dataDir, 'pg'), { loadDataDir })).close()
  }
  return {
    env: { DATA_DIR: dataDir },
    open: () => openDatabase({ dataDir }),
    remove: async () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

export async function serverPlace(server: string, prefix = 'paigong_process'): Promise<Place> {
  const name = `${prefix}_${randomBytes(4).toString('hex')}`
  await onServer(server, sql => sql(`CREATE DATABASE ${name}`))
  const url = databaseUrl(server, name)
  return {
    env: { DATABASE_URL: url, DATA_DIR: join(tmpdir(), name) },
    open: () => openDatabase({ url, dataDir: '' }),
    remove: () => onServer(server, async sql => void (await sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  }
}
