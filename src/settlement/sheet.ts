import { maskPhones } from '../people/person.ts'
import { Num } from '../policy/formula.ts'

/** A sheet of a workbook as data: typed columns, and cells that are what their column is unless they say otherwise. */

export type Kind = 'text' | 'number' | 'money' | 'percent' | 'date'

export interface Column {
  title: string
  kind: Kind
}

/** Money in yuan, a percentage as its part of one, a date as `2026-10-31`; null: empty. */
export type Cell = string | number | null | { is: string | number; kind: Kind }

export interface Sheet {
  name: string
  /** The first row; the second one has the titles. */
  heading: string
  columns: Column[]
  rows: Cell[][]
  /** What stands there when there are no rows. */
  empty: string
}

export const text = (title: string): Column => ({ title, kind: 'text' })
export const number = (title: string): Column => ({ title, kind: 'number' })
export const money = (title: string): Column => ({ title, kind: 'money' })
export const percent = (title: string): Column => ({ title, kind: 'percent' })
export const date = (title: string): Column => ({ title, kind: 'date' })

/** Fen as yuan: `107463` → 1074.63. */
export const yuan = (fen: string | bigint | number): number => Number(fen) / 100

/** As many decimals as people read; what is no number yet is 0. */
export const decimal = (value: string | Num | undefined): number => new Num(value ?? 0).toDecimalPlaces(4).toNumber()

/** What a cell is, by its column or its own word. */
export function kindOf(cell: Cell, column: Column | undefined): { is: string | number | null; kind: Kind } {
  return cell !== null && typeof cell === 'object' ? cell : { is: cell, kind: column?.kind ?? 'text' }
}

/** Excel takes no more characters in a cell. */
const longest = 32_767

/** Texts as everybody may read them: no phone number in any of them, none longer than a cell takes. */
export function readable(sheet: Sheet): Sheet {
  const clean = (value: string): string => maskPhones(value).slice(0, longest)
  const rows = sheet.rows.map(row =>
    row.map((cell): Cell => {
      if (typeof cell === 'string') return clean(cell)
      return cell !== null && typeof cell === 'object' && typeof cell.is === 'string'
        ? { ...cell, is: clean(cell.is) }
        : cell
    }),
  )
  return {
    ...sheet,
    heading: clean(sheet.heading),
    columns: sheet.columns.map(one => ({ ...one, title: clean(one.title) })),
    rows,
  }
}

/** Columns narrower than this cut their numbers off, wider ones do not fit a screen. */
const [narrowest, widest] = [8, 60]

/** How wide a text is in a fixed font: Chinese characters take two. The longest of its lines. */
export function widthOf(value: string): number {
  let [line, most] = [0, 0]
  for (const character of value) {
    if (character === '\n') line = 0
    else line += wide.test(character) ? 2 : 1
    most = Math.max(most, line)
  }
  return most
}

const wide =
  /[\u1100-\u115f\u2018-\u201d\u2026\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6×÷]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

const shownAs: Record<Kind, (value: string | number) => string> = {
  text: String,
  number: value => String(value),
  money: value => Number(value).toFixed(2),
  percent: value => `${(Number(value) * 100).toFixed(1)}%`,
  date: () => '2026-10-31',
}

/** How wide each column has to be for what stands in it, and whether some of it needs several lines even so. */
export function layoutOf({ columns, rows }: Pick<Sheet, 'columns' | 'rows'>): Array<{ width: number; wraps: boolean }> {
  return columns.map((column, index) => {
    let [most, wraps] = [widthOf(column.title), false]
    for (const row of rows) {
      const { is, kind } = kindOf(row[index] ?? null, column)
      if (is === null) continue
      const shown = shownAs[kind](is)
      const width = widthOf(shown)
      most = Math.max(most, width)
      wraps ||= width > widest || shown.includes('\n')
    }
    return { width: Math.min(Math.max(most + 2, narrowest), widest + 2), wraps }
  })
}
