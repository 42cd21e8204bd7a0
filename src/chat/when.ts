import { DateTime } from 'luxon'
import { type DayParts, defaultDayParts } from './grammar/clocks.ts'
import { findAmounts } from './grammar/marks.ts'
import { resolve } from './grammar/resolve.ts'
import { findTimes, type TimeWords } from './grammar/spans.ts'
import { blank, normalise } from './grammar/text.ts'
import type { Span } from './intent.ts'

export { type DayParts, defaultDayParts }

export interface WhenContext {
  now: Date
  zone: string
  /** From policy. */
  dayParts?: DayParts
  /** The sentence says when, and then why: 改约 后天下午 客户没空. */
  thenWhy?: boolean
}

/** What a text says about time (design.md §5). `start` and `end` are UTF-16 positions in the text. */
export type When =
  | { kind: 'span'; span: Span; start: number; end: number }
  /** N 小时内: a limit of that many minutes from now. */
  | { kind: 'limit'; minutes: number; start: number; end: number; words: string }
  /** `say` is a question in Chinese. */
  | { kind: 'ambiguous'; say: string; start: number; end: number; words: string }
  | { kind: 'none' }

// 今天没空, 明天再联系, 原来约的周五: a time that is ruled out, or only says when to talk again.
const ruledOut =
  /^\s*(?:都|也|他|她|客户)?\s*(?:没空|没时间|不行|不在|不方便|不可以|不能|来不了|去不了|有事|出差|上班|加班|再联系|再打|再说|再约|再定|另约|再给|等电话|等通知|给答复|答复|回复|买的|装的|修的|修过)/
/** Somebody's reason after a time, apart from it: not 明天下午没空. */
const why = /^[\s,，]+(?:客户|用户|业主|他|她)/
const former = /(?:原来|原定|原先|本来|之前|上次)(?:是|约|约的|说的?|定的?|预约的?)*\s*$/
const chosen =
  /(?:改(?:约|期)?(?:到|成|在|为|至)?|(?:推迟|延期|延后|提前|换|挪|顺延)(?:到|至)|约(?:好|了|到|在|定)*|预约)\s*$/

/** Reads the time a text names; asks when it names two, or one that can be read twice, or one that has passed. */
export function when(text: string, context: WhenContext): When {
  const norm = normalise(text)
  return readWhen(text, norm, findTimes(blank(norm, findAmounts(norm))), context)
}

/** As `when`, for a text whose expressions of time were found before. */
export function readWhen(text: string, norm: string, times: readonly TimeWords[], context: WhenContext): When {
  const meant = joined(
    times.filter(words => {
      const after = norm.slice(words.end, words.end + 12)
      const reason = context.thenWhy && why.test(after) && isExact(words)
      return (reason || !ruledOut.test(after)) && !former.test(norm.slice(Math.max(0, words.start - 10), words.start))
    }),
  )
  const [first] = meant
  const last = meant.at(-1)
  if (!first || !last) return { kind: 'none' }
  if (meant.length === 1) return read(text, first, context)
  const named = meant.filter(({ start }) => chosen.test(norm.slice(Math.max(0, start - 6), start)))
  if (named.length === 1 && named[0]) return read(text, named[0], context)
  const all = meant.slice(0, 4).map(words => `“${text.slice(words.start, words.end)}”`)
  const whole = { start: first.start, end: last.end, words: text.slice(first.start, last.end) }
  const readings = meant.length <= 4 ? meant.map(words => read(text, words, context)) : []
  const [one] = readings
  if (one && readings.every(other => sameTime(one, other))) return one
  return { kind: 'ambiguous', say: `时间有两种读法：${all.join('、')}，请只说一个`, ...whole }
}

/** More than a day: what nobody says only to rule it out. */
const isExact = (words: TimeWords): boolean =>
  words.kind === 'point' && (words.point.part !== undefined || words.point.hour !== undefined)

const sameTime = (a: When, b: When): boolean =>
  a.kind === 'span' &&
  b.kind === 'span' &&
  a.span.from.getTime() === b.span.from.getTime() &&
  a.span.to?.getTime() === b.span.to?.getTime()

/** 明天客户在家,上午10点到: a day and, after other words, the time on it. */
function joined(times: readonly TimeWords[]): readonly TimeWords[] {
  const [day, time] = times
  if (times.length !== 2 || day?.kind !== 'point' || time?.kind !== 'point') return times
  if (day.to || day.bound || day.point.part || day.point.hour || time.point.days.length > 0) return times
  return [{ ...time, start: day.start, point: { ...time.point, days: day.point.days } }]
}

function read(text: string, words: TimeWords, { now, zone, dayParts = defaultDayParts }: WhenContext): When {
  const { start, end } = words
  const range = { start, end, words: text.slice(start, end) }
  if (words.kind === 'limit') return { kind: 'limit', minutes: words.minutes, ...range }
  if (words.kind === 'ask') return { kind: 'ambiguous', say: words.say, ...range }
  const here = DateTime.fromJSDate(now, { zone })
  const span =
    words.kind === 'later'
      ? { from: here.plus({ minutes: words.minutes }), exact: !words.about }
      : resolve(words, here, dayParts)
  if (typeof span === 'string') return { kind: 'ambiguous', say: span, ...range }
  const to = 'to' in span && span.to ? { to: span.to.toJSDate() } : {}
  return {
    kind: 'span',
    span: { from: span.from.toJSDate(), ...to, exact: span.exact, words: range.words },
    start,
    end,
  }
}
