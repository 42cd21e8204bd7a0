import type { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { PrismaClient } from '../generated/prisma/client.ts'
import { direct } from './direct.ts'
import { type Held, transactionMs } from './mark.ts'
import { migrate, type OpenSession } from './migrate.ts'
import './wasm.ts'
import { openPGlite } from './pglite.ts'
import { preparing } from './prepared.ts'
import { connection, copySession, openFolder, serverSession, sessionOf } from './session.ts'

export interface Database {
  readonly prisma: PrismaClient
  readonly kind: 'embedded' | 'server'
  /** Begins a transaction on a connection of its own; embedded, where there is one connection, Prisma does. */
  begin?(): Promise<Held>
  /** A session besides, to read everything as it is at one moment: on a server one of its own, embedded one on a copy. */
  session(): Promise<OpenSession>
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
const transactionOptions = { maxWait: 30_000, timeout: transactionMs }
/** Milliseconds. No statement takes as long; migrations may, and have a connection of their own. */
const silenceMs = 2 * transactionMs
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
  if (dataDir.startsWith('memory://')) return wrapPGlite(await openPGlite(dataDir), async () => {})
  const { pglite, release } = await openFolder(dataDir)
  try {
    return await wrapPGlite(pglite, release, dataDir)
  } catch (error) {
    await release()
    throw error
  }
}

/** A database on a running PGlite, brought up to date. Closing it closes the PGlite. */
export async function wrapPGlite(
  pglite: PGlite,
  release: () => Promise<void>,
  dataDir = 'memory://',
): Promise<Database> {
  try {
    await migrate(await sessionOf(pglite))
  } catch (error) {
    await pglite.close()
    throw error
  }
  const { pglite: prepared, line } = preparing(pglite)
  const prisma = new PrismaClient({ adapter: new PrismaPGlite(prepared), ...settings })
  return {
    prisma: direct(prisma, () => line),
    kind: 'embedded',
    session: () => copySession(pglite, dataDir),
    async close() {
      await prisma.$disconnect()
      if (!pglite.closed) await pglite.close()
      await release()
    },
  }
}

async function openServer(url: string, { poolSize = 10 }: DatabaseOptions): Promise<Database> {
  // Loaded here: who runs on the embedded database need not wait for them at each start.
  const [{ PrismaPg }, { Pool }] = await Promise.all([import('@prisma/adapter-pg'), import('./server.ts')])
  const session = await serverSession(url)
  try {
    await migrate(session)
  } finally {
    await session.close()
  }
  const { config, schema } = connection(url)
  const pool = new Pool({ ...config, max: poolSize, connectionTimeoutMillis: transactionOptions.maxWait }, silenceMs)
  // A connection lost while idle is reported here too; the next statement gets another.
  pool.on('error', () => {})
  // The adapter takes a missing name for none, though its type knows only names.
  const statementNameGenerator = ({ sql }: { sql: string }) => pool.naming(sql) as string
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { ...(schema && { schema }), statementNameGenerator }),
    ...settings,
  })
  return {
    prisma: direct(prisma, () => pool.line),
    kind: 'server',
    begin: () => pool.begin(),
    session: () => serverSession(url),
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}
