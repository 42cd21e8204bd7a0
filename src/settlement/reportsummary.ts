import { Num } from '../policy/formula.ts'
import { rateOf } from './posts.ts'
import { kindColumns } from './reportwork.ts'
import { type Cell, type Column, decimal, money, number, percent, type Sheet, text, yuan } from './sheet.ts'
import type { Slip, TeamResult } from './slip.ts'
import type { Tables } from './tables.ts'

/** 月度汇总: each person's month, the team's sums, growth, and what a repair cost (R15.1, R15.2). */

type Facts = Readonly<Record<string, string>>

interface Figure {
  column: Column
  of(facts: Facts): number | null
}

const count = (name: string): Figure => ({ column: number(name), of: facts => decimal(facts[name]) })
const rate = (title: string, part: string, whole: readonly string[]): Figure => ({
  column: percent(title),
  of: facts => rateOf(facts, part, whole)?.div(100).toNumber() ?? null,
})

/** Repairs that no other one followed, of all: what comes back later is not known yet. */
const firstTime: Figure = {
  column: percent('首次修复率（到月结时）'),
  of: facts => {
    const repairs = new Num(facts.维修单 ?? 0)
    const once = Num.max(repairs.minus(facts.返修单 ?? 0), 0)
    return (
      rateOf({ 维修单: repairs.toString(), once: once.toString() }, 'once', ['维修单'])?.div(100).toNumber() ?? null
    )
  },
}

const figures: readonly Figure[] = [
  ...['完成单', '安装单', '维修单', '空单', '返修单', '及时单', '超时单'].map(count),
  rate('及时率', '及时单', ['及时单', '超时单']),
  ...['联系及时单', '联系超时单'].map(count),
  rate('联系及时率', '联系及时单', ['联系及时单', '联系超时单']),
  firstTime,
  ...['评价单', '满意单'].map(count),
  rate('满意度', '满意单', ['评价单']),
  count('投诉单'),
  rate('投诉率', '投诉单', ['完成单']),
  count('积分'),
  { column: money('收费额'), of: facts => decimal(facts.收费额) },
]

const factsOf = ({ facts }: Slip): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, { value }]) => [name, value]))

export function summarySheet(
  slips: readonly Slip[],
  result: TeamResult,
  tables: Tables | null,
): Omit<Sheet, 'heading'> {
  const places = new Map(result.ranking.map(place => [place.person, place]))
  const kinds = kindColumns(tables)
  const columns: Column[] = [
    ...[text('姓名'), text('岗位'), number('名次'), number(`${result.rankBy}（排名用）`)],
    ...[...figures.map(({ column }) => column), ...kinds.titles.map(number), money('应发'), money('实发')],
  ]
  const rows = slips.map((slip): Cell[] => {
    const place = places.get(slip.person)
    const facts = factsOf(slip)
    return [
      ...[slip.name, slip.post ?? '', place?.rank ?? null, place ? decimal(place.score) : null],
      ...[...figures.map(({ of }) => of(facts)), ...kinds.of(slip.person), yuan(slip.gross), yuan(slip.net)],
    ]
  })
  const blank: Cell[] = [null, null, null]
  const sums: Cell[] = [
    ...['合计', ...blank, ...figures.map(({ of }) => of(result.facts)), ...kinds.of(null)],
    ...[yuan(result.gross), yuan(result.net)],
  ]
  const team = [
    sums,
    ...compared('上月', result.facts, result.before?.facts),
    ...compared('去年同月', result.facts, result.year?.facts),
    ...costRows(result, tables),
  ]
  return { name: '月度汇总', columns, rows: slips.length === 0 ? [] : [...rows, ...team], empty: '这个月没有人员。' }
}

/** What it was then, and how much more it is now in per cent; rates have no growth. */
function compared(when: string, now: Facts, then: Facts | undefined): Cell[][] {
  if (!then) return [[`${when}没有月结，没有可比的数`]]
  const growth = figures.map(({ column, of }): Cell => {
    const [before, is] = [of(then), of(now)]
    if (column.kind === 'percent' || !before || is === null) return null
    return { is: new Num(is).div(before).minus(1).toDecimalPlaces(4).toNumber(), kind: 'percent' }
  })
  return [
    [`${when}合计`, null, null, null, ...figures.map(({ of }) => of(then))],
    [`比${when}增减`, null, null, null, ...growth],
  ]
}

/** The figure 维修费用 where the rule book asks for it, else what the team is paid: said beside it. */
function costRows({ facts, gross }: TeamResult, tables: Tables | null): Cell[][] {
  const repairs = new Num(facts.维修单 ?? 0)
  if (repairs.isZero()) return [['每张维修单的费用', '这个月没有维修单']]
  const { asked = false, yuan: figure = null } = tables?.repairCost ?? {}
  if (asked && figure === null) return [['每张维修单的费用', '「维修费用」还没填']]
  const [what, cost] =
    figure === null ? ['应发合计 ÷ 维修单', new Num(gross).div(100)] : ['维修费用 ÷ 维修单', new Num(figure)]
  const each = cost.div(repairs).toDecimalPlaces(2, Num.ROUND_HALF_UP).toNumber()
  return [[`每张维修单：${what}`, { is: each, kind: 'money' }]]
}
