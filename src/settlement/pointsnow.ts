import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { orderCodes } from '../orders/find.ts'
import type { Team } from '../people/person.ts'
import type { Policy } from '../policy/schema.ts'
import { rulesOfMonth } from './flow.ts'
import type { LedgerEntry } from './ledger.ts'
import { entriesOf, postPoints } from './ledgerstore.ts'
import { gather } from './look.ts'

/** Whether a rule book has anything that gives or takes points. */
export const keepsPoints = ({ points, incidents }: Policy): boolean => points !== null || incidents !== null

export interface PointsNow {
  /** The rule book the month is reckoned by. */
  policy: Policy
  /** In the order they were earned. */
  entries: LedgerEntry[]
  /** Codes of the orders among their subjects, by id. */
  codes: Map<string, string>
}

/** A person's points of a month, its ledger brought up to now first. */
export async function pointsNow(
  tx: Tx,
  ctx: Context,
  { team, month, person }: { team: Team; month: string; person: string },
): Promise<PointsNow> {
  const { company } = ctx
  const policy = rulesOfMonth(ctx, team, month)
  const { points } = await gather(tx, ctx, { team, policy, month, setByHand: [], owed: new Map(), only: person })
  await postPoints(tx, company, { teamId: team.id, month, policy }, points, ctx.clock.now())
  const entries = (await entriesOf(tx, company, { teamId: team.id, month }, [person])).get(person) ?? []
  const orders = entries.flatMap(({ source, subject }) => (source === 'order' ? [subject] : []))
  return { policy, entries, codes: await orderCodes(tx, company, orders) }
}
