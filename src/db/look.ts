import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { Permanent } from '../errors.ts'
import type { Clock } from '../now.ts'
import { lockFolder } from './lock.ts'
import { pendingMigrations, type Session } from './migrate.ts'
import { connection } from './session.ts'

/** What a database says of itself, and what the service keeps in it that somebody outside can get wrong. */
export interface DatabaseLook {
  kind: 'embedded' | 'server'
  /** Of PostgreSQL, e.g. 15. */
  version: number
  encoding: string
  readOnly: boolean
  /** The user may make tables, as new versions of the service do. */
  mayCreate: boolean
  /** How far its clock is ahead of ours, milliseconds. */
  aheadMs: number
  migrations: { applied: number; missing: string[] } | Permanent
  /** Null where the schema is not the one this version knows. */
  kept: Kept | null
}

export interface Kept {
  /** Of active people. */
  accounts: Array<{ platform: string; userId: string; name: string }>
  /** Webhook robots of groups. */
  robots: Array<{ team: string; platform: string; key: string; secret: string | null }>
  /** Names that an instance holds now. */
  leases: string[]
  counters: Array<{ name: string; value: number }>
  teams: Array<{ name: string; policy: string }>
  /** Names of rule books that were published here. */
  books: string[]
}

export interface LookOptions {
  url?: string | undefined
  dataDir: string
  company: string
  clock: Clock
}

const connectMs = 10_000
const mostAccounts = 500

/**
 * Looks into the database without changing anything. Null where the embedded one was never made.
 *
 * @throws Permanent `database-locked`, `database-refused`, `database-absent`, `database-unreachable`, `database-damaged`
 */
export function lookAtDatabase(options: LookOptions): Promise<DatabaseLook | null> {
  return options.url ? lookAtServer(options.url, options) : lookAtEmbedded(options)
}

async function lookAtEmbedded(options: LookOptions): Promise<DatabaseLook | null> {
  const folder = join(options.dataDir, 'pg')
  if (!existsSync(folder)) return null
  const release = await lockFolder(options.dataDir)
  try {
    const { openPGlite } = await import('./pglite.ts')
    const pglite = await openPGlite(folder).catch((cause: unknown) => {
      throw new Permanent('database-damaged', why(cause), { cause })
    })
    try {
      const query = async (sql: string, values?: unknown[]) =>
        (await pglite.query<Record<string, unknown>>(sql, values)).rows
      return await lookThrough('embedded', { query, exec: async () => {} }, options)
    } finally {
      await pglite.close()
    }
  } finally {
    await release()
  }
}

async function lookAtServer(url: string, options: LookOptions): Promise<DatabaseLook> {
  const { default: driver } = await import('pg')
  driver.defaults.user ??= userInfo().username
  const { config } = connection(url)
  const client = new driver.Client({ ...config, connectionTimeoutMillis: connectMs, statement_timeout: connectMs })
  client.on('error', () => {})
  try {
    await client.connect()
    const query = async (sql: string, values?: unknown[]) =>
      (await client.query<Record<string, unknown>>(sql, values)).rows
    return await lookThrough('server', { query, exec: async () => {} }, options)
  } catch (cause) {
    throw cause instanceof Permanent ? cause : new Permanent(codeOf(cause), why(cause), { cause })
  } finally {
    await client.end().catch(() => {})
  }
}

/** Classes of PostgreSQL's errors (postgresql.org/docs/current/errcodes-appendix.html). */
function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code.startsWith('28')) return 'database-refused'
  return code === '3D000' ? 'database-absent' : 'database-unreachable'
}

/** Never the address: it holds the password. */
function why(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown'
  const code = 'code' in cause ? String(cause.code) : ''
  return [code, cause.message.split('\n')[0]].filter(Boolean).join(' ').slice(0, 200)
}

const aboutShape = z.object({
  version: z.coerce.number(),
  encoding: z.string(),
  read_only: z.boolean(),
  may_create: z.boolean().nullable(),
  at: z.coerce.date(),
})

/** The same through a session that is open already. */
export async function lookThrough(
  kind: DatabaseLook['kind'],
  session: Session,
  options: Pick<LookOptions, 'clock' | 'company'>,
): Promise<DatabaseLook> {
  const { clock, company } = options
  const asked = clock.now().getTime()
  const [row] = await session.query(`
    SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding,
      current_setting('transaction_read_only')::boolean AS read_only,
      has_schema_privilege(current_schema(), 'CREATE') AS may_create, clock_timestamp() AS at`)
  const { version, encoding, read_only, may_create, at } = aboutShape.parse(row)
  const aheadMs = at.getTime() - (asked + clock.now().getTime()) / 2
  const migrations = await pendingMigrations(session).catch((error: unknown) => {
    if (error instanceof Permanent) return error
    throw error
  })
  const current = !(migrations instanceof Permanent) && migrations.missing.length === 0
  return {
    ...{ kind, version, encoding, readOnly: read_only, mayCreate: may_create === true, aheadMs, migrations },
    kept: current ? await keptIn(session, company) : null,
  }
}

async function keptIn(session: Session, company: string): Promise<Kept> {
  const all = async <T>(shape: z.ZodType<T>, sql: string): Promise<T[]> =>
    z.array(shape).parse(await session.query(sql, [company]))
  const text = z.string()
  return {
    accounts: await all(
      z.object({ platform: text, userId: text, name: text }),
      `SELECT i."platform", i."userId", p."name" FROM "Identity" i
       JOIN "Person" p ON p."company" = i."company" AND p."id" = i."personId"
       WHERE i."company" = $1 AND p."active" ORDER BY i."boundAt" DESC LIMIT ${mostAccounts}`,
    ),
    robots: await all(
      z.object({ team: text, platform: text, key: text, secret: text.nullable() }),
      `SELECT t."name" AS team, r."platform", r."key", r."secret" FROM "GroupRobot" r
       JOIN "Team" t ON t."company" = r."company" AND t."id" = r."teamId" WHERE r."company" = $1 ORDER BY t."name"`,
    ),
    leases: (
      await all(z.object({ name: text }), `SELECT "name" FROM "Lease" WHERE "company" = $1 AND "until" > now()`)
    ).map(({ name }) => name),
    counters: await all(
      z.object({ name: text, value: z.number() }),
      `SELECT "name", "value" FROM "Counter" WHERE "company" = $1`,
    ),
    teams: await all(
      z.object({ name: text, policy: text }),
      `SELECT "name", "policy" FROM "Team" WHERE "company" = $1 ORDER BY "name"`,
    ),
    books: (
      await all(
        z.object({ name: text }),
        `SELECT DISTINCT "name" FROM "PolicyVersion" WHERE "company" = $1 AND "withdrawnAt" IS NULL`,
      )
    ).map(({ name }) => name),
  }
}
