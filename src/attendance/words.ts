import { DateTime } from 'luxon'
import { factNames } from '../orders/factwords.ts'
import type { AttendanceRule } from '../policy/attendancerule.ts'
import { amountOf } from '../policy/fen.ts'
import type { Policy } from '../policy/schema.ts'
import type { DayVerdict, Finding, Seen } from './day.ts'
import { sayCell, sayDays, sayLong, stateNames } from './daywords.ts'
import type { MonthVerdict, Proposal } from './month.ts'
import { wholeDay } from './record.ts'

/** What is said about attendance: every conclusion with its rule and its arithmetic. */

const minuteMs = 60_000
const weekdays = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

/** `11月25日 周三` */
export function sayDay(day: string): string {
  const date = DateTime.fromISO(day)
  return `${date.month}月${date.day}日 ${weekdays[date.weekday - 1]}`
}

export const sayMonthName = (month: string): string => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`

export const yuan = (fen: number): string => `¥${amountOf(BigInt(fen))}`

/** `09:00`, or `09:00:01` where the second matters. */
function clock(at: Date, zone: string): string {
  const local = DateTime.fromJSDate(at, { zone })
  return local.toFormat(local.second > 0 ? 'HH:mm:ss' : 'HH:mm')
}

const flagNames: Readonly<Record<string, string>> = { place: '地点异常', device: '设备异常' }

/** `08:55 上班打卡`, `08:40 1024 出发`, `09:00 补卡`. */
function saySeen({ at, by, words }: Seen, zone: string): string {
  const time = clock(at, zone)
  if (by === 'correction') return `${time} 补卡`
  if (by === 'order') return `${time} ${words.sign?.code} ${factNames[words.sign?.fact ?? 'arrived']}`
  const name = { in: '上班打卡', out: '下班打卡', outside: '外勤打卡' }[by]
  const flags = (words.mark?.flags ?? []).map(flag => flagNames[flag] ?? flag)
  return `${time} ${name}${flags.length > 0 ? `（${flags.join('、')}）` : ''}`
}

/** `罚 ¥10.00,扣 2 分`, or nothing. */
function cost({ fen, points, wage, share }: Finding): string {
  const part = share > 0 && share < wholeDay ? `（按 ${sayDays(share)} 天）` : ''
  const said = [
    fen > 0 && `罚 ${yuan(fen)}${part}`,
    points > 0 && `扣 ${points} 分`,
    wage > 0 && `扣当日基本工资的 ${sayDays(wage)} 倍${part}`,
  ].filter(Boolean)
  return said.length > 0 ? `；${said.join('，')}` : ''
}

function finding(one: Finding, verdict: DayVerdict, policy: Policy, rule: AttendanceRule): string {
  const { zone } = policy
  const { start, end, cutoff, arrived, left, leave } = verdict
  const [begins, ends] = [start ? clock(start, zone) : '', end ? clock(end, zone) : '']
  const half = leave > 0 ? `（请假 ${sayDays(leave)} 天）` : ''
  const grace = rule.graceMs > 0 ? `，宽限 ${sayLong(rule.graceMs)}` : ''
  switch (one.what) {
    case 'late': {
      const per = rule.late?.per ? `，每 ${rule.late.per} 次算缺勤 1 天` : ''
      return `迟到 ${sayLong(one.ms)}：${arrived ? saySeen(arrived, zone) : ''}，${begins} 上班${half}；规定 ${begins} 以后算迟到${grace}${per}${cost(one)}`
    }
    case 'tooLate':
      return `缺勤 ${sayDays(one.share)} 天：${arrived ? saySeen(arrived, zone) : ''}，${begins} 上班${half}；规定 ${cutoff ? clock(cutoff, zone) : ''} 以后到岗算缺勤${cost(one)}`
    case 'early':
      return `早退 ${sayLong(one.ms)}：${left ? saySeen(left, zone) : ''}，${ends} 下班${half}${grace}${cost(one)}`
    case 'offPost':
      return `离岗：经理 ${one.at ? clock(one.at, zone) : ''} 记的${cost(one)}`
    case 'absent': {
      const why = one.asked ? '当天没到岗，只说了要请假，没有批准' : '没到岗，也没有请假'
      return `旷工 ${sayDays(one.share)} 天：${begins}–${ends} ${why}${half}${cost(one)}`
    }
  }
}

/** One line: what a day is, and why. */
export function dayLine(verdict: DayVerdict, policy: Policy, rule: AttendanceRule): string {
  const { day, state, findings, arrived, start, end, leave } = verdict
  const head = sayDay(day)
  const { zone } = policy
  if (state === 'rest') return `${head} 休息：${verdict.rest}`
  if (state === 'leave') return `${head} 请假`
  if (state === 'unknown') return `${head} 未知：这天没有打卡来源，不下结论`
  if (findings.length > 0) return `${head} ${findings.map(one => finding(one, verdict, policy, rule)).join('；')}`
  const off = leave > 0 ? `，请假 ${sayDays(leave)} 天` : ''
  const came = arrived ? saySeen(arrived, zone) : '还没到岗'
  if (state === 'open')
    return `${head} 未结束：${came}，${start ? clock(start, zone) : ''} 上班，${end ? clock(end, zone) : ''} 下班${off}`
  return `${head} 正常：${came}，${start ? clock(start, zone) : ''} 上班${off}`
}

/** What a month adds up to, with the arithmetic. */
export function sumLines(month: MonthVerdict, rule: AttendanceRule): string[] {
  const { lates, days } = month
  const came = days.filter(({ arrived, state }) => arrived && state !== 'rest' && state !== 'unknown').length
  const parts = [
    `到岗 ${came} 天`,
    ...(['late', 'early', 'offPost'] as const).flatMap(key =>
      month[key] > 0 ? [`${stateNames[key]} ${month[key]} 次`] : [],
    ),
    ...(month.offDuty > 0 ? [`缺勤 ${sayDays(month.offDuty)} 天`] : []),
    ...(month.absent > 0 ? [`旷工 ${sayDays(month.absent)} 天`] : []),
    ...(month.leave > 0 ? [`请假 ${sayDays(month.leave)} 天`] : []),
    ...(month.unknown > 0 ? [`没有打卡来源 ${month.unknown} 天`] : []),
  ]
  const left = lates.left > 0 ? `，余 ${lates.left} 次` : ''
  return [
    parts.join(' · '),
    ...(lates.per && month.late > 0 ? [`迟到 ${month.late} 次 ÷ ${lates.per} = 缺勤 ${lates.days} 天${left}`] : []),
    ...(month.fen > 0 ? [`罚款 ${addUp(month, rule, 'fen', yuan)}`] : []),
    ...(month.points > 0 ? [`扣分 ${addUp(month, rule, 'points', String)}`] : []),
    ...(month.wage > 0 ? [`扣 ${addUp(month, rule, 'wage', sayDays)} 天基本工资`] : []),
  ]
}

/** `¥10.00 + ¥10.00 + ¥50.00 = ¥70.00`, in the order of the days. */
function addUp(
  month: MonthVerdict,
  { absence }: AttendanceRule,
  key: 'fen' | 'points' | 'wage',
  say: (value: number) => string,
): string {
  const own = month.days.flatMap(({ findings }) => findings.map(one => one[key])).filter(value => value > 0)
  const perLate = key !== 'wage' && absence?.of.includes('tooLate') ? absence[key] : 0
  const all = [...own, ...Array.from({ length: perLate > 0 ? month.lates.days : 0 }, () => perLate)]
  if (all.length === 1) return say(month[key])
  if (all.length > 6) return `${all.length} 笔共 ${say(month[key])}`
  return `${all.map(say).join(' + ')} = ${say(month[key])}`
}

export function proposalLine({ why, limit, count, days }: Proposal): string {
  const span = `${days[0] ? sayDay(days[0]) : ''}${days.length > 1 ? `–${sayDay(days.at(-1) ?? '')}` : ''}`
  if (why === 'running') return `连续旷工 ${count} 个工作日（${span}），规定连续 ${limit} 天提出辞退`
  const what = why === 'absences' ? '旷工' : '离岗'
  return `本月${what} ${count} 次，规定 ${limit} 次提出辞退`
}

/** For the manager: another day off duty has come of lates (R5.1). */
export function latesText(
  name: string,
  month: MonthVerdict,
  count: number,
  policy: Policy,
  rule: AttendanceRule,
): string {
  const per = month.lates.per ?? 1
  const late = month.days.filter(({ findings }) => findings.some(({ what }) => what === 'late'))
  return [
    `⚠️ ${name} ${sayMonthName(month.month)}迟到满 ${count * per} 次，计缺勤 ${count} 天（规定每 ${per} 次算 1 天）`,
    ...late.slice((count - 1) * per, count * per).map(verdict => dayLine(verdict, policy, rule)),
    `不对的可以说「考勤 ${name}」查看，补卡同意后会重新算。`,
  ].join('\n')
}

/** For the manager, who alone decides: dismissal is proposed (R4.9, R11). */
export function proposalText(
  name: string,
  month: MonthVerdict,
  proposal: Proposal,
  policy: Policy,
  rule: AttendanceRule,
): string {
  const shownDays = month.days.filter(({ day }) => proposal.days.includes(day)).slice(-shown)
  return [
    `⚠️ ${name} ${proposalLine(proposal)}。只是提出，由你决定，系统不会处理。`,
    ...shownDays.map(verdict => dayLine(verdict, policy, rule)),
    `定之前先联系本人。假条补批、补卡同意后会重新算，看：考勤 ${name}`,
  ].join('\n')
}

const shown = 20

/** A person's month, for him or for the desk: sums, then the days that are not simply normal. */
export function monthText(
  name: string,
  month: MonthVerdict,
  policy: Policy,
  rule: AttendanceRule,
  own: boolean,
): string {
  const odd = month.days.filter(({ state }) => !['normal', 'rest', 'unknown'].includes(state))
  const more = odd.length > shown ? [`……还有 ${odd.length - shown} 天`] : []
  return [
    `${name} ${sayMonthName(month.month)}考勤`,
    ...sumLines(month, rule),
    ...month.proposals.map(proposal => `⚠️ ${proposalLine(proposal)}`),
    ...odd.slice(-shown).map(verdict => dayLine(verdict, policy, rule)),
    ...more,
    ...(own && odd.length > 0 ? ['不对的可以补卡，比如：补卡 昨天上午 忘了打卡'] : []),
  ].join('\n')
}

/** A team's month, one line a person. */
export function teamText(
  team: string,
  month: string,
  people: ReadonlyArray<{ name: string; verdict: MonthVerdict }>,
): string {
  const lines = people.map(({ name, verdict }) => {
    const { late, early, offPost, offDuty, absent, leave } = verdict
    const parts = [
      late > 0 && `迟到 ${late}`,
      early > 0 && `早退 ${early}`,
      offPost > 0 && `离岗 ${offPost}`,
      offDuty > 0 && `缺勤 ${sayDays(offDuty)} 天`,
      absent > 0 && `旷工 ${sayDays(absent)} 天`,
      leave > 0 && `请假 ${sayDays(leave)} 天`,
    ].filter(Boolean)
    const today = verdict.days.at(-1)
    return `${name}：${parts.join(' · ') || '没有异常'}${today && today.state !== 'rest' ? `（最近一天 ${sayCell(today)}）` : ''}`
  })
  return [`${team} ${sayMonthName(month)}考勤`, ...lines, '看一个人的：考勤 张三'].join('\n')
}

/** What was recorded just now, and what the day looks like by it. */
export function punchText(
  kind: 'in' | 'out',
  at: Date,
  verdict: DayVerdict,
  policy: Policy,
  rule: AttendanceRule,
): string {
  const { zone } = policy
  const head = `✅ ${clock(at, zone)} ${kind === 'in' ? '上班' : '下班'}打卡已记录`
  const { state, start, end, findings } = verdict
  if (state === 'rest') return `${head}。今天休息（${verdict.rest}）。`
  if (state === 'leave') return `${head}。你今天请假。`
  if (kind === 'in') {
    const late = findings.find(({ what }) => what === 'late' || what === 'tooLate')
    if (late) return `${head}。${finding(late, verdict, policy, rule)}。有原因可以说「补卡 今天上午 原因」。`
    return `${head}，${start ? clock(start, zone) : ''} 上班，没有迟到。`
  }
  const short = end ? end.getTime() - at.getTime() : 0
  const before = rule.early && short > rule.graceMs
  return before
    ? `${head}。${end ? clock(end, zone) : ''} 下班，早了 ${sayLong(short)}；还回来的话，走时再打一次。`
    : `${head}。`
}

export const sameMinute = (a: Date, b: Date): boolean =>
  Math.floor(a.getTime() / minuteMs) === Math.floor(b.getTime() / minuteMs)
