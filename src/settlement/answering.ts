import { sayFen } from '../policy/fen.ts'
import type { Policy } from '../policy/schema.ts'
import type { MonthRecord } from './closing.ts'
import { monthsFrom } from './days.ts'
import type { LedgerEntry } from './ledger.ts'
import { monthName, sayMoment } from './saying.ts'
import type { Slip } from './slip.ts'

/** Answers to what is said of a month. */

interface About {
  who?: string
  item?: string
  fen?: bigint | null
}

/** What was understood and done, and what comes next. */
export function doneText(
  record: MonthRecord,
  did: 'draft' | 'publish' | 'lock' | 'adjust' | 'appeal' | 'answer',
  zone: string,
  { who = '', item = '', fen = null }: About = {},
): string {
  const { month, team, view } = record
  const called = monthName(month)
  switch (did) {
    case 'draft':
      return `⏳ 正在算 ${team} ${called}，算好会发卡片给你审核。`
    case 'publish':
      if (view.state === 'draft')
        return `⏳ ${called}的草稿算好以后，又有记录变了（订单、奖惩、填数、请假或考勤），先不发布，正在重算。算好会再发卡片给你，核对后再发布。`
      return `📢 ${team} ${called}月结已发布：排名发到群里，工资条单独发给每个人。${view.appealsUntil ? `${sayMoment(view.appealsUntil, zone)} 前可以申诉，没有申诉到期自动锁定。` : ''}`
    case 'lock':
      if (view.state !== 'locked')
        return `⏳ ${called}发布以后又有记录变了，先不锁定，正在重算。谁的工资条改了会告诉本人，申诉期过了自动锁定。`
      return `🔒 ${team} ${called}月结已锁定，不能再改。`
    case 'adjust':
      return fen === null
        ? `✅ ${who} ${called}的${item}不再人工改定，正在按制度重算。`
        : `✅ ${who} ${called}的${item}改成 ${sayFen(fen)}，正在重算。原来算出的数和你的原因都写在工资条里，本人能看到。`
    case 'appeal':
      return `📨 ${called}「${item}」的申诉已发给经理，答复了会告诉你。`
    case 'answer':
      return '✅ 已答复，本人会收到理由。'
  }
}

/** Everybody's month in a line each, for the manager. */
export function listText({ month, team, view }: MonthRecord, slips: readonly Slip[]): string {
  const states = { draft: '草稿', published: '已发布', locked: '已锁定' }
  const lines = [...slips]
    .sort((a, b) => (BigInt(b.net) > BigInt(a.net) ? 1 : -1))
    .map(({ name, post, net, deducted }) => {
      const taken = deducted === '0' ? '' : `（扣 ${sayFen(BigInt(deducted))}）`
      return `${name}${post === null ? '' : ` ${post}`} ${sayFen(BigInt(net))}${taken}`
    })
  const shown = lines.slice(0, 40)
  return [
    `${team} ${monthName(month)}（${states[view.state]}）`,
    ...shown,
    ...(lines.length > shown.length ? [`还有 ${lines.length - shown.length} 人，请看月报表格。`] : []),
    '看一个人的明细：回复「工资 张三」。',
  ].join('\n')
}

const mostEntries = 15

/** A person's points: the sum by what earned them, and the last entries. */
export function pointsText(
  who: string,
  month: string,
  { title, version }: Policy,
  entries: readonly LedgerEntry[],
  codes: ReadonlyMap<string, string>,
): string {
  const total = entries.reduce((sum, { hundredths }) => sum + hundredths, 0)
  if (entries.length === 0)
    return `${who}${monthName(month)}还没有积分记录。看别的月份：回复「我的积分 ${monthName(monthsFrom(month, -1))}」。`
  const sums = sumsByRule(entries)
  const last = entries.slice(-mostEntries).reverse()
  return [
    `⭐ ${who}${monthName(month)}积分 ${sayPoints(total)}`,
    sums
      .slice(0, 10)
      .map(({ rule, hundredths, times }) => `${rule} ${signedPoints(hundredths)}（${times} 次）`)
      .join(' · '),
    ...last.map(
      ({ day, rule, hundredths, subject, source, corrects }) =>
        `${Number(day.slice(5, 7))}/${Number(day.slice(8))} ${rule} ${signedPoints(hundredths)}${source === 'order' ? ` ${codes.get(subject) ?? ''}` : source === 'incident' ? ` ${subject}` : ''}${corrects ? '（更正）' : ''}`,
    ),
    ...(entries.length > last.length ? [`前面还有 ${entries.length - last.length} 条。`] : []),
    `按「${title}」第 ${version} 版。不对的，奖惩回复「申诉 奖惩号 原因」，单子请找派工员核对。`,
  ].join('\n')
}

/** What each rule gave or took, and how often, the most first. */
export function sumsByRule(
  entries: readonly LedgerEntry[],
): Array<{ rule: string; hundredths: number; times: number }> {
  const byRule = new Map<string, { rule: string; hundredths: number; times: number }>()
  for (const { rule, hundredths, corrects } of entries) {
    const known = byRule.get(rule) ?? { rule, hundredths: 0, times: 0 }
    byRule.set(rule, { rule, hundredths: known.hundredths + hundredths, times: known.times + (corrects ? 0 : 1) })
  }
  return [...byRule.values()].sort((a, b) => Math.abs(b.hundredths) - Math.abs(a.hundredths))
}

export const sayPoints = (hundredths: number): string => `${Number((hundredths / 100).toFixed(2))}`
export const signedPoints = (hundredths: number): string => `${hundredths > 0 ? '+' : ''}${sayPoints(hundredths)}`
