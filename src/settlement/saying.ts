import { DateTime } from 'luxon'
import { sayFen } from '../policy/fen.ts'
import type { Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'
import type { Appeal, MonthRecord } from './closing.ts'
import { howLines, sayCorrection, sayLine, sumLine, tidy } from './linewords.ts'
import { meets, ratesOf, sayTarget, type TeamRate } from './posts.ts'
import { standingOf } from './ranking.ts'
import type { Line, Slip, TeamResult } from './slip.ts'

/** What people read of a month. */

export const monthName = (month: string): string => `${Number(month.slice(5))}月`

const fen = (text: string): string => sayFen(BigInt(text))
const mostPlaces = 20

export function sayMoment(iso: string, zone: string): string {
  return DateTime.fromISO(iso, { zone }).toFormat('M月d日 HH:mm')
}

/** The group's post: places and rates, no money. */
export function groupText(result: TeamResult, targets: Policy['targets'], until: string | null, zone: string): string {
  const { ranking, rankBy, month, team, facts } = result
  const rates = ratesOf(result, targets).filter(({ is }) => is !== null)
  const places = ranking.slice(0, mostPlaces).map(({ rank, name, score }) => `${rank}. ${name} ${score}`)
  const more = ranking.length - places.length
  return [
    `🏆 ${team} ${monthName(month)}排名（按${rankBy}）`,
    ...(places.length > 0 ? places : ['这个月没有排名。']),
    ...(more > 0 ? [`还有 ${more} 人`] : []),
    [`完成 ${facts.完成单 ?? 0} 单`, ...rates.map(rate => rateWords(rate))].join(' · '),
    ...(until === null ? [] : [`各人的工资条已单独发出，${sayMoment(until, zone)} 前可以申诉。`]),
  ].join('\n')
}

function rateWords(rate: TeamRate): string {
  const { label, is, target } = rate
  const met = meets(rate)
  const mark = met === null ? '' : met ? '✓' : '🔻'
  return `${label} ${is}%${mark}${target ? `（目标 ${sayTarget(rate)}）` : ''}`
}

/** The manager's summary: targets, last month, last year (R6.1, R15.2). */
export function summaryText(result: TeamResult, targets: Policy['targets']): string {
  const { month, team, facts, before, year, net, people, moved } = result
  const old = (value: Num | string | null | undefined) => (value === null || value === undefined ? '—' : `${value}`)
  // In a team's first months there is nothing to compare with.
  const beside = (last: string, lastYear: string): string[] => [
    ...(before ? [`上月 ${last}`] : []),
    ...(year ? [`去年同月 ${lastYear}`] : []),
  ]
  const inBrackets = (words: readonly string[]): string => (words.length > 0 ? `（${words.join('，')}）` : '')
  const counts = ['完成单', '返修单', '投诉单'].map(
    name => `${name} ${facts[name] ?? 0}${inBrackets(beside(old(before?.facts[name]), old(year?.facts[name])))}`,
  )
  const rates = ratesOf(result, targets).map(
    rate =>
      `${rate.label} ${rate.is === null ? '—' : `${rate.is}%`}${meets(rate) === false ? ' 🔻未达标' : ''}` +
      inBrackets([
        ...(rate.target ? [`目标 ${sayTarget(rate)}`] : []),
        ...beside(percent(rate.before), percent(rate.year)),
      ]),
  )
  return [
    `📋 ${team} ${monthName(month)}小结`,
    ...counts,
    ...rates,
    net === '0' ? `${people} 人` : `${people} 人，实发合计 ${fen(net)}`,
    ...(moved.length > 0 ? [`比上月变动最大：${moved.map(movedWords).join('、')}`] : []),
  ].join('\n')
}

const percent = (rate: Num | null): string => (rate === null ? '—' : `${rate}%`)
export const movedWords = ({ name, fen: amount }: { name: string; fen: string }): string =>
  `${name} ${BigInt(amount) > 0n ? '+' : ''}${fen(amount)}`

/** Whether a rule book has any money in it: points and marks alone make no payslip. */
export const isPaid = ({ lines }: Pick<Slip, 'lines'>): boolean => lines.some(({ as }) => as !== 'value')

/** A person's month, line by line. */
export function slipText(slip: Slip, record: Pick<MonthRecord, 'view'>, zone: string): string {
  const { lines, corrections, scores, remarks, month, name, post, policy } = slip
  const paid = lines.filter(({ as }) => as !== 'value')
  const shown = paid.filter(({ fen: amount, notTaken, fault }) => amount !== '0' || notTaken || fault)
  const { state, appealsUntil, lockedAt } = record.view
  const money = isPaid(slip)
  return [
    `${money ? '💰' : '⭐'} ${name}${post === null ? '' : `（${post}）`} ${monthName(month)}${money ? '工资条' : '成绩'}`,
    ...(money
      ? []
      : [`积分 ${tidy(slip.facts.积分?.value ?? '0')} · 完成 ${tidy(slip.facts.完成单?.value ?? '0')} 单`]),
    ...scores.map(({ card, total, grade }) => `${card} ${tidy(total)} 分${grade === null ? '' : `，${grade}`}`),
    ...shown.map(line => `· ${sayLine(line)}`),
    ...corrections.map(one => `· ${sayCorrection(one)}`),
    ...(money ? [sumLine(slip)] : []),
    ...remarks.map(remark => `※ ${remark}`),
    `按「${policy.title}」第 ${policy.version} 版算。${money ? '看一项怎么来的：回复「工资 项目名」。' : '每一分怎么来的：回复「我的积分」。'}`,
    money && state === 'published' && appealsUntil
      ? `不对的，${sayMoment(appealsUntil, zone)} 前回复「申诉 工资 项目名 原因」。`
      : lockedAt
        ? `${sayMoment(lockedAt, zone)} 已锁定。`
        : '',
  ]
    .filter(Boolean)
    .join('\n')
}

const mostEvidence = 40

/** One line with everything it rests on. */
export function lineText(slip: Slip, line: Line): string {
  const evidence = line.inputs.flatMap(({ name }) => {
    const found = slip.facts[name]?.evidence
    const all = [...(found?.orders ?? []), ...(found?.incidents ?? []), ...(found?.leaves ?? [])]
    if (all.length === 0) return []
    const more = all.length > mostEvidence ? ` 等 ${all.length} 条` : ''
    return [`${name}：${all.slice(0, mostEvidence).join('、')}${more}`]
  })
  const scored = line.inputs.some(({ name }) => name === '积分')
  return [
    `${monthName(slip.month)} ${sayLine(line)}`,
    ...howLines(line),
    ...evidence,
    ...(scored ? [`积分怎么来的：回复「我的积分 ${monthName(slip.month)}」。`] : []),
  ].join('\n')
}

export function missingText({ missing }: Pick<TeamResult, 'missing'>, most = 8): string {
  const told = missing.slice(0, most).map(({ what, person }) => (person ? `${person} ${what}` : what))
  return `${told.join('、')}${missing.length > most ? ` 等 ${missing.length} 项` : ''}`
}

export function stateText(record: MonthRecord, state: 'published' | 'locked', nameOf: (id: string) => string): string {
  const { month, team, view, facts } = record
  const by = facts.findLast(({ fact }) => fact === state)?.by
  const who = by ? nameOf(by) : '系统'
  if (state === 'published') return `📢 ${team} ${monthName(month)}月结已由${who}发布。`
  const upheld = view.appeals.filter(({ answer }) => answer?.upheld).length
  const counted = view.appeals.length === 0 ? '没有人申诉' : `申诉 ${view.appeals.length} 条，成立 ${upheld} 条`
  return `🔒 ${team} ${monthName(month)}月结已锁定（${counted}）。以后的差错会在没锁的月份里更正。`
}

export function answerText(
  { item, answer }: Appeal,
  record: MonthRecord,
  line: Line | undefined,
  nameOf: (id: string) => string,
): string {
  const by = answer?.by ? nameOf(answer.by) : '系统'
  const result = answer?.upheld ? `成立${line ? `，现在是：${sayLine(line)}` : ''}` : '维持原样'
  return `📣 你对${monthName(record.month)}「${item}」的申诉，${by}答复：${result}。\n理由：${answer?.reason ?? ''}`
}

/** A person's score as his card shows it: `积分 86（第 2 名，共 12 人）`. */
export function scoreText(slip: Slip, result: TeamResult): string | null {
  const { rankBy, ranking } = result
  const own = ranking.find(({ person }) => person === slip.person)
  const score = own?.score ?? standingOf(slip, rankBy)?.toString()
  if (score === undefined) return null
  return `${rankBy} ${score}${own ? `（第 ${own.rank} 名，共 ${ranking.length} 人）` : ''}`
}
