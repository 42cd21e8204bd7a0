import { DateTime } from 'luxon'
import { isDay } from '../policy/days.ts'

/** A cell as a workbook holds it. */
export type Cell = string | number | boolean | Date | null | undefined

/** One row of an attendance table that was read: whose day, and when he came and went (`2026-11-24T08:55:00`, local). */
export interface SheetRow {
  /** Its number in the sheet, from 1. */
  row: number
  name: string | null
  userId: string | null
  day: string
  in: string[]
  out: string[]
  /** Check-ins that say neither. */
  any: string[]
  place: string | null
  /** A word stands in it where a time was due: 请假, 外出. */
  excused: boolean
}

/** What is wrong with a cell, in Chinese. */
export interface SheetProblem {
  row: number
  column: string
  message: string
}

type Part = 'name' | 'userId' | 'day' | 'in' | 'out' | 'any' | 'type' | 'place'

/**
 * What the columns of real exports are called: WeCom's 上下班打卡_日报 and 打卡时间 lists, DingTalk's 每日统计 (上班1打卡时间, in
 * one or in two rows of headings) and 原始记录, and tables people make themselves.
 */
const headings: ReadonlyArray<readonly [Part, RegExp]> = [
  ['userId', /^(?:账号|帐号|账户|userid|用户id|员工userid)$/i],
  ['name', /^(?:姓名|名字|员工|员工姓名|人员)$/],
  ['type', /^(?:打卡类型|考勤类型|班次类型|类型)$/],
  ['place', /^(?:打卡地址|打卡地点|地点|位置)$/],
  ['in', /^(?:上班\d*(?:打卡)?(?:时间)?|上班\d*打卡|签到(?:时间)?|到岗(?:时间)?|最早(?:打卡)?(?:时间)?)$/],
  ['out', /^(?:下班\d*(?:打卡)?(?:时间)?|下班\d*打卡|签退(?:时间)?|离岗时间|最晚(?:打卡)?(?:时间)?)$/],
  ['any', /^(?:打卡时间|考勤时间)$/],
  ['day', /^(?:日期|考勤日期|打卡日期|时间|工作日期)$/],
]

/** The heading stands among the first rows: exports put a title and the span above it. */
const headingWithin = 10

interface Columns {
  /** The first row of data, from 0. */
  first: number
  parts: Map<Part, number[]>
  titles: string[]
}

/** Reads a table; every fault of it is told, not just the first. */
export function readSheet(rows: readonly (readonly Cell[])[]): { rows: SheetRow[]; problems: SheetProblem[] } {
  const columns = columnsOf(rows)
  if (!columns) {
    const message = '没有表头：要有「姓名」（或「账号」）、「日期」，和「上班」「下班」或「打卡时间」这几列'
    return { rows: [], problems: [{ row: 1, column: '表头', message }] }
  }
  const problems: SheetProblem[] = []
  const read: SheetRow[] = []
  for (const [index, cells] of rows.entries()) {
    if (index < columns.first || cells.every(cell => textOf(cell) === '')) continue
    const found = readRow(cells, index + 1, columns)
    problems.push(...found.problems)
    if (found.problems.length === 0) read.push(found.row)
  }
  if (read.length === 0 && problems.length === 0)
    problems.push({ row: columns.first + 1, column: '表头', message: '表头下面没有一行数据' })
  return { rows: read, problems }
}

function columnsOf(rows: readonly (readonly Cell[])[]): Columns | null {
  for (const [index, cells] of rows.slice(0, headingWithin).entries()) {
    const below = rows[index + 1] ?? []
    const two = below.some(cell => /^打卡(?:时间|结果|状态)$/.test(textOf(cell)))
    for (const titles of two ? [joined(cells, below), cells.map(textOf)] : [cells.map(textOf)]) {
      const parts = new Map<Part, number[]>()
      for (const [column, title] of titles.entries()) {
        const part = headings.find(([, pattern]) => pattern.test(title.replace(/\s/g, '')))?.[0]
        if (part) parts.set(part, [...(parts.get(part) ?? []), column])
      }
      const timed = parts.has('in') || parts.has('out') || parts.has('any')
      const dated = parts.has('day') || parts.has('any')
      if ((parts.has('name') || parts.has('userId')) && timed && dated)
        return { first: index + (two ? 2 : 1), parts, titles: [...titles] }
    }
  }
  return null
}

/** 上班1 above 打卡时间 is 上班1打卡时间; a merged heading stands above its first column only. */
function joined(upper: readonly Cell[], lower: readonly Cell[]): string[] {
  let above = ''
  return Array.from({ length: Math.max(upper.length, lower.length) }, (_, column) => {
    const [own, sub] = [textOf(upper[column]), textOf(lower[column])]
    if (own !== '') above = own
    return sub === '' ? own : `${above}${sub}`
  })
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  return cell instanceof Date ? cell.toISOString() : String(cell).trim()
}

const nothing = /^(?:|[-—–]+|无|缺卡|未打卡|旷工|null)$/
/** Where a word stands instead of a time, somebody knows why there is none: no conclusion is drawn from its absence. */
const excused = /^(?:休息|请假|[事病年婚产丧]假|调休|外出|出差|外勤|正常|补卡|补卡通过|公休|节假日)$/

function readRow(
  cells: readonly Cell[],
  row: number,
  { parts, titles }: Columns,
): { row: SheetRow; problems: SheetProblem[] } {
  const problems: SheetProblem[] = []
  const say = (column: number, message: string) => problems.push({ row, column: titles[column] ?? '', message })
  const first = (part: Part): number => parts.get(part)?.[0] ?? -1
  const text = (part: Part): string => textOf(cells[first(part)])
  const read: SheetRow = {
    ...{ row, name: text('name') || null, userId: text('userId') || null, day: '', in: [], out: [], any: [] },
    place: text('place') || null,
    excused: false,
  }
  if (!read.name && !read.userId) say(Math.max(first('name'), first('userId')), '没有写是谁')
  const anyCell = cells[first('any')]
  const dayCell = parts.has('day') ? cells[first('day')] : anyCell
  const day = dayOf(dayCell)
  if (day) read.day = day
  else
    say(
      parts.has('day') ? first('day') : first('any'),
      `看不懂日期「${shown(dayCell)}」，要像 2026-11-24 或 2026/11/24`,
    )
  const kind = /上班|签到|到岗/.test(text('type')) ? 'in' : /下班|签退/.test(text('type')) ? 'out' : 'any'
  for (const part of ['in', 'out', 'any'] as const)
    for (const column of parts.get(part) ?? []) {
      const cell = cells[column]
      if (excused.test(textOf(cell))) read.excused = true
      if (nothing.test(textOf(cell)) || excused.test(textOf(cell))) continue
      const time = timeOf(cell, read.day)
      if (time) read[part === 'any' ? kind : part].push(time)
      else say(column, `看不懂时间「${shown(cell)}」，要像 08:55`)
    }
  return { row: read, problems }
}

const shown = (cell: Cell): string => textOf(cell).slice(0, 30)

/** `2026-11-24`, `2026/11/24 星期二`, `26-11-24 星期二`, `2026年11月24日`, a date cell. */
function dayOf(cell: Cell): string | null {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString().slice(0, 10)
  const [, year = '', month = '', date = ''] =
    /^(\d{4}|\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)/.exec(textOf(cell)) ?? []
  const day = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(day) ? day : null
}

/** `08:55`, `8:55:30`, `次日 00:10`, `2026-11-24 08:55`, `08:55(外勤)`, a time cell (part of a day). Local, without a zone. */
function timeOf(cell: Cell, day: string): string | null {
  if (cell instanceof Date || typeof cell === 'number') {
    const part = cell instanceof Date ? (cell.getTime() / 86_400_000) % 1 : cell
    const whole = cell instanceof Date && cell.getUTCFullYear() > 1901 ? cell.toISOString().slice(0, 10) : day
    const seconds = Math.round((part < 0 ? part + 1 : part) * 86_400)
    return seconds < 86_400 && seconds >= 0 && whole
      ? moment(whole, Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60)
      : null
  }
  const match =
    /^(?:(\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)\s*|(次日|第二天)\s*)?(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(?:\s*[(（].*[)）])?$/.exec(
      textOf(cell),
    )
  if (!match) return null
  const [, dated, next, hour, minute, second = '0'] = match
  const on = dated ? dayOf(dated) : day
  if (!on) return null
  const at = moment(on, Number(hour), Number(minute), Number(second))
  return at && next ? DateTime.fromISO(at).plus({ days: 1 }).toFormat(format) : at
}

const format = "yyyy-MM-dd'T'HH:mm:ss"

function moment(day: string, hour: number, minute: number, second: number): string | null {
  if (hour > 23 || minute > 59 || second > 59) return null
  return DateTime.fromISO(day).set({ hour, minute, second }).toFormat(format)
}
