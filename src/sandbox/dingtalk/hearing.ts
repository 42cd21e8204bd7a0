import type { Place } from '../acts.ts'
import { parseRecord } from '../json.ts'
import type { Outcome } from '../options.ts'
import type { SandboxMessage } from '../wire.ts'
import { conversationOf, type Desk, encryptedId, messageOf, msgIdOf, pause, unionIdOf } from './desk.ts'
import type { Gateway } from './gateway.ts'
import { type Posts, robotHeaders } from './posts.ts'
import type { Sessions } from './sessions.ts'
import { readSpoken } from './spoken.ts'

const topic = '/v1.0/im/bot/messages/get'

/** What is particular to a message: its type and content, and the quotation. */
export interface Heard {
  msgtype: 'text' | 'picture' | 'richText' | 'audio' | 'file'
  text?: object
  content?: object
  originalMsgId?: string
  originalProcessQueryKey?: string
}

/** What the robot hears: everything in a 1:1 chat, in a group what @s it (dingtalk.md §2.6). */
export class Hearing {
  constructor(
    private readonly desk: Desk,
    private readonly gateway: Gateway,
    private readonly posts: Posts,
    private readonly sessions: Sessions,
  ) {}

  /** Tells the service; resolves with what became of the first attempt. Further ones follow by themselves. */
  tell(place: Place, message: SandboxMessage, heard: Heard): Promise<Outcome> {
    const body = this.body(place, message, heard)
    const first = this.once(body, place, 1)
    void this.desk.inFlight.track(first.then(outcome => (outcome === 'failed' ? this.again(body, place) : outcome)))
    return first
  }

  private async again(body: object, place: Place): Promise<Outcome> {
    const { timing, closing } = this.desk
    for (let nth = 2; nth <= timing.retries + 1; nth++) {
      await pause(this.desk, timing.robotResendMs)
      if (closing.aborted) return 'failed'
      const outcome = await this.once(body, place, nth)
      if (outcome !== 'failed') return outcome
    }
    return 'failed'
  }

  private async once(body: object, place: Place, nth: number): Promise<Outcome> {
    const timeoutMs = this.desk.timing.ackTimeoutMs
    if (this.desk.console.mode !== 'http') {
      const ack = await this.gateway.push({ type: 'CALLBACK', topic, data: body }, timeoutMs, nth)
      return ack === undefined ? 'failed' : 'empty'
    }
    const answer = await this.posts.send({
      what: topic,
      url: this.desk.console.robotUrl?.() ?? '',
      headers: robotHeaders(this.desk),
      body: JSON.stringify(body),
      timeoutMs,
      nth,
    })
    return answer === undefined ? 'failed' : this.show(answer, place)
  }

  /** The answer over HTTP may itself be a message (dingtalk.md §2.7). */
  private show(answer: string, { chat }: Place): Outcome {
    const sent = parseRecord(answer)
    if (!sent || sent.msgtype === undefined || sent.msgtype === 'empty') return 'empty'
    try {
      const body = readSpoken(this.desk, sent, () => {})
      this.desk.phones.post(chat, { kind: 'bot', name: this.desk.credentials.robotName }, body)
      return 'answered'
    } catch (error) {
      this.desk.log.error({ why: messageOf(error) }, 'sandbox: answer to a robot message refused')
      return 'failed'
    }
  }

  /** When the month's messages are gone it comes without what was said (dingtalk.md §1.4). */
  private body({ chat, person }: Place, message: SandboxMessage, heard: Heard): object {
    const { corpId, robotCode } = this.desk.credentials
    const group = chat.kind === 'group'
    const conversationId = conversationOf(this.desk, chat)
    const { text, content, ...rest } = heard
    const said = { ...(text ? { text } : {}), ...(content ? { content } : {}) }
    const robot = encryptedId(this.desk, 'robot')
    return {
      ...rest,
      ...(this.desk.meters.push() ? said : { errorCode: 20001, errorMessage: '企业本月的Webhook&Stream消息数已用完' }),
      msgId: msgIdOf(message.id),
      createAt: new Date(message.at).getTime(),
      conversationType: group ? '2' : '1',
      conversationId,
      ...(group ? { conversationTitle: chat.title, openThreadId: conversationId } : {}),
      senderId: encryptedId(this.desk, person.dingtalkId),
      senderStaffId: person.dingtalkId,
      senderUnionId: unionIdOf(this.desk, person),
      senderNick: person.name,
      senderCorpId: corpId,
      senderPlatform: 'Android',
      isAdmin: false,
      chatbotUserId: robot,
      chatbotCorpId: corpId,
      robotCode,
      ...(group ? { atUsers: [{ dingtalkId: robot }, ...this.others(message)], isInAtList: true } : {}),
      ...this.sessions.issue(chat.id),
    }
  }

  /** People called beside the robot. */
  private others(message: SandboxMessage): object[] {
    const { body } = message
    const words = body.kind === 'text' ? body.text : ''
    const called = this.desk.phones.everybody().filter(person => words.includes(`@${person.name}`))
    return called.map(person => ({
      dingtalkId: encryptedId(this.desk, person.dingtalkId),
      staffId: person.dingtalkId,
      unionId: unionIdOf(this.desk, person),
    }))
  }
}
