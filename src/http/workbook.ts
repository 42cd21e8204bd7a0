import { type CellStyle, type CellValue, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import { type Cell, type Column, type Kind, kindOf, layoutOf, type Sheet } from '../settlement/sheet.ts'

export const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Sheets as an xlsx workbook: headings frozen, columns as wide as what stands in them, numbers and dates as such. */
export async function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  return Buffer.from(await writeXlsx({ sheets: sheets.map(written) }))
}

/** `@` is text: what begins with `=` stays a text also when somebody edits the cell. */
const formats: Record<Kind, string> = {
  text: '@',
  number: 'General',
  money: '0.00',
  percent: '0.0%',
  date: 'yyyy-mm-dd',
}
const top = { vertical: 'top' } as const
const headings = 2

function written(sheet: Sheet): WriteSheet {
  const { name, heading, columns, rows, empty } = sheet
  const layout = layoutOf(sheet)
  const styles = columns.map(
    ({ kind }, index): CellStyle => ({
      numFmt: formats[kind],
      alignment: { ...top, wrapText: layout[index]?.wraps ?? false },
    }),
  )
  const cells: NonNullable<WriteSheet['cells']> = new Map([['0,0', { style: { numFmt: '@', font: { bold: true } } }]])
  for (const index of columns.keys())
    cells.set(`1,${index}`, { style: { numFmt: '@', font: { bold: true }, fill: grey } })
  if (rows.length === 0) cells.set(`${headings},0`, { style: { numFmt: '@' } })
  for (const [row, values] of rows.entries())
    for (const [index, cell] of values.entries())
      if (cell !== null && typeof cell === 'object')
        cells.set(`${row + headings},${index}`, { style: { numFmt: formats[cell.kind], alignment: top } })
  return {
    ...{ name, freezePane: { rows: headings, columns: 1 }, cells },
    columns: styles.map((style, index) => ({ style, ...(layout[index] && { width: layout[index].width }) })),
    rows: [
      [heading],
      columns.map(({ title }) => title),
      ...(rows.length === 0 ? [[empty]] : rows.map(row => row.map((cell, index) => plain(cell, columns[index])))),
    ],
  }
}

const grey = { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'F2F2F2' } } as const

function plain(cell: Cell, column: Column | undefined): CellValue {
  const { is, kind } = kindOf(cell, column)
  return kind === 'date' && typeof is === 'string' ? new Date(`${is}T00:00:00Z`) : is
}
