import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'

/** Something somebody did, or tried to. */
export interface Audited {
  /** Null where nobody was known. */
  personId: string | null
  /** By which door: `wecom`, `dingtalk`, `page` … */
  via: string
  /** `session.start`, `session.refused`, `session.end`, … */
  action: string
  /** What it was done to: an id, a code. */
  subject?: string
  /** Where it came from, without the last part. */
  ip: string
  /** Nothing of it may be a secret: no codes, no tokens. */
  data?: Record<string, string | number | boolean | null>
}

/** Writes down who did what, within the transaction that does it: what is undone is not written down either. */
export async function audit(
  tx: Tx,
  { company, clock }: Pick<Context, 'company' | 'clock'>,
  entry: Audited,
): Promise<void> {
  const at = clock.now()
  const { personId, via, action, subject = null, ip, data = {} } = entry
  await tx.auditEntry.create({ data: { company, id: newId(at), at, personId, via, action, subject, ip, data } })
}

export interface AuditRow {
  id: string
  at: Date
  personId: string | null
  via: string
  action: string
  subject: string | null
  ip: string
  data: unknown
}

export interface AuditFilter {
  personId?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  /** From this moment, and before that one. */
  from?: Date | undefined
  to?: Date | undefined
}

/** What was written down, the newest first. `after`: the id at which the last page ended. */
export async function auditRows(
  tx: Tx,
  company: string,
  { personId, action, subject, from, to }: AuditFilter,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<AuditRow[]> {
  return tx.auditEntry.findMany({
    where: {
      company,
      ...(personId && { personId }),
      ...(action && { action }),
      ...(subject && { subject }),
      ...((from || to) && { at: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
      ...(after && { id: { lt: after } }),
    },
    ...{ orderBy: { id: 'desc' }, take: limit },
    select: { id: true, at: true, personId: true, via: true, action: true, subject: true, ip: true, data: true },
  })
}

/** Every action there is a row of. Goes from one to the next in the index, however many rows each has. */
export async function auditActions(tx: Tx, company: string): Promise<string[]> {
  const rows = await tx.$queryRaw<Array<{ action: string }>>`
    WITH RECURSIVE known AS (
      (SELECT "action" FROM "AuditEntry" WHERE "company" = ${company} ORDER BY "action" LIMIT 1)
      UNION ALL
      SELECT (SELECT a."action" FROM "AuditEntry" a WHERE a."company" = ${company} AND a."action" > k."action"
        ORDER BY a."action" LIMIT 1) FROM known k WHERE k."action" IS NOT NULL)
    SELECT "action" FROM known WHERE "action" IS NOT NULL`
  return rows.map(({ action }) => action)
}
