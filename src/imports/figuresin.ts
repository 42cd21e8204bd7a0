import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import type { Team } from '../people/person.ts'
import { Num } from '../policy/formula.ts'
import { type Field, objectionTo } from '../settlement/figureentry.ts'
import { type Entry, enterFigures, type FigureSheet, figureSheet } from '../settlement/figureflow.ts'
import { readSheets, type Sheet } from '../settlement/figuresheet.ts'
import { lockedText, sayField } from '../settlement/figurewords.ts'
import { isWorkbook, readBook, readTable } from './bookread.ts'
import { asSheet, readFlat, sheetFault } from './figurerows.ts'
import { type Judged, nothing, type Result, samples } from './import.ts'
import type { Fault } from './table.ts'

/** A number as it is kept until it is imported. */
export interface FigureEntry {
  row: number
  name: string
  personId: string | null
  value: string
}

/** Judges a workbook or a CSV file of a month's numbers; nothing is written. @throws Refusal where the month is locked */
export async function judgeFigures(
  tx: Tx,
  ctx: Context,
  bytes: Uint8Array,
  team: Team,
  month: string,
): Promise<Judged<FigureEntry>> {
  const sheet = open(await figureSheet(tx, ctx, team, month))
  const { entries, faults } = await readFigures(bytes, sheet)
  return {
    ...{
      total: entries.length + new Set(faults.map(({ row }) => row)).size,
      known: 0,
      faults,
      warnings: [],
      notes: [],
    },
    sample: entries
      .slice(0, samples)
      .map(({ field, value }, index) => ({ row: index + 1, values: { [sayField(field)]: value.toFixed() } })),
    entries: entries.map(({ field, value }, index) => ({
      ...{ row: index + 1, name: field.name, personId: field.person?.id ?? null, value: value.toFixed() },
    })),
  }
}

/** What a file says of a month's numbers, with every fault of it. @throws Unreadable */
export async function readFigures(
  bytes: Uint8Array,
  { items, team, month }: Pick<FigureSheet, 'items' | 'team' | 'month'>,
): Promise<{ entries: Array<{ field: Field; value: Num }>; faults: Fault[] }> {
  let sheets: Sheet[]
  if (isWorkbook(bytes)) sheets = await readBook(bytes)
  else {
    const table = await readTable(bytes)
    const sheet = asSheet(table)
    if (!sheet)
      return readFlat(
        table,
        items.map(({ field }) => field),
        { team: team.name, month },
      )
    sheets = [sheet]
  }
  const { entries, faults } = readSheets(sheets, items)
  return { entries, faults: faults.map(fault => sheetFault(fault, sheets)) }
}

function open(sheet: FigureSheet): FigureSheet {
  if (sheet.locked) throw new Refusal('locked', lockedText(sheet.month))
  return sheet
}

/** Numbers the month does not ask for any more, or not like this. */
export async function objectToFigures(
  tx: Tx,
  ctx: Context,
  team: Team,
  month: string,
  entries: readonly FigureEntry[],
): Promise<Fault[]> {
  const sheet = open(await figureSheet(tx, ctx, team, month))
  return entries.flatMap(({ row, name, personId, value }): Fault[] => {
    const field = fieldOf(sheet, { name, personId })
    if (field && !objectionTo(field, new Num(value))) return []
    return [{ row, column: name, value, message: `「${name}」现在不用填了，或者这个值不能填了。` }]
  })
}

const fieldOf = (
  { items }: FigureSheet,
  { name, personId }: Pick<FigureEntry, 'name' | 'personId'>,
): Field | undefined => items.find(({ field }) => field.name === name && (field.person?.id ?? null) === personId)?.field

/** Writes the numbers down. @throws Refusal where the month was locked meanwhile */
export async function importFigures(
  tx: Tx,
  ctx: Context,
  team: Team,
  month: string,
  entries: readonly FigureEntry[],
  by: string | null,
): Promise<Result> {
  const sheet = open(await figureSheet(tx, ctx, team, month))
  const values = entries.flatMap(({ value, ...rest }): Entry[] => {
    const field = fieldOf(sheet, rest)
    return field ? [{ field, value: new Num(value) }] : []
  })
  const { done } = await enterFigures(tx, ctx, sheet, values, { by, via: 'import', words: null })
  const imported = done.filter(({ changed }) => changed).length
  return { ...nothing, imported, skipped: done.length - imported, failed: entries.length - values.length }
}
