import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { type FigureValue, latest } from './figureentry.ts'

/** Store of the numbers people enter for a month (月度数字) and of marks on scorecards. Months are `2026-11`. */

/**
 * The values of a month: the last one entered for each name and person. Those named `standing` stay what they were in
 * the last month before that has one.
 */
export async function figuresOf(
  tx: Tx,
  company: string,
  teamId: string,
  month: string,
  standing: readonly string[],
): Promise<FigureValue[]> {
  const rows = await tx.figure.findMany({
    where: { company, teamId, OR: [{ month }, { month: { lt: month }, name: { in: [...standing] } }] },
    select: { name: true, personId: true, value: true, month: true, by: true, at: true },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  })
  return latest(rows.map(row => ({ ...row, value: row.value === null ? null : row.value.toFixed() })))
}

export interface NewFigure {
  name: string
  personId: string | null
  /** Null takes back what was entered for the month. */
  value: string | null
}

/** Writes values down; what was there before stays readable. */
export async function addFigures(
  tx: Tx,
  company: string,
  to: { teamId: string; month: string },
  figures: readonly NewFigure[],
  from: { by: string | null; via: string; words: string | null; now: Date },
): Promise<void> {
  const { by, via, words, now } = from
  await tx.figure.createMany({
    data: figures.map(figure => ({ company, id: newId(now), ...to, ...figure, by, via, words, at: now })),
  })
}

/** State of a team's month: `locked` when it is closed for good; null when nobody has drafted it. It stays so until this transaction ends. */
export async function monthState(tx: Tx, company: string, teamId: string, month: string): Promise<string | null> {
  const rows = await tx.$queryRaw<Array<{ state: string }>>`
    SELECT "state" FROM "Settlement" WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid AND "month" = ${month}
    FOR SHARE`
  return rows[0]?.state ?? null
}
