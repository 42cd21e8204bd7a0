import type { OrderWish, Span, SuspendReason, Understood } from '../intent.ts'
import { readWhen, type WhenContext } from '../when.ts'
import type { Code } from './codes.ts'
import { rest } from './fillers.ts'
import type { Mark } from './marks.ts'
import { findName } from './names.ts'
import { readParts } from './parts.ts'
import type { TimeWords } from './spans.ts'
import type { Range } from './text.ts'
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
    /(?:等|缺|差|没|无|订|定|申请).{0,6}(?:件|材料|主板|货)|(?:配件|零件|备件|主板|材料|货).{0,4}(?:没|未|不|缺|无|在路上)/,
    'parts',
  ],
  [/客户|用户|业主|顾客|改约|没人在家|不在家|装修/, 'customer'],
  [/配件|件(?!事)/, 'parts'],
]

function suspend(sentence: Sentence, verb: Verb): Built {
  const { span, unsure: question } = time(sentence)
  if (question) return { unsure: question }
  const heads = sentence.verbs.filter(({ words }) => /挂起|挂单|暂停|先挂着/.test(words))
  const plain = heads.length > 0
  const note = remainder(sentence, { ...verb, end: verb.start }, heads)
  const reason = suspendReasons.find(([pattern]) => pattern.test(sentence.norm))?.[1] ?? 'other'
  const words = note ?? (plain ? '' : sentence.text.slice(verb.start, verb.end))
  return { wish: { do: 'suspend', reason, note: words, ...(span ? { expected: span } : {}) } }
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
    case 'assign':
      return assign(sentence, verb)
    case 'offer':
      // `抢单 1024` opens it to everyone; 抢单 without a code is a technician reaching for the card just seen.
      return { wish: sentence.codes.length > 0 ? { do: 'offer' } : { do: 'accept' } }
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
    case 'revisit':
      return { wish: { do: verb.reads, ...optional('note', note()) } }
    default:
      return { wish: { do: verb.reads } }
  }
}
