import type { Facts, PlatformFinding, PlatformLook } from '../platforms/checkup.ts'

/** What the doctor may find on this machine, in the configuration and in the database. */
export type SystemFinding =
  | 'config.missing'
  | 'config.wrong'
  | 'service.port-taken'
  | 'service.problem'
  | 'data.not-writable'
  | 'data.space-low'
  | 'database.locked'
  | 'database.damaged'
  | 'database.unreachable'
  | 'database.refused'
  | 'database.absent'
  | 'database.old'
  | 'database.encoding'
  | 'database.read-only'
  | 'database.no-rights'
  | 'database.clock'
  | 'database.behind'
  | 'database.newer'
  | 'database.changed'
  | 'database.unfinished'
  | 'rules.unreadable'
  | 'rules.case'
  | 'rules.unknown'
  | 'teams.unreadable'

export type FindingCode = SystemFinding | PlatformFinding
export type SystemLook = 'config' | 'service' | 'data' | 'database' | 'rules' | 'teams'
export type LookName = SystemLook | PlatformLook
export type Language = 'zh' | 'en'

/** What is wrong, and what to do; `{name}` stands for a fact. */
export type Sentences = readonly [what: string, fix: string]
export type Words = Readonly<Record<Language, Sentences>>

export interface Finding {
  code: FindingCode
  facts: Facts
}
