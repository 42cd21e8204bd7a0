import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { type ImportKind, keptFaults, mostKept, type Note, type Result, type Sample } from './import.ts'
import type { Fault } from './table.ts'

/** Store of imports: the preview, its rows in parts until they are through, and what came of it. */

export type ImportState = 'ready' | 'faulty' | 'importing' | 'imported'

/** What a list shows of an import. */
export interface ImportLine {
  id: string
  kind: ImportKind
  teamId: string | null
  month: string | null
  state: ImportState
  fileName: string | null
  total: number
  good: number
  known: number
  badRows: number[]
  done: number
  result: Result | null
  by: string | null
  via: string
  token: string | null
  createdAt: Date
  expiresAt: Date
  importedAt: Date | null
}

export interface ImportRecord extends ImportLine {
  hash: string
  faults: Fault[]
  warnings: string[]
  notes: Note[]
  sample: Sample[]
}

const listed = {
  ...{ id: true, kind: true, teamId: true, month: true, state: true, fileName: true, total: true, good: true },
  ...{ known: true, badRows: true, done: true, result: true, by: true, via: true, token: true },
  ...{ createdAt: true, expiresAt: true, importedAt: true },
} as const

type Made = Omit<ImportRecord, 'state' | 'done' | 'result' | 'importedAt'>

/** Rows of a part: what is imported in one transaction. */
export const partRows = 250

export async function saveImport(tx: Tx, company: string, made: Made, entries: readonly unknown[]): Promise<void> {
  const state: ImportState = made.badRows.length > 0 ? 'faulty' : 'ready'
  const { faults, warnings, notes, sample, ...plain } = made
  await tx.import.create({
    data: {
      ...{ company, ...plain, state, warnings, faults: json(keptFaults(faults)) },
      ...{ notes: json(notes.slice(0, mostKept)), sample: json(sample) },
    },
  })
  if (state === 'faulty') return
  for (let from = 0; from < entries.length; from += partRows) {
    const rows = json(entries.slice(from, from + partRows))
    await tx.importPart.create({ data: { company, importId: made.id, part: from / partRows, rows } })
  }
}

const json = (value: unknown) => value as Prisma.InputJsonValue

export async function importById(tx: Tx, company: string, id: string): Promise<ImportRecord | null> {
  const row = await tx.import.findUnique({ where: { company_id: { company, id } } })
  return row as unknown as ImportRecord | null
}

/** The same; nobody else changes it before this transaction ends. */
export async function lockImport(tx: Tx, company: string, id: string): Promise<ImportRecord | null> {
  await tx.$queryRaw`SELECT 1 FROM "Import" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return importById(tx, company, id)
}

export async function listImports(
  tx: Tx,
  company: string,
  page: { kinds: readonly string[]; teamIds: readonly string[] | null; after?: string | undefined; limit: number },
): Promise<ImportLine[]> {
  const { kinds, teamIds, after, limit } = page
  const rows = await tx.import.findMany({
    where: {
      ...{ company, kind: { in: [...kinds] }, ...(teamIds && { teamId: { in: [...teamIds] } }) },
      ...(after && { id: { lt: after } }),
    },
    ...{ select: listed, orderBy: { id: 'desc' }, take: limit },
  })
  return rows as unknown as ImportLine[]
}

type Same = Pick<ImportRecord, 'kind' | 'teamId' | 'month' | 'hash'>

/** The import of the same file for the same team and month that was confirmed. */
export async function sameFile(
  tx: Tx,
  company: string,
  { kind, teamId, month, hash }: Same,
): Promise<ImportLine | null> {
  const row = await tx.import.findFirst({
    where: { company, hash, kind, teamId, month, state: { in: ['importing', 'imported'] } },
    ...{ select: listed, orderBy: { id: 'asc' } },
  })
  return row as unknown as ImportLine | null
}

/** One at a time confirms the same file; until the transaction ends. */
export async function lockFile(tx: Tx, company: string, { kind, teamId, month, hash }: Same): Promise<void> {
  const name = ['import', company, kind, teamId, month, hash].join(' ')
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`
}

/** All rows that wait, in their order. */
export async function entriesOf<E>(tx: Tx, company: string, importId: string): Promise<E[]> {
  const parts = await tx.importPart.findMany({ where: { company, importId }, orderBy: { part: 'asc' } })
  return parts.flatMap(({ rows }) => rows as unknown as E[])
}

export async function firstPart<E>(
  tx: Tx,
  company: string,
  importId: string,
): Promise<{ part: number; rows: E[]; last: boolean } | null> {
  const [first, second] = await tx.importPart.findMany({
    where: { company, importId },
    orderBy: { part: 'asc' },
    take: 2,
  })
  return first ? { part: first.part, rows: first.rows as unknown as E[], last: !second } : null
}

export async function dropPart(tx: Tx, company: string, importId: string, part: number): Promise<void> {
  await tx.importPart.deleteMany({ where: { company, importId, part } })
}

export async function moveImport(
  tx: Tx,
  company: string,
  id: string,
  change: { state: ImportState; done?: number; result: Result; importedAt?: Date; nextAt: Date | null } & Partial<
    Pick<ImportRecord, 'by' | 'via' | 'token'>
  >,
): Promise<void> {
  const { result, ...rest } = change
  await tx.import.update({ where: { company_id: { company, id } }, data: { ...rest, result: json(result) } })
}

/** When the engine goes on with it. */
export async function postpone(tx: Tx, company: string, id: string, nextAt: Date): Promise<void> {
  await tx.import.updateMany({ where: { company, id, state: 'importing' }, data: { nextAt } })
}

export async function dropImport(tx: Tx, company: string, id: string): Promise<void> {
  await tx.import.deleteMany({ where: { company, id } })
}

/** Confirmed imports that nobody is at. */
export async function leftOver(tx: Tx, company: string, now: Date): Promise<string[]> {
  const rows = await tx.import.findMany({
    where: { company, nextAt: { lte: now }, state: 'importing' },
    ...{ select: { id: true }, orderBy: { nextAt: 'asc' }, take: 20 },
  })
  return rows.map(({ id }) => id)
}
