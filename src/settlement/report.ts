import type { MonthView } from './closing.ts'
import { type Entry, itemsOf, ledgerSheet, linesSheet, type Sum, slipSheet } from './reportpay.ts'
import { summarySheet } from './reportsummary.ts'
import { againSheet, brandSheet, complaintSheet, gradeSheet, incidentSheet, weekSheet } from './reportwork.ts'
import { readable, type Sheet } from './sheet.ts'
import type { Slip, TeamResult } from './slip.ts'
import type { Tables } from './tables.ts'

/** The report of a settled month (R15) as sheets. It shows what was kept when the month was reckoned, and reckons nothing anew. */

export interface Report {
  state: Pick<MonthView, 'state' | 'wanted'>
  slips: readonly Slip[]
  result: TeamResult
  /** Null of a month that was reckoned before they were kept. */
  tables: Tables | null
  ledger: { entries: readonly Entry[] } | { sums: readonly Sum[] }
}

/** 月报: all sheets of a team's month. */
export function monthSheets(report: Report): Sheet[] {
  const { slips, result, tables, ledger } = report
  const { month } = result
  const sheets = [
    slipSheet(slips, itemsOf(slips, tables?.items ?? null), '工资条'),
    linesSheet(slips, result),
    ledgerSheet(ledger, nameIn(slips)),
    summarySheet(slips, result, tables),
    ...(tables
      ? [
          ...[complaintSheet(tables, month), gradeSheet(tables), againSheet(tables), brandSheet(tables)],
          ...[weekSheet(tables, month), incidentSheet(tables)],
        ]
      : unkept.map(name => ({ name, columns: [], rows: [], empty: '这个月月结的时候还没有留下这部分明细。' }))),
  ]
  const long = 'sums' in ledger ? '。积分太多，按人和规则合计；每一笔看各人的工资条' : ''
  return sheets.map(sheet => {
    const more = sheet.name === '积分流水' ? long : ''
    return readable({ ...sheet, heading: `${headingOf(report, `${result.team} ${sheet.name}`)}${more}` })
  })
}

const unkept = ['投诉分类', '满意度', '返修', '品牌', '每周单量', '奖惩']

/** One person's month: his slip, how each line came about, and his ledger. */
export function personSheets(report: Report, slip: Slip): Sheet[] {
  const { tables, ledger } = report
  const own = (tables?.items ?? null)?.filter(({ item }) => slip.lines.some(line => line.item === item)) ?? null
  const sheets = [
    slipSheet([slip], itemsOf([slip], own), '工资条'),
    linesSheet([slip], null),
    ledgerSheet(ledger, nameIn([slip])),
  ]
  return sheets.map(sheet => readable({ ...sheet, heading: headingOf(report, `${slip.name} ${sheet.name}`) }))
}

function nameIn(slips: readonly Slip[]): (person: string) => string {
  const names = new Map(slips.map(({ person, name }) => [person, name]))
  return person => names.get(person) ?? '（不在工资条里）'
}

/** `一班 工资条 2026年10月（草稿，还会变），按「默认制度」第 1 版`; nothing is said of a locked month's state. */
function headingOf({ state: { state, wanted }, result }: Report, what: string): string {
  const { month, policy } = result
  const words = { draft: '（草稿，还会变）', published: '（已发布，没有锁定，还可能改）', locked: '' }
  const mark = wanted && state !== 'locked' ? '（正在重算，数字还会变）' : words[state]
  return `${what} ${month.slice(0, 4)}年${Number(month.slice(5))}月${mark}，按「${policy.title}」第 ${policy.version} 版`
}
