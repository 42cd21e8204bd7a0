import type { Database } from './db/open.ts'
import type { Log } from './log.ts'
import type { Clock } from './now.ts'
import type { Policy } from './policy/schema.ts'

/** What every flow is handed: whose data, where it is, what time it is, by which rules. */
export interface Context {
  /** Company every query is limited to (design.md §13). */
  company: string
  db: Database
  clock: Clock
  log: Log
  /** The rule book of a team, by the name the team carries: the version in force now, or at a moment. */
  policy(name: string, at?: Date): Policy
  /** Rings the engine's bell: something was committed that wants sending. */
  ring(): void
}
