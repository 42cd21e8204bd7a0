import { readAttendance } from './grammar/attendance.ts'
import { readBinding } from './grammar/binding.ts'
import { build, type Sentence } from './grammar/build.ts'
import { type Code, findCodes, quotedCode, withoutEarlier } from './grammar/codes.ts'
import { bareShares } from './grammar/crew.ts'
import { type FigureName, readFigures, readPost } from './grammar/figures.ts'
import { core, opening } from './grammar/fillers.ts'
import { readIncident } from './grammar/incident.ts'
import { type LeaveName, readLeave } from './grammar/leave.ts'
import { findAmounts, findFigures, findPhones } from './grammar/marks.ts'
import { type Mood, moodOf, standsDespite } from './grammar/modals.ts'
import { readMonth } from './grammar/month.ts'
import { known } from './grammar/names.ts'
import { findTimes, type TimeWords } from './grammar/spans.ts'
import { blank, codeSign, normalise, plainText, type Range } from './grammar/text.ts'
import { mend } from './grammar/typos.ts'
import { findVerbs, strongest, type Verb } from './grammar/verbs.ts'
import { isAcknowledgement, isShow, oneWordWish, wholeWish } from './grammar/wholes.ts'
import type { OrderWish, Understood } from './intent.ts'
import { readPaste } from './paste.ts'
import { type DayParts, readWhen, type WhenContext } from './when.ts'

export interface Hearing {
  text: string
  /** The text of the message or card that was quoted. */
  quote?: string
  /** Said in a 1:1 chat or by @-ing the bot. */
  direct: boolean
  now: Date
  zone: string
  dayParts?: DayParts
  /** Names of the team's people, to recognise 给 张三. */
  names: readonly string[]
  /** Tells a code that exists, in any state, from another number. */
  isCode: (digits: string) => boolean
  botNames: readonly string[]
  /** Types of leave of the team's rule book. */
  leaveTypes?: readonly LeaveName[]
  /** Numbers of a month that the person may enter, so that they need no verb: 毛利 52300. */
  figures?: readonly FigureName[]
}

type Unsure = Extract<Understood, { kind: 'unsure' }>

const longest = 2_000
const chatter: Understood = { kind: 'chatter' }
const unsure = (why: Unsure['why'], say: string, code?: string): Unsure => ({
  kind: 'unsure',
  why,
  say,
  ...(code === undefined ? {} : { code }),
})

/**
 * What a person wants, or why that isn't sure, or `chatter` when no word of ours is in it (design.md §5, "Rules of
 * understanding"). Deterministic; never throws. `抢单 1024` is `offer`, 我抢 and 抢 are `accept`. Words of other
 * features (扣分, 月结 …) are chatter here.
 */
export function understand(hearing: Hearing): Understood {
  const heard = withoutBot(hearing.text.slice(0, longest), hearing.botNames)
  const text = plainText(heard)
  const norm = mend(normalise(text))
  const context: WhenContext = {
    now: hearing.now,
    zone: hearing.zone,
    ...(hearing.dayParts ? { dayParts: hearing.dayParts } : {}),
  }
  const quoted = quotedCode(normalise(plainText(hearing.quote?.slice(0, longest) ?? '')))
  const whole = readWhole(heard, text, norm, quoted, context, hearing)
  if (whole) return hearing.direct || (whole.kind === 'wish' && whole.wish.about === 'order') ? whole : chatter
  return readOrder(text, norm, quoted, context, hearing)
}

/** Blanks `@派工助手`, wherever and in whatever width it stands. */
function withoutBot(text: string, names: readonly string[]): string {
  let norm = normalise(text)
  const taken: Range[] = []
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    const called = `@${normalise(name)}`
    for (let at = norm.indexOf(called); called.length > 1 && at >= 0; at = norm.indexOf(called, at + 1))
      taken.push({ start: at, end: at + called.length })
    norm = blank(norm, taken)
  }
  return blank(text, taken)
}

/** 退货 in words about a job is what it is about. */
const isCommand = ({ reads }: Verb): boolean => reads !== 'returns'

const elsewhere =
  /^(?:我要?|想|要)?(?:我的(?:积分|提成|工资)|积分|提成|申诉|扣分|加分|罚款|奖励|(?:确认|撤销)(?:奖惩|罚款|扣分|奖励)|月结|发布)/

const leave = /请[事病年婚产]?假|休假|续假|销假/

/** A number that is an order's and no year: 1024, not 2026年. */
const namesOrder = (norm: string, { isCode }: Hearing): boolean =>
  [...norm.matchAll(/(?<![\d.])(\d{4,6})(?![\d年.])/g)].some(([, digits = '']) => isCode(digits))

/** Sentences decided by how they begin, or by being nothing else. */
function readWhole(
  heard: string,
  text: string,
  norm: string,
  quoted: string | undefined,
  context: WhenContext,
  hearing: Hearing,
): Understood | undefined {
  const { words, start } = opening(norm)
  const figure = readFigures(words, text.slice(start), hearing)
  if (figure) return { kind: 'wish', wish: { about: 'figure', wish: figure } }
  const post = readPost(words, text.slice(start), hearing.names)
  if (post) return { kind: 'wish', wish: { about: 'post', wish: post } }
  const settled = readMonth(words, text.slice(start), hearing)
  if (settled) return settled
  const quote = normalise(plainText(hearing.quote?.slice(0, longest) ?? ''))
  const incident = readIncident({ text: text.slice(start), words, before: norm.slice(0, start), quote }, hearing)
  if (incident) return incident
  const attendance = readAttendance({ text: text.slice(start), words, before: norm.slice(0, start) }, hearing)
  if (attendance)
    return 'why' in attendance
      ? unsure(attendance.why, attendance.say)
      : { kind: 'wish', wish: { about: 'attendance', wish: attendance } }
  const { names, leaveTypes: types = [] } = hearing
  const away = namesOrder(norm, hearing) ? undefined : readLeave({ text, norm, context, names, types, quote })
  if (away) return away
  if (elsewhere.test(words)) return chatter
  const binding = readBinding(text.slice(start), words)
  if (binding) return 'why' in binding ? unsure(binding.why, binding.say) : { kind: 'wish', wish: binding }
  const opened = words.match(/^(?:派工?单|新单|开单|下单|录单|建单|新建(?:工单|派工单)?|报修)(?![率了吗])\s*[:：]?/)
  if (opened) {
    const draft = readPaste(text.slice(start + opened[0].length), { ...context, names: hearing.names })
    if (draft.phone || draft.address) return { kind: 'wish', wish: { about: 'newOrder', draft } }
    const left = core(words.slice(opened[0].length))
    if (
      left === '' ||
      (!/\d{4}/.test(left) && (draft.name || draft.fault) && !findVerbs(words.slice(3)).some(isCommand))
    )
      return unsure('missing', '请把客户的姓名、电话、地址和故障写在“派单”后面，发在同一条里')
  }
  const wish = wholeWish(norm)
  if (wish) return { kind: 'wish', wish }
  if (isAcknowledgement(heard, norm))
    return quoted === undefined
      ? chatter
      : { kind: 'wish', wish: { about: 'order', code: quoted, wish: { do: 'accept' } } }
  return undefined
}

function readOrder(
  text: string,
  norm: string,
  quoted: string | undefined,
  context: WhenContext,
  hearing: Hearing,
): Understood {
  const marks = [...findPhones(norm), ...findAmounts(norm), ...findFigures(norm)]
  // 2小时内 is a quantity and a time: as a time it counts, as a code it never does.
  const times = findTimes(
    blank(
      norm,
      marks.filter(({ kind }) => kind !== 'quantity'),
    ),
  )
  const codes = findCodes(norm, [...marks.filter(({ kind }) => kind !== 'free'), ...times])
  const verbs = findVerbs(withoutNames(blank(norm, codes, codeSign), hearing.names))
  const said = core(blank(norm, codes))
  const one = verbs.length === 0 ? oneWordWish(said) : undefined
  const spoken = verbs.some(({ reads }) => reads === 'link') ? withoutEarlier(norm, codes) : codes
  const counted = codesThatCount(spoken, verbs.length > 0 || one !== undefined || said === '', hearing.isCode)
  if (counted.length === 0 && quoted === undefined && leave.test(norm)) return chatter
  if (!hearing.direct && counted.length === 0 && quoted === undefined) return chatter
  if (counted.length > 1 && (hearing.direct || verbs.length > 0))
    return unsure('twoReadings', `您提到了 ${counted.slice(0, 4).join('、')} 几张单，请一次只说一张`)
  const code = counted[0] ?? quoted
  const wish = (what: OrderWish): Understood => ({
    kind: 'wish',
    wish: { about: 'order', ...(code === undefined ? {} : { code }), wish: what },
  })
  if (one) return code === undefined && !/^(?:接|抢|到|继续|恢复)$/.test(said) ? chatter : wish(one)
  const sentence: Sentence = { text, norm, codes, code, marks, times, verbs, names: hearing.names, context }
  if (verbs.length === 0) return withoutVerb(sentence, said, hearing, wish)
  return withVerbs(sentence, hearing, wish)
}

/** Names may hold our words (张接单 is nobody, but 于到 may be somebody). */
const withoutNames = (norm: string, names: readonly string[]): string => {
  let out = norm
  for (const { norm: name } of known(names)) if (name.length > 1) out = out.replaceAll(name, ' '.repeat(name.length))
  return out
}

/** Codes that are marked or exist; an unknown number beside a verb counts too, so that it is never dropped silently. */
function codesThatCount(codes: readonly Code[], beside: boolean, isCode: (digits: string) => boolean): string[] {
  const sure = codes.filter(({ code, marked }) => marked || isCode(code))
  const counted = sure.length > 0 ? sure : beside ? codes.filter(({ code }) => code.length >= 4) : []
  return [...new Set(counted.map(({ code }) => code))]
}

function withoutVerb(
  { text, norm, code, codes, marks, times, names, context }: Sentence,
  said: string,
  { direct }: Hearing,
  wish: (what: OrderWish) => Understood,
): Understood {
  const inText = codes.some(other => other.code === code)
  if (!direct) return chatter
  const to = inText ? norm.match(/给\s*(\S{2,12})\s*$/) : null
  const person = to && names.find(name => normalise(name) === to[1])
  if (person) return wish({ do: 'assign', to: person })
  const shares = inText ? bareShares({ text, norm, codes, names }) : undefined
  if (shares) return wish(shares)
  if (code !== undefined && (said === '' ? inText : isShow(said))) return wish({ do: 'show' })
  if (marks.some(({ kind }) => kind === 'phone')) {
    const { address, phone } = readPaste(text, { ...context, names })
    if (address && phone) return unsure('missing', '要开新单的话，请在最前面加上“派单”两个字再发一次')
  }
  if (code === undefined) return chatter
  const when = readWhen(text, norm, times, context)
  if (when.kind !== 'none')
    return unsure('twoReadings', `${code} 是已联系客户并约好时间，还是要改约？请说“已联系 时间”或“改约 时间”`, code)
  if (inText) return unsure('missing', `${code} 要做什么？例如：接单、已联系、到达、完工，或“单 ${code}”看详情`, code)
  return chatter
}

const hints: Record<Exclude<Mood, 'plain'>, (words: string) => string> = {
  denied: words => `听到“${words}”是否定的，没有改动。等办完了再告诉我一声`,
  asked: words => `您是在问，我没有改动。已经办了请直接说，例如“${words}”；看详情请说“单 单号”`,
  future: words => `“${words}”听起来还没发生，没有改动。出发了请说“出发”，到了请说“到达”，办完了请说“完工”`,
}

function withVerbs(sentence: Sentence, { direct }: Hearing, wish: (what: OrderWish) => Understood): Understood {
  const { norm, verbs, code, times, text, context } = sentence
  const coming = times.filter(words => isComing(words, text, norm, context))
  const moods = verbs.map(verb => ({ verb, mood: moodOf(verb, norm, coming) }))
  const plain = moods.flatMap(({ verb, mood }) => (mood === 'plain' ? [verb] : []))
  const aside = (why: Mood) => moods.filter(({ mood }) => mood === why).map(({ verb }) => verb)
  const shown = (verb: Verb) => text.slice(verb.start, verb.end).trim()
  const doubt = (mood: Exclude<Mood, 'plain'>): Understood => {
    if (!direct) return chatter
    const [first] = aside(mood)
    return unsure(mood === 'denied' ? 'negation' : 'twoReadings', hints[mood](first ? shown(first) : ''), code)
  }
  const reads = strongest(plain, core(norm.slice(0, plain[0]?.start).replace(/\d/g, '')) === '')
  const [reading] = reads
  if (reading === undefined)
    return doubt(aside('denied').length > 0 ? 'denied' : aside('asked').length > 0 ? 'asked' : 'future')
  if (reads.length > 1) {
    const each = plain.filter(verb => reads.includes(verb.reads)).slice(0, 3)
    return unsure('twoReadings', `是${each.map(verb => `“${shown(verb)}”`).join('还是')}？请只说一件`, code)
  }
  if (aside('denied').length > 0 && !standsDespite(reading, aside('denied'))) return doubt('denied')
  if (
    aside('asked').length > 0 &&
    !['decline', 'cancel', 'suspend', 'assign', 'revisit', 'complain', 'returns'].includes(reading)
  )
    return doubt('asked')
  const verb = plain.find(({ reads: one }) => one === reading)
  if (!verb) return chatter
  // 取消 alone is an answer; 帮忙 alone may be meant for anyone.
  if (verb.soft && code === undefined && !direct) return chatter
  const built = build(sentence, verb)
  if ('unsure' in built) return { ...built.unsure, ...(code === undefined ? {} : { code }) }
  return wish(built.wish)
}

/** Whether the time lies ahead. A clock time without a day that passed within today is a report: 14:05 到达. */
function isComing(words: TimeWords, text: string, norm: string, context: WhenContext): boolean {
  const when = readWhen(text, norm, [words], context)
  if (when.kind !== 'span') return when.kind !== 'none'
  if (words.kind === 'point' && words.point.days.length === 0) {
    const after = norm.slice(words.end, words.end + 6)
    if (/^\s*(?:就|已经?)?(?:[修装弄]好|到)了/.test(after) || /^[^,，。]{0,3}已/.test(after)) return false
    const ahead = when.span.from.getTime() - context.now.getTime()
    // Rolled to tomorrow: it was today, a while ago.
    if (words.point.hour && ahead > 12 * 3_600_000) return false
  }
  const { from, to = from } = when.span
  // 18点前修好 has not been reached before 18点.
  const reached = words.kind === 'point' && words.bound === 'before' ? to : from
  return reached.getTime() > context.now.getTime()
}
