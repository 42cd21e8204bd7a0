import { expect } from 'vitest'
import type { PlatformName } from '../../src/chat/inbound.ts'
import { demoTeam } from '../../src/demo.ts'
import type { Abilities } from '../../src/platforms/platform.ts'
import type { SandboxMessage } from '../../src/sandbox/wire.ts'
import { asPattern, type ShownCard, shownCard } from './screen.ts'
import { isPicture, type World } from './world.ts'

/** The smallest picture a phone could send. */
export const dot =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** One member of the demo team, with his phone and the app on it. */
export class Actor {
  /** The app he uses. */
  on: PlatformName = 'wecom'

  constructor(
    private readonly world: World,
    readonly userId: string,
    readonly dingtalkId: string,
    readonly name: string,
  ) {}

  /** What his platform calls him. */
  get account(): string {
    return this.on === 'wecom' ? this.userId : this.dingtalkId
  }

  get can(): Abilities {
    return this.world.platform(this.on).can
  }

  /** His own chat with the service. */
  get chat(): string {
    return `${this.on === 'wecom' ? 'app' : 'ding'}:${this.userId}`
  }

  private get group(): string {
    return demoTeam.groups[this.on]
  }

  /** Writes in his own chat with the service. */
  async says(text: string, quote?: SandboxMessage): Promise<void> {
    await this.world.sandbox.say({ as: this.userId, chat: this.chat, text, ...(quote && { quote: quote.id }) })
    await this.world.settle()
  }

  /** Writes in the group, addressing the bot. */
  async saysInGroup(text: string, quote?: SandboxMessage): Promise<void> {
    await this.world.sandbox.say({
      ...{ as: this.userId, chat: this.group, text, at: true },
      ...(quote && { quote: quote.id }),
    })
    await this.world.settle()
  }

  async chatsInGroup(text: string): Promise<void> {
    await this.world.sandbox.say({ as: this.userId, chat: this.group, text })
    await this.world.settle()
  }

  async sendsPhoto(text?: string): Promise<void> {
    await this.world.sandbox.photo({ as: this.userId, chat: this.chat, image: dot, ...(text && { text }) })
    await this.world.settle()
  }

  async sendsPhotoInGroup(text: string): Promise<void> {
    await this.world.sandbox.photo({ as: this.userId, chat: this.group, image: dot, text, at: true })
    await this.world.settle()
  }

  async sendsPlace(label: string): Promise<void> {
    await this.world.sandbox.location({ as: this.userId, chat: this.chat, lat: 34.76, lng: 113.65, label })
    await this.world.settle()
  }

  async speaks(words: string): Promise<void> {
    await this.world.sandbox.voice({ as: this.userId, chat: this.chat, text: words })
    await this.world.settle()
  }

  /** Taps a button of the newest card that has it. */
  async taps(text: string): Promise<void> {
    const { message, card } = this.cardWith(text)
    await this.tapsKey(message, card.buttons.find(button => button.text === text)?.key ?? '')
    await this.world.settle()
  }

  /** Taps without waiting for what follows: for taps at the same time. */
  async tapsKey(message: SandboxMessage, key: string): Promise<string> {
    return (await this.world.sandbox.tap({ as: this.userId, message: message.id, key })).status
  }

  cardWith(buttonText: string): { message: SandboxMessage; card: ShownCard } {
    const found = this.cards()
      .filter(({ card }) => card.buttons.some(button => button.text === buttonText && button.key !== undefined))
      .at(-1)
    if (!found) throw new Error(`${this.name} has no card with [${buttonText}]; ${this.world.screen(this.userId)}`)
    return found
  }

  /** Cards on the app he uses, as he sees them. */
  cards(): Array<{ message: SandboxMessage; card: ShownCard }> {
    return this.world.messagesFor(this.userId).flatMap(message => {
      const card = message.recalled ? undefined : shownCard(message, this.userId)
      return card ? [{ message, card }] : []
    })
  }

  /** A message of the service that nobody looked at yet, in his own chats. Looking marks it as expected. */
  sees(pattern: string | RegExp): SandboxMessage {
    return this.world.take(this.userId, pattern, chat => !this.world.isGroup(chat))
  }

  /** A picture of the service in his own chats whose title says so; the PNG as his phone gets it. */
  async seesPicture(pattern: string | RegExp): Promise<Buffer> {
    const found = this.world.take(this.userId, pattern, chat => !this.world.isGroup(chat), isPicture)
    return this.world.pictureIn(found)
  }

  /** One of his cards shows all of this now. */
  cardShows(...patterns: Array<string | RegExp>): void {
    const found = this.cards().some(({ card }) => patterns.every(pattern => asPattern(pattern).test(card.text)))
    expect(found, `${this.name} has no card with ${patterns.join(' ')}; ${this.world.screen(this.userId)}`).toBe(true)
  }

  /** His card follows the order: redrawn where a platform can do that at any time, else a new one comes. */
  cardFollows(code: string): void {
    if (this.can.repaint !== 'always') this.sees(`派工单 ${code}`)
  }

  /** The order is not his any more: his card says so where it can be redrawn, else it is gone. */
  cardIsOver(words: string): void {
    if (this.can.repaint === 'always') this.cardShows(words)
    else expect(this.cards().map(({ card }) => card.title)).toEqual([])
  }
}
