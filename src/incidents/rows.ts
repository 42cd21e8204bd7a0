import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { IncidentBody, IncidentFact } from './fact.ts'
import { type IncidentRecord, replayIncident } from './incident.ts'

/** Store: incidents with their journals, as they are. */

type Row = { company: string; id: string; code: string; teamId: string; source: string | null }

export async function loadIncident(tx: Tx, company: string, id: string): Promise<IncidentRecord | null> {
  const row = await tx.incident.findUnique({ where: { company_id: { company, id } } })
  return row ? ((await incidents(tx, company, [row]))[0] ?? null) : null
}

/** Held until the transaction ends: of two who decide at once the second sees what the first did. */
export async function lockIncident(tx: Tx, company: string, id: string): Promise<IncidentRecord | null> {
  await tx.$queryRaw`SELECT 1 FROM "Incident" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return loadIncident(tx, company, id)
}

export async function incidentByCode(tx: Tx, company: string, code: string): Promise<IncidentRecord | null> {
  const row = await tx.incident.findUnique({ where: { company_code: { company, code } } })
  return row ? ((await incidents(tx, company, [row]))[0] ?? null) : null
}

/** Fills rows with their journals, in their order. */
export async function incidents(tx: Tx, company: string, rows: readonly Row[]): Promise<IncidentRecord[]> {
  if (rows.length === 0) return []
  const [journal, teams] = await Promise.all([
    tx.incidentJournal.findMany({
      where: { company, incidentId: { in: rows.map(({ id }) => id) } },
      orderBy: [{ incidentId: 'asc' }, { seq: 'asc' }],
    }),
    tx.team.findMany({
      where: { company, id: { in: [...new Set(rows.map(({ teamId }) => teamId))] } },
      select: { id: true, name: true },
    }),
  ])
  return rows.map(({ id, code, teamId, source }) => {
    const facts = journal.filter(({ incidentId }) => incidentId === id).map(factOf)
    const team = teams.find(one => one.id === teamId)?.name ?? ''
    return { company, id, code, teamId, team, source, facts, view: replayIncident(facts) }
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
}): IncidentFact {
  const { seq, at, fact, by, via, words, body } = row
  return {
    ...{ seq, at: at.toISOString(), by, via: via as IncidentFact['via'], ...(words !== null && { words }) },
    ...({ fact, ...(body as object) } as IncidentBody),
  }
}
