import { DateTime } from 'luxon'
import type { AttendanceWish } from '../intent.ts'
import { readNumber } from './numerals.ts'
import { tidy } from './text.ts'

type Unsure = { why: 'missing' | 'time'; say: string }
type Read = AttendanceWish | Unsure

interface Said {
  now: Date
  zone: string
  names: readonly string[]
}

const end = '[\\s.。!！~～]*$'
/** Nothing else may be said: 要晚点下班, 下班吧, 下班了吗 are no check-in. */
const comes = new RegExp(`^(?:我)?(?:已经?)?(?:上班打卡|打上班卡|上班卡|到岗(?:打卡)?|签到|上班签到)(?:了|啦)?${end}`)
const goes = new RegExp(`^(?:我)?(?:已经?)?(?:下班(?:打卡|签退)?|打下班卡|下班卡|签退)(?:了|啦)?${end}`)
const either = new RegExp(`^(?:我)?打(?:个)?卡${end}`)

/** More than a name and a month is something else. */
const longest = 40

const number = '(?:\\d{1,2}|[一二三四五六七八九十]{1,3})'
/** Source of a pattern for a month: 2025年10月, 上月, 本月; captures year, number, and that it is the last one. */
export const month = `(?:(\\d{4})年)?(${number})月份?|(上个?月)|(?:这个?|本)月`

/**
 * 打卡 · 上班打卡 · 到岗 · 下班(打卡) · 我的考勤 [10月] · 考勤 张三 [10月] · 补卡 昨天上午 忘了打卡 · 同意补卡 张三 · 离岗 张三 14:00 ·
 * 撤销离岗 张三 14:00 · 告假 张三. `words` is the normalised `text`, `before` the politeness that stood in front.
 */
export function readAttendance(
  { text, words, before }: { text: string; words: string; before: string },
  said: Said,
): Read | undefined {
  if (comes.test(words)) return { do: 'punch', kind: 'in' }
  if (goes.test(words)) return { do: 'punch', kind: 'out' }
  if (either.test(words)) return { do: 'punch', kind: 'any' }
  return (
    readShow(words, text, /我的?\s*$/.test(before), said) ??
    readCorrect(words, text, said) ??
    readDesk(words, text, said)
  )
}

function readShow(words: string, text: string, mine: boolean, said: Said): Read | undefined {
  const [head, named] = /^(?:看看?|查看?)?(我的?)?考勤(?!制度|规定|机)/.exec(words) ?? []
  if (head === undefined) return undefined
  const own = mine || named !== undefined
  const rest = words.slice(head.length)
  if (rest.length > longest) return undefined
  const read = new RegExp(`^(.*?)(?:的)?\\s*(?:${month})?(?:的)?[?？.。!！\\s]*$`).exec(rest)
  if (!read) return undefined
  const [, name = '', year, number = '', last] = read
  const who = tidy(text.slice(head.length, head.length + name.length))
  if (own && who !== '') return undefined
  const found = monthOf(year, number, last, rest, said)
  if (found === null) return { why: 'time', say: '看哪个月的？例如：我的考勤 10月' }
  return { do: 'show', own, ...(who && { who }), ...(found && { month: found }) }
}

/** The month that is meant: one that is not over yet this year was last year's. Undefined: none named. */
export function monthOf(
  year: string | undefined,
  number: string,
  last: string | undefined,
  rest: string,
  { now, zone }: Pick<Said, 'now' | 'zone'>,
): string | null | undefined {
  const today = DateTime.fromJSDate(now, { zone })
  if (last) return today.startOf('month').minus({ months: 1 }).toFormat('yyyy-MM')
  if (/(?:这个?|本)月/.test(rest)) return today.toFormat('yyyy-MM')
  if (number === '') return undefined
  const value = readNumber(number) ?? 0
  if (value < 1 || value > 12) return null
  const given = year === undefined ? today.year - (value > today.month ? 1 : 0) : Number(year)
  return `${given}-${String(value).padStart(2, '0')}`
}

function readCorrect(words: string, text: string, said: Said): Read | undefined {
  const ruled = /^(不?同意|批准|不批准?|驳回)\s*补卡\s*/.exec(words)
  if (ruled) {
    const day = dayIn(words.slice(ruled[0].length), said)
    const rest = day ? cut(text.slice(ruled[0].length), day) : text.slice(ruled[0].length)
    const who = tidy(rest)
    const allowed = !/^(?:不|驳回)/.test(ruled[1] ?? '')
    if (who === '') return { why: 'missing', say: '谁的补卡？例如：同意补卡 张三' }
    return { do: 'rule', allowed, who, ...(day && { day: day.day }) }
  }
  const [head] = /^(?:我要|申请|要)?补卡\s*[:：]?/.exec(words) ?? []
  if (head === undefined) return undefined
  const [rest, own] = [words.slice(head.length), text.slice(head.length)]
  const example = '例如：补卡 昨天上午 忘了打卡'
  const day = dayIn(rest, said) ?? { day: dayFrom(said, 0), start: 0, end: 0 }
  const time = timeIn(rest, day.end)
  const part = partIn(rest, day.end, time?.minute)
  if (!part) return { why: 'missing', say: `补上班的卡还是下班的卡？${example}` }
  const taken = Math.max(day.end, time?.end ?? 0, part.end)
  const reason = tidy(own.slice(taken).replace(/^\s*(?:的)?(?:卡|打卡)?\s*/, ''))
  if (reason === '') return { why: 'missing', say: `为什么补卡？请带上原因，${example}` }
  return { do: 'correct', day: day.day, part: part.part, ...(time && { minute: time.minute }), reason }
}

interface FoundDay {
  day: string
  start: number
  end: number
}

const near: Readonly<Record<string, number>> = { 今天: 0, 今日: 0, 昨天: 1, 昨日: 1, 前天: 2, 大前天: 3 }
const dayPattern = new RegExp(
  `(大前天|前天|昨[天日]|今[天日])|(?:(\\d{4})[年/-])?(${number})[月/.-](${number})[日号]?|(${number})[日号]`,
)

/** A day that lies behind, or today. */
export function dayIn(words: string, said: Said): FoundDay | undefined {
  const match = dayPattern.exec(words)
  if (!match) return undefined
  const [whole, name, year, month, date, only] = match
  const range = { start: match.index, end: match.index + whole.length }
  if (name) return { day: dayFrom(said, near[name] ?? 0), ...range }
  const today = DateTime.fromJSDate(said.now, { zone: said.zone }).startOf('day')
  const wanted = {
    year: year ? Number(year) : today.year,
    month: month ? (readNumber(month) ?? 0) : today.month,
    day: readNumber(date ?? only ?? '') ?? 0,
  }
  const read = DateTime.fromObject(wanted, { zone: said.zone })
  if (!read.isValid) return undefined
  const back = year === undefined && read > today ? read.minus(month ? { years: 1 } : { months: 1 }) : read
  return { day: back.toFormat('yyyy-MM-dd'), ...range }
}

const dayFrom = ({ now, zone }: Said, daysAgo: number): string =>
  DateTime.fromJSDate(now, { zone }).minus({ days: daysAgo }).toFormat('yyyy-MM-dd')

/** 8:55, 8点55, 下午2点半 as minutes since midnight. */
function timeIn(words: string, from: number): { minute: number; start: number; end: number } | undefined {
  const pattern = /(下午|晚上|上午|早上)?\s*(\d{1,2})(?:[:：](\d{2})|[点时](?:(半)|(\d{1,2})分?)?)/
  const match = pattern.exec(words.slice(from))
  if (!match) return undefined
  const [whole, part = '', hours, minutes, half, after] = match
  const given = Number(hours)
  const hour = /下午|晚上/.test(part) && given < 12 ? given + 12 : given
  const minute = hour * 60 + (half ? 30 : Number(minutes ?? after ?? 0))
  const start = from + match.index
  return minute < 1440 ? { minute, start, end: start + whole.length } : undefined
}

function partIn(
  words: string,
  from: number,
  minute: number | undefined,
): { part: 'in' | 'out' | 'day'; end: number } | undefined {
  const match = /^\s*的?\s*(全天|整天|一整?天|上班|下班|上午|早上|下午|晚上)(?:上班|下班)?/.exec(words.slice(from))
  const end = match ? from + match[0].length : 0
  const said = match?.[0] ?? ''
  if (/全天|整天|一天/.test(said)) return { part: 'day', end }
  if (/下班/.test(said)) return { part: 'out', end }
  if (/上班/.test(said)) return { part: 'in', end }
  if (minute !== undefined) return { part: minute < 13 * 60 ? 'in' : 'out', end }
  if (/下午|晚上/.test(said)) return { part: 'out', end }
  return said === '' ? undefined : { part: 'in', end }
}

const cut = (text: string, { start, end: to }: FoundDay): string => `${text.slice(0, start)} ${text.slice(to)}`

/** What only the desk says: 离岗 张三 14:00, 告假 张三. */
function readDesk(words: string, text: string, said: Said): Read | undefined {
  const match = /^(撤销|取消)?(离岗|脱岗)\s*[:：]?|^(告假|电话请假)\s*[:：]?/.exec(words)
  if (!match) return undefined
  const [head, back, post] = match
  const rest = words.slice(head.length)
  const day = dayIn(rest, said)
  const time = timeIn(rest, day?.end ?? 0)
  const name = said.names.find(one => text.slice(head.length).includes(one))
  const ranges = [day, post ? time : undefined].flatMap(range => range ?? []).sort((a, b) => b.start - a.start)
  const left = ranges.reduce(
    (own, { start, end: to }) => `${own.slice(0, start)} ${own.slice(to)}`,
    text.slice(head.length),
  )
  const who = name ?? tidy(left)
  if (!post) {
    if (who === '') return { why: 'missing', say: '谁打电话请的假？例如：告假 张三' }
    return { do: 'called', who, day: day?.day ?? dayFrom(said, 0) }
  }
  if (who === '' || !time) return { why: 'missing', say: '谁、几点离岗？例如：离岗 张三 14:00' }
  return { do: 'offPost', who, day: day?.day ?? dayFrom(said, 0), minute: time.minute, back: back !== undefined }
}
