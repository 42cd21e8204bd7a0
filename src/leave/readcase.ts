import { DateTime } from 'luxon'
import { Invalid } from '../errors.ts'
import { type LeaveRule, type LeaveType, leaveTypeOf } from '../policy/leaverule.ts'
import type { Policy } from '../policy/schema.ts'
import { readTimeOfDay } from '../policy/units.ts'
import type { LeaveSpan } from './count.ts'

/** The lines of an example of `leave`, read. */

const asking = ['请假', '到岗后请假', '做单中请假', '代请', '申请', '续假'] as const
const changing = ['销假', '撤销'] as const
export type CaseVerb = (typeof asking)[number] | (typeof changing)[number]

export type CaseLine =
  | {
      text: string
      at: Date
      day: string
      person: string
      verb: CaseVerb
      ask: { type: LeaveType; span: LeaveSpan } | null
    }
  /** 旷工: a day he neither asked for nor came. */
  | { text: string; at: null; day: string }

const help = `write a moment, whose where it is not his own, one of ${[...asking, ...changing].join(', ')}, the type and the days: 2026-11-24 09:00 请假 事假 2026-11-25 下午 到 2026-11-27`

/** Throws `Invalid` naming the line that can't be read. */
export function readLines(
  lines: readonly string[],
  rule: LeaveRule,
  colleagues: readonly string[],
  policy: Policy,
): CaseLine[] {
  return lines.map(text => {
    const [day = '', second = '', ...rest] = text.split(' ')
    if (isDay(day) && second === '旷工' && rest.length === 0) return { text, at: null, day }
    const at = DateTime.fromFormat(`${day} ${second}`, 'yyyy-MM-dd H:mm', { zone: policy.zone })
    const named = colleagues.includes(rest[0] ?? '') ? rest.shift() : undefined
    const verb = [...asking, ...changing].find(one => one === rest[0])
    if (!at.isValid || !verb) throw new Invalid(`"${text}" can't be read: ${help}`)
    const line = { text, at: at.toJSDate(), day, person: named ?? '本人', verb }
    if (changing.some(one => one === verb)) return { ...line, ask: null }
    const type = leaveTypeOf(rule, rest[1] ?? '')
    if (!type) throw new Invalid(`"${text}" names no type of leave: ${rule.types.map(({ name }) => name).join(', ')}`)
    return { ...line, ask: { type, span: readSpan(text, rest.slice(2), rule.noon) } }
  })
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text).isValid

function readSpan(text: string, words: readonly string[], noon: number): LeaveSpan {
  const to = words.indexOf('到')
  const [first, last] = to < 0 ? [words, words] : [words.slice(0, to), words.slice(to + 1)]
  const [begin, end] = [edge(first, noon), edge(last, noon)]
  if (!begin || !end) throw new Invalid(`"${text}" can't be read: ${help}`)
  return { from: { day: begin.day, minute: begin.from }, to: { day: end.day, minute: end.to } }
}

/** A day and the part of it that is meant. */
function edge([day = '', part, ...more]: readonly string[], noon: number) {
  if (!isDay(day) || more.length > 0) return null
  if (part === undefined) return { day, from: 0, to: 1440 }
  if (part === '上午') return { day, from: 0, to: noon }
  if (part === '下午') return { day, from: noon, to: 1440 }
  const [from, to, ...rest] = part.split('-').map(readTimeOfDay)
  return rest.length === 0 && typeof from === 'number' && typeof to === 'number' ? { day, from, to } : null
}
