import { DateTime } from 'luxon'
import type { ReturnSaid, Understood } from '../intent.ts'
import type { WhenContext } from '../when.ts'
import type { Code } from './codes.ts'
import type { Mark } from './marks.ts'
import type { Point, TimeWords } from './spans.ts'
import type { Range } from './text.ts'
import type { Verb } from './verbs.ts'

/** A sentence about returning or exchanging, and what has been read of it so far. */
export interface Reading {
  text: string
  norm: string
  codes: readonly Code[]
  marks: readonly Mark[]
  times: readonly TimeWords[]
  verbs: readonly Verb[]
  code: string | undefined
  context: WhenContext
  said: ReturnSaid
  /** What has been understood, so that the rest can be told. */
  taken: Range[]
  /** Questions that remain; with one of them nothing counts. */
  doubts: Unsure[]
}

type Unsure = Extract<Understood, { kind: 'unsure' }>

export function doubt({ doubts }: Reading, why: Unsure['why'], say: string): void {
  doubts.push({ kind: 'unsure', why, say })
}

const repairman = '(?:修理|维修|师傅|修理?部|服务部?|我们|我方|店里?|网点)(?:的人|者|方|人|商|站|部)?(?:自己)?的?'
export const repairer = `${repairman}(?:原因|责任|过错)`
export const parts = '等(?:待)?(?:厂家|公司|总部|仓库)?(?:发|寄|调)?(?:配件|零件|备件|主板|件)'
export const repairing = '(?:还?在|正在)?(?:修理|维修|送修|待修|等修|返修|修)(?:占用|耽误|用)?'
/** Words that may stand between a fact and its day or number. */
export const pads =
  '(?:了|已经?|都|就|才|又|也|是|的|从|自|起|开始|一直|时间|日期|日|在|于|共|一共|拖|耽误|等了|[:：,，\\s])*'

type Dated = 'invoicedOn' | 'handedInOn' | 'waitingSince' | 'repairerSince' | 'faultOn'

const bought = '(?:购?买|购机|购置|开的?票|开具?的?发票|提的?货)的?'
const broke =
  '(?:出现?的?|发生的?|发现的?)?(?:主要)?(?:功能|性能)?(?:坏的?|故障|毛病|报修的?|报的?修|不制[冷热]|不能用|有问题)'

/** What a day is for, by the words right behind it or right before it; those behind come first. */
const labels: ReadonlyArray<readonly [Dated, behind: RegExp, before: RegExp]> = (
  [
    ['invoicedOn', `(?:我们)?(?:店里?|这里|这边)?${bought}`, '(?:发票|开票|购买|购机|买的?|购于)'],
    ['handedInOn', '(?:送修|送来|拿来|交来|送过来|拉回来?)的?', '(?:送修|送来|拿来)'],
    ['waitingSince', parts, parts],
    ['repairerSince', `(?:因为?|由于)?${repairer}`, repairer],
    ['faultOn', broke, '报修|(?:坏|故障)(?:日期|时间|发生)'],
  ] as const
).map(([fact, behind, before]) => [fact, new RegExp(`^${pads}${behind}`), new RegExp(`(?:${before})${pads}$`)])

const repairBehind = new RegExp(`^${pads}${repairing}`)
const repairBefore = new RegExp(`${repairing}${pads}$`)

const names: Readonly<Record<Dated, string>> = {
  ...{ invoicedOn: '发票日期', handedInOn: '送修日期', waitingSince: '等配件的日期' },
  ...{ repairerSince: '修理方原因的日期', faultOn: '报修日期' },
}

/** More days than a sentence about one unit has. */
const mostDays = 6
const lunar = /初|[农阴旧]历|[正腊冬]月/
const near = 16

export const here = ({ context }: Reading): DateTime =>
  DateTime.fromJSDate(context.now, { zone: context.zone }).startOf('day')
export const dayOf = (day: DateTime): string => day.toFormat('yyyy-MM-dd')

/** Every day that is named, by what it is named for. All of them lie behind. */
export function readDates(reading: Reading): void {
  const { norm, times, said, taken } = reading
  const bare: string[] = []
  if (mixesYears(reading)) return
  for (const words of times.slice(0, mostDays)) {
    if (words.kind !== 'point' || words.point.days.length === 0) continue
    const day = past(words.point, reading)
    const last = words.to && past(words.to, reading)
    if (day === undefined || (words.to && last === undefined)) return
    taken.push(words)
    const behind = norm.slice(words.end, words.end + near)
    const before = norm.slice(Math.max(0, words.start - near), words.start)
    if (last !== undefined) {
      taken.push(...found(behind, repairBehind, words.end))
      readRepair(reading, words, { from: day, to: last }, repairBehind.test(behind) || repairBefore.test(before))
      continue
    }
    const label = labels.find(([, after]) => after.test(behind)) ?? labels.find(([, , ahead]) => ahead.test(before))
    if (!label) {
      bare.push(day)
      continue
    }
    const [fact, after] = label
    taken.push(...found(behind, after, words.end))
    if (said[fact] !== undefined && said[fact] !== day) doubt(reading, 'time', `${names[fact]}说了两个，请只说一个`)
    said[fact] = day
    if (fact === 'waitingSince') said.waitsForParts = true
  }
  readBare(reading, bare)
}

function readRepair(reading: Reading, words: Range, span: { from: string; to: string }, told: boolean): void {
  const said = shown(reading, words)
  if (!told) doubt(reading, 'time', `“${said}”是什么时间？修理占用的请说“${said}在修”`)
  if (span.to < span.from) doubt(reading, 'time', `“${said}”的结束早于开始，请再说一次`)
  reading.said.inRepair = span
}

/** 11月3日 3299元: the day beside the price is the invoice's. Any other has to be told what it is for. */
function readBare(reading: Reading, bare: readonly string[]): void {
  const { said, marks } = reading
  const [day] = bare
  if (day === undefined) return
  const priced = marks.some(({ kind }) => kind === 'amount' || kind === 'price')
  if (bare.length === 1 && priced && said.invoicedOn === undefined) {
    said.invoicedOn = day
    return
  }
  const [, month, date] = day.split('-').map(Number)
  const words = `${month}月${date}日`
  doubt(reading, 'time', `${words}是哪天？请说“${words}买的”“${words}报修”或“${words}送修”`)
}

const shown = ({ text }: Reading, { start, end }: Range): string => text.slice(start, end).trim()

function found(text: string, pattern: RegExp, at: number): Range[] {
  const match = pattern.exec(text)
  return match ? [{ start: at, end: at + match[0].length }] : []
}

/** 2025年11月3日买的 11月5日坏的: whether the second is of that year, too, is not for us to guess. */
function mixesYears(reading: Reading): boolean {
  const { times } = reading
  const days = times.flatMap(words => (words.kind === 'point' ? [words.point, ...(words.to ? [words.to] : [])] : []))
  const { year } = here(reading)
  const dated = days.some(({ start, days: [word], end }) => {
    const first = word && !word.next && !word.fromToday ? word.first(here(reading)) : undefined
    return (typeof first === 'object' && first.year < year) || former(reading, { start, end })?.years
  })
  const open = days.find(point => point.days[0]?.next && !former(reading, point))
  if (dated && open) doubt(reading, 'time', `“${shown(reading, open)}”是哪年？请把年份写上`)
  return Boolean(dated && open)
}

/** 去年 and 上个月 in front of a day. */
function former({ norm }: Reading, { start }: Range): { years?: number; months?: number; length: number } | undefined {
  const before = norm.slice(Math.max(0, start - near), start)
  const [words = '', year, ups] = /(?:([去前])年|(上{1,3})个?月)的?\s*$/.exec(before) ?? []
  if (year) return { years: year === '去' ? 1 : 2, length: words.length }
  return ups ? { months: ups.length, length: words.length } : undefined
}

/** The last such day up to today; one that can only lie ahead is asked for. */
function past(point: Point, reading: Reading): string | undefined {
  const today = here(reading)
  const [word] = point.days
  const back = former(reading, point)
  if (back && word?.next) {
    const { years = 0, months = 0, length } = back
    reading.taken.push({ start: point.start - length, end: point.start })
    const began = today.startOf(years > 0 ? 'year' : 'month').minus({ years, months })
    const day = word.first(began)
    if (typeof day !== 'string' && day.hasSame(began, years > 0 ? 'year' : 'month')) return dayOf(day)
    doubt(reading, 'time', `“${shown(reading, point)}”是哪天？请说几月几日`)
    return undefined
  }
  const words = shown(reading, point)
  if (lunar.test(words)) {
    doubt(reading, 'time', `“${words}”是公历几月几日？发票上的日期是公历`)
    return undefined
  }
  const told = word?.next ? undefined : word?.first(today)
  if (typeof told === 'object' && told <= today) return dayOf(told)
  let latest: DateTime | undefined
  let day = word?.next ? word.first(today.minus({ days: 366 })) : undefined
  while (word?.next && day !== undefined && typeof day !== 'string' && day <= today) {
    latest = day
    day = word.next(day)
  }
  if (latest) return dayOf(latest)
  doubt(reading, 'time', typeof told === 'string' ? told : `“${words}”还没到，请说清楚是哪一天`)
  return undefined
}
