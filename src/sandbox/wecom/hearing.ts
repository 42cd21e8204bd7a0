import type { Choices } from '../acts.ts'
import { dayOf } from '../ids.ts'
import type { Media } from '../media.ts'
import type { Outcome } from '../options.ts'
import type { SandboxCard, SandboxChat, SandboxMessage } from '../wire.ts'
import type { Body } from './botcommands.ts'
import type { BotPictures } from './botpictures.ts'
import type { BotSocket } from './botsocket.ts'
import type { Callbacks } from './callbacks.ts'
import type { Desk } from './desk.ts'
import { issueCode } from './responsecodes.ts'
import type { XmlValue } from './xml.ts'

/** What WeCom passes on of what people do: app chats by callback, the bot's chats by socket, the rest to nobody. */
export class Hearing {
  constructor(
    private readonly desk: Desk,
    private readonly callbacks: Callbacks,
    private readonly bot: BotSocket,
    private readonly pictures: BotPictures,
  ) {}

  /** In a group only what addresses the bot is passed on. */
  text(chat: SandboxChat, userId: string, text: string, addressed: boolean, quote?: string): Promise<Outcome> {
    if (chat.kind === 'app') return this.toApp('text', userId, { MsgType: 'text', Content: text })
    if (chat.kind === 'group' && !addressed) return Promise.resolve('empty')
    const quoted = quote === undefined ? {} : { quote: { msgtype: 'text', text: { content: quote } } }
    return this.toBot(chat, userId, 'text', { msgtype: 'text', text: { content: text }, ...quoted })
  }

  /** A picture, in the bot's chats with text as one mixed message. The app's chat knows no mixed messages. */
  async photo(
    chat: SandboxChat,
    userId: string,
    photo: Media,
    text: string | undefined,
    addressed: boolean,
  ): Promise<Outcome> {
    if (chat.kind === 'app') {
      const PicUrl = `${this.desk.baseUrl()}/sandbox/api/media/${photo.id}`
      const outcome = await this.toApp('image', userId, { MsgType: 'image', PicUrl, MediaId: photo.id })
      return text ? this.text(chat, userId, text, true) : outcome
    }
    if (chat.kind === 'group' && !addressed) return 'empty'
    const image = this.pictures.link(photo.id)
    if (!text) return this.toBot(chat, userId, 'image', { msgtype: 'image', image })
    const items = [
      { msgtype: 'text', text: { content: text } },
      { msgtype: 'image', image },
    ]
    return this.toBot(chat, userId, 'mixed', { msgtype: 'mixed', mixed: { msg_item: items } })
  }

  /** Places reach the app only. */
  location(chat: SandboxChat, userId: string, at: { lat: number; lng: number; label: string }): Promise<Outcome> {
    if (chat.kind !== 'app') return Promise.resolve('empty')
    return this.toApp('location', userId, {
      MsgType: 'location',
      Location_X: at.lat,
      Location_Y: at.lng,
      Scale: 16,
      Label: at.label,
      AppType: 'wxwork',
    })
  }

  tap(
    message: SandboxMessage,
    chat: SandboxChat,
    userId: string,
    card: SandboxCard,
    key: string,
    choices: Choices,
  ): Promise<Outcome> {
    const taskId = message.body.kind === 'card' ? message.body.taskId : ''
    if (message.from.kind === 'bot') return this.tapBot(message, chat, userId, { card, key, choices, taskId })
    const items = Object.entries(choices).map(
      ([question, options]): XmlValue => ({ QuestionKey: question, OptionIds: { OptionId: options } }),
    )
    const fields: Record<string, XmlValue> = {
      MsgType: 'event',
      Event: 'template_card_event',
      EventKey: key,
      TaskId: taskId,
      CardType: card.type,
      ResponseCode: issueCode(this.desk, this.copiesOf(message)),
      ...(items.length > 0 ? { SelectedItems: { SelectedItem: items } } : {}),
    }
    return this.callbacks.deliver({ name: 'template_card_event', userId, kind: 'event', fields, tapped: message })
  }

  /** Somebody opens the app. */
  enterApp(userId: string): Promise<Outcome> {
    this.desk.kept.entered.add(userId)
    this.desk.changed()
    const fields = { MsgType: 'event', Event: 'enter_agent', EventKey: '' }
    return this.callbacks.deliver({ name: 'enter_agent', userId, kind: 'event', fields })
  }

  /** Somebody looks at a chat: the first time tells the app, the first time of a day tells the bot. */
  async open(chat: SandboxChat, userId: string): Promise<Outcome> {
    if (chat.kind === 'app' && !this.desk.kept.entered.has(userId)) return this.enterApp(userId)
    const today = dayOf(this.desk.clock.now())
    if (chat.kind !== 'bot' || !this.bot.online || this.desk.kept.greeted.get(userId) === today) return 'empty'
    this.desk.kept.greeted.set(userId, today)
    this.desk.changed()
    const body = this.event(userId, { eventtype: 'enter_chat' })
    return this.bot.tell(
      { cmd: 'aibot_event_callback', name: 'enter_chat', body },
      { kind: 'enter', chat: chat.id, userId },
    )
  }

  private toApp(name: string, userId: string, fields: Record<string, XmlValue>): Promise<Outcome> {
    return this.callbacks.deliver({ name, userId, kind: 'message', fields })
  }

  private toBot(chat: SandboxChat, userId: string, name: string, said: Body): Promise<Outcome> {
    this.desk.kept.heard.add(chat.id)
    this.desk.changed()
    const body = { ...place(chat), from: { userid: userId }, ...said }
    return this.bot.tell({ cmd: 'aibot_msg_callback', name, body }, { kind: 'message', chat: chat.id, userId })
  }

  private tapBot(
    message: SandboxMessage,
    chat: SandboxChat,
    userId: string,
    { card, key, choices, taskId }: { card: SandboxCard; key: string; choices: Choices; taskId: string },
  ): Promise<Outcome> {
    const selected = Object.entries(choices).map(([question, options]) => ({
      question_key: question,
      option_ids: { option_id: options },
    }))
    const tapped = {
      card_type: card.type,
      event_key: key,
      task_id: taskId,
      ...(selected.length > 0 ? { selected_items: { selected_item: selected } } : {}),
    }
    const body = {
      ...this.event(userId, { eventtype: 'template_card_event', template_card_event: tapped }),
      ...place(chat),
    }
    const about = { kind: 'click' as const, chat: chat.id, userId, tapped: { message: message.id, taskId } }
    return this.bot.tell({ cmd: 'aibot_event_callback', name: 'template_card_event', body }, about)
  }

  private event(userId: string, event: Body): Body {
    const created = Math.floor(this.desk.clock.now().getTime() / 1_000)
    return { create_time: created, chattype: 'single', from: { userid: userId }, msgtype: 'event', event }
  }

  /** The copies of a card that went out with it, so that its code can update co-receivers. */
  private copiesOf(message: SandboxMessage): string[] {
    for (const { messages } of this.desk.kept.sent.values()) if (messages.includes(message.id)) return messages
    return [message.id]
  }
}

const place = (chat: SandboxChat): Body =>
  chat.kind === 'group' ? { chatid: chat.id, chattype: 'group' } : { chattype: 'single' }
