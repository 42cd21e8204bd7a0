import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, type PlatformChoice, readConfig } from '../config.ts'
import type { DatabaseLook, lookAtDatabase } from '../db/look.ts'
import { Invalid } from '../errors.ts'
import type { Clock } from '../now.ts'
import type { Checkup, CheckupDeps, Known } from '../platforms/checkup.ts'
import { checkDatabase } from './database.ts'
import type { Language, LookName } from './finding.ts'
import { checkData } from './machine.ts'
import { Journal } from './report.ts'
import { checkRules, checkTeams } from './rules.ts'
import { askService } from './service.ts'
import { complaintIn, noAddress, whereIs } from './settingwords.ts'

export interface DoctorDeps {
  clock: Clock
  exchange: CheckupDeps['exchange']
  /** The company the service keeps its data under. */
  company: string
  /** The checkup of each platform that is on, by its name. */
  checkups: (config: Config) => ReadonlyArray<{ platform?: PlatformChoice; checkup: Checkup }>
  language: Language
  /** How the database is looked into; its own way when missing. */
  look?: typeof lookAtDatabase
  begun?: (name: LookName) => void
}

/**
 * Looks at everything an operator can have set wrong, from the same environment the service is started with. It changes
 * nothing, here or at a platform. Where the configuration cannot be read nothing else is looked at.
 */
export async function examine(env: Record<string, string | undefined>, deps: DoctorDeps): Promise<Journal> {
  const journal = new Journal(deps.begun)
  const config = await readSettings(env, journal, deps.language)
  if (!config) return journal
  const running = { service: null as Awaited<ReturnType<typeof askService>> }
  await journal.look('service', async found => {
    running.service = await askService(config, found)
  })
  await journal.look('data', found => checkData(config.DATA_DIR, found))
  const look = await lookIntoDatabase(config, deps, journal, running.service !== null)
  if (config.POLICY_DIR || look?.kept)
    await journal.look('rules', async found => checkRules(config, look?.kept ?? null, found))
  const { TEAMS_FILE } = config
  if (TEAMS_FILE) await journal.look('teams', found => checkTeams(TEAMS_FILE, found))
  for (const { platform, checkup } of deps.checkups(config))
    await checkup({
      ...{ report: journal, clock: deps.clock, exchange: deps.exchange, publicUrl: config.PUBLIC_URL },
      publicReached: !journal.findings.some(({ code }) => code.startsWith('door.')),
      ...{ running: running.service !== null, known: platform ? knownOf(look, platform) : null },
      counters: running.service?.counters ?? new Map(look?.kept?.counters.map(({ name, value }) => [name, value])),
    })
  return journal
}

async function readSettings(
  env: Record<string, string | undefined>,
  journal: Journal,
  language: Language,
): Promise<Config | null> {
  const read: { config: Config | null } = { config: null }
  await journal.look('config', async found => {
    try {
      const config = readConfig(env)
      const { DATABASE_URL: url } = config
      if (url === undefined || URL.canParse(url)) read.config = config
      else throw new Invalid('DATABASE_URL', [{ path: 'DATABASE_URL', message: noAddress }])
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      for (const { path: name, message } of error.problems) {
        const missing = /^is missing: (.*)$/.exec(message)?.[1]
        const why = complaintIn(language, missing ?? message)
        found(missing === undefined ? 'config.wrong' : 'config.missing', { name, why, where: whereIs(name, language) })
      }
    }
  })
  return read.config
}

async function lookIntoDatabase(
  config: Config,
  deps: DoctorDeps,
  journal: Journal,
  running: boolean,
): Promise<DatabaseLook | null> {
  // The embedded database has one process at a time, and that is the service's.
  if (running && !config.DATABASE_URL) {
    journal.skip('database', 'running')
    return null
  }
  if (!config.DATABASE_URL && !existsSync(join(config.DATA_DIR, 'pg'))) {
    journal.skip('database', 'nothing')
    return null
  }
  const seen: { look: DatabaseLook | null } = { look: null }
  await journal.look('database', async found => {
    seen.look = await checkDatabase(config, deps, found)
  })
  return seen.look
}

function knownOf(look: DatabaseLook | null, platform: PlatformChoice): Known | null {
  if (!look?.kept) return null
  const { accounts, robots, leases } = look.kept
  return {
    people: accounts.filter(one => one.platform === platform),
    robots: robots.filter(one => one.platform === platform),
    leases,
  }
}
