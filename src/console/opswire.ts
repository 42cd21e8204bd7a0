/** What the console's pages and the service say to each other about running it. Moments are ISO 8601. */

export interface OutboxItem {
  id: string
  kind: string
  /** Number of the order, leave or incident it is about. */
  about: string | null
  to: { person: string; id: string } | { group: string }
  platform: string | null
  status: string
  /** Why it stands where it stands, as src/outbox/why.ts has it, and what was written down of that. */
  why: string
  said: string | null
  attempts: number
  nextAt: string | null
  createdAt: string
  sentAt: string | null
}

export interface OutboxList {
  items: OutboxItem[]
  next: string | null
  counts: { waiting: number; held: number; failing: number; later: number; dead: number }
}

export interface Health {
  ok: boolean
  at: string
  database: { ok: boolean; kind: string }
  engine: { lastBeatAt: string | null }
  outbox: { waiting: number; dead: number; oldestDueAt: string | null } | null
  /** Of each platform that is switched on. */
  platforms: Array<{
    name: string
    quotas: Array<{
      kind: 'calls' | 'pushes'
      month: string
      used: number
      limit: number
      /** What happens from which share on, and whether that share is reached; the smallest first. */
      marks: Array<{ percent: number; reached: boolean; does: string }>
    }>
    /** What it is spared by now. */
    thrift: { leavesOut: string[]; remindersEveryMinutes: number; exhausted: boolean } | null
  }>
  /** `what` and `fix` as operators read them; the page has words of its own for the codes it knows. */
  problems: Array<{ code: string; what: string; fix: string; since: string | null }>
}

export interface AuditItem {
  id: string
  at: string
  who: { id: string; name: string } | null
  via: string
  action: string
  /** An id, and what it is called where that is known. */
  subject: string | null
  subjectName: string | null
  ip: string
  data: Record<string, string | number | boolean | null>
}

export interface AuditList {
  items: AuditItem[]
  next: string | null
}

export interface TokenItem {
  id: string
  name: string
  scopes: string[]
  createdAt: string
  lastUsedAt: string | null
  expiresAt: string | null
  revokedAt: string | null
  /** It is taken no more. */
  over: boolean
}

export interface TokenList {
  items: TokenItem[]
  next: string | null
  /** All a token can be given, in the API's own words. */
  scopes: Array<{ name: string; says: string }>
}
