import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { calendarOf } from '../policy/business.ts'
import { type Audited, audit } from './store.ts'

/**
 * Writes down that somebody, or a program by its token, was shown what is known of a customer or of a colleague: once a
 * business day for each of them and each door, so that who reloads a page does not fill the log.
 */
export async function seen(
  tx: Tx,
  ctx: Pick<Context, 'company' | 'clock' | 'policy'>,
  entry: Audited & { subject: string; action: `${string}.seen` },
): Promise<void> {
  const { company, clock } = ctx
  const { personId, via, action, subject, data } = entry
  const calendar = calendarOf(ctx.policy('default'))
  const begin = calendar.momentOf(calendar.dayOf(clock.now()), 0)
  const known = await tx.auditEntry.findFirst({
    where: {
      ...{ company, subject, at: { gte: begin }, personId, via, action },
      ...(data?.token !== undefined && { data: { path: ['token'], equals: data.token as string } }),
    },
    select: { id: true },
  })
  if (!known) await audit(tx, ctx, entry)
}
