import { randomBytes } from 'node:crypto'
import type { Clock } from '../now.ts'
import type {
  PhonePlatform,
  SandboxBody,
  SandboxCard,
  SandboxChat,
  SandboxDingCard,
  SandboxMessage,
  SandboxPerson,
} from './wire.ts'

export interface PhonesKept {
  people: SandboxPerson[]
  chats: SandboxChat[]
  messages: SandboxMessage[]
}

type Listener = (message: SandboxMessage) => void

/** Older messages fall off: a demo that runs for weeks must not grow for ever. */
const mostMessages = 2_000

/** What everybody has on the screen: people, chats and messages. Knows no platform protocol. */
export class Phones {
  private readonly people: SandboxPerson[]
  private readonly chats: Map<string, SandboxChat>
  private readonly messages: Map<string, SandboxMessage>
  private readonly posted = new Set<Listener>()
  private readonly changed = new Set<() => void>()

  constructor(
    private readonly clock: Clock,
    kept: PhonesKept,
  ) {
    this.people = structuredClone(kept.people)
    this.chats = new Map(structuredClone(kept.chats).map(chat => [chat.id, chat]))
    this.messages = new Map(structuredClone(kept.messages).map(message => [message.id, message]))
  }

  /** userIds ignore case, as on the platform. */
  person(userId: string): SandboxPerson | undefined {
    const wanted = userId.toLowerCase()
    return this.people.find(person => person.userId.toLowerCase() === wanted)
  }

  /** DingTalk's userIds are as they are written. */
  byDingtalkId(id: string): SandboxPerson | undefined {
    return this.people.find(person => person.dingtalkId === id)
  }

  /** From now on this person uses the other app. */
  switch(person: SandboxPerson, platform: PhonePlatform): void {
    person.uses = platform
    this.tell()
  }

  byMobile(mobile: string): SandboxPerson | undefined {
    return this.people.find(person => person.mobile === mobile)
  }

  everybody(): readonly SandboxPerson[] {
    return this.people
  }

  chat(id: string): SandboxChat | undefined {
    return this.chats.get(id)
  }

  groups(): SandboxChat[] {
    return [...this.chats.values()].filter(chat => chat.kind === 'group')
  }

  message(id: string): SandboxMessage | undefined {
    return this.messages.get(id)
  }

  /** Puts a message on the screens of all members; everyone but the speaker has it unread. */
  post(chat: SandboxChat, from: SandboxMessage['from'], body: SandboxBody): SandboxMessage {
    const message: SandboxMessage = {
      id: randomBytes(9).toString('base64url'),
      chat: chat.id,
      from,
      at: this.clock.now().toISOString(),
      body,
    }
    this.messages.set(message.id, message)
    for (const userId of chat.members)
      if (!(from.kind === 'person' && from.userId === userId)) chat.unread[userId] = (chat.unread[userId] ?? 0) + 1
    const oldest = this.messages.keys().next().value
    if (this.messages.size > mostMessages && oldest !== undefined) this.messages.delete(oldest)
    this.tell()
    for (const listener of this.posted) listener(structuredClone(message))
    return message
  }

  /** Draws a card anew: for `viewers` only, or for everybody when none are named. */
  repaint(message: SandboxMessage, card: SandboxCard, viewers?: string[]): void {
    if (message.body.kind !== 'card') return
    if (viewers) for (const viewer of viewers) message.body.forViewer[viewer] = card
    else message.body = { ...message.body, card, forViewer: {} }
    this.touch(message)
  }

  /** The same for a card of DingTalk. For everybody: what single viewers saw is gone. */
  redraw(message: SandboxMessage, card: SandboxDingCard, viewer?: string): void {
    if (message.body.kind !== 'dingcard') return
    if (viewer !== undefined) message.body.forViewer[viewer] = card
    else message.body = { ...message.body, card, forViewer: {} }
    this.touch(message)
  }

  /** Replaces the text of a message that is still being written (a stream). */
  rewrite(message: SandboxMessage, text: string): void {
    message.body = { kind: 'markdown', text }
    this.touch(message)
  }

  recall(message: SandboxMessage): void {
    message.recalled = true
    this.tell()
  }

  read(chat: SandboxChat, userId: string): void {
    if (chat.unread[userId] === 0) return
    chat.unread[userId] = 0
    this.tell()
  }

  /** `listener` gets every new message, also those of people. Returns how to stop. */
  onPosted(listener: Listener): () => void {
    this.posted.add(listener)
    return () => this.posted.delete(listener)
  }

  onChanged(listener: () => void): () => void {
    this.changed.add(listener)
    return () => this.changed.delete(listener)
  }

  snapshot(): PhonesKept {
    return structuredClone({
      people: this.people,
      chats: [...this.chats.values()],
      messages: [...this.messages.values()],
    })
  }

  private touch(message: SandboxMessage): void {
    message.changedAt = this.clock.now().toISOString()
    this.tell()
  }

  private tell(): void {
    for (const listener of this.changed) listener()
  }
}

/** The card as `viewer` sees it. */
export function cardFor(message: SandboxMessage, viewer: string): SandboxCard | undefined {
  return message.body.kind === 'card' ? (message.body.forViewer[viewer] ?? message.body.card) : undefined
}

/** The DingTalk card as `viewer` sees it. */
export function dingCardFor(message: SandboxMessage, viewer: string): SandboxDingCard | undefined {
  return message.body.kind === 'dingcard' ? (message.body.forViewer[viewer] ?? message.body.card) : undefined
}

/** What a message says in words, as a client puts it into a quotation. */
export function wordsOf(body: SandboxBody): string {
  switch (body.kind) {
    case 'text':
    case 'markdown':
      return body.text
    case 'image':
      return '[图片]'
    case 'voice':
      return `[语音] ${body.text}`.trimEnd()
    case 'file':
      return `[文件] ${body.name}`
    case 'location':
      return `[位置] ${body.label}`
    case 'dingcard': {
      const { title, tag, figure, markdown, tips, closed } = body.card
      return [title, tag, figure, markdown, tips, closed].filter(Boolean).join('\n')
    }
    case 'card': {
      const { title, desc, subTitle, rows } = body.card
      return [title, desc, subTitle, ...rows.map(row => `${row.label}:${row.value}`)].filter(Boolean).join('\n')
    }
  }
}
