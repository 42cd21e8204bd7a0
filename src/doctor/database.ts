import type { Config } from '../config.ts'
import { type DatabaseLook, lookAtDatabase } from '../db/look.ts'
import { Permanent } from '../errors.ts'
import type { Clock } from '../now.ts'
import type { SystemFinding } from './finding.ts'
import type { SystemFound } from './machine.ts'

/** Migrations call `gen_random_uuid()`, which is built in from here on. */
const leastVersion = 13
const mostApartMs = 60_000

const broken: Readonly<Record<string, SystemFinding>> = {
  'database-locked': 'database.locked',
  'database-damaged': 'database.damaged',
  'database-refused': 'database.refused',
  'database-absent': 'database.absent',
  'database-unreachable': 'database.unreachable',
}

const histories: Readonly<Record<string, SystemFinding>> = {
  'database-newer': 'database.newer',
  'migration-changed': 'database.changed',
  'migration-failed': 'database.unfinished',
}

/** Looks into the database; null where there is none yet, or nobody can look. */
export async function checkDatabase(
  { DATABASE_URL: url, DATA_DIR: dataDir }: Config,
  { clock, company, look: into = lookAtDatabase }: { clock: Clock; company: string; look?: typeof lookAtDatabase },
  found: SystemFound,
): Promise<DatabaseLook | null> {
  const facts = { host: url ? new URL(url).host : '', folder: dataDir }
  try {
    const look = await into({ url, dataDir, company, clock })
    if (look) judge(look, facts, found)
    return look
  } catch (error) {
    const code = error instanceof Permanent ? broken[error.code] : undefined
    if (!(error instanceof Permanent) || !code) throw error
    found(code, { ...facts, why: error.message, pid: /pid (\d+)/.exec(error.message)?.[1] ?? '?' })
    return null
  }
}

/** What is wrong with a database that answers. */
export function judge(look: DatabaseLook, facts: { host: string }, found: SystemFound): void {
  const { version, encoding, readOnly, mayCreate, aheadMs, migrations } = look
  if (version < leastVersion) found('database.old', { version })
  if (encoding !== 'UTF8') found('database.encoding', { encoding })
  if (readOnly) found('database.read-only', facts)
  else if (!mayCreate) found('database.no-rights', facts)
  if (Math.abs(aheadMs) > mostApartMs) found('database.clock', { seconds: Math.round(Math.abs(aheadMs) / 1_000) })
  if (migrations instanceof Permanent)
    found(histories[migrations.code] ?? 'database.unfinished', { why: migrations.message })
  // One that was never used is filled by the first start.
  else if (migrations.applied > 0 && migrations.missing.length > 0)
    found('database.behind', { count: migrations.missing.length, first: migrations.missing[0] ?? '' })
}
