import { DateTime } from 'luxon'
import { maskName } from '../people/person.ts'
import { clockKindNames } from '../policy/terms.ts'
import { causeNames } from './causewords.ts'
import { cut, names } from './digestWords.ts'
import { shorten } from './shorten.ts'
import type { LateOrder, Tally } from './tally.ts'
import { sayLeft } from './timewords.ts'

/** What a report says besides its figures. */
export interface ReportSubject {
  team: string
  zone: string
  span: { from: Date; to: Date }
  now: Date
  tally: Tally
  open: number
  older: readonly LateOrder[]
  before?: Tally | undefined
  /** Share of clocks to be kept (R6.1); null where the policy names none. */
  target: number | null
  nameOf(personId: string): string
  /** In a group customers are not named in full. */
  masked: boolean
}

const mostLines = 5
const mostCauses = 4
const weekdays = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const

/** Nothing to write about: nothing came, was done or ran out. What is open now says nothing of a span that is over. */
export function isEmpty(report: Pick<ReportSubject, 'tally' | 'open' | 'older' | 'span' | 'now'>): boolean {
  const { tally, open, older, span, now } = report
  const { opened, completed, cancelled, onTime } = tally
  const happened = opened + completed + cancelled + onTime.length + older.length
  return happened + (now < span.to ? open : 0) === 0
}

/** The manager's day (R15.2). */
export function dayText(report: ReportSubject): string {
  const { span, zone, tally, open, older, now } = report
  const day = DateTime.fromJSDate(span.from, { zone })
  const soFar = now < span.to ? `（到 ${DateTime.fromJSDate(now, { zone }).toFormat('HH:mm')}）` : ''
  const late = [...older, ...tally.late].sort((a, b) => Number(b.open) - Number(a.open) || b.lateByMs - a.lateByMs)
  return [
    `📊 ${report.team} ${day.month}月${day.day}日${weekdays[day.weekday - 1]}日报${soFar}`,
    `开单 ${tally.opened} · 完工 ${tally.completed}${counted('取消', tally.cancelled)} · 未完 ${open}`,
    onTimeLine(report),
    tally.late.length === 0 ? '没有超时。' : `超时 ${tally.late.length} 单：${causeWords(tally)}`,
    older.length > 0 ? `以前超时还没完的 ${older.length} 单。` : '',
    ...cut(
      late.map(one => lateLine(one, report)),
      mostLines,
    ),
  ]
    .filter(Boolean)
    .join('\n')
}

/** The manager's week, compared with the one before; no money. */
export function weekText(report: ReportSubject): string {
  const { span, zone, tally, open, before } = report
  const [first, last] = [span.from, new Date(span.to.getTime() - 1)].map(at => DateTime.fromJSDate(at, { zone }))
  const were = (count: number | undefined) => (before && count !== undefined ? `（${count}）` : '')
  return [
    `📈 ${report.team} ${first?.toFormat('M/d')}–${last?.toFormat('M/d')}周报${before ? '（括号里是前一周）' : ''}`,
    [
      `开单 ${tally.opened}${were(before?.opened)}`,
      `完工 ${tally.completed}${were(before?.completed)}`,
      `取消 ${tally.cancelled}${were(before?.cancelled)}`,
      `现在未完 ${open}`,
    ].join(' · '),
    onTimeLine(report),
    tally.late.length === 0
      ? `没有超时${were(before?.late.length)}。`
      : `超时 ${tally.late.length} 单${were(before?.late.length)}：${causeWords(tally)}`,
    tally.people.length > 0 ? `完工：${names(tally.people.map(one => personWords(one, report)))}` : '',
  ]
    .filter(Boolean)
    .join('\n')
}

const counted = (what: string, count: number): string => (count > 0 ? ` · ${what} ${count}` : '')

/** `联系及时 96 % · 完成及时 🔻88 %（91 %），目标 90 %`. */
function onTimeLine({ tally, before, target }: ReportSubject): string {
  if (tally.onTime.length === 0) return ''
  const rates = tally.onTime.map(({ kind, met, missed }) => {
    const was = before?.onTime.find(one => one.kind === kind)
    const short = target !== null && met / (met + missed) < target ? '🔻' : ''
    return `${clockKindNames[kind]}及时 ${short}${percent(met, missed)}${was ? `（${percent(was.met, was.missed)}）` : ''}`
  })
  return `${rates.join(' · ')}${target === null ? '' : `，目标 ${Math.round(target * 1000) / 10} %`}`
}

/** Cut off, so that 100 % means every one. */
function percent(met: number, missed: number): string {
  return `${Math.floor((100 * met) / (met + missed))} %`
}

function causeWords({ causes }: Tally): string {
  const named = causes.slice(0, mostCauses).map(({ cause, orders }) => `${causeNames[cause]} ${orders}`)
  const others = causes.slice(mostCauses).reduce((sum, { orders }) => sum + orders, 0)
  return [...named, ...(others > 0 ? [`其他 ${others}`] : [])].join(' · ')
}

/** `🔴 1024 王女士 完成超时 2 小时 · 等配件（张三）`; red while it is not done. */
function lateLine(late: LateOrder, report: ReportSubject): string {
  const { code, customer, kind, dueAt, owner, lateByMs, open, cause } = late
  const name = shorten(report.masked ? maskName(customer) : customer, 8)
  const lateBy = `${clockKindNames[kind]}${sayLeft(dueAt, new Date(dueAt.getTime() + lateByMs))}`
  const who = owner === null ? '未派' : report.nameOf(owner)
  return [open ? '🔴' : '', code, name, lateBy, '·', `${causeNames[cause.cause]}（${who}）`].filter(Boolean).join(' ')
}

function personWords({ person, completed, late }: Tally['people'][number], { nameOf }: ReportSubject): string {
  return `${nameOf(person)} ${completed}${late > 0 ? `（超时 ${late}）` : ''}`
}
