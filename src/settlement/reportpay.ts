import { tidy } from './linewords.ts'
import { type Cell, type Column, date, decimal, money, number, type Sheet, text, yuan } from './sheet.ts'
import type { Line, Slip, TeamResult } from './slip.ts'
import type { Tables } from './tables.ts'

/** Sheets of pay: who gets what, how each line came about, and the points ledger (R15.1). */

type Titled = Omit<Sheet, 'heading'>
type Item = Tables['items'][number]

/** The rule book's items in its order; without it, those of the lines as they come. */
export function itemsOf(slips: readonly Slip[], items: readonly Item[] | null): Item[] {
  const known = new Map((items ?? []).map(one => [one.item, one]))
  for (const { lines } of slips)
    for (const { item, as } of lines) if (as !== 'value' && !known.has(item)) known.set(item, { item, as })
  return [...known.values()]
}

/** 工资条: a row for each person, and their sum. */
export function slipSheet(slips: readonly Slip[], items: readonly Item[], name: string): Titled {
  const columns: Column[] = [
    ...[text('姓名'), text('岗位'), number('在职天数')],
    ...items.map(({ item, as }) => money(as === 'deduct' ? `${item}（扣）` : item)),
    ...[money('应发'), money('扣款'), money('更正'), money('实发'), money('没扣到'), text('备注')],
  ]
  const rows = slips.map((slip): Cell[] => {
    const lines = new Map(slip.lines.map(line => [line.item, line]))
    return [
      ...[slip.name, slip.post ?? '', slip.days.employed],
      ...items.map(({ item }) => {
        const fen = lines.get(item)?.fen
        return fen === undefined ? null : yuan(fen)
      }),
      ...[slip.gross, slip.deducted, slip.corrected, slip.net].map(yuan),
      ...[yuan(notTaken(slip)), remarks(slip)],
    ]
  })
  const sums = columns.map(({ kind }, index): Cell => {
    if (index === 0) return '合计'
    if (kind !== 'money') return null
    // In fen, so that what is added up stays exact.
    return rows.reduce((sum, row) => sum + Math.round(Number(row[index] ?? 0) * 100), 0) / 100
  })
  return { name, columns, rows: rows.length > 1 ? [...rows, sums] : rows, empty: '这个月没有工资条。' }
}

function notTaken({ lines, corrections }: Slip): bigint {
  return [...lines, ...corrections].reduce((sum, one) => sum + BigInt(one.notTaken ?? 0), 0n)
}

function remarks({ remarks: said, lines }: Slip): string {
  const byHand = lines.flatMap(({ item, override }) =>
    override ? [`${item}由${override.by}改定：${override.reason}`] : [],
  )
  const faults = lines.flatMap(({ item, fault }) => (fault === undefined ? [] : [`${item}算不出来：${fault}`]))
  return [...said, ...byHand, ...faults].join('；')
}

const kinds: Record<Line['as'], string> = { pay: '应发', deduct: '扣款', value: '中间数' }

/** 工资明细: every line of every person with the way it was reckoned, the team's own ones first. */
export function linesSheet(slips: readonly Slip[], result: Pick<TeamResult, 'lines'> | null): Titled {
  return {
    name: '工资明细',
    columns: [
      ...[text('姓名'), text('岗位'), text('项目'), text('类别'), money('金额'), number('数值'), money('没扣到')],
      ...[text('算法'), text('用到的数'), text('说明'), text('依据')],
    ],
    rows: [
      ...(result?.lines ?? []).map(line => lineRow(['（班组）', ''], line, {})),
      ...slips.flatMap(({ name, post, lines, corrections, facts }) => [
        ...lines.map(line => lineRow([name, post ?? ''], line, facts)),
        ...corrections.map(({ of, item, fen, notTaken: left, why }): Cell[] => [
          ...[name, post ?? '', `更正 ${Number(of.slice(5))}月 ${item}`, '更正', yuan(fen), null],
          ...[left === undefined ? null : yuan(left), '', '', why, ''],
        ]),
      ]),
    ],
    empty: '这个月没有工资项目。',
  }
}

function lineRow(who: [name: string, post: string], line: Line, facts: Slip['facts']): Cell[] {
  const { item, as, fen, value, notTaken: left, how, rule, inputs } = line
  return [
    ...[...who, item, kinds[as], fen === undefined ? null : yuan(fen), value === undefined ? null : decimal(value)],
    ...[left === undefined ? null : yuan(left), rule === undefined ? how : `${how}（${rule}）`],
    inputs.map(one => `${one.name} ${tidy(one.value)}`).join('，'),
    ...[explained(line), evidence(line, facts)],
  ]
}

function explained({ gate, steps, note, override, fault, as }: Line): string {
  const was = (reckoned: string) => (as === 'value' ? reckoned : yuan(reckoned).toFixed(2))
  return [
    ...(gate?.held ? [`符合「${gate.when}」`] : []),
    ...steps,
    ...(note === undefined ? [] : [note]),
    ...(override ? [`${override.by}改定：${override.reason}；原来算出 ${was(override.reckoned)}`] : []),
    ...(fault === undefined ? [] : [`⚠️ ${fault}`]),
  ].join('；')
}

/** More codes than this are counted, not listed. */
const mostEvidence = 40

function evidence({ inputs }: Line, facts: Slip['facts']): string {
  return inputs
    .flatMap(({ name }) => {
      const { orders = [], incidents = [], leaves = [], days = [] } = facts[name]?.evidence ?? {}
      const all = [...orders, ...incidents, ...leaves, ...days]
      const more = all.length > mostEvidence ? ` 等 ${all.length} 条` : ''
      return all.length === 0 ? [] : [`${name}：${all.slice(0, mostEvidence).join('、')}${more}`]
    })
    .join('；')
}

/** An entry of the ledger as it is listed. */
export interface Entry {
  person: string
  day: string
  source: Source
  subject: string
  rule: string
  points: number
  corrects: boolean
  policy: string
  version: number
}

export interface Sum {
  person: string
  source: Source
  rule: string
  times: number
  points: number
}

type Source = 'start' | 'order' | 'incident' | 'attendance'
const sources: Record<Source, string> = { start: '起始分', order: '工单', incident: '奖惩', attendance: '考勤' }

/** 积分流水: each entry; of a ledger too long to be listed what each person has by each rule. */
export function ledgerSheet(
  ledger: { entries: readonly Entry[] } | { sums: readonly Sum[] },
  nameOf: (person: string) => string,
): Titled {
  const name = '积分流水'
  const empty = '这个月没有积分。'
  if ('sums' in ledger)
    return {
      ...{ name, empty, columns: [text('姓名'), text('来源'), text('规则'), number('笔数'), number('积分')] },
      rows: ledger.sums.map(({ person, source, rule, times, points }) => [
        ...[nameOf(person), sources[source], rule, times, points],
      ]),
    }
  return {
    ...{ name, empty },
    columns: [
      ...[
        text('姓名'),
        date('日期'),
        text('来源'),
        text('单号'),
        text('规则'),
        number('积分'),
        text('更正'),
        text('制度'),
      ],
    ],
    rows: ledger.entries.map(({ person, day, source, subject, rule, points, corrects, policy, version }) => [
      ...[nameOf(person), day, sources[source], subject, rule, points, corrects ? '更正' : ''],
      `${policy} 第 ${version} 版`,
    ]),
  }
}
