import { type CellStyle, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import type { Column } from './columns.ts'
import type { ImportKind } from './import.ts'
import { orderColumns } from './ordercolumns.ts'
import { peopleColumns } from './peoplecolumns.ts'

/** What people fill in: the headings, one row of made-up data, and a sheet that explains every column. */

const text: CellStyle = { numFmt: '@' }
const bold: CellStyle = {
  numFmt: '@',
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'F2F2F2' } },
}

const about: Record<'orders' | 'people', { name: string; columns: readonly Column[]; notes: readonly string[] }> = {
  orders: {
    ...{ name: '订单', columns: orderColumns },
    notes: [
      '第 2 行是示例，请删掉或改成真实的单再导入。',
      '列的顺序随意，用不着的列可以删掉；「客户、电话、地址、故障」不能少。',
    ],
  },
  people: {
    ...{ name: '人员', columns: peopleColumns },
    notes: [
      '第 2 行是示例，请删掉或改成真实的人再导入。',
      '列的顺序随意，用不着的列可以删掉；「姓名」不能少。',
      '空着的格子不会清掉已有的内容。',
    ],
  },
}

/** A workbook to fill in. Figures have one of their own for each team and month (`GET /figures/sheet`). */
export async function template(kind: Exclude<ImportKind, 'figures'>): Promise<Buffer> {
  const { name, columns, notes } = about[kind]
  const own = columns.filter(({ shown, field }) => !shown && field !== 'code')
  const fill: WriteSheet = {
    ...{
      name,
      freezePane: { rows: 1 },
      columns: own.map(({ title }) => ({ width: Math.max(12, title.length * 3), style: text })),
    },
    cells: new Map(own.map((_, index) => [`0,${index}`, { style: bold }])),
    rows: [own.map(({ title }) => title), own.map(({ example }) => example)],
  }
  const explain: WriteSheet = {
    ...{ name: '说明', freezePane: { rows: 1 }, columns: [14, 8, 70, 40].map(width => ({ width, style: text })) },
    cells: new Map([0, 1, 2, 3].map(index => [`0,${index}`, { style: bold }])),
    rows: [
      ['列名', '必填', '怎么填', '也认识这些列名'],
      ...own.map(({ title, needed, about, also }) => [title, needed ? '必填' : '', about, also.join('、')]),
      ...notes.map(note => ['', '', note, '']),
    ],
  }
  return Buffer.from(await writeXlsx({ sheets: [fill, explain] }))
}
