import type { Num } from '../policy/formula.ts'
import { type Field, objectionTo } from '../settlement/figureentry.ts'
import type { Sheet } from '../settlement/figuresheet.ts'
import { readValue } from '../settlement/figurevalue.ts'
import { objectionText } from '../settlement/figurewords.ts'
import { plainHeading } from './columns.ts'
import { columnName, type Fault, type Table, textOf } from './table.ts'

/** Month figures as a flat table: a line for each number. Workbooks have a sheet for each kind of them (`readSheets`). */

/** Headings of the flat table, as an export writes it. */
export const figureTitles = ['班组', '月份', '姓名', '名称', '数值', '单位'] as const

const headWithin = 10

/** Places of the headings of a flat table; null where it is none. */
function headOf({ rows }: Table): { row: number; at: Map<string, number> } | null {
  for (const { row, cells } of rows.slice(0, headWithin)) {
    const titles = cells.map(cell => plainHeading(textOf(cell)))
    const at = new Map(figureTitles.map(title => [title as string, titles.indexOf(title)]))
    if ((at.get('姓名') ?? -1) >= 0 && (at.get('名称') ?? -1) >= 0 && (at.get('数值') ?? -1) >= 0) return { row, at }
  }
  return null
}

/** A CSV file as one of the sheets a workbook would have; null where it is a flat table. */
export function asSheet(table: Table): Sheet | null {
  if (headOf(table)) return null
  const titles = new Set(table.rows.slice(0, headWithin).flatMap(({ cells }) => cells.map(cell => textOf(cell))))
  return { name: titles.has('数值') ? '班组' : '个人', rows: whole(table) }
}

/** Rows from the first on, as sheets are read: those that are empty have their place. */
export function whole({ rows }: Table): Sheet['rows'] {
  const made: Array<Sheet['rows'][number]> = []
  for (const { row, cells } of rows) made[row - 1] = cells
  return Array.from(made, cells => cells ?? [])
}

/** Reads a flat table; empty values change nothing. */
export function readFlat(
  table: Table,
  fields: readonly Field[],
  { team, month }: { team: string; month: string },
): { entries: Array<{ field: Field; value: Num }>; faults: Fault[] } {
  const head = headOf(table)
  const entries: Array<{ field: Field; value: Num }> = []
  const faults: Fault[] = []
  if (!head) return { entries, faults }
  for (const { row, cells } of table.rows) {
    const text = (title: string) => textOf(cells[head.at.get(title) ?? -1])
    if (row <= head.row || /^[-—–]*$/.test(text('数值'))) continue
    const fault = (title: string, message: string) =>
      faults.push({ row, column: title, value: text(title), message: `第 ${row} 行 ${title}：${message}。` })
    const [name, person] = [text('名称'), text('姓名')]
    const named = fields.filter(field => field.name === name || field.label === name)
    const field = named.find(one => (one.person?.name ?? '') === person)
    if (text('班组') !== '' && text('班组') !== team) fault('班组', `正在导入的是「${team}」，请把别的班组分开导入`)
    else if (text('月份') !== '' && text('月份') !== month) fault('月份', `正在导入的是 ${month}，请把别的月份分开导入`)
    else if (named.length === 0)
      fault('名称', `没有叫「${name}」的数，有：${[...new Set(fields.map(one => one.label))].join('、')}`)
    else if (!field)
      fault('姓名', person === '' ? `「${name}」要写是谁的` : `这个月没有要填「${person}」的「${name}」，请核对名字`)
    else {
      const value = readValue(text('数值'), field.unit)
      const objection = value === null ? 'unread' : objectionTo(field, value)
      if (value === null || objection) fault('数值', objectionText(field, objection ?? 'unread', text('数值')))
      else if (entries.some(one => one.field === field)) fault('名称', `${field.label}写了两次，请留一个`)
      else entries.push({ field, value })
    }
  }
  return { entries, faults }
}

/** A fault of a sheet (`个人!C4`) by its row. */
export function sheetFault({ path, message }: { path: string; message: string }, sheets: readonly Sheet[]): Fault {
  const [, name = '', letters = 'A', digits = '1'] = /^(.*)!([A-Z]+)(\d+)$/.exec(path) ?? []
  const row = Number(digits)
  const rows = sheets.find(sheet => sheet.name === name)?.rows ?? []
  const index = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  const head = rows
    .slice(0, headWithin)
    .find(cells => cells.some(cell => ['姓名', '名称'].includes(textOf(cell ?? null))))
  const title = textOf(head?.[index] ?? null) || `${columnName(index)} 列`
  const value = textOf(rows[row - 1]?.[index] ?? null)
  return { row, column: title, value, message: `表「${name}」第 ${row} 行 ${title}：${message}。` }
}
