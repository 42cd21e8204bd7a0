import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type pg from 'pg'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { Permanent } from '../errors.ts'
import { PrismaClient } from '../generated/prisma/client.ts'
import { lockFolder } from './lock.ts'
import { migrate } from './migrate.ts'
import { preparing } from './prepared.ts'

export interface Database {
  readonly prisma: PrismaClient
  readonly kind: 'embedded' | 'server'
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** A PostgreSQL server; without it the embedded database in `dataDir` is used. */
  url?: string
  /** Where the embedded database lives (in its folder `pg`), or `memory://` for one that is gone when closed. */
  dataDir: string
  /** Connections to the server at most. */
  poolSize?: number
}

/** Milliseconds. Under load transactions queue up (the embedded database has one connection): better late than failed. */
const transactionOptions = { maxWait: 30_000, timeout: 30_000 }
/** Short errors: long ones quote what was written, and to know where from costs a stack trace for every statement. */
const settings = { transactionOptions, errorFormat: 'minimal' } as const

/**
 * Opens the database and brings it up to date.
 *
 * @throws Permanent `database-locked`, `database-unreachable`, `database-newer`, `migration-changed`, `migration-failed`
 */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url ? openServer(options.url, options) : openEmbedded(options.dataDir)
}

async function openEmbedded(dataDir: string): Promise<Database> {
  if (dataDir.startsWith('memory://')) return wrapPGlite(await PGlite.create(dataDir), async () => {})
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const release = await lockFolder(dataDir)
  try {
    const folder = join(dataDir, 'pg')
    if (!existsSync(folder)) await initialise(folder)
    return await wrapPGlite(await PGlite.create(folder), release)
  } catch (error) {
    await release()
    throw error
  }
}

/** Made beside and then renamed: a first start that was killed leaves nothing half done in the final place. */
async function initialise(folder: string): Promise<void> {
  const early = `${folder}.new`
  rmSync(early, { recursive: true, force: true })
  const pglite = await PGlite.create(early)
  await pglite.close()
  renameSync(early, folder)
}

/** A database on a running PGlite, brought up to date. Closing it closes the PGlite. */
export async function wrapPGlite(pglite: PGlite, release: () => Promise<void>): Promise<Database> {
  try {
    // The adapters write and read times without an offset: they are right in UTC sessions only.
    await pglite.exec(`SET TIME ZONE 'UTC'`)
    await migrate({
      exec: async sql => void (await pglite.exec(sql)),
      query: async (sql, values) => (await pglite.query<Record<string, unknown>>(sql, values)).rows,
    })
  } catch (error) {
    await pglite.close()
    throw error
  }
  const prisma = new PrismaClient({ adapter: new PrismaPGlite(preparing(pglite)), ...settings })
  return {
    prisma,
    kind: 'embedded',
    async close() {
      await prisma.$disconnect()
      if (!pglite.closed) await pglite.close()
      await release()
    },
  }
}

/** Connection settings from a URL. `schema` (as Prisma's URLs have it) becomes the search path. */
function connection(url: string): { config: pg.PoolConfig; schema: string | undefined } {
  const parsed = new URL(url)
  const schema = parsed.searchParams.get('schema') ?? undefined
  const given = parsed.searchParams.get('options')
  parsed.searchParams.delete('schema')
  parsed.searchParams.delete('options')
  const options = [given, '-c timezone=UTC', schema ? `-c search_path=${schema}` : null].filter(Boolean).join(' ')
  return { config: { connectionString: parsed.href, options, application_name: 'paigong' }, schema }
}

async function openServer(url: string, { poolSize = 10 }: DatabaseOptions): Promise<Database> {
  // Loaded here: who runs on the embedded database need not wait for it at each start.
  const [{ default: driver }, { PrismaPg }] = await Promise.all([import('pg'), import('@prisma/adapter-pg')])
  // libpq's default; `pg` would look at USER only, which containers and services often lack.
  driver.defaults.user ??= userInfo().username
  const { config, schema } = connection(url)
  const client = new driver.Client(config)
  // A connection lost while idle is reported here too; the query that needs it fails by itself.
  client.on('error', () => {})
  await client.connect().catch((error: unknown) => {
    throw unreachable(config.connectionString ?? '', error)
  })
  try {
    await migrate({
      exec: async sql => void (await client.query(sql)),
      query: async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
    })
  } finally {
    await client.end()
  }
  const pool = { ...config, max: poolSize, connectionTimeoutMillis: transactionOptions.maxWait }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, schema ? { schema } : {}), ...settings })
  return { prisma, kind: 'server', close: () => prisma.$disconnect() }
}

function unreachable(url: string, cause: unknown): Permanent {
  const { host, pathname } = new URL(url)
  const why = cause instanceof Error ? cause.message || ((cause as NodeJS.ErrnoException).code ?? '') : String(cause)
  return new Permanent('database-unreachable', `PostgreSQL at ${host}${pathname} can't be used: ${why}`, {
    fix: 'Check DATABASE_URL, that the server runs, and that the database and the user exist.',
  })
}
