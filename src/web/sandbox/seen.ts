import type { SandboxCard, SandboxChat, SandboxMessage, SandboxPerson, SandboxState } from '../../sandbox/wire.ts'

/** What a phone shows of the state. Pure. */
export type Role = 'dispatcher' | 'technician' | 'manager'

/** A place at the desk: one person's phone, or the screen that shows the groups. */
export interface Seat {
  /** The userId, or `group`. */
  key: string
  kind: 'person' | 'group'
  /** Whose eyes: on the group's screen the one who speaks there. */
  person: SandboxPerson
  chats: SandboxChat[]
}

export const GROUP_SEAT = 'group'
const ORDER: Record<SandboxChat['kind'], number> = { app: 0, bot: 1, group: 2 }

export function roleOf(person: SandboxPerson): Role {
  if (/派工|信息|调度/.test(person.title)) return 'dispatcher'
  return /经理|负责|主管/.test(person.title) ? 'manager' : 'technician'
}

export function chatsOf(state: SandboxState, userId: string): SandboxChat[] {
  return state.chats.filter(chat => chat.members.includes(userId)).sort((a, b) => ORDER[a.kind] - ORDER[b.kind])
}

/** People in the server's order, the group's screen third so that it stands beside those who use it most. */
export function seatsOf(state: SandboxState, speaker: string | undefined): Seat[] {
  const seats: Seat[] = state.people.map(person => ({
    key: person.userId,
    kind: 'person',
    person,
    chats: chatsOf(state, person.userId),
  }))
  const groups = state.chats.filter(chat => chat.kind === 'group')
  const who = state.people.find(person => person.userId === speaker) ?? state.people[0]
  if (groups.length > 0 && who) seats.splice(2, 0, { key: GROUP_SEAT, kind: 'group', person: who, chats: groups })
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

export function nameOf(people: SandboxPerson[], userId: string): string {
  return people.find(person => person.userId === userId)?.name ?? userId
}

export function senderName(message: SandboxMessage, people: SandboxPerson[]): string {
  return message.from.kind === 'person' ? nameOf(people, message.from.userId) : message.from.name
}

/** The card as this viewer sees it. */
export function cardFor(message: SandboxMessage, viewer: string): SandboxCard | undefined {
  if (message.body.kind !== 'card' || message.recalled) return undefined
  return message.body.forViewer[viewer] ?? message.body.card
}

function cardWords(card: SandboxCard): string {
  const { source, title, desc, emphasis, subTitle, quote, rows, selection, buttons, replaceText } = card
  return [
    source?.desc,
    title,
    desc,
    emphasis?.title,
    emphasis?.desc,
    subTitle,
    quote?.title,
    quote?.text,
    ...rows.map(row => `${row.label} ${row.value}`),
    selection?.title,
    ...(replaceText ? [replaceText] : buttons.map(button => button.text)),
  ]
    .filter(Boolean)
    .join('\n')
}

/** All words a viewer can read in a message, one line each. */
export function wordsOf(message: SandboxMessage, viewer: string): string {
  const { body } = message
  if (message.recalled) return '已撤回'
  if (body.kind === 'card') return cardWords(body.forViewer[viewer] ?? body.card)
  if (body.kind === 'image') return '[图片]'
  if (body.kind === 'file') return `[文件] ${body.name}`
  if (body.kind === 'location') return `[位置] ${body.label}`
  return body.text
}

/** One line that stands for a message where it is quoted. */
export function preview(message: SandboxMessage, viewer: string): string {
  const card = cardFor(message, viewer)
  const words = (card ? `[卡片] ${card.title ?? card.subTitle ?? ''}` : wordsOf(message, viewer)).replace(/\s+/g, ' ')
  const letters = [...words]
  return letters.length > 40 ? `${letters.slice(0, 40).join('')}…` : words
}

/** Names to add behind a text: in a group the platform shows whom a message calls, even when its words don't. */
export function addedMentions(message: SandboxMessage, chat: SandboxChat, people: SandboxPerson[]): string {
  if (message.body.kind !== 'text' || chat.kind !== 'group') return ''
  const { text, mentions } = message.body
  return mentions
    .map(id => `@${id === '@all' ? '所有人' : nameOf(people, id)}`)
    .filter(name => !text.includes(name))
    .join(' ')
}

/** The code of the order that was spoken of last on a phone. */
export function lastCode(messages: SandboxMessage[], chat: string, viewer: string): string | undefined {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]
    if (message?.chat !== chat || message.from.kind === 'person') continue
    const code = /(?:^|\s)([1-9]\d{3,5})\b/m.exec(wordsOf(message, viewer))?.[1]
    if (code) return code
  }
  return undefined
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
