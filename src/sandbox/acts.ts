import { Invalid } from '../errors.ts'
import type { Clock } from '../now.ts'
import { imageKind, type Media, type Shelf } from './media.ts'
import type { Outcome } from './options.ts'
import type { Phones } from './phones.ts'
import type { PhonePlatform, SandboxActions, SandboxChat, SandboxMessage, SandboxPerson } from './wire.ts'

/** What became of an act, and the message it put on the phones. */
export interface Done {
  status: Outcome
  message: string
}

/** Who does something, and where. */
export interface Place {
  chat: SandboxChat
  person: SandboxPerson
}

export type Choices = Record<string, string[]>

/** What one of the platforms makes of what people do in its chats. Throws `Invalid` for what a person could not do. */
export interface PlatformActs {
  say(place: Place, said: { text: string; at: boolean; quote?: SandboxMessage }): Promise<Done>
  tap(place: Place, message: SandboxMessage, key: string, choices: Choices): Promise<{ status: Outcome }>
  photo(place: Place, shot: { photo: Media; text?: string; at: boolean }): Promise<Done>
  voice(place: Place, spoken: { text: string; seconds: number }): Promise<Done>
  location(place: Place, at: { lat: number; lng: number; label: string }): Promise<Done>
  read(place: Place): Promise<{ status: Outcome }>
}

export interface ActsParts {
  phones: Phones
  media: Shelf
  clock: Clock
  platforms: Record<PhonePlatform, PlatformActs>
  onSwitched: (person: SandboxPerson) => Promise<void> | void
}

/** What people do with their phones. Throws `Invalid` for what a person could not do. */
export class Acts {
  constructor(private readonly parts: ActsParts) {}

  async say({ as, chat, text, at, quote }: SandboxActions['say']): Promise<Done> {
    const place = this.where(as, chat)
    const quoted = quote === undefined ? {} : { quote: this.messageIn(place.chat, quote) }
    return this.of(place).say(place, { text, at: at ?? false, ...quoted })
  }

  async tap({ as, message: id, key, choices }: SandboxActions['tap']): Promise<{ status: Outcome }> {
    const message = this.parts.phones.message(id)
    const place = this.where(as, message?.chat ?? '')
    if (!message) throw new Invalid(`message ${id} is not a card`)
    if (message.recalled) throw new Invalid('the message was recalled')
    return this.of(place).tap(place, message, key, choices ?? {})
  }

  async photo({ as, chat, image, text, at }: SandboxActions['photo']): Promise<Done> {
    const place = this.where(as, chat)
    const bytes = Buffer.from(/^data:[\w/+.-]+;base64,(.+)$/s.exec(image)?.[1] ?? '', 'base64')
    const kind = imageKind(bytes)
    if (!kind) throw new Invalid('image must be a data URL of a JPG or PNG picture')
    const taken = { name: `photo.${kind.ext}`, mime: kind.mime, at: this.parts.clock.now().toISOString() }
    const photo = this.parts.media.put(bytes, taken)
    return this.of(place).photo(place, { photo, at: at ?? false, ...(text === undefined ? {} : { text }) })
  }

  async voice({ as, chat, text, seconds }: SandboxActions['voice']): Promise<Done> {
    const place = this.where(as, chat)
    // Nobody says more than four characters a second.
    return this.of(place).voice(place, { text, seconds: seconds ?? Math.max(1, Math.ceil([...text].length / 4)) })
  }

  async location({ as, chat, lat, lng, label }: SandboxActions['location']): Promise<Done> {
    const place = this.where(as, chat)
    return this.of(place).location(place, { lat, lng, label })
  }

  async read({ as, chat }: SandboxActions['read']): Promise<{ status: Outcome }> {
    const place = this.where(as, chat)
    this.parts.phones.read(place.chat, place.person.userId)
    return this.of(place).read(place)
  }

  /** Puts one app away and takes up the other. No platform hears of it. */
  async switch({ as, platform }: SandboxActions['switch']): Promise<{ status: Outcome }> {
    const person = this.who(as)
    this.parts.phones.switch(person, platform)
    await this.parts.onSwitched(structuredClone(person))
    return { status: 'empty' }
  }

  private of({ chat }: Place): PlatformActs {
    return this.parts.platforms[chat.platform]
  }

  private who(as: string): SandboxPerson {
    const person = this.parts.phones.person(as)
    if (!person) throw new Invalid(`nobody is called ${as}`)
    return person
  }

  where(as: string, id: string): Place {
    const person = this.who(as)
    const chat = this.parts.phones.chat(id)
    if (!chat) throw new Invalid(`there is no chat ${id}`)
    if (!chat.members.includes(person.userId)) throw new Invalid(`${person.name} is not in ${chat.title}`)
    return { chat, person }
  }

  private messageIn(chat: SandboxChat, id: string): SandboxMessage {
    const message = this.parts.phones.message(id)
    if (message?.chat !== chat.id) throw new Invalid(`there is no message ${id} in ${chat.title}`)
    return message
  }
}

export const me = (userId: string): SandboxMessage['from'] => ({ kind: 'person', userId })
