import type { AwayDay } from '../leave/away.ts'
import { restOn } from '../people/duty.ts'
import type { AttendanceRule } from '../policy/attendancerule.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { type Correction, type Mark, type OrderSign, type Records, wholeDay } from './record.ts'
import { type Stretch, scheduleOf, usualStart, without } from './schedule.ts'

/** What is said of a day, the first that fits: 休息, 请假, 未知, 旷工, 缺勤, 迟到, 早退, 离岗, 未结束, 正常. */
export type DayState =
  | 'rest'
  | 'leave'
  | 'unknown'
  | 'absent'
  | 'tooLate'
  | 'late'
  | 'early'
  | 'offPost'
  | 'open'
  | 'normal'

/** A sign by which somebody was at work; `order` is what he reported on one. */
export interface Seen {
  at: Date
  by: 'in' | 'out' | 'outside' | 'order' | 'correction'
  words: { sign?: OrderSign; mark?: Mark }
}

/** One thing a rule says of a day. `share`: ten-thousandths of a day that he was absent or off duty. */
export interface Finding {
  what: 'late' | 'early' | 'offPost' | 'tooLate' | 'absent'
  at: Date | null
  /** How late, how early. */
  ms: number
  share: number
  /** What it costs: money, points, and ten-thousandths of a day's base wage; `asked`: the lower multiple, since he had asked. */
  fen: number
  points: number
  wage: number
  asked: boolean
}

export interface DayVerdict {
  day: string
  state: DayState
  findings: Finding[]
  /** Ten-thousandths of the day that granted leave excuses. */
  leave: number
  /** What it was judged by: when he had to be there (the leave taken out), and by what it is known that he was. */
  start: Date | null
  end: Date | null
  /** After this he counts as off duty; null where the policy has no such time. */
  cutoff: Date | null
  arrived: Seen | null
  left: Seen | null
  /** Why nobody works that day: 周日, 国庆放假, 个人休息. */
  rest: string | null
}

/** What was recorded of one day; `records` may hold other days too. */
export interface DayRecords extends Omit<Records, 'away' | 'corrections'> {
  away: readonly AwayDay[]
  corrections: readonly Correction[]
}

const none = { at: null, ms: 0, share: 0, fen: 0, points: 0, wage: 0, asked: false }
const minuteMs = 60_000

/**
 * Judges one day of one person from what is recorded by now (domain.md R5, R4.3, R4.8, R4.9). Pure, and never kept: leave
 * that is granted later, a correction, a report that arrives late change it the next time somebody asks.
 */
export function judgeDay(
  policy: Policy,
  rule: AttendanceRule,
  records: DayRecords,
  day: string,
  now: Date,
): DayVerdict {
  const calendar = calendarOf(policy)
  const bare: DayVerdict = {
    ...{ day, state: 'normal', findings: [], leave: 0, start: null, end: null, cutoff: null },
    ...{ arrived: null, left: null, rest: null },
  }
  const resting = restOn(records.person, policy, calendar.momentOf(day, 720))
  const schedule = scheduleOf(policy, rule, day)
  const whole = schedule[0]
  if (resting !== null || !whole) {
    const rest = resting === 'team' || resting === null ? calendar.describe(day) : '个人休息'
    return { ...bare, state: 'rest', rest }
  }
  const granted = records.away
  const spans = without(
    schedule,
    granted.map(({ from, to }) => stretch(from, to)),
  )
  const [first, last] = [spans[0], spans.at(-1)]
  const leave = Math.min(
    wholeDay,
    granted.reduce((sum, { share }) => sum + share, 0),
  )
  if (!first || !last) return { ...bare, state: 'leave', leave: wholeDay }
  const [start, end] = [new Date(first.from), new Date(last.to)]
  const cutoff = cutoffOf(start)
  const seen = signsOf()
  const arrived = seen[0] ?? null
  const over = now >= end
  const left = leavingOf(seen)
  const judged: DayVerdict = { ...bare, leave, start, end, cutoff, arrived, left }
  if (!isCovered()) return { ...judged, state: 'unknown' }
  const findings = arrived ? present(arrived) : over ? [absent()] : []
  const states = findings.map(({ what }) => what)
  const state = order.find(one => states.includes(one)) ?? (over ? 'normal' : 'open')
  return { ...judged, state, findings }

  function stretch(from: number, to: number): Stretch {
    return { from: calendar.momentOf(day, from).getTime(), to: calendar.momentOf(day, to).getTime() }
  }

  /** With part of the day off it moves as the beginning does. */
  function cutoffOf(begins: Date): Date | null {
    const after = rule.late?.absentAfter ?? null
    return after === null ? null : new Date(begins.getTime() + (after - usualStart(policy, rule)) * minuteMs)
  }

  /** All by which he was at work, oldest first. */
  function signsOf(): Seen[] {
    const early = (whole?.from ?? 0) - rule.orders.beforeMs
    const marks = records.marks.flatMap((mark): Seen[] => {
      const { kind, at } = mark
      if ((kind !== 'in' && kind !== 'out' && kind !== 'outside') || mark.flags.includes('missing')) return []
      return [{ at, by: kind, words: { mark } }]
    })
    const signs = records.signs
      .filter(({ at, fact }) => at.getTime() >= early && rule.orders.facts.some(name => name === fact))
      .map((sign): Seen => ({ at: sign.at, by: 'order', words: { sign } }))
    const corrected = records.corrections.flatMap(({ part, minute }): Seen[] => {
      const at = (usual: Date) => (minute === null ? usual : calendar.momentOf(day, minute))
      const seenAt = (moment: Date): Seen => ({ at: moment, by: 'correction', words: {} })
      return part === 'in' ? [seenAt(at(start))] : part === 'out' ? [] : [seenAt(start)]
    })
    return [...marks, ...signs, ...corrected].sort((a, b) => a.at.getTime() - b.at.getTime())
  }

  /** The last that is seen of him; null when nothing says that he left. */
  function leavingOf(all: readonly Seen[]): Seen | null {
    const corrected = records.corrections.flatMap(({ part, minute }): Seen[] =>
      part === 'in'
        ? []
        : [
            {
              at: part === 'day' || minute === null ? end : calendar.momentOf(day, minute),
              by: 'correction',
              words: {},
            },
          ],
    )
    if (corrected.length === 0 && !all.some(({ by }) => by === 'out')) return null
    return [...all, ...corrected].sort((a, b) => a.at.getTime() - b.at.getTime()).at(-1) ?? null
  }

  /** Somebody would know: a record of the day itself, or a source that was watched from its beginning. */
  function isCovered(): boolean {
    if (records.marks.some(({ kind }) => kind === 'in' || kind === 'out' || kind === 'outside' || kind === 'none'))
      return true
    const until = Math.min(end.getTime(), now.getTime())
    return records.watched.some(({ from, to }) => from.getTime() <= start.getTime() && to.getTime() >= until)
  }

  function absent(): Finding {
    const share = wholeDay - leave
    const asked =
      records.asks.some(({ first, last, at }) => first <= day && day <= last && calendar.dayOf(at) <= day) ||
      records.marks.some(({ kind }) => kind === 'called')
    const multiple = (asked ? rule.absence?.wage?.asked : rule.absence?.wage?.silent) ?? 0
    return { ...none, what: 'absent', ...absenceCost('noShow', share), share, wage: multiple * share, asked }
  }

  function absenceCost(kind: 'noShow' | 'tooLate', share: number): { fen: number; points: number } {
    const { absence } = rule
    if (!absence?.of.includes(kind)) return { fen: 0, points: 0 }
    return { fen: Math.round((absence.fen * share) / wholeDay), points: absence.points }
  }

  function present(came: Seen): Finding[] {
    const late = came.at.getTime() - start.getTime()
    const isLate = late > rule.graceMs
    const share = wholeDay - leave
    if (isLate && cutoff && came.at > cutoff)
      return [
        { ...none, what: 'tooLate', at: came.at, ms: late, share, ...absenceCost('tooLate', share) },
        ...offPosts(),
      ]
    const early = left && over ? end.getTime() - left.at.getTime() : 0
    return [
      ...(rule.late && isLate ? [{ ...none, what: 'late' as const, at: came.at, ms: late, ...costOf(rule.late) }] : []),
      ...(rule.early && left && early > rule.graceMs
        ? [{ ...none, what: 'early' as const, at: left.at, ms: early, ...costOf(rule.early) }]
        : []),
      ...offPosts(),
    ]
  }

  /** What the desk saw, each minute once; what was taken back, or lies in time off, is nothing. */
  function offPosts(): Finding[] {
    const { offPost } = rule
    if (!offPost) return []
    const said = records.marks.filter(({ kind }) => kind === 'offPost' || kind === 'onPost')
    const minutes = [...new Set(said.map(({ at }) => Math.floor(at.getTime() / minuteMs)))].sort((a, b) => a - b)
    return minutes.flatMap(minute => {
      const last = said
        .filter(({ at }) => Math.floor(at.getTime() / minuteMs) === minute)
        .sort((a, b) => a.seenAt.getTime() - b.seenAt.getTime() || (a.kind < b.kind ? -1 : 1))
        .at(-1)
      const ms = minute * minuteMs
      const onDuty = spans.some(({ from, to }) => ms >= from && ms < to)
      return last?.kind === 'offPost' && onDuty
        ? [{ ...none, what: 'offPost' as const, at: new Date(ms), ...costOf(offPost) }]
        : []
    })
  }
}

const order: readonly Finding['what'][] = ['absent', 'tooLate', 'late', 'early', 'offPost']
const costOf = ({ fen, points }: { fen: number; points: number }) => ({ fen, points })
