import type { Database } from './db/open.ts'
import type { Log } from './log.ts'
import type { Clock } from './now.ts'
import type { Policy } from './policy/schema.ts'
import type { Policies } from './policy/versions.ts'
import type { Reach } from './webhooks/reach.ts'

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
  /** All rule books there are, in all their versions. */
  books: Policies
  /** @throws Invalid where there is no such rule book */
  needPolicy(name: string): void
  /** Addresses of pages people open from a card; missing where the service has no address of its own (PUBLIC_URL). */
  pages?: {
    slip(settlementId: string, personId: string): string
    rating(orderId: string, until: Date): string
    /** An order on a phone; missing where nobody can sign in. */
    order?(code: string): string
  }
  /** Platforms whose own approval can hold a decision. */
  approvalsOn: ReadonlySet<string>
  /** Where messages to other programs may go. */
  reach: Reach
  /** Rings the engine's bell: something was committed that wants sending. */
  ring(): void
}
