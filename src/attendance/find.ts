import type { Tx } from '../db/tx.ts'
import { awayDays } from '../leave/find.ts'
import type { FactName } from '../orders/fact.ts'
import type { Correction, CorrectionPart, Mark, MarkKind, MarkSource, OrderSign, Records } from './record.ts'

/** Store: what is recorded, looked for. */

export interface AskedCorrection extends Correction {
  id: string
  personId: string
  teamId: string
  reason: string
  media: string[]
  askedBy: string
  askedAt: Date
  ruling: { allowed: boolean; by: string; at: Date } | null
}

type Found = Omit<Records, 'person'>

/** Everything about people between two days, both inside, with the moments they begin and end; by person. */
export async function recordsBetween(
  tx: Tx,
  company: string,
  people: readonly string[],
  span: { first: string; last: string; from: Date; to: Date },
): Promise<Map<string, Found>> {
  const personId = { in: [...people] }
  const at = { gte: span.from, lt: span.to }
  const [marks, watches, asked, signs, away, asks] = await Promise.all([
    tx.attendanceMark.findMany({ where: { company, personId, at }, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
    tx.attendanceWatch.findMany({ where: { company, personId } }),
    corrections(tx, company, { personId, day: { gte: span.first, lte: span.last } }),
    signsBetween(tx, company, people, span),
    awayDays(tx, company, people, span.first, span.last),
    notGranted(tx, company, people, span),
  ])
  return new Map(
    people.map(id => [
      id,
      {
        marks: marks.filter(mark => mark.personId === id).map(readMark),
        watched: watches.filter(watch => watch.personId === id).map(({ from, to }) => ({ from, to })),
        corrections: asked.filter(one => one.personId === id && one.ruling?.allowed),
        signs: signs.get(id) ?? [],
        away: away.filter(one => one.personId === id && one.state === 'granted'),
        asks: asks
          .filter(one => one.personId === id)
          .map(one => ({ first: one.firstDay, last: one.lastDay, at: one.createdAt })),
      },
    ]),
  )
}

function readMark(row: {
  kind: string
  at: Date
  source: string
  place: string | null
  flags: string[]
  seenAt: Date
}): Mark {
  const { kind, at, source, place, flags, seenAt } = row
  return { kind: kind as MarkKind, source: source as MarkSource, at, place, flags, seenAt }
}

/** Requests for leave that nobody granted: who made one has asked, whatever became of it but that he took it back. */
function notGranted(
  tx: Tx,
  company: string,
  people: readonly string[],
  { first, last }: { first: string; last: string },
) {
  const state = { in: ['asked', 'proposed', 'rejected', 'lapsed'] }
  return tx.leave.findMany({
    where: {
      ...{ company, personId: { in: [...people] }, kind: { in: ['leave', 'extend'] }, state },
      ...{ firstDay: { lte: last }, lastDay: { gte: first } },
    },
    select: { personId: true, firstDay: true, lastDay: true, createdAt: true },
    orderBy: { id: 'asc' },
  })
}

/** What people reported on orders themselves, without what they took back. */
async function signsBetween(
  tx: Tx,
  company: string,
  people: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<Map<string, OrderSign[]>> {
  const rows = await tx.$queryRaw<Array<{ by: string; at: Date; fact: FactName; code: string }>>`
    SELECT j."by", j."at", j."fact", o."code" FROM "Journal" j
    JOIN "Order" o ON o."company" = j."company" AND o."id" = j."orderId"
    WHERE j."company" = ${company} AND j."by" = ANY(${[...people]}::uuid[]) AND j."at" >= ${from} AND j."at" < ${to}
      AND NOT EXISTS (SELECT 1 FROM "Journal" u WHERE u."company" = j."company" AND u."orderId" = j."orderId"
        AND u."fact" = 'undone' AND (u."body"->>'undoes')::int = j."seq")
    ORDER BY j."at", j."orderId", j."seq"`
  const signs = new Map<string, OrderSign[]>()
  for (const { by, ...sign } of rows) signs.set(by, [...(signs.get(by) ?? []), sign])
  return signs
}

async function corrections(tx: Tx, company: string, where: object): Promise<AskedCorrection[]> {
  const rows = await tx.attendanceCorrection.findMany({
    where: { company, ...where },
    orderBy: [{ askedAt: 'asc' }, { id: 'asc' }],
  })
  const correctionId = { in: rows.map(({ id }) => id) }
  const [rulings, evidence] = await Promise.all([
    tx.attendanceRuling.findMany({ where: { company, correctionId } }),
    tx.attendanceEvidence.findMany({ where: { company, correctionId }, orderBy: { mediaId: 'asc' } }),
  ])
  const ruled = new Map(rulings.map(({ correctionId, allowed, by, at }) => [correctionId, { allowed, by, at }]))
  return rows.map(({ company: _, part, ...row }) => ({
    ...row,
    part: part as CorrectionPart,
    media: evidence.filter(one => one.correctionId === row.id).map(({ mediaId }) => mediaId),
    ruling: ruled.get(row.id) ?? null,
  }))
}

export async function correctionById(tx: Tx, company: string, id: string): Promise<AskedCorrection | null> {
  return (await corrections(tx, company, { id }))[0] ?? null
}

/** Corrections a person asked for that nobody decided, oldest first. */
export async function openCorrections(tx: Tx, company: string, personId: string): Promise<AskedCorrection[]> {
  return (await corrections(tx, company, { personId })).filter(({ ruling }) => ruling === null)
}

/** All corrections somebody asked for of a day, refused and undecided ones too, oldest first. */
export const correctionsOf = (tx: Tx, company: string, personId: string, day: string): Promise<AskedCorrection[]> =>
  corrections(tx, company, { personId, day })

/** When people were entered: nobody expects them before. */
export async function enteredAt(tx: Tx, company: string, people: readonly string[]): Promise<Map<string, Date>> {
  const rows = await tx.person.findMany({
    where: { company, id: { in: [...people] } },
    select: { id: true, createdAt: true },
  })
  return new Map(rows.map(({ id, createdAt }) => [id, createdAt]))
}

/** The first check-in of any of these people in chat; null when there is none. */
export async function firstInChat(tx: Tx, company: string, people: readonly string[]): Promise<Date | null> {
  const row = await tx.attendanceMark.findFirst({
    where: { company, personId: { in: [...people] }, source: 'chat' },
    orderBy: { at: 'asc' },
    select: { at: true },
  })
  return row?.at ?? null
}

/** Up to when a platform was read for each of these people. */
export async function readUntil(
  tx: Tx,
  company: string,
  platform: string,
  people: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await tx.attendanceWatch.findMany({ where: { company, platform, personId: { in: [...people] } } })
  return new Map(rows.map(({ personId, to }) => [personId, to]))
}

/** User ids of people on a platform, by account. */
export async function accountsOn(
  tx: Tx,
  company: string,
  platform: string,
  people: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.identity.findMany({ where: { company, platform, personId: { in: [...people] } } })
  return new Map(rows.map(({ userId, personId }) => [userId, personId]))
}
