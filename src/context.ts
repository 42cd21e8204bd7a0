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
  /**
   * A rule book by its name: the version in force now, or at a moment. Where the file is gone (renamed, deleted) work
   * must go on: it is the default one then, and the log says so.
   */
  policy(name: string, at?: Date): Policy
  /** @throws Invalid where there is no such rule book */
  needPolicy(name: string): void
  /** Addresses of pages people open from a card; missing where the service has no address of its own (PUBLIC_URL). */
  pages?: { slip(settlementId: string, personId: string): string; rating(orderId: string, until: Date): string }
  /** Platforms whose own approval can hold a decision. */
  approvalsOn: ReadonlySet<string>
  /** Rings the engine's bell: something was committed that wants sending. */
  ring(): void
}
