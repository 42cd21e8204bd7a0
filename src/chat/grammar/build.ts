import type { OrderWish, Span, SuspendReason, Understood } from '../intent.ts'
import { readWhen, type WhenContext, when } from '../when.ts'
import type { Code } from './codes.ts'
import { readJoin, readLeave, readShares } from './crew.ts'
import { rest, saying } from './fillers.ts'
import { readCall, saysNoMore } from './grades.ts'
import type { Mark } from './marks.ts'
import { findName, nameAt } from './names.ts'
import { readParts } from './parts.ts'
import { readReturns } from './returns.ts'
import { findTimes, type TimeWords } from './spans.ts'
import { blank, normalise, type Range } from './text.ts'
import type { Verb } from './verbs.ts'

/** Everything found in a sentence, each with its place. */
export interface Sentence {
  text: string
  norm: string
  codes: readonly Code[]
  /** Of the codes, those that count in this sentence. */
  code: string | undefined
  marks: readonly Mark[]
  times: readonly TimeWords[]
  verbs: readonly Verb[]
  names: readonly string[]
  context: WhenContext
}

type Unsure = Extract<Understood, { kind: 'unsure' }>
export type Built = { wish: OrderWish } | { unsure: Unsure }

const unsure = (why: Unsure['why'], say: string): Built => ({ unsure: { kind: 'unsure', why, say } })
const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>)

/** The words that are neither the code nor the verb that was understood. */
function remainder(sentence: Sentence, verb: Verb, also: readonly Range[] = []): string | undefined {
  const left = rest(sentence.text, [
    ...sentence.codes.filter(code => code.code === sentence.code),
    ...passed(sentence),
    verb,
    ...also,
  ])
  return left &&
    /^(?:客户|用户|原因|理由|因为|备注|结果|的?单子?|说|(?:客户)?(?:的)?(?:电话|手机)|(?:客户|用户|说|了|已|\s)+)$/.test(
      left,
    )
    ? undefined
    : left?.replace(/^(?:原因|理由|备注|结果|因为)\s*[:：是]?\s*/, '')
}

const steps: ReadonlySet<string> = new Set(['accept', 'contacted', 'depart', 'arrive'])

/** Steps that the one understood implies: 到了,修好了. */
const passed = ({ verbs }: Sentence): Verb[] => verbs.filter(({ reads }) => steps.has(reads))

const leftovers =
  /^(?:客户|用户|业主|说|有空|约定|时间|约|约好|约在|的|到|在|我|就|再|跟|和|能|可以|会|说好|上门|过去|去|来|她|他|了|时候|,|，|\s)+$/

interface Time {
  span?: Span
  ranges: Range[]
  unsure?: Unsure
}

function time({ text, norm, times, context }: Sentence): Time {
  const found = readWhen(text, norm, times, context)
  if (found.kind === 'none') return { ranges: [] }
  if (found.kind === 'ambiguous') return { ranges: [], unsure: { kind: 'unsure', why: 'time', say: found.say } }
  const ranges = [{ start: found.start, end: found.end }]
  if (found.kind === 'span') return { span: found.span, ranges }
  const { now } = context
  const to = new Date(now.getTime() + found.minutes * 60_000)
  return { span: { from: now, to, exact: false, words: found.words }, ranges }
}

function contacted(sentence: Sentence, verb: Verb): Built {
  const { span, ranges, unsure: question } = time(sentence)
  if (question) return { unsure: question }
  const left = remainder(sentence, verb, ranges)
  const note = left && leftovers.test(left) ? undefined : left
  return { wish: { do: 'contacted', ...(span ? { appointment: span } : {}), ...optional('note', note) } }
}

const byCustomer = /^(?:客户|用户|业主|顾客|对方|人家|他|她)/

function reschedule(sentence: Sentence, verb: Verb): Built {
  const { span, ranges, unsure: question } = time({ ...sentence, context: { ...sentence.context, thenWhy: true } })
  if (question) return { unsure: question }
  const lead = sentence.verbs.find(({ reads, words }) => reads === 'reschedule' && byCustomer.test(words))
  // 客户改约 without a time can't be agreed anew: the order waits for the customer.
  if (!span && lead) return suspend(sentence, lead)
  const others = sentence.verbs.filter(({ reads }) => reads === 'reschedule')
  const left = remainder(sentence, verb, [...ranges, ...others])
  const reason = left && leftovers.test(left) ? undefined : left
  return { wish: { do: 'reschedule', ...(span ? { appointment: span } : {}), ...optional('reason', reason) } }
}

const suspendReasons: readonly (readonly [RegExp, SuspendReason])[] = [
  [/大修|返厂|拉回|带回|拉走|带走|拉去/, 'majorRepair'],
  [
    /(?:等|缺|差|没|无|订|定|申请).{0,6}(?:件|材料|主板|货|压缩机|[电风]机|马达|电容|风扇|面板|(?:控制|电脑)板|[铜水软]管|阀|滤芯|传感器|遥控|冷媒|制冷剂|氟利昂|电池)|(?:配件|零件|备件|主板|材料|货).{0,4}(?:没|未|不|缺|无|在路上)/,
    'parts',
  ],
  [/客户|用户|业主|顾客|改约|没人在家|不在家|装修/, 'customer'],
  [/配件|件(?!事)/, 'parts'],
]

const length = /^\s*(?:[\d.]{1,3}|[半一二两三四五六七八九十]{1,3})\s*个?(?:小时|钟头|天|周|星期|月)/

/** Until when is waited: 再等两天 ends in two days, where 过两天 would be no time at all. */
function waitingTime(sentence: Sentence): Time {
  const said = time(sentence)
  const verb = sentence.verbs.find(({ reads }) => reads === 'wait')
  const [words] = (verb && length.exec(sentence.norm.slice(verb.end))) ?? []
  if (!words || said.span || said.unsure) return said
  const later = when(`${words.trim()}后`, sentence.context)
  return later.kind === 'span' ? { ...said, span: later.span } : said
}

function suspend(sentence: Sentence, verb: Verb): Built {
  const { span, unsure: question } = waitingTime(sentence)
  if (question) return { unsure: question }
  const heads = sentence.verbs.filter(({ words }) => /挂起|挂单|暂停|先挂着/.test(words))
  const plain = heads.length > 0
  const note = remainder(sentence, { ...verb, end: verb.start }, heads)
  const reason = suspendReasons.find(([pattern]) => pattern.test(sentence.norm))?.[1] ?? 'other'
  const words = note ?? (plain ? '' : sentence.text.slice(verb.start, verb.end))
  return { wish: { do: 'suspend', reason, note: words, ...(span ? { expected: span } : {}) } }
}

const late = (words: string): boolean => !/^不会/.test(words) && /晚|不|没法|无法|难|超时/.test(words)
/** 今天做不完: the time before it is the one that can't be kept. */
const cannot = /不完|来不及|赶不|不能|不可能|没法|无法|不了时/
const unsaid = /^(?:怕|能|会|可以|修好|做完|弄好|装好|完工?|完成|没问题|还没有?|才|左右|(?:来不及|赶不上)了?|,|，|\s)+$/

function progress(sentence: Sentence, verb: Verb): Built {
  const others = sentence.verbs.filter(({ reads }) => reads === 'progress')
  const later = late(verb.words)
  if (others.some(({ words }) => late(words) !== later))
    return unsure('twoReadings', '是能按时还是要晚？请只说一个，例如：能按时，或：要晚 18点')
  // 要晚 10点 is no evening: the verb keeps its own 晚.
  const prices = sentence.marks.filter(({ kind }) => kind !== 'quantity')
  const norm = blank(sentence.norm, others)
  const said = findTimes(blank(norm, [...prices, ...sentence.codes]))
  const times = said.filter(({ end }) => !(later && cannot.test(verb.words) && end <= verb.start))
  const { span, ranges, unsure: question } = time({ ...sentence, norm, times })
  if (question && later) return { unsure: question }
  const kept = times.length < said.length
  const left = remainder(sentence, kept ? { ...verb, start: 0, end: 0 } : verb, [
    ...ranges,
    ...others.filter(other => !(kept && other === verb)),
  ])
  const note = left && (leftovers.test(left) || unsaid.test(left)) ? undefined : left
  const answer = later ? 'later' : 'onTime'
  return { wish: { do: 'progress', answer, ...(later && span && { expected: span }), ...optional('note', note) } }
}

function complete(sentence: Sentence, verb: Verb): Built {
  const charge = readCharge(sentence.marks)
  if (charge === null) return unsure('twoReadings', '收费有两个数，请只写一个总数，例如：完工 收费 80')
  const money = sentence.marks.filter(({ kind }) => kind === 'amount' || kind === 'free')
  const { parts, taken } = readParts(sentence.text, sentence.norm, [...money, ...sentence.codes, ...sentence.verbs])
  const result = remainder(sentence, verb, [...money, ...taken])
  const again = result && /^(?:完工|完成|[修装弄搞]好?|收费|费用)$/.test(result) ? undefined : result
  return {
    wish: {
      do: 'complete',
      ...optional('result', again),
      ...optional('charge', charge),
      ...(parts.length > 0 ? { parts } : {}),
    },
  }
}

/** The amount charged; null when two remain. A total stands for all, what was charged for what was priced. */
function readCharge(marks: readonly Mark[]): string | undefined | null {
  const amounts = marks.filter(({ kind }) => kind === 'amount')
  for (const group of [amounts.filter(({ total }) => total), amounts.filter(({ charged }) => charged), amounts]) {
    const values = new Set(group.map(({ value }) => value))
    if (values.size > 1) return null
    if (values.size === 1) return [...values][0]
  }
  return marks.some(({ kind }) => kind === 'free') ? '0' : undefined
}

function assign(sentence: Sentence, verb: Verb): Built {
  const name = findName(sentence.text, sentence.norm, verb, sentence.names, sentence.codes)
  if (name === 'two') return unsure('twoReadings', '您提到了两个人，请只写要派给谁，例如：派 1024 给 张三')
  if (name === undefined) return unsure('missing', '派给谁？请写上名字，例如：派 1024 给 张三')
  const note = /(?:备注|交接|注意|留言|说明)\s*[:：,，]?\s*(\S.*)$/s.exec(sentence.text.slice(verb.end))?.[1]?.trim()
  return { wish: { do: 'assign', to: name, ...optional('note', note?.slice(0, 200)) } }
}

/** 返修 1024 上次 1003: the other code is the earlier job's. */
function link({ codes, code }: Sentence): Built {
  const earlier = codes.find(other => other.code !== code)
  return { wish: { do: 'link', ...optional('to', earlier?.code) } }
}

/** 转 1024 市场部 sends a complaint somewhere, 转 1024 给张三 gives it to somebody. */
function route(sentence: Sentence, verb: Verb): Built {
  const to = remainder(sentence, verb)?.replace(/^(?:给|到|交给?)\s*/, '')
  if (!to) return unsure('missing', '转到哪里？请写上部门或类别，例如：转 1024 市场部')
  const person = nameAt(normalise(to), 0, sentence.names)
  return { wish: person === undefined ? { do: 'route', to } : { do: 'assign', to: person } }
}

function wait(sentence: Sentence): Built {
  const { span, unsure: question } = waitingTime(sentence)
  return question ? { unsure: question } : { wish: { do: 'wait', ...(span ? { expected: span } : {}) } }
}

const ownCode = ({ codes, code }: Pick<Sentence, 'codes' | 'code'>): Code[] => codes.filter(one => one.code === code)

/** 回访 and what came of it: the customer's own words are kept beside the grade that was read from them. */
function revisit({ text, norm, codes, code }: Sentence, verb: Verb): Built {
  const own = [...ownCode({ codes, code }), verb]
  const { reached, grade } = readCall(blank(norm, own).trim())
  const left = saying(text, own)?.replace(/^(?:结果|备注|情况)\s*[:：是]?\s*/, '')
  const note = left && !saysNoMore(normalise(left)) && !/^(?:客户|用户)$/.test(left) ? left : undefined
  return { wish: { do: 'revisit', reached, ...(grade !== undefined && { grade }), ...optional('note', note) } }
}

/** 加派, 减派 and 分成; see `crew.ts`. */
function crew(sentence: Sentence, verb: Verb, read: typeof readJoin | typeof readLeave | typeof readShares): Built {
  const found = read(sentence, verb)
  return 'say' in found ? unsure(found.why, found.say) : found
}

/** The wish that `verb` stands for, with what else the sentence says about it. */
export function build(sentence: Sentence, verb: Verb): Built {
  const note = () => remainder(sentence, verb)
  switch (verb.reads) {
    case 'contacted':
      return contacted(sentence, verb)
    case 'reschedule':
      return reschedule(sentence, verb)
    case 'suspend':
      return suspend(sentence, verb)
    case 'complete':
      return complete(sentence, verb)
    case 'progress':
      return progress(sentence, verb)
    case 'assign':
      return assign(sentence, verb)
    case 'link':
      return link(sentence)
    case 'route':
      return route(sentence, verb)
    case 'wait':
      return wait(sentence)
    case 'offer':
      // `抢单 1024` opens it to everyone; 抢单 without a code is a technician reaching for the card just seen.
      return { wish: sentence.codes.length > 0 ? { do: 'offer' } : { do: 'accept' } }
    case 'returns':
      return readReturns(sentence)
    case 'cancelPart':
      return unsure('twoReadings', '是要取消整张单吗？取消请说“取消 单号 原因”，改时间请说“改约 单号 时间”')
    case 'stuck':
      return unsure('twoReadings', '修不了的话：要人帮忙请说“求助”，等配件或大修请说“挂起 原因”，退回请说“拒单 原因”')
    case 'decline':
    case 'cancel':
      return { wish: { do: verb.reads, ...optional('reason', note()) } }
    case 'unreachable':
    case 'emptyRun':
    case 'askHelp':
    case 'report':
      return { wish: { do: verb.reads, ...optional('note', note()) } }
    case 'revisit':
      return revisit(sentence, verb)
    case 'complain':
      return { wish: { do: 'complain', ...optional('text', saying(sentence.text, [...ownCode(sentence), verb])) } }
    case 'join':
      return crew(sentence, verb, readJoin)
    case 'leave':
      return crew(sentence, verb, readLeave)
    case 'share':
      return crew(sentence, verb, readShares)
    default:
      return { wish: { do: verb.reads } }
  }
}
