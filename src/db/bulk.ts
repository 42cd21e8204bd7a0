import { Prisma } from '../generated/prisma/client.ts'
import { among } from './among.ts'
import { type Tx, unawaited } from './tx.ts'

/**
 * Many rows in one statement, handed over as one JSON value: a parameter for each value of each row is what takes the
 * time. All rows name the same columns; values are what JSON makes of them, read as the column's type.
 */
type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>

/**
 * Rows of one statement at most, where a row is a line of text: Prisma remembers what it was last asked for, a hundred
 * times over, and all of a large month would stay in memory.
 */
export const rowsAtOnce = 500

export function* partsOf<T>(all: readonly T[], size = rowsAtOnce): Generator<T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size)
}

/** Writes part after part; nobody waits for the end of the last one (`unawaited`). */
export async function written<T>(tx: Tx, parts: Iterable<T[]>, write: (part: T[]) => Promise<unknown>): Promise<void> {
  let last: Promise<unknown> | undefined
  for (const part of parts) {
    await last
    last = write(part)
  }
  if (last) await unawaited(tx, last)
}

const idOf = ({ id }: Rows[number]): string => String(id)
const namesOf = (rows: Rows): string[] => Object.keys(rows[0] ?? {})
const raw = (name: string): Prisma.Sql => Prisma.raw(`"${name}"`)
const given = (table: string, rows: Rows): Prisma.Sql =>
  Prisma.sql`json_populate_recordset(NULL::${raw(table)}, ${JSON.stringify(rows)}::json) r`

export type JournalTable = 'Journal' | 'LeaveJournal' | 'IncidentJournal' | 'SettlementJournal'

/** The statement that inserts rows, to be run or to be a part of one. */
export function insertion(
  table: JournalTable | 'Order' | 'OrderClock' | 'Outbox' | 'LeaveDay' | 'PointsEntry',
  rows: Rows,
): Prisma.Sql {
  const names = namesOf(rows)
  const columns = Prisma.join(names.map(raw))
  const values = Prisma.join(names.map(name => Prisma.sql`r.${raw(name)}`))
  return Prisma.sql`INSERT INTO ${raw(table)} (${columns}) SELECT ${values} FROM ${given(table, rows)}`
}

/** Inserts rows. With `onConflict: 'skip'` one whose key is taken is left out. */
export async function insertAll(
  tx: Tx,
  table: 'Order' | 'OrderClock' | 'Outbox' | 'LeaveDay' | 'PointsEntry',
  rows: Rows,
  { onConflict = 'fail' }: { onConflict?: 'fail' | 'skip' } = {},
): Promise<void> {
  if (rows.length === 0) return
  const otherwise = onConflict === 'skip' ? Prisma.sql`ON CONFLICT DO NOTHING` : Prisma.empty
  await written(tx, partsOf(rows), part => tx.$executeRaw`${insertion(table, part)} ${otherwise}`)
}

/**
 * Updates rows of a company, each the one its `id` names. The ids are said besides: of the JSON value the planner takes
 * there to be a hundred, and reads a small table whole for one.
 */
export async function updateAll(tx: Tx, table: 'Order' | 'Outbox', company: string, rows: Rows): Promise<void> {
  if (rows.length === 0) return
  const names = namesOf(rows).filter(name => name !== 'id')
  const values = Prisma.join(names.map(name => Prisma.sql`${raw(name)} = r.${raw(name)}`))
  await written(
    tx,
    partsOf(rows),
    part => tx.$executeRaw`
      UPDATE ${raw(table)} o SET ${values} FROM ${given(table, part)}
      WHERE o."company" = ${company} AND ${among('o."id"', part.map(idOf))} AND o."id" = r."id"`,
  )
}
