import { type Cell, columnName, type Fault, isEmpty, type Row, type Table, textOf } from './table.ts'

/** A column of a kind of table: what it is called, and what a template says of it. */
export interface Column<F extends string = string> {
  field: F
  title: string
  /** Other usual headings, in Chinese and English. */
  also: readonly string[]
  needed?: true
  /** What to fill in; shown in the template. */
  about: string
  /** In the template's example row. */
  example: string
  /** Written by exports and known here, but nothing that can be imported. */
  shown?: true
}

/** A table with its headings understood. */
export interface Headed<F extends string> {
  header: number
  /** Place of each column that is there. */
  at: ReadonlyMap<F, number>
  /** Its heading as it stands in the file. */
  titles: ReadonlyMap<F, string>
  rows: readonly Row[]
  warnings: string[]
  faults: Fault[]
}

/** Titles and notes may stand above the headings. */
const headWithin = 20

/** `客户 电话（必填）*` and `客户电话` are one. */
export const plainHeading = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[（(【[][^)）\]】]*[)）\]】]/g, '')
    .replaceAll(/[\s*:：_\-.。/]/g, '')

/** Finds the headings: the row of the first twenty that has most of them. A table without them is one clear fault. */
export function headed<F extends string>({ rows }: Table, columns: ReadonlyArray<Column<F>>): Headed<F> {
  const known = new Map<string, F>()
  for (const { field, title, also } of columns)
    for (const name of [title, field, ...also]) if (!known.has(plainHeading(name))) known.set(plainHeading(name), field)
  const fieldsIn = ({ cells }: Row) => new Set(cells.flatMap(cell => known.get(plainHeading(textOf(cell))) ?? []))
  const best = rows
    .filter(({ row }) => row <= headWithin)
    .reduce<{ row: Row; found: number } | null>((found, row) => {
      const count = fieldsIn(row).size
      return count > (found?.found ?? 1) ? { row, found: count } : found
    }, null)
  const needed = columns.filter(one => one.needed)
  const none = { at: new Map<F, number>(), titles: new Map<F, string>(), rows: [], warnings: [] }
  if (!best) {
    const message = `没有找到表头。第一行要写列名，必须有：${sayTitles(needed)}。可以先下载模板照着填。`
    return {
      ...none,
      header: rows[0]?.row ?? 1,
      faults: [{ row: rows[0]?.row ?? 1, column: null, value: '', message }],
    }
  }
  const at = new Map<F, number>()
  const titles = new Map<F, string>()
  const warnings: string[] = []
  const body = rows.filter(row => row.row > best.row.row && !isEmpty(row))
  for (const [index, cell] of best.row.cells.entries()) {
    const title = textOf(cell)
    const field = known.get(plainHeading(title))
    const first = field && at.get(field)
    if (field && first === undefined) {
      at.set(field, index)
      titles.set(field, title)
    } else if (field && first !== undefined)
      warnings.push(
        `${columnName(index)} 列「${title}」和 ${columnName(first)} 列「${titles.get(field)}」是同一项，只用了 ${columnName(first)} 列。`,
      )
    else if (body.some(({ cells }) => textOf(cells[index]) !== ''))
      warnings.push(`${columnName(index)} 列「${title || '（没有列名）'}」不认识，不会导入。要导入请改成模板里的列名。`)
  }
  const widest = body.reduce((most, { cells }) => Math.max(most, cells.length), 0)
  for (let index = best.row.cells.length; index < widest; index++)
    if (body.some(({ cells }) => textOf(cells[index]) !== ''))
      warnings.push(`${columnName(index)} 列没有列名，不会导入。`)
  const missing = needed.filter(({ field }) => !at.has(field))
  const faults = missing.length > 0 ? [lacking(best.row.row, missing)] : []
  return { header: best.row.row, at, titles, rows: faults.length > 0 ? [] : body, warnings, faults }
}

function lacking(row: number, missing: readonly Column[]): Fault {
  const message = `第 ${row} 行（表头）：缺少${missing.length > 1 ? '这些列' : '一列'}：${sayTitles(missing)}。请补上再传。`
  return { row, column: null, value: '', message }
}

const sayTitles = (columns: readonly Column[]): string => columns.map(({ title }) => `「${title}」`).join('、')

/** The cells of a row by field, and how its faults are told. */
export class Line<F extends string> {
  readonly faults: Fault[] = []
  constructor(
    readonly row: number,
    private readonly cells: readonly Cell[],
    private readonly table: Pick<Headed<F>, 'at' | 'titles'>,
    private readonly columns: ReadonlyArray<Column<F>>,
  ) {}

  cell(field: F): Cell {
    const at = this.table.at.get(field)
    return (at === undefined ? null : this.cells[at]) ?? null
  }

  text(field: F): string {
    return textOf(this.cell(field))
  }

  /** Something was said of this cell already. */
  has(field: F): boolean {
    return this.faults.some(({ column }) => column === this.columnOf(field))
  }

  private columnOf(field: F): string {
    return this.table.titles.get(field) ?? this.columns.find(one => one.field === field)?.title ?? field
  }

  /** `what` goes on behind the cell: 不是电话号码，请填…。 */
  fault(field: F, what: string): void {
    const column = this.columnOf(field)
    const value = this.text(field)
    const said = value === '' ? '没有填，' : `「${value.length > 40 ? `${value.slice(0, 40)}…` : value}」`
    this.faults.push({
      ...{ row: this.row, column, value: value.slice(0, 100) },
      message: `第 ${this.row} 行 ${column}：${said}${what}。`,
    })
  }
}
