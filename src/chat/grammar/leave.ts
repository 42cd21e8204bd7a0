import type { LeaveWish, SaidDays, SaidLength, Understood } from '../intent.ts'
import type { WhenContext } from '../when.ts'
import { core, rest } from './fillers.ts'
import { daysIn } from './leavedays.ts'
import { normalise, type Range } from './text.ts'

/** A type of leave as the rule book names it. */
export interface LeaveName {
  name: string
  words: readonly string[]
}

export interface LeaveHearing {
  text: string
  norm: string
  context: WhenContext
  names: readonly string[]
  types: readonly LeaveName[]
  /** What was quoted, comparable like `norm`. */
  quote?: string
}

type Read = Understood | undefined

const code =
  '(?<![请休年事病婚产丧调农忙])假(?:条|单)?\\s*#?\\s*(\\d{1,6})(?![\\d.:：/-]|\\s*(?:天|个|小时|钟头|号|月|日|周|年|点|半|[、和]))'
/** Politeness in front; 请 is not, here. */
const polite =
  /^(?:师傅们?好?|你好|您好|大家好|领导好?|[\u4e00-\u9fa5]?经理好?|各位|麻烦(?:你|您)?|谢谢|哈|那个|报告|@\S*|[\s,，.。:：;；、!！~～-])+/

function opening(norm: string): { words: string; start: number } {
  const start = polite.exec(norm)?.[0].length ?? 0
  return { words: norm.slice(start), start }
}
const wish = (what: LeaveWish): Understood => ({ kind: 'wish', wish: { about: 'leave', wish: what } })
const unsure = (why: 'time' | 'missing' | 'negation', say: string): Understood => ({ kind: 'unsure', why, say })

/** Words at the beginning that say what is to be done, then the code, then the rest. */
const orders: ReadonlyArray<readonly [RegExp, (given: Given) => Understood]> = [
  [
    /^(?:不批准?|不准假?|驳回|拒绝|不同意请假)/,
    ({ code, all }) => wish({ do: 'reject', ...code, ...(all && { reason: all }) }),
  ],
  [/^不同意/, ({ code, all }) => wish({ do: 'refuse', ...code, ...(all && { reason: all }) })],
  [
    /^(?:批准|准假|准了|批了|批假)/,
    ({ code, left }) =>
      wish({ do: 'approve', ...code, ...(left && /到岗|来了|上班/.test(left) && { ordinary: true }) }),
  ],
  [/^(?:接受|同意)/, ({ code }) => wish({ do: 'take', ...code })],
  [/^撤回/, ({ code }) => wish({ do: 'withdraw', ...code })],
  [/^(?:撤销|取消)/, ({ code }) => wish({ do: 'cancel', ...code })],
  [/^(?:证明|病假条|材料)/, ({ code }) => wish({ do: 'proof', ...code })],
  [
    /^(?:改期|改到|改成)/,
    ({ code, when, left }) => wish({ do: 'propose', ...code, ...when, ...(left && { note: left }) }),
  ],
  [
    /^(?:续假|再续|延长?请?假期?|续)/,
    ({ code, when, length, left }) =>
      wish({ do: 'extend', ...code, ...when, ...length, ...(left && { reason: left }) }),
  ],
  [
    /^(?:提前)?(?:销假|回来上班|结束休假|结束请假|上班)/,
    ({ code, when, left }) => wish({ do: 'return', ...code, ...when, ...(left && { reason: left }) }),
  ],
  [/^(?:查看?|看看?)?$/, ({ code }) => wish({ do: 'show', ...code })],
]

interface Given {
  code: { code?: string }
  when: { when?: SaidDays }
  length: { length?: SaidLength }
  left: string | undefined
  /** Everything behind the verb, days as well: a reason may name some. */
  all: string | undefined
}

/** Without a code these mean leave only when they say so. */
const bare: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(?:撤回|撤销|取消)(?:我的?)?(?:请假|休假|假条|假期|[事病年婚产丧]假)/, '撤销'],
  [/^(?:批准|准假|准了|批假)(?:请假|休假)?/, '批准'],
  [/^(?:同意|接受)(?:改期|请假)/, '接受'],
  [/^(?:不批准?|不准假|驳回|拒绝)(?:请假|休假)?/, '驳回'],
  [/^不同意改期/, '不同意'],
  [/^(?:续假|延长?请?假)/, '续假'],
  [/^(?:提前)?销假/, '销假'],
  [/^我?(?:(?:今|明|后|大后)天|周[一二三四五六日天])?(?:[上下]午)?(?:提前)?(?:回来上班|结束休假|结束请假)/, '销假'],
]

/** What a sentence about leave means; undefined when it is about something else. Deterministic. */
export function readLeave(hearing: LeaveHearing): Read {
  const { norm } = hearing
  const { words, start } = opening(norm)
  const said = norm.replace(/[\s,，.。!！~～@]/g, '')
  if (/^(?:怎么|如何|咋|能不能)(?:才能)?请?(?:休|请)假$|^请假(?:怎么|如何|咋)/.test(said)) return wish({ do: 'how' })
  if (
    /^(?:(?:查看?|看看?)?我的?(?:请?假|休假|假期|假条)(?:条|单|记录|情况)?|我?(?:还)?(?:有|剩)(?:几|多少)天假)[?？]?$/.test(
      said,
    )
  )
    return wish({ do: 'mine' })
  if (/^(?:待批|待审批|待我批|请假待批|(?:谁|哪些|有谁)(?:的假|请假)(?:待批|没批|要批)|假条)[?？]?(?:的)?$/.test(said))
    return wish({ do: 'pending' })
  const who =
    /^(?:.{0,8})?(?:谁|哪些人|有人|有没有人)(?:.{0,8})?(?:休息|请假|休假|不在|没来|不上班)[的?？呢吗]*(?:.{0,12}[天日号一二三四五六]的?)?$/.test(
      said,
    )
  if (who) return wish({ do: 'who', ...daysIn(hearing, []).when })
  const coded = new RegExp(code).exec(words)
  const numbered = /^(?:不?批准|驳回|准假|同意|撤回|撤销)\s*(\d{1,3})(?![\d.:：]|\s*(?:天|个|小时|月|号|日))/.exec(
    words,
  )
  if (numbered) return bareOrder(hearing, numbered[0], numbered[0], `假${numbered[1]}`)
  const quoted = coded ? null : new RegExp(code).exec(hearing.quote ?? '')
  const order = quoted && orders.find(([pattern]) => !pattern.test('') && pattern.test(words))
  if (quoted && order) {
    const verb = order[0].exec(words)?.[0] ?? ''
    return order[1](given(hearing, [{ start, end: start + verb.length }], `假${quoted[1]}`))
  }
  const about = coded && withCode(hearing, coded)
  if (about) return about
  for (const [pattern, verb] of bare) {
    const found = pattern.exec(words)
    if (found) return bareOrder(hearing, found[0], verb)
  }
  return asking(hearing)
}

function withCode(hearing: LeaveHearing, found: RegExpExecArray): Read {
  const { norm } = hearing
  const { words, start } = opening(norm)
  const at = start + found.index
  const range = { start: at, end: at + found[0].length }
  const head = words.slice(0, found.index).replace(/\s/g, '')
  const tail = core(words.slice(found.index + found[0].length))
  for (const [pattern, make] of orders) {
    const [front, back] = [head === '' ? null : pattern.exec(head), head === '' ? pattern.exec(tail) : null]
    if (!(front || back) || (pattern.test('') && head + tail !== '' && !front)) continue
    const verb = front ? { start, end: at } : verbRange(norm, range.end, back?.[0] ?? '')
    return make(given(hearing, [range, verb], `假${found[1]}`))
  }
  return head === '' && tail === '' ? wish({ do: 'show', code: `假${found[1]}` }) : undefined
}

/** Where a verb stands behind its code; politeness between them is let pass. */
function verbRange(norm: string, after: number, verb: string): Range {
  const at = norm.indexOf(verb.slice(0, 1), after)
  return at < 0 || verb === '' ? { start: after, end: after } : { start: at, end: at + verb.length }
}

function bareOrder(hearing: LeaveHearing, found: string, verb: string, about?: string): Read {
  const inside = found.search(/提前|回来|结束|[撤取批准同接不驳拒续延销]/)
  const start = opening(hearing.norm).start + Math.max(inside, 0)
  const order = orders.find(([pattern]) => pattern.test(verb))
  return order?.[1](given(hearing, [{ start, end: start + found.length - Math.max(inside, 0) }], about))
}

function given(hearing: LeaveHearing, taken: readonly Range[], about?: string): Given {
  const { when, length, ranges } = daysIn(hearing, taken)
  const left = rest(hearing.text, [...taken, ...ranges])?.replace(/^(?:条|单|了|起|开始)+|^到$/, '')
  return {
    code: about === undefined ? {} : { code: about },
    when,
    length,
    left: left || undefined,
    all: rest(hearing.text, taken),
  }
}

const trigger =
  /(?:想|要|需要|申请|打算)?(?:再)?(?:请|休|调)\s*(?:个|一下|上)?[^\s,，。;；请休假]{0,6}?(?:假|休)(?!条)|(?:想|要|我)休息|休息(?=[一两三半\d])|(?:代|替|帮)[^,，。]{0,14}请(?:[^\s,，。]{0,3}假)?/
/** Somebody else's leave is not one's own: 客户请假在家, 张三请假了吗. */
const notAsking = /客户|用户|业主|顾客|机主|他家|她家|(?<!(?:可以|行|能|批)[^吗]{0,2})吗[?？]?$|没有[?？]?$|了没/
const gone = '那个日子已经过去了，请假只能请今天和以后的。过去没到岗的，请找经理说明。'
const denied = /不(?:想|用|需要|要)?(?:再)?(?:请|休)[^\s,，。]{0,4}假|不请假|别请假/

function asking(hearing: LeaveHearing): Read {
  const { text, norm, names, types } = hearing
  const { words, start } = opening(norm)
  const named = types.find(({ name }) => words.startsWith(normalise(name)) || words.startsWith(`请${normalise(name)}`))
  const found = trigger.exec(words)
  if (!found && !named) return undefined
  if (denied.test(words)) return unsure('negation', '是不请假了吗？已经提交的请回复「撤销请假」，没提交的不用管。')
  if (notAsking.test(words) && !/^(?:我|想|要|请|能|可以)/.test(words)) return undefined
  const type = typeIn(norm, types)
  const taken: Range[] = []
  const asks = found && { start: start + found.index, end: start + found.index + found[0].length }
  if (asks) taken.push(asks)
  if (type) taken.push(...type.ranges)
  const other = /(?:代|替|帮|给)\s*(?:请|忙请)?\s*([^\s,，]{2,6}?)\s*(?=请|今|明|后|[,，\s]|$)/.exec(words)
  const who = other && names.find(name => normalise(name) === other[1])
  if (other && who) taken.push({ start: start + other.index, end: start + other.index + other[0].length })
  const came = /(?:已经?|我?)(?:到岗|来上班|在店里|上班了|到店)/.exec(norm)
  if (came) taken.push({ start: came.index, end: came.index + came[0].length })
  // 请两天假: how long stands within the words that ask.
  const { when, length, ranges, ambiguous } = daysIn(
    hearing,
    taken.filter(one => one !== asks),
  )
  if (ambiguous) return unsure('time', ambiguous.includes('已经过去') ? gone : ambiguous)
  const reason = rest(text, [...taken, ...ranges])
    ?.replace(/^(?:因为|由于|原因是?|事由|理由是?|是|的|起|开始|需要|可以|行|能)+[:：,，\s]*/, '')
    .replace(
      /(?:[,，。;；\s]*[恳敬还]?请(?:领导|经理|老板|您)?(?:批准|准假|同意)[。!！]*|(?:可以|行|能批|批准)?[吗嘛么]?[?？]*)$/,
      '',
    )
    .trim()
  return wish({
    do: 'ask',
    ...(who && { who }),
    ...(type && { type: type.name }),
    ...when,
    ...length,
    ...(reason && { reason }),
    ...(came && { came: true }),
  })
}

/** The type a text names, by its name anywhere, else by one of its words. */
function typeIn(norm: string, types: readonly LeaveName[]): { name: string; ranges: Range[] } | undefined {
  const others = /孩子|小孩|儿子|女儿|老婆|媳妇|爱人|老公|丈夫|爸|妈|父|母|老人|家人|岳|爷|奶|陪|带/.test(norm)
  const longest = [...types].sort((a, b) => b.name.length - a.name.length)
  for (const { name } of longest) {
    const at = norm.indexOf(normalise(name))
    if (at >= 0) return { name, ranges: [{ start: at, end: at + name.length }] }
  }
  // What is only a reason stays in it: 农忙, 发烧. Somebody else's illness is no sick leave.
  const meant = (others ? [] : longest).find(({ words }) => words.some(word => norm.includes(normalise(word))))
  return meant && { name: meant.name, ranges: [] }
}
