import { Num } from '../policy/formula.ts'
import { type Field, type Item, objectionTo } from './figureentry.ts'
import { readValue, sayValue } from './figurevalue.ts'
import { objectionText } from './figurewords.ts'

/** The numbers of a month as a workbook: one sheet of the team's, one of the persons', one for each scorecard. */

export type Cell = string | number | boolean | Date | null | undefined

export interface Sheet {
  name: string
  rows: readonly (readonly Cell[])[]
}

const teamSheet = '班组'
const personSheet = '个人'
const nothing = '—'

const sheetOf = ({ mark, person }: Field): string => (mark ? `考核 ${mark.card}` : person ? personSheet : teamSheet)
const heading = ({ label, unit, mark }: Field): string => (mark || unit === '' ? label : `${label}（${unit}）`)

/** A workbook to fill in, with the values there are. */
export function sheetsOf(items: readonly Item[]): Sheet[] {
  const names = [...new Set(items.map(({ field }) => sheetOf(field)))]
  return names.map(name => {
    const own = items.filter(({ field }) => sheetOf(field) === name)
    return { name, rows: name === teamSheet ? teamRows(own) : personRows(own) }
  })
}

function teamRows(items: readonly Item[]): Cell[][] {
  const rows = items.map(item => [item.field.label, cellOf(item), item.field.unit, hint(item)])
  return [['名称', '数值', '单位', '说明'], ...rows]
}

function hint({ field, from }: Item): string {
  const { standing, usual, unit, min, max } = field
  return [
    usual === null ? '必填' : `不填按 ${sayValue(usual, unit)}`,
    standing ? `填一次以后各月都按它${from ? `，${from} 填的` : ''}` : '',
    min ? `不小于 ${sayValue(min.toFixed(), unit)}` : '',
    max ? `不大于 ${sayValue(max.toFixed(), unit)}` : '',
  ]
    .filter(Boolean)
    .join('；')
}

function personRows(items: readonly Item[]): Cell[][] {
  const columns = [...new Map(items.map(({ field }) => [field.name, field])).values()]
  const people = [...new Map(items.map(({ field: { person } }) => [person?.id, person])).values()]
  const rows = people.map(person => [
    person?.name,
    person?.post ?? '',
    ...columns.map(({ name }) => {
      const item = items.find(({ field }) => field.name === name && field.person?.id === person?.id)
      return item ? cellOf(item) : nothing
    }),
  ])
  return [['姓名', '岗位', ...columns.map(heading)], ...rows]
}

/** A number where a workbook keeps all its digits. */
function cellOf({ value, from }: Item): Cell {
  if (value === null || from === null) return null
  return new Num(value).precision() <= 15 ? Number(value) : value
}

export interface SheetEntry {
  field: Field
  value: Num
}

/** What is wrong with a cell, in Chinese; `path` is `个人!C4`. */
export interface SheetFault {
  path: string
  message: string
}

/** Reads a workbook that was filled in; empty cells change nothing. Every fault of it is told, not just the first. */
export function readSheets(
  sheets: readonly Sheet[],
  items: readonly Item[],
): { entries: SheetEntry[]; faults: SheetFault[] } {
  const entries: SheetEntry[] = []
  const faults: SheetFault[] = []
  const names = [...new Set(items.map(({ field }) => sheetOf(field)))]
  for (const { name, rows } of sheets) {
    if (rows.every(row => row.every(cell => textOf(cell) === ''))) continue
    const own = items.filter(({ field }) => sheetOf(field) === name).map(({ field }) => field)
    if (own.length === 0) {
      faults.push({ path: `${name}!A1`, message: `不认识这张表，能导入的有：${names.join('、') || '（没有）'}` })
      continue
    }
    const read = name === teamSheet ? readTeam(rows, own) : readPeople(rows, own)
    entries.push(...read.entries)
    faults.push(...read.faults.map(({ at, message }) => ({ path: `${name}!${at}`, message })))
  }
  return { entries, faults }
}

type Read = { entries: SheetEntry[]; faults: Array<{ at: string; message: string }> }

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString()
  // A workbook has fifteen digits: 52300.499999999996 is 52300.5.
  return typeof cell === 'number' ? new Num(cell).toSignificantDigits(15).toFixed() : String(cell).trim()
}

const isEmpty = (cell: Cell): boolean => /^[-—–]*$/.test(textOf(cell))

/** `C4` */
function place(column: number, row: number): string {
  const letter = String.fromCharCode(65 + (column % 26))
  return `${column >= 26 ? String.fromCharCode(64 + Math.floor(column / 26)) : ''}${letter}${row + 1}`
}

const headWithin = 10

const headOf = (rows: Sheet['rows'], ...titles: string[]): number =>
  rows.slice(0, headWithin).findIndex(row => titles.every(title => row.some(cell => textOf(cell) === title)))

function readTeam(rows: Sheet['rows'], fields: readonly Field[]): Read {
  const read: Read = { entries: [], faults: [] }
  const head = headOf(rows, '名称', '数值')
  if (head < 0) return { entries: [], faults: [{ at: 'A1', message: '没有表头：要有「名称」和「数值」两列' }] }
  const titles = (rows[head] ?? []).map(textOf)
  const [named, valued] = [titles.indexOf('名称'), titles.indexOf('数值')]
  for (const [index, row] of rows.entries()) {
    if (index <= head || isEmpty(row[valued])) continue
    const label = textOf(row[named])
    const field = fields.find(one => one.label === label)
    if (field) take(read, field, row[valued], place(valued, index))
    else read.faults.push({ at: place(named, index), message: `没有叫「${label}」的数，有：${labels(fields)}` })
  }
  return read
}

const labels = (fields: readonly Field[]): string => [...new Set(fields.map(({ label }) => label))].join('、')

function readPeople(rows: Sheet['rows'], fields: readonly Field[]): Read {
  const read: Read = { entries: [], faults: [] }
  const head = headOf(rows, '姓名')
  if (head < 0) return { entries: [], faults: [{ at: 'A1', message: '没有表头：要有「姓名」一列' }] }
  const titles = (rows[head] ?? []).map(textOf)
  const named = titles.indexOf('姓名')
  const seen = new Set<string>()
  const known = new Map(fields.flatMap(field => [heading(field), field.label].map(title => [title, field.name])))
  for (const [column, title] of titles.entries())
    if (title !== '' && !['姓名', '岗位'].includes(title) && !known.has(title))
      read.faults.push({ at: place(column, head), message: `没有叫「${title}」的数，有：${labels(fields)}` })
  for (const [index, row] of rows.entries()) {
    const who = textOf(row[named])
    const filled = titles.flatMap((title, column) => (known.has(title) && !isEmpty(row[column]) ? [column] : []))
    if (index <= head || filled.length === 0) continue
    const at = place(named, index)
    if (seen.has(who)) read.faults.push({ at, message: `「${who}」写了两行，请合成一行` })
    else if (!fields.some(({ person }) => person?.name === who))
      read.faults.push({ at, message: who === '' ? '没有写是谁' : `这个月没有要填「${who}」的数，请核对名字` })
    else
      for (const column of filled) {
        const field = fields.find(one => one.name === known.get(titles[column] ?? '') && one.person?.name === who)
        if (field) take(read, field, row[column], place(column, index))
        else read.faults.push({ at: place(column, index), message: `${who}不用填${titles[column]}，请清空这一格` })
      }
    seen.add(who)
  }
  return read
}

function take(read: Read, field: Field, cell: Cell, at: string): void {
  const given = textOf(cell)
  const value = typeof cell === 'boolean' || cell instanceof Date ? null : readValue(given, field.unit)
  const fault = value === null ? 'unread' : objectionTo(field, value)
  if (value === null || fault) read.faults.push({ at, message: objectionText(field, fault ?? 'unread', given) })
  else if (read.entries.some(one => one.field === field))
    read.faults.push({ at, message: `${field.label}写了两次，请留一个` })
  else read.entries.push({ field, value })
}
