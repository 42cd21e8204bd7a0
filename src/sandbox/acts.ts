import { Invalid } from '../errors.ts'
import type { Clock } from '../now.ts'
import { imageKind, type Shelf } from './media.ts'
import type { Outcome } from './options.ts'
import { cardFor, type Phones, wordsOf } from './phones.ts'
import type { Choices, Hearing } from './wecom/hearing.ts'
import type { SandboxActions, SandboxChat, SandboxMessage } from './wire.ts'

/** What became of an act, and the message it put on the phones. */
export interface Done {
  status: Outcome
  message: string
}

/** What people do with their phones. Throws `Invalid` for what a person could not do. */
export class Acts {
  constructor(
    private readonly phones: Phones,
    private readonly media: Shelf,
    private readonly clock: Clock,
    private readonly hearing: Hearing,
    private readonly botName: string,
  ) {}

  async say({ as, chat: id, text, at, quote }: SandboxActions['say']): Promise<Done> {
    const { chat, userId } = this.where(as, id)
    const words = this.addressing(chat, text, at)
    const quoted = quote === undefined ? undefined : wordsOf(this.messageIn(chat, quote).body)
    const message = this.phones.post(chat, me(userId), {
      kind: 'text',
      text: words,
      mentions: chat.kind === 'group' && this.addressed(chat, words) ? [this.botName] : [],
      ...(quoted === undefined ? {} : { quote: quoted }),
    })
    const status = await this.hearing.text(chat, userId, words, this.addressed(chat, words), quoted)
    return { status, message: message.id }
  }

  async tap({ as, message: id, key, choices }: SandboxActions['tap']): Promise<{ status: Outcome }> {
    const message = this.phones.message(id)
    const { chat, userId } = this.where(as, message?.chat ?? '')
    const card = message && cardFor(message, userId)
    if (!message || !card) throw new Invalid(`message ${id} is not a card`)
    if (message.recalled) throw new Invalid('the message was recalled')
    if (card.replaceText !== undefined) throw new Invalid(`the card is dead: ${card.replaceText}`)
    if (!card.buttons.some(button => button.key === key)) throw new Invalid(`the card has no button ${key}`)
    return { status: await this.hearing.tap(message, chat, userId, card, key, chosen(card.selection, choices ?? {})) }
  }

  async photo({ as, chat: id, image, text, at }: SandboxActions['photo']): Promise<Done> {
    const { chat, userId } = this.where(as, id)
    const bytes = Buffer.from(/^data:[\w/+.-]+;base64,(.+)$/s.exec(image)?.[1] ?? '', 'base64')
    const kind = imageKind(bytes)
    if (!kind) throw new Invalid('image must be a data URL of a JPG or PNG picture')
    const name = `photo.${kind.ext}`
    const photo = this.media.put(bytes, { name, mime: kind.mime, at: this.clock.now().toISOString() })
    const words = text || at ? this.addressing(chat, text ?? '', at) : undefined
    const addressed = words !== undefined && this.addressed(chat, words)
    if (words)
      this.phones.post(chat, me(userId), {
        kind: 'text',
        text: words,
        mentions: chat.kind === 'group' && addressed ? [this.botName] : [],
      })
    const message = this.phones.post(chat, me(userId), { kind: 'image', url: `/sandbox/api/media/${photo.id}` })
    return { status: await this.hearing.photo(chat, userId, photo, words, addressed), message: message.id }
  }

  async location({ as, chat: id, lat, lng, label }: SandboxActions['location']): Promise<Done> {
    const { chat, userId } = this.where(as, id)
    const message = this.phones.post(chat, me(userId), { kind: 'location', lat, lng, label })
    return { status: await this.hearing.location(chat, userId, { lat, lng, label }), message: message.id }
  }

  async read({ as, chat: id }: SandboxActions['read']): Promise<{ status: Outcome }> {
    const { chat, userId } = this.where(as, id)
    this.phones.read(chat, userId)
    return { status: await this.hearing.open(chat, userId) }
  }

  async enter(as: string): Promise<{ status: Outcome }> {
    const person = this.phones.person(as)
    if (!person) throw new Invalid(`nobody is called ${as}`)
    return { status: await this.hearing.enterApp(person.userId) }
  }

  private where(as: string, id: string): { chat: SandboxChat; userId: string } {
    const person = this.phones.person(as)
    if (!person) throw new Invalid(`nobody is called ${as}`)
    const chat = this.phones.chat(id)
    if (!chat) throw new Invalid(`there is no chat ${id}`)
    if (!chat.members.includes(person.userId)) throw new Invalid(`${person.name} is not in ${chat.title}`)
    return { chat, userId: person.userId }
  }

  private messageIn(chat: SandboxChat, id: string): SandboxMessage {
    const message = this.phones.message(id)
    if (message?.chat !== chat.id) throw new Invalid(`there is no message ${id} in ${chat.title}`)
    return message
  }

  /** In a group `at` puts `@派工助手 ` in front, as choosing the bot from the list does. */
  private addressing(chat: SandboxChat, text: string, at: boolean | undefined): string {
    return chat.kind === 'group' && at && !this.addressed(chat, text) ? `@${this.botName} ${text}`.trimEnd() : text
  }

  private addressed(chat: SandboxChat, text: string): boolean {
    return chat.kind !== 'group' || text.includes(`@${this.botName}`)
  }
}

const me = (userId: string): SandboxMessage['from'] => ({ kind: 'person', userId })

/** What is sent along with a tap: the choices made, else the option shown as chosen. */
function chosen(
  selection: { key: string; options: Array<{ id: string }>; selected?: string } | undefined,
  choices: Choices,
): Choices {
  const known = new Set(selection?.options.map(option => option.id))
  for (const [key, ids] of Object.entries(choices))
    if (key !== selection?.key || ids.some(id => !known.has(id)))
      throw new Invalid(`the card offers no such choice: ${key}`)
  if (!selection || choices[selection.key]) return choices
  return selection.selected === undefined ? {} : { [selection.key]: [selection.selected] }
}
