import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Kept } from '../db/look.ts'
import { Invalid } from '../errors.ts'
import { readTeamsFile } from '../people/enter.ts'
import { loadPacks } from '../policy/load.ts'
import type { Policies } from '../policy/versions.ts'
import { caseFaults } from '../policycheck.ts'
import { projectRoot } from '../root.ts'
import type { SystemFound } from './machine.ts'

/** The rule books of the company’s own folder: readable, and their cases come out as they say. Those that come along are tested. */
export function checkRules({ POLICY_DIR, BUSINESS_ZONE }: Config, kept: Kept | null, found: SystemFound): void {
  const names = POLICY_DIR ? namesOf(POLICY_DIR, BUSINESS_ZONE, found) : ownNames()
  if (!names || !kept) return
  for (const { name: team, policy: book } of kept.teams)
    if (!names.includes(book) && !kept.books.includes(book)) found('rules.unknown', { team, book })
}

const ownNames = (): string[] =>
  readdirSync(join(projectRoot, 'src/policy/packs')).flatMap(file => /^(.+)\.yaml$/.exec(file)?.[1] ?? [])

function namesOf(folder: string, zone: string, found: SystemFound): string[] | null {
  let packs: Policies
  try {
    packs = loadPacks(folder, zone)
  } catch (error) {
    if (error instanceof Invalid) for (const why of error.message.split('\n')) found('rules.unreadable', { why })
    else if (error instanceof Error && 'code' in error) found('rules.unreadable', { why: error.message })
    else throw error
    return null
  }
  for (const policy of packs.keys().flatMap(name => packs.versionsOf(name)))
    for (const { name, message } of caseFaults(policy))
      found('rules.case', { book: policy.name, case: name, why: message })
  return packs.keys()
}

export async function checkTeams(file: string, found: SystemFound): Promise<void> {
  try {
    await readTeamsFile(file)
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    for (const why of error.message.split('\n')) found('teams.unreadable', { why })
  }
}
