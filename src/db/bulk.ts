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
const quoted = (name: string): string => `"${name}"`
/** All but the rows in one piece: put together of many, a statement takes as long as what it says. */
const given = (before: string, table: string, rows: Rows): Prisma.Sql =>
  Prisma.sql`${Prisma.raw(`${before} json_populate_recordset(NULL::${quoted(table)},`)} ${JSON.stringify(rows)}::json) r`

export type JournalTable = 'Journal' | 'LeaveJournal' | 'IncidentJournal' | 'SettlementJournal'

/** The statement that inserts rows, to be run or to be a part of one. */
export function insertion(
  table: JournalTable | 'Order' | 'OrderClock' | 'Outbox' | 'LeaveDay' | 'PointsEntry',
  rows: Rows,
): Prisma.Sql {
  const columns = namesOf(rows).map(quoted)
  const values = columns.map(column => `r.${column}`)
  return given(`INSERT INTO ${quoted(table)} (${columns}) SELECT ${values} FROM`, table, rows)
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
  const columns = namesOf(rows).flatMap(name => (name === 'id' ? [] : [quoted(name)]))
  const values = columns.map(column => `${column} = r.${column}`)
  await written(
    tx,
    partsOf(rows),
    part => tx.$executeRaw`
      ${given(`UPDATE ${quoted(table)} o SET ${values} FROM`, table, part)}
      WHERE o."company" = ${company} AND ${among('o."id"', part.map(idOf))} AND o."id" = r."id"`,
  )
}
