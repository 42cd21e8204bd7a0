import { z } from 'zod'
import { hour, Limiter, minute } from '../window.ts'
import type { SandboxBody, SandboxChat, SandboxMessage } from '../wire.ts'
import type { Ask, Asks } from './asks.ts'
import { drawMedia } from './bodies.ts'
import { type ReadCard, readCard } from './card.ts'
import { type Desk, nameOf } from './desk.ts'
import { Refused } from './errcode.ts'

const replyInMs = 5_000
const streamMs = 6 * minute
const longest = 20_480

const streamShape = z.looseObject({
  id: z.string().min(1),
  finish: z.boolean().default(false),
  content: z.string().default(''),
})
const contentShape = z.looseObject({ content: z.string().min(1) })
const mediaShape = z.looseObject({ media_id: z.string().min(1) })

export type Body = Record<string, unknown>
type Note = (text: string) => void

/** What the bot says over its socket. Throws `Refused`. */
export class BotCommands {
  /** Replies and pushes together, per conversation. */
  private readonly pace = new Limiter([
    { count: 30, windowMs: minute },
    { count: 1_000, windowMs: hour },
  ])

  constructor(
    private readonly desk: Desk,
    private readonly asks: Asks,
  ) {}

  /** `aibot_respond_msg`: an answer to what somebody said, for 24 hours. */
  respond(reqId: string, body: Body, note: Note): void {
    const ask = this.asks.get(reqId, 'message')
    const chat = this.chatOf(ask.chat)
    const type = body.msgtype
    if (type === 'stream') {
      this.stream(ask, chat, body)
      return
    }
    if (type === 'stream_with_template_card') {
      const read = body.template_card === undefined ? undefined : this.cardFor(ask, body.template_card, note)
      this.stream(ask, chat, body)
      if (read) this.postCard(ask, chat, read)
      return
    }
    if (type === 'template_card') {
      const read = this.cardFor(ask, body.template_card, note)
      this.takePlace(chat)
      this.postCard(ask, chat, read)
    } else {
      const drawn = this.plain(body, [])
      this.takePlace(chat)
      this.post(chat, drawn)
    }
    this.asks.answered(ask)
  }

  /** `aibot_respond_welcome_msg`: text or card, within 5 s of `enter_chat`. */
  welcome(reqId: string, body: Body, note: Note): void {
    const ask = this.asks.get(reqId, 'enter')
    if (ask.done) throw new Refused(846605, 'invalid req_id')
    const chat = this.chatOf(ask.chat)
    const read = body.msgtype === 'template_card' ? this.cardFor(ask, body.template_card, note) : undefined
    const drawn = read ? undefined : this.plain(body, ['text'])
    if (this.late(ask, note)) return
    ask.done = true
    this.takePlace(chat)
    if (read) this.postCard(ask, chat, read)
    else if (drawn) this.post(chat, drawn)
    this.asks.answered(ask)
  }

  /** `aibot_respond_update_msg`: draws the tapped card anew, within 5 s of the tap. */
  update(reqId: string, body: Body, note: Note): void {
    const ask = this.asks.get(reqId, 'click')
    if (ask.done) throw new Refused(846605, 'invalid req_id')
    if (body.response_type !== 'update_template_card') throw new Refused(40008, 'invalid message type')
    const users = z.array(z.string()).optional().safeParse(body.userids)
    if (!users.success) throw new Refused(40058, 'invalid parameter: userids')
    const read = readCard(body.template_card, { sender: 'bot', update: true, nameOf: nameOf(this.desk) })
    if (read.taskId !== ask.tapped?.taskId) throw new Refused(42016, 'task_id to update does not exist')
    for (const text of read.notes) note(text)
    if (this.late(ask, note)) return
    ask.done = true
    const message = this.desk.phones.message(ask.tapped.message)
    const viewers = users.data?.map(userId => this.desk.phones.person(userId)?.userId ?? userId)
    if (message) this.desk.phones.repaint(message, read.card, viewers && viewers.length > 0 ? viewers : undefined)
    this.asks.answered(ask)
  }

  /** `aibot_send_msg`: speaks first, where somebody has spoken to the bot before. */
  send(body: Body, note: Note): void {
    const chat = this.target(body)
    if (!this.desk.kept.heard.has(chat.id))
      throw new Refused(93006, 'invalid chatid', 'nobody has spoken to the bot in this conversation yet')
    const read = body.msgtype === 'template_card' ? this.read(body.template_card, note) : undefined
    const drawn = read ? undefined : this.plain(body, [])
    this.takePlace(chat)
    if (read) this.claimAndPost(chat, read)
    else if (drawn) this.post(chat, drawn)
  }

  private target(body: Body): SandboxChat {
    const id = typeof body.chatid === 'string' ? body.chatid : ''
    const type = body.chat_type ?? 0
    const group = this.desk.phones.chat(id)
    if (type !== 1 && group?.kind === 'group' && group.platform === 'wecom') return group
    const person = type === 2 ? undefined : this.desk.phones.person(id)
    const single = person && this.desk.phones.chat(`bot:${person.userId}`)
    if (!single) throw new Refused(93006, 'invalid chatid')
    return single
  }

  private stream(ask: Ask, chat: SandboxChat, body: Body): void {
    const { id, finish, content } = shaped(streamShape, body.stream)
    if (Buffer.byteLength(content) > longest)
      throw new Refused(40058, `invalid parameter: stream.content over ${longest} bytes`)
    const begun = ask.streams.get(id)
    const now = this.desk.clock.now().getTime()
    if (begun && (begun.finished || now - begun.at > streamMs)) throw new Refused(846608, 'stream expired')
    if (begun) {
      const message = this.desk.phones.message(begun.message)
      if (message) this.desk.phones.rewrite(message, content)
      begun.finished = finish
    } else {
      this.takePlace(chat)
      const message = this.post(chat, { kind: 'markdown', text: content })
      ask.streams.set(id, { message: message.id, finished: finish, at: now })
    }
    if (finish) this.asks.answered(ask)
  }

  private plain(body: Body, also: string[]): SandboxBody {
    const type = String(body.msgtype)
    if (type === 'text' && also.includes('text'))
      return { kind: 'text', text: shaped(contentShape, body.text).content, mentions: [] }
    if (type === 'markdown') {
      const { content } = shaped(contentShape, body.markdown)
      if (Buffer.byteLength(content) > longest)
        throw new Refused(40058, `invalid parameter: content over ${longest} bytes`)
      return { kind: 'markdown', text: content }
    }
    if (type === 'image' || type === 'file') return drawMedia(this.desk, type, shaped(mediaShape, body[type]).media_id)
    throw new Refused(40008, `invalid message type ${type}`)
  }

  private read(raw: unknown, note: Note): ReadCard {
    const read = readCard(raw, { sender: 'bot', nameOf: nameOf(this.desk) })
    if (read.taskId && this.desk.kept.botTaskIds.has(read.taskId))
      throw new Refused(40058, 'invalid parameter: task_id was used before', 'task_id must be unique per bot')
    for (const text of read.notes) note(text)
    return read
  }

  private cardFor(ask: Ask, raw: unknown, note: Note): ReadCard {
    if (ask.cardSent) throw new Refused(40058, 'invalid parameter: a message is answered with one card at most')
    return this.read(raw, note)
  }

  private postCard(ask: Ask, chat: SandboxChat, read: ReadCard): void {
    ask.cardSent = true
    this.claimAndPost(chat, read)
  }

  private claimAndPost(chat: SandboxChat, { taskId, card }: ReadCard): void {
    if (taskId) this.desk.kept.botTaskIds.add(taskId)
    this.post(chat, { kind: 'card', taskId, card, forViewer: {} })
  }

  private post(chat: SandboxChat, body: SandboxBody): SandboxMessage {
    return this.desk.phones.post(chat, { kind: 'bot', name: this.desk.credentials.botName }, body)
  }

  private takePlace(chat: SandboxChat): void {
    if (!this.pace.take(chat.id, this.desk.clock.now().getTime()))
      throw new Refused(45009, 'api freq out of limit', 'more than 30 a minute or 1,000 an hour in this conversation')
  }

  /** A late answer is taken and changes nothing. */
  private late(ask: Ask, note: Note): boolean {
    if (this.asks.age(ask) <= replyInMs) return false
    note('more than 5 s after the event: without effect')
    return true
  }

  private chatOf(id: string): SandboxChat {
    const chat = this.desk.phones.chat(id)
    if (!chat) throw new Refused(93006, 'invalid chatid')
    return chat
  }
}

function shaped<T>(schema: z.ZodType<T>, part: unknown): T {
  const parsed = schema.safeParse(part)
  if (parsed.success) return parsed.data
  throw new Refused(40058, `invalid parameter: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
}
