import { Invalid } from '../../errors.ts'
import { type Done, me, type Place, type PlatformActs } from '../acts.ts'
import type { Media } from '../media.ts'
import type { Outcome } from '../options.ts'
import { wordsOf } from '../phones.ts'
import type { SandboxBody, SandboxChat, SandboxMessage } from '../wire.ts'
import type { Cards } from './cards.ts'
import type { Desk } from './desk.ts'
import type { Downloads } from './downloads.ts'
import type { Hearing } from './hearing.ts'
import type { Quotes } from './quotes.ts'
import type { Taps } from './taps.ts'

/** The beginning of a voice recording; nobody listens to the rest. */
const amr = Buffer.from('#!AMR\n'.padEnd(64, '\0'))

export interface DingtalkActsParts {
  desk: Desk
  hearing: Hearing
  cards: Cards
  taps: Taps
  quotes: Quotes
  downloads: Downloads
}

/** What people do in DingTalk, on their phones and as the robot hears it. */
export class DingtalkActs implements PlatformActs {
  constructor(private readonly parts: DingtalkActsParts) {}

  async say(place: Place, said: { text: string; at: boolean; quote?: SandboxMessage }): Promise<Done> {
    const words = this.addressing(place.chat, said.text, said.at)
    const message = this.post(place, {
      ...this.text(place.chat, words),
      ...(said.quote ? { quote: wordsOf(said.quote.body) } : {}),
    })
    if (!this.addressed(place.chat, words)) return { status: 'empty', message: message.id }
    const { reply, ...original } = said.quote ? this.parts.quotes.of(said.quote) : {}
    const text = { content: this.heardOf(place.chat, words), ...reply }
    const status = await this.parts.hearing.tell(place, message, { msgtype: 'text', text, ...original })
    return { status, message: message.id }
  }

  async tap(place: Place, message: SandboxMessage, key: string): Promise<{ status: Outcome }> {
    if (message.body.kind !== 'dingcard') throw new Invalid(`message ${message.id} is not a card`)
    const seen = this.parts.cards.seenBy(message.body.outTrackId, place.person)
    const shown = message.body.forViewer[place.person.userId] ?? message.body.card
    const button = shown.buttons.find(({ id }) => id === key)
    if (!button) throw new Invalid(`the card has no button ${key}`)
    const action = seen?.drawn.actions.get(key)
    if (!seen || !action) throw new Invalid(`the button ${button.text} calls nobody back`)
    return { status: await this.parts.taps.tell(seen.card, action, message, place.person) }
  }

  /** With words one richText; on the phones, which know no mixed messages, the words and then the picture. */
  async photo(place: Place, { photo, text, at }: { photo: Media; text?: string; at: boolean }): Promise<Done> {
    const words = text || at ? this.addressing(place.chat, text ?? '', at) : ''
    if (words) this.post(place, this.text(place.chat, words))
    const message = this.post(place, { kind: 'image', url: `/sandbox/api/media/${photo.id}` })
    if (!this.addressed(place.chat, words)) return { status: 'empty', message: message.id }
    const downloadCode = this.parts.downloads.code(photo)
    const codes = { downloadCode, pictureDownloadCode: downloadCode }
    const heard = this.heardOf(place.chat, words)
    const status = await (heard.trim()
      ? this.parts.hearing.tell(place, message, {
          msgtype: 'richText',
          content: { richText: [{ text: heard }, { type: 'picture', ...codes }] },
        })
      : this.parts.hearing.tell(place, message, { msgtype: 'picture', content: codes }))
    return { status, message: message.id }
  }

  async voice(place: Place, { text, seconds }: { text: string; seconds: number }): Promise<Done> {
    this.alone(place, 'a voice message')
    const media = this.keep(amr, 'voice.amr', 'audio/amr')
    const message = this.post(place, { kind: 'voice', seconds, text })
    const content = { duration: seconds * 1_000, downloadCode: this.parts.downloads.code(media), recognition: text }
    return { status: await this.parts.hearing.tell(place, message, { msgtype: 'audio', content }), message: message.id }
  }

  /** Not on the page: for those who test what a service does with files. */
  async file(place: Place, { name, bytes }: { name: string; bytes: Buffer }): Promise<Done> {
    this.alone(place, 'a file')
    const media = this.keep(bytes, name, 'application/octet-stream')
    const message = this.post(place, { kind: 'file', name, url: `/sandbox/api/media/${media.id}` })
    const content = { downloadCode: this.parts.downloads.code(media), fileName: name }
    return { status: await this.parts.hearing.tell(place, message, { msgtype: 'file', content }), message: message.id }
  }

  async location(): Promise<Done> {
    throw new Invalid('DingTalk sends no places to a robot: write the address instead')
  }

  /** That somebody looked is an event the app leaves off: it would cost a message each. */
  async read(): Promise<{ status: Outcome }> {
    return { status: 'empty' }
  }

  /** In groups audio, video and files cannot be sent to the robot (dingtalk.md §2.6). */
  private alone({ chat }: Place, what: string): void {
    if (chat.kind === 'group') throw new Invalid(`${what} reaches the robot in its 1:1 chat only`)
  }

  private keep(bytes: Buffer, name: string, mime: string): Media {
    const { desk } = this.parts
    return desk.media.put(bytes, { name, mime, at: desk.clock.now().toISOString() })
  }

  private post({ chat, person }: Place, body: SandboxBody): SandboxMessage {
    return this.parts.desk.phones.post(chat, me(person.userId), body)
  }

  private text(chat: SandboxChat, text: string): SandboxBody & { kind: 'text' } {
    const mentions = chat.kind === 'group' && this.addressed(chat, text) ? [this.parts.desk.credentials.robotName] : []
    return { kind: 'text', text, mentions }
  }

  private get sign(): string {
    return `@${this.parts.desk.credentials.robotName}`
  }

  private addressing(chat: SandboxChat, text: string, at: boolean): string {
    return chat.kind === 'group' && at && !this.addressed(chat, text) ? `${this.sign} ${text}`.trimEnd() : text
  }

  private addressed(chat: SandboxChat, text: string): boolean {
    return chat.kind !== 'group' || text.includes(this.sign)
  }

  /** The robot's @ is taken out and leaves a space in front; the @ of others stays (dingtalk.md §2.6). */
  private heardOf(chat: SandboxChat, words: string): string {
    return chat.kind === 'group' ? ` ${words.replaceAll(this.sign, '').trim()}` : words
  }
}
