/** A table somebody keeps in Excel or WPS, read as it stands there. */

export type Cell = string | number | boolean | Date | null

/** `row` is the number the person sees in front of it. */
export interface Row {
  row: number
  cells: readonly Cell[]
}

export interface Table {
  /** Name of the sheet; empty for a CSV file. */
  name: string
  rows: readonly Row[]
}

/** What is wrong with one cell, in a sentence that says what to do. Null column: with the row or the table as a whole. */
export interface Fault {
  row: number
  column: string | null
  value: string
  message: string
}

/** What can't be read as a table at all: a sentence for the person who sent it. */
export class Unreadable extends Error {}

export const limits = {
  bytes: 10 * 1024 * 1024,
  rows: 20_000,
  columns: 200,
  /** Characters kept of a cell: longer than any field may be, so that it is found too long and not cut. */
  cell: 2_000,
  /** Bytes of a workbook's parts when they are unpacked. */
  unpacked: 200 * 1024 * 1024,
} as const

/** What Excel shows where a formula failed. */
const failed = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)$/i
export const isError = (text: string): boolean => failed.test(text)

const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-12-01`, `2026-12-01 14:00`, with seconds where there are any. */
export function sayDate(at: Date): string {
  const whole = new Date(Math.round(at.getTime() / 1_000) * 1_000)
  const day = `${whole.getUTCFullYear()}-${two(whole.getUTCMonth() + 1)}-${two(whole.getUTCDate())}`
  const [hours, minutes, seconds] = [whole.getUTCHours(), whole.getUTCMinutes(), whole.getUTCSeconds()]
  if (hours + minutes + seconds === 0) return day
  return `${day} ${two(hours)}:${two(minutes)}${seconds > 0 ? `:${two(seconds)}` : ''}`
}

/** No database takes NUL, and no field has the others. */
const control = /(?![\t\n\r])[\p{Cc}\ufeff]/gu

/** A cell as text. A number has the fifteen digits a workbook has: 52300.499999999996 is 52300.5. */
export function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : sayDate(cell)
  if (typeof cell === 'boolean') return cell ? '是' : '否'
  if (typeof cell === 'number') return numberText(cell)
  const text = cell
    .slice(0, limits.cell)
    .replace(control, '')
    .replace(/\p{Surrogate}/gu, '')
    .trim()
  // What an export put in front of a cell so that no program takes it for a formula.
  return text.replace(/^'(?=[=+\-@\t\r])/, '')
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return ''
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value)
  const [digits = '', exponent] = value.toPrecision(15).split('e')
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
  return exponent === undefined ? short : value.toFixed(20).replace(/\.?0+$/, '')
}

export const isEmpty = ({ cells }: Row): boolean => cells.every(cell => textOf(cell) === '')

/** `A`, `AB`: how a column is named at its top. */
export function columnName(index: number): string {
  const rest = Math.floor(index / 26)
  return `${rest > 0 ? columnName(rest - 1) : ''}${String.fromCharCode(65 + (index % 26))}`
}
