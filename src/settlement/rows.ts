import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { type MonthRecord, type MonthState, replayMonth } from './closing.ts'
import type { PersonChange } from './difference.ts'
import type { MonthBody, MonthEntry } from './fact.ts'
import type { Slip, TeamResult } from './slip.ts'

/** Store of months: what is read. */

interface Row {
  id: string
  teamId: string
  month: string
  policy: string
}

export async function monthOfTeam(tx: Tx, company: string, teamId: string, month: string): Promise<MonthRecord | null> {
  const row = await tx.settlement.findUnique({
    where: { company_teamId_month: { company, teamId, month } },
    select: { id: true, teamId: true, month: true, policy: true },
  })
  return row && record(tx, company, row)
}

export async function monthById(tx: Tx, company: string, id: string): Promise<MonthRecord | null> {
  const row = await tx.settlement.findUnique({
    where: { company_id: { company, id } },
    select: { id: true, teamId: true, month: true, policy: true },
  })
  return row && record(tx, company, row)
}

/** Held until the transaction ends. */
export async function lockMonth(
  tx: Tx,
  company: string,
  which: { teamId: string; month: string } | { id: string },
): Promise<MonthRecord | null> {
  if ('id' in which)
    await tx.$queryRaw`SELECT 1 FROM "Settlement" WHERE "company" = ${company} AND "id" = ${which.id}::uuid FOR UPDATE`
  else
    await tx.$queryRaw`SELECT 1 FROM "Settlement"
      WHERE "company" = ${company} AND "teamId" = ${which.teamId}::uuid AND "month" = ${which.month} FOR UPDATE`
  return 'id' in which ? monthById(tx, company, which.id) : monthOfTeam(tx, company, which.teamId, which.month)
}

async function record(tx: Tx, company: string, { id, teamId, month, policy }: Row): Promise<MonthRecord> {
  const [journal, team] = await Promise.all([
    tx.settlementJournal.findMany({ where: { company, settlementId: id }, orderBy: { seq: 'asc' } }),
    tx.team.findUnique({ where: { company_id: { company, id: teamId } }, select: { name: true } }),
  ])
  const facts = journal.map(entry)
  return { company, id, teamId, team: team?.name ?? '', month, policy, facts, view: replayMonth(facts) }
}

function entry(row: {
  seq: number
  at: Date
  fact: string
  by: string | null
  via: string
  words: string | null
  body: Prisma.JsonValue
}): MonthEntry {
  const { seq, at, fact, by, via, words, body } = row
  return {
    ...{ seq, at: at.toISOString(), by, via: via as MonthEntry['via'], ...(words !== null && { words }) },
    ...({ fact, ...(body as object) } as MonthBody),
  }
}

/** A team's month as it was reckoned last; null before the first time. `progress` while a long run is under way. */
export async function resultOf(
  tx: Tx,
  company: string,
  id: string,
): Promise<{ result: TeamResult | null; progress: { done: number; of: number } | null }> {
  const row = await tx.settlement.findUnique({ where: { company_id: { company, id } }, select: { result: true } })
  const { progress = null, ...rest } = (row?.result ?? {}) as { progress?: { done: number; of: number } | null }
  return { result: 'ranking' in rest ? (rest as unknown as TeamResult) : null, progress }
}

/** Who has other lines than when the month was reckoned the time before; null where it was reckoned once only. */
export async function lastChanges(tx: Tx, company: string, id: string): Promise<PersonChange[] | null> {
  const row = await tx.settlement.findUnique({ where: { company_id: { company, id } }, select: { changes: true } })
  return row?.changes ? (row.changes as unknown as PersonChange[]) : null
}

/** What a list of people shows of their slips, in fen; lines and evidence stay where they are. */
export interface SlipSums {
  person: string
  name: string
  post: string | null
  gross: string
  deducted: string
  corrected: string
  net: string
  points: string | null
  scores: Array<{ card: string; total: string; grade: string | null }>
  faults: number
}

export async function slipSums(tx: Tx, company: string, settlementId: string): Promise<SlipSums[]> {
  return tx.$queryRaw`
    SELECT "personId"::text AS "person", "body"->>'name' AS "name", "body"->>'post' AS "post", "body"->>'gross' AS "gross",
      "body"->>'deducted' AS "deducted", "body"->>'corrected' AS "corrected", "body"->>'net' AS "net",
      "body"->'facts'->'积分'->>'value' AS "points",
      (SELECT COALESCE(jsonb_agg(jsonb_build_object('card', s->>'card', 'total', s->>'total', 'grade', s->>'grade')), '[]')
        FROM jsonb_array_elements("body"->'scores') s) AS "scores",
      (SELECT count(*)::int FROM jsonb_array_elements("body"->'lines') l WHERE l ? 'fault') AS "faults"
    FROM "Payslip" WHERE "company" = ${company} AND "settlementId" = ${settlementId}::uuid ORDER BY "personId"`
}

export async function slipOf(tx: Tx, company: string, settlementId: string, personId: string): Promise<Slip | null> {
  const row = await tx.payslip.findUnique({
    where: { company_settlementId_personId: { company, settlementId, personId } },
    select: { body: true },
  })
  return row ? (row.body as unknown as Slip) : null
}

/** Slips of a month, in the order of their persons' ids, a page at a time. */
export async function slipsOf(
  tx: Tx,
  company: string,
  settlementId: string,
  { after, limit = 500 }: { after?: string | undefined; limit?: number } = {},
): Promise<Slip[]> {
  const rows = await tx.payslip.findMany({
    where: { company, settlementId, ...(after !== undefined && { personId: { gt: after } }) },
    orderBy: { personId: 'asc' },
    select: { body: true },
    take: limit,
  })
  return rows.map(({ body }) => body as unknown as Slip)
}

export interface MonthRow {
  id: string
  teamId: string
  month: string
  state: MonthState
  policy: string
}

/** A team's months, the latest first. */
export async function monthsOf(tx: Tx, company: string, teamId: string, take: number): Promise<MonthRow[]> {
  const rows = await tx.settlement.findMany({
    where: { company, teamId },
    orderBy: { month: 'desc' },
    select: { id: true, teamId: true, month: true, state: true, policy: true },
    take,
  })
  return rows.map(row => ({ ...row, state: row.state as MonthState }))
}

/** A team's months with what they came to, the latest first; `after`: those before that month. Fen. */
export async function pageOfMonths(
  tx: Tx,
  company: string,
  teamId: string,
  { limit, after }: { limit: number; after?: string },
): Promise<Array<MonthRow & Sums & { rules: number }>> {
  // A month's result has a line for everybody: of a list only its sums are read.
  const rows = await tx.$queryRaw<Array<MonthRow & { rules: number; sums: Sums }>>`
    SELECT "id"::text, "teamId"::text, "month", "state", "policy", "rules", jsonb_build_object(
      'people', "result"->'people', 'net', "result"->'net', 'progress', "result"->'progress',
      'missing', CASE WHEN "result" ? 'missing' THEN jsonb_array_length("result"->'missing') ELSE 0 END) AS "sums"
    FROM "Settlement"
    WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid AND "month" < ${after ?? '9999-99'}
    ORDER BY "month" DESC LIMIT ${limit}`
  return rows.map(({ sums, ...row }) => ({ ...row, ...sums }))
}

type Progress = { done: number; of: number } | null
interface Sums {
  people: number | null
  net: string | null
  missing: number
  progress: Progress
}

/** A person's months that he may see, the latest first. */
export async function ownMonths(
  tx: Tx,
  company: string,
  personId: string,
  month: string | null,
): Promise<Array<{ record: MonthRow; slip: Slip }>> {
  const slips = await tx.payslip.findMany({
    where: { company, personId, ...(month !== null && { month }) },
    orderBy: { month: 'desc' },
    select: { settlementId: true, body: true },
    take: 12,
  })
  const rows = await tx.settlement.findMany({
    where: {
      company,
      id: { in: slips.map(({ settlementId }) => settlementId) },
      state: { in: ['published', 'locked'] },
    },
    select: { id: true, teamId: true, month: true, state: true, policy: true },
  })
  return slips.flatMap(({ settlementId, body }) => {
    const row = rows.find(({ id }) => id === settlementId)
    return row ? [{ record: { ...row, state: row.state as MonthState }, slip: body as unknown as Slip }] : []
  })
}

/** Who has a slip of a month. */
export async function slipPeople(tx: Tx, company: string, settlementId: string): Promise<string[]> {
  const rows = await tx.payslip.findMany({
    where: { company, settlementId },
    orderBy: { personId: 'asc' },
    select: { personId: true },
  })
  return rows.map(({ personId }) => personId)
}

/** Months somebody has to look at by now. */
export async function monthsDue(tx: Tx, company: string, now: Date, take: number): Promise<string[]> {
  const rows = await tx.settlement.findMany({
    where: { company, nextLookAt: { lte: now } },
    orderBy: { nextLookAt: 'asc' },
    select: { id: true },
    take,
  })
  return rows.map(({ id }) => id)
}
