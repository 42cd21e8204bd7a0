import type {
  PhonePlatform,
  SandboxCard,
  SandboxChat,
  SandboxMessage,
  SandboxPerson,
  SandboxState,
} from '../../sandbox/wire.ts'
import { cardFor, cardWords, dingCardFor, dingCardWords } from './cards.ts'

/** What a phone shows of the state. Pure. */
export type Role = 'dispatcher' | 'technician' | 'manager' | 'finance'

/** A place at the desk: one person's phone, or the screen that shows the groups. */
export interface Seat {
  /** The userId, or `group`. */
  key: string
  kind: 'person' | 'group'
  /** Whose eyes: on the group's screen the one who speaks there. */
  person: SandboxPerson
  /** What the screen can open: a person's chats in the app he uses, or every group. */
  chats: SandboxChat[]
  /** The app the screen shows. */
  app: PhonePlatform
  /** Messages not yet read in the person's other app. */
  elsewhere: number
  /** On the group's screen those who can speak in the group that is open. */
  speakers: SandboxPerson[]
}

export const GROUP_SEAT = 'group'
const ORDER: Record<SandboxChat['kind'], number> = { app: 0, bot: 1, robot: 1, group: 2 }

export const APPS: Record<PhonePlatform, string> = { wecom: '企业微信', dingtalk: '钉钉' }
export const APP_KEYS: PhonePlatform[] = ['wecom', 'dingtalk']

export function roleOf(person: SandboxPerson): Role {
  if (/派工|信息|调度/.test(person.title)) return 'dispatcher'
  if (/财务|会计/.test(person.title)) return 'finance'
  return /经理|负责|主管/.test(person.title) ? 'manager' : 'technician'
}

/** A person's chats: those of the app his phone shows, unless another is named. */
export function chatsOf(state: SandboxState, userId: string, app?: PhonePlatform): SandboxChat[] {
  const shown = app ?? state.people.find(person => person.userId === userId)?.uses
  return state.chats
    .filter(chat => chat.platform === shown && chat.members.includes(userId))
    .sort((a, b) => ORDER[a.kind] - ORDER[b.kind])
}

/** Who can speak in a group: members whose phone shows its platform. */
export function speakersOf(state: SandboxState, chat: SandboxChat): SandboxPerson[] {
  return state.people.filter(person => person.uses === chat.platform && chat.members.includes(person.userId))
}

/** The group in which most people can speak. */
export function liveliestGroup(state: SandboxState): SandboxChat | undefined {
  return state.chats
    .filter(chat => chat.kind === 'group')
    .reduce<SandboxChat | undefined>(
      (best, chat) => (best && speakersOf(state, best).length >= speakersOf(state, chat).length ? best : chat),
      undefined,
    )
}

const personSeat = (state: SandboxState, person: SandboxPerson): Seat => ({
  key: person.userId,
  kind: 'person',
  person,
  chats: chatsOf(state, person.userId),
  app: person.uses,
  elsewhere: APP_KEYS.filter(app => app !== person.uses).reduce(
    (sum, app) => sum + unreadOf(chatsOf(state, person.userId, app), person.userId),
    0,
  ),
  speakers: [],
})

function groupSeat(state: SandboxState, speaker: string | undefined, open: string | undefined): Seat | undefined {
  const chats = state.chats.filter(chat => chat.kind === 'group')
  const chat = chats.find(each => each.id === open) ?? liveliestGroup(state)
  if (!chat) return undefined
  const speakers = speakersOf(state, chat)
  const person = speakers.find(each => each.userId === speaker) ?? speakers[0] ?? state.people[0]
  return person && { key: GROUP_SEAT, kind: 'group', person, chats, app: chat.platform, elsewhere: 0, speakers }
}

/** People in the server's order, the group's screen third so that it stands beside those who use it most. */
export function seatsOf(state: SandboxState, speaker?: string, openGroup?: string): Seat[] {
  const seats = state.people.map(person => personSeat(state, person))
  const group = groupSeat(state, speaker, openGroup)
  if (group) seats.splice(2, 0, group)
  return seats
}

export function unreadOf(chats: SandboxChat[], userId: string): number {
  return chats.reduce((sum, chat) => sum + (chat.unread[userId] ?? 0), 0)
}

/** `99+` is what fits a badge. */
export function badge(count: number): string {
  return count > 99 ? '99+' : String(count)
}

/** The last two characters of a Chinese name, as contact lists draw them. */
export function initials(name: string): string {
  const letters = [...name.trim()]
  return letters.slice(-2).join('') || '?'
}

/** A person's name by his id on either platform. */
export function nameOf(people: SandboxPerson[], id: string): string {
  return people.find(person => person.userId === id || person.dingtalkId === id)?.name ?? id
}

export function senderName(message: SandboxMessage, people: SandboxPerson[]): string {
  return message.from.kind === 'person' ? nameOf(people, message.from.userId) : message.from.name
}

/** All words a viewer can read in a message, one line each. */
export function wordsOf(message: SandboxMessage, viewer: string): string {
  const { body } = message
  if (message.recalled) return '已撤回'
  if (body.kind === 'card') return cardWords(body.forViewer[viewer] ?? body.card)
  if (body.kind === 'dingcard') return dingCardWords(body.forViewer[viewer] ?? body.card)
  if (body.kind === 'voice') return `[语音] ${body.text}`.trim()
  if (body.kind === 'image') return body.title ? `[图片] ${body.title}` : '[图片]'
  if (body.kind === 'file') return `[文件] ${body.name}`
  if (body.kind === 'location') return `[位置] ${body.label}`
  return body.text
}

const titleOf = (card: SandboxCard | undefined) => card && (card.title ?? card.subTitle ?? '')

/** One line that stands for a message where it is quoted. */
export function preview(message: SandboxMessage, viewer: string): string {
  const title = dingCardFor(message, viewer)?.title ?? titleOf(cardFor(message, viewer))
  const words = (title === undefined ? wordsOf(message, viewer) : `[卡片] ${title}`).replace(/\s+/g, ' ')
  const letters = [...words]
  return letters.length > 40 ? `${letters.slice(0, 40).join('')}…` : words
}

/** Names to add behind a message: in a group the platform shows whom it calls, even when its words don't. */
export function addedMentions(message: SandboxMessage, chat: SandboxChat, people: SandboxPerson[]): string {
  const { body } = message
  if (chat.kind !== 'group' || !('mentions' in body)) return ''
  const text = 'text' in body ? body.text : ''
  return (body.mentions ?? [])
    .map(id => ({ id: `@${id}`, name: `@${id === '@all' ? '所有人' : nameOf(people, id)}` }))
    .filter(({ id, name }) => !text.includes(name) && !text.includes(id))
    .map(({ name }) => name)
    .join(' ')
}

/** The code of the order that was spoken of last on a phone. */
export function lastCode(messages: SandboxMessage[], chat: string, viewer: string): string | undefined {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]
    if (message?.chat !== chat || message.from.kind === 'person') continue
    const code = /(?:^|\s)(?:\*\*)?([1-9]\d{3,5})\b/m.exec(wordsOf(message, viewer))?.[1]
    if (code) return code
  }
  return undefined
}

/** What a chat still shows: WeCom says that a message was recalled, in DingTalk it is gone. */
export function shownIn(chat: SandboxChat, messages: SandboxMessage[]): SandboxMessage[] {
  return messages.filter(({ chat: id, recalled }) => id === chat.id && !(recalled && chat.platform === 'dingtalk'))
}

/** When the message last changed, for finding what is newest on a phone. */
export function touchedAt(message: SandboxMessage): number {
  return Date.parse(message.changedAt ?? message.at)
}

/** The next state, with every part that did not change kept as the same object, so that it is not drawn again. */
export function keepSame(before: SandboxState | undefined, next: SandboxState): SandboxState {
  if (!before) return next
  const same = <T>(old: T | undefined, fresh: T): T =>
    old !== undefined && JSON.stringify(old) === JSON.stringify(fresh) ? old : fresh
  const messages = new Map(before.messages.map(message => [message.id, message]))
  const chats = new Map(before.chats.map(chat => [chat.id, chat]))
  return {
    ...next,
    people: same(before.people, next.people),
    chats: next.chats.map(chat => same(chats.get(chat.id), chat)),
    messages: next.messages.map(message => same(messages.get(message.id), message)),
  }
}
