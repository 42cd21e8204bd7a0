import type { Tx } from '../db/tx.ts'

/** Store of what is kept of a person, read as it is. */

/** More of one kind than anybody looks through; the newest are given. */
const most = 20_000

export async function personKept(tx: Tx, company: string, id: string) {
  const own = { company, personId: id }
  const newest = { orderBy: { id: 'desc' }, take: most } as const
  return {
    person: await tx.person.findUniqueOrThrow({ where: { company_id: { company, id } } }),
    identities: await tx.identity.findMany({ where: own }),
    employment: await tx.employment.findMany({ where: own, orderBy: { from: 'asc' } }),
    acts: await tx.$queryRaw<Array<{ code: string; at: Date; fact: string; via: string; words: string | null }>>`
      SELECT o."code", j."at", j."fact", j."via", j."words" FROM "Journal" j
      JOIN "Order" o ON o."company" = j."company" AND o."id" = j."orderId"
      WHERE j."company" = ${company} AND j."by" = ${id}::uuid ORDER BY j."at" DESC LIMIT ${most}`,
    marks: await tx.attendanceMark.findMany({ where: own, orderBy: { at: 'desc' }, take: most }),
    corrections: await tx.attendanceCorrection.findMany({ where: own, ...newest }),
    leave: await tx.leave.findMany({ where: own, ...newest }),
    incidents: await tx.incident.findMany({ where: own, ...newest }),
    points: await tx.pointsEntry.findMany({ where: own, ...newest }),
    slips: await tx.payslip.findMany({ where: own, orderBy: { month: 'desc' }, take: most }),
    sessions: await tx.session.findMany({ where: own, orderBy: { createdAt: 'desc' } }),
    audit: await tx.auditEntry.findMany({ where: own, ...newest }),
    teams: await tx.team.findMany({ where: { company }, select: { id: true, name: true } }),
  }
}
export type PersonKept = Awaited<ReturnType<typeof personKept>>

/** Ids of a customer's orders, the oldest first. */
export async function orderIdsOf(tx: Tx, company: string, phone: string): Promise<string[]> {
  const where = { company, customerPhone: phone }
  return (await tx.order.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: most })).map(
    ({ id }) => id,
  )
}
