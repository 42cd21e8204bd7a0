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
