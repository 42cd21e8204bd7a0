import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { LeaveBody, LeaveFact } from './fact.ts'
import { type LeaveRecord, replayLeave } from './request.ts'

/** Store: requests for leave with their journals, as they are. */

type Row = { company: string; id: string; code: string; teamId: string }

export async function loadLeave(tx: Tx, company: string, id: string): Promise<LeaveRecord | null> {
  const row = await tx.leave.findUnique({ where: { company_id: { company, id } } })
  return row ? ((await leaves(tx, company, [row]))[0] ?? null) : null
}

export async function loadLeaves(tx: Tx, company: string, ids: readonly string[]): Promise<LeaveRecord[]> {
  if (ids.length === 0) return []
  return leaves(
    tx,
    company,
    await tx.leave.findMany({ where: { company, id: { in: [...ids] } }, orderBy: { id: 'asc' } }),
  )
}

/** Held until the transaction ends: of two who decide at once the second sees what the first did. */
export async function lockLeave(tx: Tx, company: string, id: string): Promise<LeaveRecord | null> {
  await tx.$queryRaw`SELECT 1 FROM "Leave" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return loadLeave(tx, company, id)
}

export async function leaveByCode(tx: Tx, company: string, code: string): Promise<LeaveRecord | null> {
  const row = await tx.leave.findUnique({ where: { company_code: { company, code } } })
  return row ? ((await leaves(tx, company, [row]))[0] ?? null) : null
}

/** The request a platform's own approval stands for. */
export async function leaveByApproval(
  tx: Tx,
  company: string,
  platform: string,
  externalId: string,
): Promise<LeaveRecord | null> {
  const row = await tx.leave.findUnique({
    where: { company_platform_externalId: { company, platform, externalId } },
  })
  return row ? ((await leaves(tx, company, [row]))[0] ?? null) : null
}

/** Fills rows with their journals, in their order. */
export async function leaves(tx: Tx, company: string, rows: readonly Row[]): Promise<LeaveRecord[]> {
  if (rows.length === 0) return []
  const [journal, teams] = await Promise.all([
    tx.leaveJournal.findMany({
      where: { company, leaveId: { in: rows.map(({ id }) => id) } },
      orderBy: [{ leaveId: 'asc' }, { seq: 'asc' }],
    }),
    tx.team.findMany({
      where: { company, id: { in: [...new Set(rows.map(({ teamId }) => teamId))] } },
      select: { id: true, name: true },
    }),
  ])
  return rows.map(({ id, code, teamId }) => {
    const facts = journal.filter(({ leaveId }) => leaveId === id).map(factOf)
    const team = teams.find(one => one.id === teamId)?.name ?? ''
    return { company, id, code, teamId, team, facts, view: replayLeave(facts) }
  })
}

function factOf(row: {
  seq: number
  at: Date
  fact: string
  by: string | null
  via: string
  words: string | null
  body: Prisma.JsonValue
}): LeaveFact {
  const { seq, at, fact, by, via, words, body } = row
  return {
    ...{ seq, at: at.toISOString(), by, via: via as LeaveFact['via'], ...(words !== null && { words }) },
    ...({ fact, ...(body as object) } as LeaveBody),
  }
}
