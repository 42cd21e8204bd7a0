import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Team } from '../people/person.ts'
import { personById, teamById } from '../people/store.ts'
import { readTable } from './bookread.ts'
import { type FigureEntry, importFigures, judgeFigures, objectToFigures } from './figuresin.ts'
import type { ImportKind, Judged, Result } from './import.ts'
import type { OrderEntry } from './orderrows.ts'
import { importOrders, judgeOrders, objectToOrders } from './ordersin.ts'
import { importPeople, judgePeople, objectToPeople } from './peoplein.ts'
import type { PersonEntry } from './peoplerows.ts'
import type { ImportRecord } from './store.ts'
import type { Fault } from './table.ts'

/** What each kind of import does where they differ. */

export type Asked =
  | { kind: 'orders'; team: Team; month: null }
  | { kind: 'people'; team: Team | null; month: null }
  | { kind: 'figures'; team: Team; month: string }

/** Reads and judges a file; nothing is written. @throws Unreadable, Refusal */
export async function judge(
  ctx: Context,
  asked: Asked,
  bytes: Uint8Array,
  allowed: readonly string[] | null,
): Promise<Judged<unknown>> {
  switch (asked.kind) {
    case 'orders':
      return judgeOrders(ctx, await readTable(bytes), asked.team)
    case 'people':
      return judgePeople(ctx, await readTable(bytes), asked.team, allowed)
    case 'figures':
      return judgeFigures(ctx.db.prisma, ctx, bytes, asked.team, asked.month)
  }
}

/** What is wrong with rows as things are now that was not when they were judged. */
export async function objectTo(
  tx: Tx,
  ctx: Context,
  record: ImportRecord,
  entries: readonly unknown[],
  allowed: readonly string[] | null,
): Promise<Fault[]> {
  const team = record.teamId ? await teamById(tx, ctx.company, record.teamId) : null
  if (record.kind === 'people') return objectToPeople(tx, ctx, team, allowed, entries as PersonEntry[])
  const own = needed(team)
  if (record.kind === 'orders') return objectToOrders(tx, ctx, own, entries as OrderEntry[])
  return objectToFigures(tx, ctx, own, record.month ?? '', entries as FigureEntry[])
}

/** Imports some rows of a confirmed table. */
export async function importRows(
  tx: Tx,
  ctx: Context,
  record: ImportRecord,
  entries: readonly unknown[],
): Promise<Result> {
  if (record.kind === ('people' satisfies ImportKind)) return importPeople(tx, ctx, entries as PersonEntry[])
  const team = needed(record.teamId ? await teamById(tx, ctx.company, record.teamId) : null)
  const by = record.by ? await personById(tx, ctx.company, record.by) : null
  if (record.kind === 'orders') return importOrders(tx, ctx, team, entries as OrderEntry[], { by, total: record.good })
  return importFigures(tx, ctx, team, record.month ?? '', entries as FigureEntry[], record.by)
}

function needed(team: Team | null): Team {
  if (!team) throw new Error('an import is of a team that is not there')
  return team
}
