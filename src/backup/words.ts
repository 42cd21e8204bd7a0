import type { Sum } from './digest.ts'

/** Enough of a checksum to compare by eye. */
const short = 16

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`

/** A table of text: the first column to the left, the others to the right. */
function aligned(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0))) ?? []
  return rows
    .map(row => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map(row => row.join('  ').trimEnd())
    .join('\n')
}

/** Tables with what is in them. */
export function contentTable(tables: ReadonlyMap<string, Sum>): string {
  const rows = [...tables].map(([name, { rows, checksum }]) => [name, String(rows), checksum.slice(0, short)])
  return aligned([['table', 'rows', 'checksum'], ...rows])
}

/** Tables with what both sides have of them. */
export function comparedTable(
  tables: ReadonlyArray<{ name: string; given: Sum; found: Sum }>,
  sides: readonly [string, string],
): string {
  const rows = tables.map(({ name, given, found }) => [
    ...[name, String(given.rows), String(found.rows)],
    ...[given.checksum.slice(0, short), found.checksum.slice(0, short)],
    given.rows === found.rows && given.checksum === found.checksum ? 'equal' : 'DIFFERENT',
  ])
  const [from, to] = sides
  return aligned([['table', `rows ${from}`, `rows ${to}`, `checksum ${from}`, `checksum ${to}`, ''], ...rows])
}

export function totals(sums: Iterable<Sum>): string {
  const all = [...sums]
  const rows = all.reduce((sum, one) => sum + one.rows, 0)
  return `${counted(rows, 'row')} in ${counted(all.length, 'table')}`
}

/** `412.5 kB` */
export function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`
}

/** An address of a database without its password. */
export function withoutPassword(address: string): string {
  const url = new URL(address)
  if (url.password) url.password = '…'
  return decodeURI(url.href)
}
