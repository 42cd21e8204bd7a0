import { DateTime } from 'luxon'
import type { JobDraft, OrderWish, ReturnSaid, Span, Understood } from '../../src/chat/intent.ts'
import { type Hearing, understand } from '../../src/chat/understand.ts'
import type { When } from '../../src/chat/when.ts'

/** Wednesday, 2026-11-25 10:00 in Shanghai, unless a case says otherwise. */
export const zone = 'Asia/Shanghai'
export const wednesday = '2026-11-25T10:00:00+08:00'
export const names = ['张三', '李四', '王五', '李四海', '赵派工', '王经理', 'Tom']
export const existing = new Set(['1001', '1024', '1025', '1080', '1801', '12345', '2026'])
/** A card as a platform quotes it. */
export const card = '派工单 1024 · 维修\n王先生 138****5678\n格力空调不制冷'

export function hear(text: string, more: Partial<Hearing> = {}): Understood {
  return understand({
    text,
    direct: true,
    now: new Date(wednesday),
    zone,
    names,
    isCode: digits => existing.has(digits),
    botNames: ['派工助手', '派工 Bot'],
    ...more,
  })
}

const at = (date: Date): string => DateTime.fromJSDate(date, { zone }).toFormat('MM-dd HH:mm')

/** `11-26 10:00`, `11-26 08:00~11-26 12:00`, with `?` when not exact. */
export const spanWords = ({ from, to, exact }: Span): string =>
  `${at(from)}${to ? `~${at(to)}` : ''}${exact ? '' : '?'}`

export function whenWords(found: When): string {
  if (found.kind === 'span') return spanWords(found.span)
  return found.kind === 'limit' ? `limit ${found.minutes}` : found.kind
}

const join = (...words: (string | false | undefined)[]): string => words.filter(Boolean).join(' ')

function wishWords(wish: OrderWish): string {
  switch (wish.do) {
    case 'contacted':
      return join(wish.appointment && spanWords(wish.appointment), wish.note && `“${wish.note}”`)
    case 'reschedule':
      return join(wish.appointment && spanWords(wish.appointment), wish.reason && `“${wish.reason}”`)
    case 'suspend':
      return join(wish.reason, wish.note && `“${wish.note}”`, wish.expected && spanWords(wish.expected))
    case 'complete':
      return join(
        wish.charge !== undefined && `¥${wish.charge}`,
        wish.parts?.map(({ name, quantity }) => `${name}×${quantity}`).join('+'),
        wish.result && `“${wish.result}”`,
      )
    case 'progress':
      return join(wish.answer, wish.expected && spanWords(wish.expected), wish.note && `“${wish.note}”`)
    case 'assign':
      return join(wish.to, wish.note && `“${wish.note}”`)
    case 'route':
      return `“${wish.to}”`
    case 'link':
      return wish.to ?? ''
    case 'wait':
      return wish.expected ? spanWords(wish.expected) : ''
    case 'returns':
      return join(saidWords(wish.said), wish.unread && `“${wish.unread}”`)
    case 'decline':
    case 'cancel':
      return wish.reason ? `“${wish.reason}”` : ''
    case 'unreachable':
    case 'emptyRun':
    case 'askHelp':
    case 'report':
      return wish.note ? `“${wish.note}”` : ''
    case 'revisit':
      return join(!wish.reached && 'missed', wish.grade?.toString(), wish.note && `“${wish.note}”`)
    case 'complain':
      return wish.text ? `“${wish.text}”` : ''
    case 'join':
      return join(wish.who, wish.share !== undefined && `${wish.share}%`)
    case 'leave':
      return wish.who
    case 'share':
      return wish.shares?.map(({ who, percent }) => `${who}${percent}`).join('+') || (wish.shares ? 'equally' : 'show')
    default:
      return ''
  }
}

/** `wants=return price=3299.00 mainFault accessories=no`. */
function saidWords(said: ReturnSaid): string {
  const value = (given: ReturnSaid[keyof ReturnSaid]) =>
    typeof given !== 'object' ? `${given}` : 'days' in given ? `${given.days}` : `${given.from}~${given.to}`
  return Object.entries(said)
    .map(([key, given]) => (given === true ? key : `${key}=${given === false ? 'no' : value(given)}`))
    .join(' ')
}

/** What was understood, in one line that a table of cases can hold. */
export function told(understood: Understood): string {
  if (understood.kind === 'chatter') return 'chatter'
  if (understood.kind === 'unsure') return join('unsure', understood.why, understood.code)
  const { wish } = understood
  switch (wish.about) {
    case 'order':
      return join(wish.wish.do, wish.code, wishWords(wish.wish))
    case 'newOrder':
      return `new ${draftWords(wish.draft)}`
    case 'list':
      return `list ${wish.which}`
    case 'attendance':
      return join('attendance', ...Object.values(wish.wish).map(value => (value === false ? '-' : `${value}`)))
    case 'confirm':
      return wish.yes ? 'yes' : 'no'
    case 'bind':
      return join('bind', wish.code && `code ${wish.code}`, wish.mobile && `mobile ${wish.mobile}`)
    case 'bindCode':
      return `bindCode ${wish.person}`
    case 'bindTeam':
      return `bindTeam ${wish.team}`
    default:
      return wish.about
  }
}

/** The draft's fields in a fixed order: `name|phone|address|fault` and, when there, `key=value` for the rest. */
export function draftWords(draft: JobDraft): string {
  const { name = '', phone = '', address = '', fault = '', wanted, ...others } = draft
  const rest = Object.entries(others)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
  return join([name, phone, address, fault].join('|'), wanted && `wanted=${spanWords(wanted)}`, ...rest)
}
