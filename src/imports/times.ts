import { DateTime } from 'luxon'
import { type WhenContext, when } from '../chat/when.ts'
import type { KeptSpan } from '../orders/fact.ts'
import { type Cell, sayDate, textOf } from './table.ts'

/** Days and times as tables hold them: cells that are dates, their bare serial numbers, and what people write. */

const serialDays = { first: 20_000, last: 80_000 } as const
const dayMs = 86_400_000
const epoch = Date.UTC(1899, 11, 30)

/** A date cell whose format was lost: 46357.5833. */
function ofSerial(cell: Cell): Cell {
  const number = typeof cell === 'number' ? cell : /^\d{5}(\.\d+)?$/.test(textOf(cell)) ? Number(cell) : Number.NaN
  if (!(number >= serialDays.first && number < serialDays.last)) return cell
  return new Date(epoch + Math.round((number * dayMs) / 1_000) * 1_000)
}

const dayPattern = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/

/** `2026-11-03` of a cell, a serial, 2026/11/3, 2026年11月3日; null where it is no day. */
export function readDay(cell: Cell): string | null {
  const text = textOf(ofSerial(cell))
    .normalize('NFKC')
    .replace(/[T\s]+0?0:00(:00)?$/, '')
  const [, year, month, day] = dayPattern.exec(text) ?? []
  if (year === undefined) return null
  const found = DateTime.fromObject({ year: Number(year), month: Number(month), day: Number(day) }, { zone: 'utc' })
  return found.isValid && found.year >= 1950 && found.year < 2100 ? found.toISODate() : null
}

const clock = '(\\d{1,2})[:：点时](\\d{1,2})?(?:分|[:：](\\d{1,2}))?'
const whole = new RegExp(`^(\\d{4}\\s*[-/.年]\\s*\\d{1,2}\\s*[-/.月]\\s*\\d{1,2}\\s*日?)[\\sT,，]*${clock}$`)
const until = /^(.*?[:：点时].*?)\s*(?:-|–|—|~|～|至|到)\s*(.+)$/

/**
 * A time or a span of it: a date cell, 2026-12-01 14:00, 2026-12-01 14:00-16:00, ISO 8601, or as in chat (明天下午2点).
 * Otherwise what is wrong, as a sentence goes on.
 */
export function readTime(cell: Cell, context: WhenContext): KeptSpan | string {
  const given = ofSerial(cell)
  const words = textOf(given)
  const text = words.normalize('NFKC')
  if (given instanceof Date && given.getUTCFullYear() < 1950) return '只有几点，没有哪一天，请写成 2026-12-01 14:00'
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/.test(text)) {
    const at = DateTime.fromISO(text)
    return at.isValid ? { from: iso(at), exact: true, words } : unread
  }
  const exact = readPoint(text, context.zone)
  if (exact) return { from: iso(exact), exact: true, words }
  const span = readSpan(text, context.zone)
  if (span === 'backwards') return '结束时间早于开始时间，请核对'
  if (span) return { ...span, words }
  const day = readDay(cell)
  const said = when(day ? `${day.replace('-', '年').replace('-', '月')}日` : text, context)
  // 13月1日: what is left over is no reason to take the rest for it.
  if (said.kind !== 'none' && /\d/.test(text.slice(0, said.start) + text.slice(said.end))) return unread
  if (said.kind === 'span') {
    const { from, to, exact } = said.span
    return { from: from.toISOString(), ...(to && { to: to.toISOString() }), exact, words }
  }
  if (said.kind === 'limit') {
    const to = new Date(context.now.getTime() + said.minutes * 60_000)
    return { from: context.now.toISOString(), to: to.toISOString(), exact: false, words }
  }
  if (day) {
    const from = DateTime.fromISO(day, { zone: context.zone })
    return { from: iso(from), to: iso(from.plus({ days: 1 })), exact: false, words }
  }
  return said.kind === 'ambiguous' ? said.say.replace(/。$/, '') : unread
}

const unread = '看不懂是什么时间，请写成 2026-12-01 14:00 或「明天下午2点」'
const iso = (at: DateTime): string => at.toUTC().toISO() ?? ''

function readPoint(text: string, zone: string): DateTime | null {
  const [, day = '', hour, minute = '0', second = '0'] = whole.exec(text) ?? []
  const date = hour === undefined ? null : readDay(day)
  if (!date) return null
  const at = DateTime.fromISO(date, { zone }).set({
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  })
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && at.isValid ? at : null
}

function readSpan(text: string, zone: string): { from: string; to: string; exact: boolean } | 'backwards' | null {
  const [, first = '', last = ''] = until.exec(text) ?? []
  const from = readPoint(first, zone)
  if (!from) return null
  const end = last === '24:00' ? '23:59:59' : last
  const to = readPoint(end, zone) ?? readPoint(`${from.toISODate()} ${end}`, zone)
  if (!to) return null
  if (to <= from) return 'backwards'
  return { from: iso(from), to: iso(last === '24:00' ? to.plus({ seconds: 1 }) : to), exact: true }
}

/** How a span is written so that `readTime` reads the same again. */
export function writeTime({ from, to }: Pick<KeptSpan, 'from' | 'to'>, zone: string): string {
  const local = (at: string) => {
    const { year, month, day, hour, minute, second } = DateTime.fromISO(at, { zone })
    return sayDate(new Date(Date.UTC(year, month - 1, day, hour, minute, second))).padEnd(16, ' 00:00')
  }
  const [begins, ends] = [local(from), to === undefined ? '' : local(to)]
  return ends === '' ? begins : `${begins} 至 ${ends}`
}
