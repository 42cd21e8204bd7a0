import { Invalid } from '../../errors.ts'
import { type Choices, type Done, me, type Place, type PlatformActs } from '../acts.ts'
import type { Media } from '../media.ts'
import type { Outcome } from '../options.ts'
import { cardFor, type Phones, wordsOf } from '../phones.ts'
import type { SandboxChat, SandboxMessage } from '../wire.ts'
import type { Hearing } from './hearing.ts'

/** What people do in WeCom, on their phones and as WeCom hears it. */
export class WecomActs implements PlatformActs {
  constructor(
    private readonly phones: Phones,
    private readonly hearing: Hearing,
    private readonly botName: string,
  ) {}

  async say({ chat, person }: Place, said: { text: string; at: boolean; quote?: SandboxMessage }): Promise<Done> {
    const words = this.addressing(chat, said.text, said.at)
    const quoted = said.quote && wordsOf(said.quote.body)
    const message = this.phones.post(chat, me(person.userId), {
      kind: 'text',
      text: words,
      mentions: chat.kind === 'group' && this.addressed(chat, words) ? [this.botName] : [],
      ...(quoted === undefined ? {} : { quote: quoted }),
    })
    const status = await this.hearing.text(chat, person.userId, words, this.addressed(chat, words), quoted)
    return { status, message: message.id }
  }

  async tap(
    { chat, person }: Place,
    message: SandboxMessage,
    key: string,
    choices: Choices,
  ): Promise<{ status: Outcome }> {
    const card = cardFor(message, person.userId)
    if (!card) throw new Invalid(`message ${message.id} is not a card`)
    if (card.replaceText !== undefined) throw new Invalid(`the card is dead: ${card.replaceText}`)
    if (!card.buttons.some(button => button.key === key)) throw new Invalid(`the card has no button ${key}`)
    const made = chosen(card.selection, choices)
    return { status: await this.hearing.tap(message, chat, person.userId, card, key, made) }
  }

  async photo(
    { chat, person }: Place,
    { photo, text, at }: { photo: Media; text?: string; at: boolean },
  ): Promise<Done> {
    const { userId } = person
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

  async voice(): Promise<Done> {
    throw new Invalid('the desk speaks in a 1:1 chat with the robot of DingTalk only')
  }

  async location({ chat, person }: Place, at: { lat: number; lng: number; label: string }): Promise<Done> {
    const message = this.phones.post(chat, me(person.userId), { kind: 'location', ...at })
    return { status: await this.hearing.location(chat, person.userId, at), message: message.id }
  }

  async read({ chat, person }: Place): Promise<{ status: Outcome }> {
    return { status: await this.hearing.open(chat, person.userId) }
  }

  async enter(as: string): Promise<{ status: Outcome }> {
    const person = this.phones.person(as)
    if (!person) throw new Invalid(`nobody is called ${as}`)
    return { status: await this.hearing.enterApp(person.userId) }
  }

  /** In a group `at` puts `@派工助手 ` in front, as choosing the bot from the list does. */
  private addressing(chat: SandboxChat, text: string, at: boolean): string {
    return chat.kind === 'group' && at && !this.addressed(chat, text) ? `@${this.botName} ${text}`.trimEnd() : text
  }

  private addressed(chat: SandboxChat, text: string): boolean {
    return chat.kind !== 'group' || text.includes(`@${this.botName}`)
  }
}

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
