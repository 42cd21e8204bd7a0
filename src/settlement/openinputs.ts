import type { Tx } from '../db/tx.ts'

/** Store: what of a month is still undecided, and would change it. */

export interface OpenInputs {
  /** Requests for leave in the month, waiting for somebody. */
  leaves: number
  /** Penalties and rewards that were proposed or appealed. */
  incidents: number
  /** Missing check-ins somebody asked for (补卡). */
  corrections: number
  /** Work of the month that was done and not closed. */
  orders: number
}

/** `first` and `last` are days, both inside; `from` inside, `to` outside. */
export async function openInputs(
  tx: Tx,
  company: string,
  teamId: string,
  { first, last, from, to }: { first: string; last: string; from: Date; to: Date },
): Promise<OpenInputs> {
  const [leaves, incidents, orders, corrections] = await Promise.all([
    tx.leave.count({
      where: {
        ...{ company, teamId, state: { in: ['asked', 'proposed'] } },
        ...{ firstDay: { lte: last }, lastDay: { gte: first } },
      },
    }),
    tx.incident.count({
      where: { company, teamId, state: { in: ['proposed', 'appealed'] }, day: { gte: first, lte: last } },
    }),
    tx.order.count({ where: { company, teamId, state: 'completed', completedAt: { gte: from, lt: to } } }),
    tx.$queryRaw<Array<{ count: number }>>`
      SELECT count(*)::int AS "count" FROM "AttendanceCorrection" c
      WHERE c."company" = ${company} AND c."teamId" = ${teamId}::uuid AND c."day" >= ${first} AND c."day" <= ${last}
        AND NOT EXISTS (SELECT 1 FROM "AttendanceRuling" r WHERE r."company" = c."company" AND r."correctionId" = c."id")`,
  ])
  return { leaves, incidents, orders, corrections: corrections[0]?.count ?? 0 }
}
