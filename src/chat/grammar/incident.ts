import type { IncidentWish, SaidSum, Understood } from '../intent.ts'
import { dayIn } from './attendance.ts'
import { findCodes } from './codes.ts'
import { findPhones } from './marks.ts'
import { nameAt } from './names.ts'
import { readMoney, readNumber } from './numerals.ts'
import { blank, matches, normalise, overlaps, type Range, tidy } from './text.ts'

interface Said {
  now: Date
  zone: string
  names: readonly string[]
  isCode: (digits: string) => boolean
}

interface Words {
  text: string
  /** The text normalised. */
  words: string
  /** The politeness that stood in front. */
  before: string
  /** What was quoted, normalised. */
  quote: string
}

type Read = Understood | undefined

const wish = (what: IncidentWish): Understood => ({ kind: 'wish', wish: { about: 'incident', wish: what } })
const unsure = (why: 'missing' | 'twoReadings', say: string): Understood => ({ kind: 'unsure', why, say })

const end = '[\\s?？.。!！]*$'
const look = '(?:查看?|看看?)?\\s*'
const sort = '(?:奖惩|罚款|扣分|加分|奖励|处罚)'
const catalogue = new RegExp(`^${look}${sort}(?:的)?(?:项目|制度|条例|目录|标准|细则|规定)(?:表|有哪些)?${end}`)
const mine = new RegExp(`^${look}我的?(?:奖惩|处罚|罚款|扣分)(?:记录|单)?${end}`)
const list = new RegExp(`^${look}(?:待确认的?)?奖惩(?:记录|单)?${end}`)
const how = new RegExp(`^(?:怎么|如何|咋)(?:样)?(?:才能)?申诉${end}|^申诉(?:怎么|如何|咋)`)
/** `奖惩12`; after some verbs the number alone. */
const code = '(?:奖惩|罚款|扣分|奖励|加分)(?:记录|单|号)?\\s*#?\\s*(\\d{1,6})(?!\\d|\\s*(?:元|块|分|月|号|日|%|\\.\\d))'
const bare = '(\\d{1,3})(?![\\d.:：/-]|\\s*(?:元|块|分|月|号|日|天|个|小时|点|%))'
const show = new RegExp(`^${look}${code}(?:的?(?:情况|详情|记录))?${end}`)
/** What an appeal (申诉) may be about that is none of ours: a payslip. */
const pay = /^申诉\s*(?:我的?)?(?:\d{1,2}月份?的?)?(?:工资|月结|积分|提成|绩效|考评|奖金)/
const asking = /[吗么呢嘛][?？]?$|[?？]$|怎么(?:办|写|说|弄)|什么时候/

type Make = (code: string | undefined, rest: Rest) => IncidentWish

interface Rest {
  /** Behind the code, in the person's own words and normalised. */
  text: string
  norm: string
}

const reasoned = ({ text }: Rest): { reason?: string } => {
  const reason = tidy(text).replace(/^(?:因为|原因是?|理由是?|[:：])\s*/, '')
  return reason ? { reason } : {}
}
const named = (code: string | undefined): { code?: string } => (code ? { code } : {})

/** `own`: said of nothing else, so that a short number behind it is an incident's. */
const verbs: ReadonlyArray<readonly [pattern: string, own: boolean, make: Make]> = [
  ['(?:申诉)?成立', true, (at, rest) => ({ do: 'uphold', ...named(at), ...reasoned(rest) })],
  ['(?:维持|驳回申诉|申诉不成立|申诉驳回)', true, (at, rest) => ({ do: 'reject', ...named(at), ...reasoned(rest) })],
  ['申诉', true, (at, rest) => ({ do: 'appeal', ...named(at), ...reasoned(rest) })],
  ['(?:确认|同意)', false, (at, rest) => ({ do: 'confirm', codes: at ? [at, ...codesIn(rest.norm)] : [] })],
  ['(?:撤销|取消|作废|不记)', false, (at, rest) => ({ do: 'drop', ...named(at), ...reasoned(rest) })],
  ['(?:改为|改成|改轻(?:为|到)?|减为|减到)', false, (at, rest) => ({ do: 'amend', ...named(at), ...amended(rest) })],
]
const codesIn = (norm: string): string[] =>
  /^[\s,，、和及]*(?:(?:奖惩)?\s*\d{1,6}[\s,，、和及]*)*$/.test(norm)
    ? [...norm.matchAll(/\d{1,6}/g)].map(([digits]) => `奖惩${digits}`)
    : []

function amended(rest: Rest): { fen?: number; points?: number; reason?: string } {
  const { points, sums, ranges } = amountsIn(rest.norm)
  const [sum] = sums
  return {
    ...(points !== undefined && { points }),
    ...(sum && { fen: sum.fen }),
    ...reasoned({ ...rest, text: blank(rest.text, ranges) }),
  }
}

/**
 * 扣分/加分/罚款/奖励 张三 2分 项目 1024 · 奖惩项目 · 我的奖惩 · 奖惩 [张三] · 奖惩12 · 确认 奖惩12 13 · 撤销 奖惩12 原因 · 申诉 12 原因 ·
 * 成立/维持/改为 奖惩12 … A number alone is an incident's only behind a verb that is said of nothing else. Deterministic.
 */
export function readIncident(given: Words, said: Said): Read {
  const { text, words, before, quote } = given
  if (catalogue.test(words)) return wish({ do: 'catalogue' })
  if (how.test(words)) return wish({ do: 'how' })
  if (mine.test(words) || (/我的?\s*$/.test(before) && list.test(words))) return wish({ do: 'mine' })
  if (list.test(words)) return wish({ do: 'list' })
  const shown = show.exec(words)
  if (shown) return wish({ do: 'show', code: `奖惩${shown[1]}` })
  if (pay.test(words)) return undefined
  return byCode(text, words, quote) ?? ofSomebody(words, said) ?? entering(text, words, said)
}

const numbered = new RegExp(code)
const spoken = verbs.map(([verb, own, make]) => ({
  make,
  ahead: new RegExp(`^${verb}(?:了|一下)?\\s*[:：]?\\s*${own ? `(?:${code}|${bare})` : code}`),
  behind: new RegExp(`^${code}\\s*[:：,，]?\\s*${verb}(?:了|吧)?(?![不没])`),
  alone: new RegExp(`^${verb}(?:了|吧)?(?=[\\s,，:：。.!！]|$|\\d)`),
}))

function byCode(text: string, words: string, quote: string): Read {
  const quoted = numbered.exec(quote)?.[1]
  for (const { make, ahead, behind, alone } of spoken) {
    const found = ahead.exec(words) ?? behind.exec(words)
    if (found) return made(make, `奖惩${found.slice(1).find(Boolean)}`, text, words, found[0].length)
    const word = alone.exec(words)
    if (word && quoted) return made(make, `奖惩${quoted}`, text, words, word[0].length)
  }
  // 申诉 and why, without a number: the only one that can be meant.
  const appeal = /^申诉(?![者人书电])/.exec(words)
  if (!appeal) return undefined
  return made((_, rest) => ({ do: 'appeal', ...reasoned(rest) }), undefined, text, words, appeal[0].length)
}

function made(make: Make, about: string | undefined, text: string, words: string, taken: number): Understood {
  const rest = { text: text.slice(taken), norm: words.slice(taken) }
  const what = make(about, rest)
  if (asking.test(rest.norm.trim()) && what.do !== 'appeal' && what.do !== 'reject')
    return unsure('twoReadings', '您是在问，我没有改动。看详情请说“奖惩12”，要做请直接说，例如“确认 奖惩12”')
  return wish(what)
}

const somebody = new RegExp(`^${look}奖惩(?:记录)?\\s*[:：]?\\s*([^\\s\\d]{2,12}?)(?:的)?${end}`)

/** 奖惩 张三. */
function ofSomebody(words: string, { names }: Said): Read {
  const found = somebody.exec(words)
  const who = found && names.find(name => normalise(name) === found[1])
  return who ? wish({ do: 'list', who }) : undefined
}

interface Head {
  as: 'penalty' | 'reward'
  /** What a number without a unit counts. */
  unit: 'points' | 'yuan'
  who?: string
  /** How much of the words it takes. */
  length: number
}

const heads: ReadonlyArray<readonly [RegExp, Pick<Head, 'as' | 'unit'>]> = [
  [/^(?:扣分|记分)/, { as: 'penalty', unit: 'points' }],
  [/^(?:罚款|处罚|罚钱)/, { as: 'penalty', unit: 'yuan' }],
  [/^加分/, { as: 'reward', unit: 'points' }],
  [/^(?:奖励|表扬)/, { as: 'reward', unit: 'yuan' }],
]
/** 扣张三 2分, 罚李四 30元: short verbs only right before a name of the team. */
const short: ReadonlyArray<readonly [RegExp, Pick<Head, 'as' | 'unit'>]> = [
  [/^扣/, { as: 'penalty', unit: 'points' }],
  [/^罚/, { as: 'penalty', unit: 'yuan' }],
  [/^奖/, { as: 'reward', unit: 'yuan' }],
]
/** 给张三 扣2分: behind the name, with what is taken or given. */
const behind: ReadonlyArray<readonly [RegExp, Pick<Head, 'as' | 'unit'>]> = [
  [/^(?:扣分|扣(?=\s*\d+(?:\.\d+)?\s*分))/, { as: 'penalty', unit: 'points' }],
  [/^(?:罚款|罚(?=\s*¥?\s*\d+(?:\.\d+)?\s*[元块]))/, { as: 'penalty', unit: 'yuan' }],
  [/^(?:加分|加(?=\s*\d+(?:\.\d+)?\s*分))/, { as: 'reward', unit: 'points' }],
  [/^(?:奖励|奖(?=\s*¥?\s*\d+(?:\.\d+)?\s*[元块]))/, { as: 'reward', unit: 'yuan' }],
]

function entering(text: string, words: string, said: Said): Read {
  const head = headOf(words, said.names)
  if (!head) return undefined
  const { as, unit, who, length } = head
  const rest = { text: text.slice(length), norm: words.slice(length) }
  if (asking.test(rest.norm.trim()))
    return unsure('twoReadings', '您是在问，我没有记录。要记请直接说，例如：扣分 张三 2分 迟到；看项目请说“奖惩项目”')
  if (!who) {
    // 扣分了, 罚款太多: talk, not an order.
    const names = /^\s+\S|^\s*给/.test(rest.norm)
    return names ? unsure('missing', '给谁记？请在后面写班组里的姓名，例如：扣分 张三 2分 迟到') : undefined
  }
  const phones = findPhones(rest.norm)
  const free = blank(rest.norm, phones)
  const amounts = amountsIn(free, unit)
  const codes = findCodes(blank(free, amounts.ranges), []).filter(
    ({ code: digits, marked }) => marked || said.isCode(digits),
  )
  const [order] = codes
  const day = dayIn(
    blank(free, [...amounts.ranges, ...codes]).replace(/\d+[./-]\d+/g, found => ' '.repeat(found.length)),
    said,
  )
  const ranges = [...amounts.ranges, ...codes, ...(day ? [day] : [])]
  return wish({
    ...{ do: 'enter', as, who, rest: tidy(blank(rest.text, ranges)), sums: amounts.sums },
    ...(amounts.points !== undefined && { points: amounts.points }),
    ...(order && { order: order.code }),
    ...(day && { day: day.day }),
  })
}

function headOf(words: string, names: readonly string[]): Head | undefined {
  const whoAt = (at: number) => {
    const skipped = /^\s*(?:给|了)?\s*[:：]?\s*/.exec(words.slice(at))?.[0].length ?? 0
    const found = nameAt(words.slice(at + skipped), 0, names)
    return found && { who: found, length: at + skipped + normalise(found).length }
  }
  for (const [pattern, what] of heads) {
    const verb = pattern.exec(words)?.[0]
    if (verb) return { ...what, length: verb.length, ...whoAt(verb.length) }
  }
  for (const [pattern, what] of short) {
    const verb = pattern.exec(words)?.[0]
    const who = verb ? nameAt(words.slice(verb.length).trimStart(), 0, names) : undefined
    if (verb && who) return { ...what, ...whoAt(verb.length), length: whoAt(verb.length)?.length ?? 0 }
  }
  const given = /^(?:给|对)?\s*/.exec(words)?.[0].length ?? 0
  const who = nameAt(words.slice(given), 0, names)
  if (!who) return undefined
  const from = given + normalise(who).length
  const gap = /^\s*/.exec(words.slice(from))?.[0].length ?? 0
  for (const [pattern, what] of behind) {
    const verb = pattern.exec(words.slice(from + gap))?.[0]
    if (verb) return { ...what, who, length: from + gap + verb.length }
  }
  return undefined
}

const cnNumber = '[零一二两三四五六七八九十百]{1,4}'
const pointWords = new RegExp(
  `(?<![\\d.])(\\d{1,3}(?:\\.\\d{1,2})?|${cnNumber})\\s*(?:个)?(?:积)?分(?![钟之成店公期配机歧析开\\d])`,
  'g',
)
const moneyWords = new RegExp(
  `(?:¥\\s*(\\d{1,6}(?:\\.\\d{1,2})?)(?!\\d)|(?<![\\d.])(\\d{1,6}(?:\\.\\d{1,2})?|${cnNumber})\\s*(?:元|块钱?|圆|rmb)(?![板\\d]))`,
  'g',
)
const labelBefore = /([\u4e00-\u9fa5]{2,8})\s*[:：是为]?\s*$/

/** Points, and sums of money with the words before them. `unit`: what a short number without one counts. */
export function amountsIn(
  norm: string,
  unit?: 'points' | 'yuan',
): { points?: number; sums: SaidSum[]; ranges: Range[] } {
  const ranges: Range[] = []
  const sums: SaidSum[] = []
  let points: number | undefined
  for (const { start, end: to, match } of matches(norm, pointWords)) {
    const value = /^\d/.test(match[1] ?? '') ? Number(match[1]) : readNumber(match[1] ?? '')
    if (value === undefined) continue
    points = value
    ranges.push({ start, end: to })
  }
  for (const { start, end: to, match } of matches(norm, moneyWords)) {
    const value = readMoney(match[1] ?? match[2] ?? '')
    if (value === undefined || ranges.some(range => overlaps(range, { start, end: to }))) continue
    const label = labelBefore.exec(norm.slice(0, start))?.[1] ?? ''
    sums.push({ label, fen: Math.round(Number(value) * 100) })
    ranges.push({ start, end: to })
  }
  const lone =
    unit && points === undefined && sums.length === 0
      ? /^\s*(\d{1,3}(?:\.\d{1,2})?)(?=[\s,，]|$)|\s(\d{1,3}(?:\.\d{1,2})?)\s*$/.exec(norm)
      : null
  const value = lone?.[1] ?? lone?.[2]
  if (lone && value) {
    const start = lone.index + lone[0].indexOf(value)
    ranges.push({ start, end: start + value.length })
    if (unit === 'points') points = Number(value)
    else sums.push({ label: '', fen: Math.round(Number(value) * 100) })
  }
  return { ...(points !== undefined && { points }), sums, ranges }
}
