import { setImmediate as breathe } from 'node:timers/promises'
import { readXlsx, streamXlsxRows } from 'hucre/xlsx'
import { decoded, readCsv, tooMany } from './csv.ts'
import { type Cell, limits, type Row, type Table, textOf, Unreadable } from './table.ts'
import { broken, checkUnpacked } from './zip.ts'

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b
const isOld = (bytes: Uint8Array) => bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11

/** Whether these bytes are a workbook; anything else may be CSV. */
export const isWorkbook = isZip

/** The first sheet of a workbook, or a CSV file. @throws Unreadable */
export async function readTable(bytes: Uint8Array): Promise<Table> {
  if (bytes.length === 0) throw new Unreadable('文件是空的。')
  if (isOld(bytes))
    throw new Unreadable('这是旧的 .xls 文件或加了密码的文件。请在 Excel 或 WPS 里另存为不带密码的 .xlsx 再传。')
  if (!isZip(bytes)) return { name: '', rows: readCsv(decoded(bytes)) }
  checkUnpacked(bytes)
  return { name: '', rows: await sheetRows(bytes) }
}

/** Some rows are read, then others get their turn: a large workbook takes seconds. */
const atOnce = 200

async function sheetRows(bytes: Uint8Array): Promise<Row[]> {
  const rows: Row[] = []
  let seen = 0
  try {
    for await (const { index, values } of streamXlsxRows(bytes)) {
      const cells = trimmed(values as Cell[])
      if (cells.length > limits.columns)
        throw new Unreadable(`第 ${index + 1} 行超过 ${limits.columns} 列，请删掉多余的列再传。`)
      if (cells.length > 0) rows.push({ row: index + 1, cells })
      if (rows.length > limits.rows + 50) throw tooMany()
      if (++seen % atOnce === 0) await breathe()
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : broken()
  }
  return rows
}

/** Without the empty cells at its end, which a workbook keeps for their borders. */
function trimmed(cells: readonly Cell[]): Cell[] {
  let end = cells.length
  while (end > 0 && textOf(cells[end - 1]) === '') end--
  return cells.slice(0, end).map(cell => (typeof cell === 'string' ? cell.slice(0, limits.cell) : cell))
}

/** All sheets of a workbook, for kinds that have several. @throws Unreadable */
export async function readBook(bytes: Uint8Array): Promise<Array<{ name: string; rows: Cell[][] }>> {
  checkUnpacked(bytes)
  const { sheets } = await readXlsx(bytes, { maxRows: limits.rows }).catch(() => {
    throw broken()
  })
  return sheets.map(({ name, rows }) => ({ name, rows: rows as Cell[][] }))
}
