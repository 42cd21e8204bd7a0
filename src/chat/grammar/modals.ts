import type { Range } from './text.ts'
import type { Verb } from './verbs.ts'

/** How a verb is meant where it stands. Only `plain` changes anything. */
export type Mood = 'plain' | 'denied' | 'asked' | 'future'

const between =
  '(?:给|跟|和|与|把|有|曾|能|去|来|我|客户|用户|已经?|正式|真正|完全|全部|彻底|电话|说|算|想|再|要|的|人|完全)*'
const denied = new RegExp(
  `(?:没有?|未|尚未|不是|别|不要|不用|不必|没法|无法|不能|不会|不算|并非|非|勿|没能|不准备|先不|没来得及|忘(?:了|记)?|差点|不|甭|没人)${between}\\s*$`,
)
const deniedAfter = /^\s*(?:了)?(?:不了|失败|不成功?|没有?成功|是假的)/
const openQuestion = /(?:是不是|能不能|会不会|有没有|要不要|可不可以|是否)[^,，。;；!！?？\n]*$/
const asked =
  /(?:是否|是不是|有没有|能不能|可不可以|什么时候|啥时候?|何时|谁|哪|几点|多久|要不要|怎么|咋|为什么|可否|会不会|行不行)[^,，。;；!！?？\n]*$/
const askedAfter =
  /^[^,，。;；!！\n]*?(?:[吗嘛?？]|[了吧]?(?:没有|没|不|否)\s*(?:$|[,，。;；!！?？\n])|么\s*(?:$|[,，。;；!！?？\n])|呢\s*(?:$|[?？]))/
const notYet =
  '(?:要|会|准备|打算|预计|估计|大概|争取|计划|将|能|可以|应该|尽量|等(?:下|会儿?|一下)?|待会儿?|一会儿?|稍后|稍等|晚点|晚些|回头|马上|快|就|即将|如果|要是|假如|万一|只要|等|赶紧|记得|抓紧|尽快|让|叫|催|必须|希望|想|今后|改天|以后|之后|再|还得|才)'
const future = new RegExp(`${notYet}(?:我|你|他|再|就|去|给|把|客户|师傅|才|能|你们|我们|可以|都|先|要)*\\s*$`)
const futureAfter =
  /^\s*(?:了)?\s*(?:再|以后|之后|后\s*(?:再|就|给|请|要|会|才|跟|联系|告诉)|的话|之?前|以前|叫我|告诉我|说一声|就(?:给|跟|告诉|打|说)|给我|时(?!间))/

/** 不一定能按时, 未必来得及: a doubt. 希望能按时, 请按时: a wish. Neither says how it gets on. */
const doubted = /(?:不|未必|没(?!问题)|难|哪|怎么|如何|怕)[^,，。;；!！?？\n]{0,4}$/
const doubtful = /^(?:能不能|可不可以|会不会|能否|可否|不一定)/
const wished = /请|希望|争取|尽量|务必|必须|尽可能|^[要得]+[按准]/

/** Readings that only make sense as something done; 接单 or 派给 may well be said with 可以 or 要. */
const done: ReadonlySet<string> = new Set(['contacted', 'depart', 'arrive', 'complete', 'emptyRun', 'resume'])
const conditional = /(?:如果|要是|假如|万一|只要)[^。;；!！\n]*$/

/** `coming`: expressions of time that lie ahead; 明天到 is no arrival. */
export function moodOf(verb: Verb, norm: string, coming: readonly Range[]): Mood {
  const before = norm.slice(Math.max(0, verb.start - 16), verb.start)
  const after = norm.slice(verb.end, verb.end + 40)
  // 能退货吗 is what 退货 asks, and asking changes nothing.
  if (verb.reads === 'returns') return denied.test(before) && !openQuestion.test(before) ? 'denied' : 'plain'
  if (openQuestion.test(before)) return 'asked'
  if (verb.reads === 'progress') {
    if (doubtful.test(verb.words)) return 'asked'
    if (wished.test(verb.words) || wished.test(before.slice(-6))) return 'future'
    if (/^[能可会一肯保来赶时]/.test(verb.words) && !/晚|不|超时/.test(verb.words) && doubted.test(before))
      return 'denied'
  }
  if (denied.test(before) || deniedAfter.test(after)) return 'denied'
  if (verb.reads === 'whyLate' || verb.reads === 'askHelp') return 'plain'
  if (asked.test(before) || askedAfter.test(after)) return 'asked'
  if (conditional.test(before)) return 'future'
  if (!done.has(verb.reads)) return 'plain'
  if (future.test(before) && !/^(?:马上|快|就|即将|差不多)/.test(verb.words)) return 'future'
  if (futureAfter.test(after)) return 'future'
  if (verb.reads === 'contacted') return 'plain'
  const close = coming.some(
    ({ end }) => end <= verb.start && /^[^,，。;；!！\n]{0,6}$/.test(norm.slice(end, verb.start)),
  )
  return close ? 'future' : 'plain'
}

/** A denied word that may stand beside a plain one: 还没到,在路上 · 没修好,等配件. */
const despite: Partial<Record<Verb['reads'], readonly Verb['reads'][]>> = {
  depart: ['arrive', 'complete'],
  arrive: ['complete'],
  suspend: ['complete', 'resume', 'arrive'],
  askHelp: ['complete', 'arrive'],
  progress: ['complete', 'arrive', 'depart', 'contacted'],
  unreachable: ['contacted'],
  reschedule: ['complete', 'arrive', 'depart'],
  decline: ['complete', 'arrive', 'depart', 'contacted'],
  cancel: ['complete', 'arrive', 'depart', 'contacted', 'accept'],
  urge: ['complete', 'arrive', 'depart', 'contacted', 'accept'],
  assign: ['complete', 'arrive', 'depart', 'contacted', 'accept'],
  offer: ['accept', 'contacted', 'arrive'],
  // What the customer says may deny anything.
  revisit: ['complete', 'arrive', 'depart', 'contacted', 'accept', 'resume', 'report', 'stuck', 'emptyRun', 'suspend'],
  complain: ['complete', 'arrive', 'depart', 'contacted', 'accept', 'resume', 'report', 'stuck', 'emptyRun', 'suspend'],
  whyLate: ['complete', 'arrive', 'depart', 'contacted', 'accept'],
}

/** Whether a plain `reads` stands in spite of the denied words beside it. */
export const standsDespite = (reads: Verb['reads'], others: readonly Verb[]): boolean =>
  reads === 'returns' || others.every(other => despite[reads]?.includes(other.reads))
