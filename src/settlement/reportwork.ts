import { stateWords } from '../incidents/saying.ts'
import { gradeNames } from '../orders/revisitresult.ts'
import { orderKindNames } from '../policy/terms.ts'
import { monthEnds } from './days.ts'
import { type Cell, date, money, number, percent, type Sheet, text, yuan } from './sheet.ts'
import { mondayOf, type Tables } from './tables.ts'

/** Sheets of work: complaints, satisfaction, repeat repairs, brands, weeks, incidents (R15.2). */

type Titled = Omit<Sheet, 'heading'>

/** Mondays of the weeks a month lies in. */
export function weeksOf(month: string): string[] {
  const { first, last } = monthEnds(month)
  const weeks = [mondayOf(first)]
  for (;;) {
    const next = daysAfter(weeks.at(-1) ?? first, 7)
    if (next > last) return weeks
    weeks.push(next)
  }
}

function daysAfter(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)
}

/** `10月1日–4日`: the days of a week that lie in the month. */
function weekName(monday: string, month: string): string {
  const { first, last } = monthEnds(month)
  const sunday = daysAfter(monday, 6)
  const [from, to] = [monday < first ? first : monday, sunday > last ? last : sunday]
  return `${Number(month.slice(5))}月${Number(from.slice(8))}日–${Number(to.slice(8))}日`
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const total = (rows: ReadonlyArray<{ orders: number }>): number =>
  cents(rows.reduce((sum, { orders }) => sum + orders, 0))
/** Parts of orders are hundredths. */
const cents = (value: number): number => Math.round(value * 100) / 100

const inWeek = <T extends { week: string; orders: number }>(rows: readonly T[], week: string): number =>
  total(rows.filter(one => one.week === week))

export function complaintSheet({ complaints }: Tables, month: string): Titled {
  const weeks = weeksOf(month)
  const unnamed = '没有分类'
  const categories = [...new Set(complaints.map(({ category }) => category))]
  const row = (name: string, own: Tables['complaints']): Cell[] => [
    name,
    ...weeks.map(week => inWeek(own, week)),
    total(own),
  ]
  const rows = categories.map(category =>
    row(
      category ?? unnamed,
      complaints.filter(one => one.category === category),
    ),
  )
  return {
    name: '投诉分类',
    columns: [text('投诉内容'), ...weeks.map(week => number(weekName(week, month))), number('合计')],
    rows: rows.length === 0 ? [] : [...rows, row('合计', complaints)],
    empty: '这个月没有投诉单。',
  }
}

export function gradeSheet({ grades }: Tables): Titled {
  const all = total(grades)
  return {
    name: '满意度',
    columns: [text('评价'), number('单数'), percent('占比')],
    rows:
      all === 0
        ? []
        : [
            ...grades.map(({ grade, orders }): Cell[] => [gradeNames[grade], orders, share(orders, all)]),
            ['合计', all, 1],
          ],
    empty: '这个月没有评价。',
  }
}

export function againSheet({ again }: Tables): Titled {
  return {
    name: '返修',
    columns: [
      ...[text('原单'), text('类别'), text('原单负责人'), date('完工日期')],
      ...[number('隔几天'), text('后来的单'), text('后来谁做的')],
    ],
    rows: again.map(({ code, why, by, doneOn, days, later, laterBy }) => [
      ...[code, why === 'rework' ? '返修' : '漏水漏气', by, doneOn, days, later, laterBy ?? '还没派'],
    ]),
    empty: '这个月完工的单没有返修。',
  }
}

export function brandSheet({ brands }: Tables): Titled {
  const all = total(brands)
  return {
    name: '品牌',
    columns: [text('品牌'), number('完成单'), percent('占比'), number('其中维修'), number('返修单')],
    rows: brands.map(({ brand, orders, repairs, reworked }) => [
      ...[brand ?? '没有填', orders, share(orders, all), repairs, reworked],
    ]),
    empty: '这个月没有完工的单。',
  }
}

export function weekSheet({ work }: Tables, month: string): Titled {
  const weeks = weeksOf(month)
  return {
    name: '每周单量',
    columns: [text('姓名'), ...weeks.map(week => number(weekName(week, month))), number('合计')],
    rows: work.map(({ name, weeks: own }) => [name, ...weeks.map(week => inWeek(own, week)), total(own)]),
    empty: '这个月没有完工的单。',
  }
}

export function incidentSheet({ incidents }: Tables): Titled {
  return {
    name: '奖惩',
    columns: [
      ...[text('编号'), text('姓名'), date('日期'), text('事项'), text('单号'), money('金额'), number('积分')],
      ...[number('停工天数'), text('月结时的状态'), text('依据')],
    ],
    rows: incidents.map(({ code, name, day, item, order, fen, points, daysOff, state, rule }) => [
      ...[code, name, day, item, order ?? '', yuan(fen), points, daysOff, stateWords[state], rule ?? ''],
    ]),
    empty: '这个月没有算数的奖惩。',
  }
}

/** Columns 安装（保内）, 维修（保外）… of the kinds there are, and each person's orders of them. */
export function kindColumns(tables: Tables | null): { titles: string[]; of: (person: string | null) => number[] } {
  const words = { in: '保内', out: '保外' }
  const work = tables?.work ?? []
  const all = work.flatMap(({ person, kinds }) =>
    kinds.map(({ kind, warranty, orders }) => ({
      ...{ person, orders },
      title: `${orderKindNames[kind]}（${warranty === null ? '没填保修' : words[warranty]}）`,
    })),
  )
  const titles = [...new Set(all.map(({ title }) => title))].sort((a, b) => (a < b ? -1 : 1))
  const byPerson = new Map<string | null, Map<string, number>>([[null, new Map()]])
  for (const { person, orders, title } of all)
    for (const key of [person, null]) {
      const own = byPerson.get(key) ?? new Map<string, number>()
      byPerson.set(key, own)
      own.set(title, cents((own.get(title) ?? 0) + orders))
    }
  return { titles, of: person => titles.map(title => byPerson.get(person)?.get(title) ?? 0) }
}
