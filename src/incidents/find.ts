import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { countingStates, type IncidentRecord, type IncidentState } from './incident.ts'
import { incidents } from './rows.ts'

/** Store: incidents looked for. */

/** An incident as points and pay take it. Money in fen, fines and taken points below zero. */
export interface IncidentRow {
  id: string
  /** `奖惩12` */
  code: string
  personId: string
  /** Its name in the catalogue. */
  item: string
  /** The day it happened; its month is the one it counts in. */
  day: string
  state: IncidentState
  fen: number
  points: number
  losesAppraisal: boolean
  proposesDismissal: boolean
  daysOff: number
  orderId: string | null
  /** The catalogue's own name of the rule: R9.1. */
  rule: string | null
}

/**
 * What counts of a team between two days, both inside, oldest first: what a manager confirmed, and what is under appeal
 * until that is answered.
 */
export async function incidentsOf(
  tx: Tx,
  company: string,
  { teamId, from, to }: { teamId: string; from: string; to: string },
): Promise<IncidentRow[]> {
  const rows = await tx.incident.findMany({
    where: { company, teamId, day: { gte: from, lte: to }, state: { in: [...countingStates] } },
    orderBy: [{ day: 'asc' }, { id: 'asc' }],
  })
  return rows.map(({ id, code, personId, item, day, state, fen, points, orderId, effects }) => {
    const { appraisal = false, dismissal = false, daysOff = 0, rule = null } = effects as Partial<Effects>
    return {
      ...{
        id,
        code,
        personId,
        item,
        day,
        state: state as IncidentState,
        fen,
        points: points.toNumber(),
        orderId,
        rule,
      },
      ...{ losesAppraisal: appraisal, proposesDismissal: dismissal, daysOff },
    }
  })
}

interface Effects {
  appraisal: boolean
  dismissal: boolean
  daysOff: number
  rule: string | null
}

/** When incidents happened and what they were, by their codes. */
export async function incidentsByCode(
  tx: Tx,
  company: string,
  codes: readonly string[],
): Promise<Map<string, { day: string; item: string }>> {
  if (codes.length === 0) return new Map()
  const rows = await tx.incident.findMany({
    where: { company, code: { in: [...codes] } },
    select: { code: true, day: true, item: true },
  })
  return new Map(rows.map(({ code, day, item }) => [code, { day, item }]))
}

/** A person's post (岗位) in a team on a day; null where none was entered. */
export async function postOn(
  tx: Tx,
  company: string,
  { teamId, personId, day }: { teamId: string; personId: string; day: string },
): Promise<string | null> {
  const row = await tx.employment.findFirst({
    where: { company, teamId, personId, from: { lte: day }, OR: [{ to: null }, { to: { gte: day } }] },
    orderBy: [{ from: 'desc' }, { id: 'desc' }],
  })
  return row?.post ?? null
}

/** Days and states of a person's incidents of one item, without one of them. */
export async function sameKind(
  tx: Tx,
  company: string,
  { personId, item, except }: { personId: string; item: string; except?: string },
): Promise<Array<{ day: string; state: IncidentState }>> {
  const rows = await tx.incident.findMany({
    where: { company, personId, item, state: { not: 'dropped' }, ...(except && { id: { not: except } }) },
    select: { day: true, state: true },
  })
  return rows.map(({ day, state }) => ({ day, state: state as IncidentState }))
}

/** A person's incidents that stand and are of these items of an order. */
export async function ofOrder(
  tx: Tx,
  company: string,
  { personId, orderId, items }: { personId: string; orderId: string; items: readonly string[] },
): Promise<string[]> {
  if (items.length === 0) return []
  const rows = await tx.incident.findMany({
    where: { company, personId, orderId, item: { in: [...items] }, state: { not: 'dropped' } },
    select: { id: true },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ id }) => id)
}

/** Incidents that were proposed from what happened to these orders, dropped ones too. */
export async function proposedOfOrders(
  tx: Tx,
  company: string,
  orderIds: readonly string[],
): Promise<IncidentRecord[]> {
  const rows = await tx.incident.findMany({
    where: { company, orderId: { in: [...orderIds] }, source: { not: null } },
    orderBy: { id: 'asc' },
  })
  return incidents(tx, company, rows)
}

/** Incidents that were proposed from the attendance of these people between two days, both inside; dropped ones too. */
export async function proposedOfDays(
  tx: Tx,
  company: string,
  { people, from, to }: { people: readonly string[]; from: string; to: string },
): Promise<IncidentRecord[]> {
  const rows = await tx.incident.findMany({
    where: {
      ...{ company, personId: { in: [...people] }, day: { gte: from, lte: to } },
      source: { startsWith: 'attendance:' },
    },
    orderBy: { id: 'asc' },
  })
  return incidents(tx, company, rows)
}

/** Ids of incidents somebody has to be told something of. */
export async function incidentsDue(tx: Tx, company: string, now: Date, take: number): Promise<string[]> {
  const rows = await tx.incident.findMany({
    where: { company, nextLookAt: { lte: now } },
    orderBy: { nextLookAt: 'asc' },
    select: { id: true },
    take,
  })
  return rows.map(({ id }) => id)
}

/** A person's incidents from a day on, the newest first; what was dropped before he heard of it is left out. */
export async function incidentsOfPerson(
  tx: Tx,
  company: string,
  { personId, from, teams }: { personId: string; from: string; teams?: readonly string[] },
): Promise<IncidentRecord[]> {
  const rows = await tx.incident.findMany({
    where: { company, personId, day: { gte: from }, ...(teams && { teamId: { in: [...teams] } }) },
    orderBy: [{ day: 'desc' }, { id: 'desc' }],
    take: 100,
  })
  return incidents(tx, company, rows)
}

/** What waits for a manager in these teams, the oldest first. */
export async function openIncidents(tx: Tx, company: string, teamIds: readonly string[]): Promise<IncidentRecord[]> {
  const rows = await tx.incident.findMany({
    where: { company, teamId: { in: [...teamIds] }, state: { in: ['proposed', 'appealed'] } },
    orderBy: { id: 'asc' },
    take: 100,
  })
  return incidents(tx, company, rows)
}

/** A page of incidents, oldest first. */
export async function pageOfIncidents(
  tx: Tx,
  company: string,
  page: { limit: number; after?: string; teamId?: string; personId?: string; month?: string; state?: IncidentState },
): Promise<IncidentRecord[]> {
  const { limit, after, teamId, personId, month, state } = page
  const rows = await tx.incident.findMany({
    where: {
      ...{ company, ...(teamId && { teamId }), ...(personId && { personId }), ...(state && { state }) },
      ...(month && { day: { gte: `${month}-01`, lte: `${month}-31` } }),
      ...(after && { id: { gt: after } }),
    },
    orderBy: { id: 'asc' },
    take: limit,
  })
  return incidents(tx, company, rows)
}

/** Whose incidents somebody sees: of the teams he manages, those he entered, and his own once they counted (R16). */
export interface SeenBy {
  personId: string
  /** Teams he manages. */
  manages: readonly string[]
}

export interface IncidentFilter {
  teamId?: string | undefined
  personId?: string | undefined
  item?: string | undefined
  month?: string | undefined
  states?: readonly IncidentState[] | undefined
}

/** What somebody sees, the newest first; `before` is the last id of the page before. */
export async function incidentsSeenBy(
  tx: Tx,
  company: string,
  { personId: me, manages }: SeenBy,
  filter: IncidentFilter,
  page: { limit: number; before?: string | undefined },
): Promise<IncidentRecord[]> {
  const { teamId, personId, item, month, states } = filter
  const wanted = Prisma.join(
    [
      Prisma.sql`i."company" = ${company}`,
      ...(teamId ? [Prisma.sql`i."teamId" = ${teamId}::uuid`] : []),
      ...(personId ? [Prisma.sql`i."personId" = ${personId}::uuid`] : []),
      ...(item ? [Prisma.sql`i."item" = ${item}`] : []),
      ...(month ? [Prisma.sql`i."day" BETWEEN ${`${month}-01`} AND ${`${month}-31`}`] : []),
      ...(states ? [Prisma.sql`i."state" = ANY(${[...states]})`] : []),
      ...(page.before ? [Prisma.sql`i."id" < ${page.before}::uuid`] : []),
    ],
    ' AND ',
  )
  const rows = await tx.$queryRaw<
    Array<{ company: string; id: string; code: string; teamId: string; source: string | null }>
  >`
    SELECT i."company", i."id", i."code", i."teamId", i."source" FROM "Incident" i
    WHERE ${wanted} AND (
      (i."personId" = ${me}::uuid AND ${fact(Prisma.sql`j."fact" IN ('entered', 'confirmed')`)})
      OR (i."personId" <> ${me}::uuid AND (
        i."teamId" = ANY(${[...manages]}::uuid[])
        OR ${fact(Prisma.sql`j."seq" = 1 AND j."by" = ${me}::uuid`)}
        OR (${manages.length > 0} AND ${othersDecide}))))
    ORDER BY i."id" DESC LIMIT ${page.limit}`
  return incidents(tx, company, rows)
}

const fact = (is: Prisma.Sql): Prisma.Sql => Prisma.sql`EXISTS (SELECT 1 FROM "IncidentJournal" j
  WHERE j."company" = i."company" AND j."incidentId" = i."id" AND ${is})`

/** Nobody else manages that team: whoever manages another one decides. */
const othersDecide = Prisma.sql`NOT EXISTS (SELECT 1 FROM "Membership" m
  WHERE m."company" = i."company" AND m."teamId" = i."teamId" AND m."role" = 'manager' AND m."personId" <> i."personId")`

/** Others a new incident could be the same as: of that person on that day and of that item, or of the same order. */
export async function likeIncidents(
  tx: Tx,
  company: string,
  { personId, item, day, orderId }: { personId: string; item: string; day: string; orderId?: string | undefined },
): Promise<IncidentRecord[]> {
  const rows = await tx.incident.findMany({
    where: {
      ...{ company, personId, state: { not: 'dropped' } },
      OR: [{ item, day: { startsWith: day.slice(0, 7) } }, { day }, ...(orderId ? [{ orderId }] : [])],
    },
    orderBy: { id: 'desc' },
    take: 20,
  })
  return incidents(tx, company, rows)
}
