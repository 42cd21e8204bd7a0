import type { Tx } from '../db/tx.ts'
import { peopleChanged } from '../people/store.ts'

/** Store of people who left: who is to be forgotten, and forgetting him. */

export interface Leaver {
  id: string
  /** His last day, `2026-11-25`. */
  lastDay: string
  /** Every team he was ever in. */
  teamIds: string[]
}

/** Everybody who left the company and is still known. */
export async function leavers(tx: Tx, company: string): Promise<Leaver[]> {
  return tx.$queryRaw<Leaver[]>`
    SELECT p."id"::text, max(e."to") AS "lastDay", array_agg(DISTINCT e."teamId"::text) AS "teamIds"
    FROM "Person" p JOIN "Employment" e ON e."company" = p."company" AND e."personId" = p."id"
    WHERE p."company" = ${company} AND NOT p."active" AND p."erasedAt" IS NULL
    GROUP BY p."id" HAVING bool_and(e."to" IS NOT NULL) ORDER BY p."id"`
}

/** Somebody as he is kept, locked. */
export async function lockPerson(
  tx: Tx,
  company: string,
  id: string,
): Promise<{ name: string; active: boolean; erased: boolean } | null> {
  const rows = await tx.$queryRaw<Array<{ name: string; active: boolean; erased: boolean }>>`
    SELECT "name", "active", "erasedAt" IS NOT NULL AS "erased" FROM "Person"
    WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return rows[0] ?? null
}

/** What he is called afterwards: months and journals go on to say that somebody was there. */
export const aliasOf = (id: string): string => `离职-${id.slice(-8)}`

/** Who he was, his accounts, where and when he was at work, his papers and his payslips. */
export async function forgetPerson(tx: Tx, company: string, id: string, now: Date): Promise<void> {
  const own = { company, personId: id }
  await tx.person.update({
    where: { company_id: { company, id } },
    data: {
      ...{ name: aliasOf(id), mobile: null, platform: null, erasedAt: now },
      ...{ skills: [], areas: [], restDays: [], daysOff: [], unboundOn: [] },
    },
  })
  await tx.identity.deleteMany({ where: own })
  await tx.session.deleteMany({ where: own })
  await tx.membership.deleteMany({ where: own })
  peopleChanged(tx)
  await tx.bindCode.deleteMany({ where: own })
  await tx.draft.deleteMany({ where: own })
  await tx.shownCard.deleteMany({ where: own })
  await tx.attendanceMark.deleteMany({ where: own })
  await tx.attendanceWatch.deleteMany({ where: own })
  const corrections = await tx.attendanceCorrection.findMany({ where: own, select: { id: true } })
  const of = { company, correctionId: { in: corrections.map(({ id: correction }) => correction) } }
  await tx.attendanceEvidence.deleteMany({ where: of })
  await tx.attendanceRuling.deleteMany({ where: of })
  await tx.attendanceCorrection.deleteMany({ where: own })
  await tx.payslip.deleteMany({ where: own })
  await tx.media.updateMany({
    where: { ...own, orderId: null },
    data: { state: 'erased', bytes: null, source: {}, nextAt: null, error: null },
  })
  await tx.auditEntry.updateMany({ where: own, data: { ip: '' } })
}

/** His name in months that are settled: the alias stands there from now on. */
export async function renameInMonths(
  tx: Tx,
  company: string,
  { teamIds, from, to }: { teamIds: readonly string[]; from: string; to: string },
): Promise<void> {
  const [old, alias] = [JSON.stringify(from), JSON.stringify(to)]
  const like = `%${old.replaceAll(/[%_\\]/g, '\\$&')}%`
  await tx.$executeRaw`
    UPDATE "Settlement" SET "result" = replace("result"::text, ${old}, ${alias})::jsonb,
      "tables" = replace("tables"::text, ${old}, ${alias})::jsonb, "changes" = replace("changes"::text, ${old}, ${alias})::jsonb
    WHERE "company" = ${company} AND "teamId" = ANY(${[...teamIds]}::uuid[])
      AND ("result"::text LIKE ${like} OR "tables"::text LIKE ${like} OR "changes"::text LIKE ${like})`
}

type Texts = Array<{ id: string; seq: number; body: unknown }>

/** What was written of his leave and of his penalties and rewards. */
export async function ownJournals(tx: Tx, company: string, id: string): Promise<{ leave: Texts; incidents: Texts }> {
  const leave = await tx.$queryRaw<Texts>`
    SELECT j."leaveId"::text AS "id", j."seq", j."body" FROM "LeaveJournal" j
    JOIN "Leave" l ON l."company" = j."company" AND l."id" = j."leaveId"
    WHERE j."company" = ${company} AND l."personId" = ${id}::uuid`
  const incidents = await tx.$queryRaw<Texts>`
    SELECT j."incidentId"::text AS "id", j."seq", j."body" FROM "IncidentJournal" j
    JOIN "Incident" i ON i."company" = j."company" AND i."id" = j."incidentId"
    WHERE j."company" = ${company} AND i."personId" = ${id}::uuid`
  return { leave, incidents }
}

export async function rewriteOwn(
  tx: Tx,
  company: string,
  { leave, incidents }: { leave: Texts; incidents: Texts },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE "LeaveJournal" j SET "words" = NULL, "body" = r."body"
    FROM json_to_recordset(${JSON.stringify(leave)}::json) r("id" uuid, "seq" int, "body" jsonb)
    WHERE j."company" = ${company} AND j."leaveId" = r."id" AND j."seq" = r."seq"`
  await tx.$executeRaw`
    UPDATE "IncidentJournal" j SET "words" = NULL, "body" = r."body"
    FROM json_to_recordset(${JSON.stringify(incidents)}::json) r("id" uuid, "seq" int, "body" jsonb)
    WHERE j."company" = ${company} AND j."incidentId" = r."id" AND j."seq" = r."seq"`
}
