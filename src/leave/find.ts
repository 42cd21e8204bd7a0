import type { Tx } from '../db/tx.ts'
import type { AwayDay } from './away.ts'

/** Days of these people between two days, both inside, oldest first. */
export async function awayDays(
  tx: Tx,
  company: string,
  people: readonly string[],
  from: string,
  to: string,
): Promise<AwayDay[]> {
  if (people.length === 0) return []
  const rows = await tx.leaveDay.findMany({
    where: { company, personId: { in: [...people] }, day: { gte: from, lte: to } },
    orderBy: [{ day: 'asc' }, { from: 'asc' }, { leaveId: 'asc' }],
    omit: { company: true },
  })
  return rows.map(row => ({ ...row, state: row.state === 'granted' ? 'granted' : 'asked' }))
}
