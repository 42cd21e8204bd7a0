import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { dropEnded } from './store.ts'

/** Forgets sessions that are over and states that cannot come back any more. */
export function sweepSessions(ctx: Context): Promise<number> {
  return inTransaction(ctx.db, tx => dropEnded(tx, ctx.company, ctx.clock.now()))
}
