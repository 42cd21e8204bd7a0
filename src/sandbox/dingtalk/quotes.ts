import type { SandboxMessage } from '../wire.ts'
import type { Cards } from './cards.ts'
import { type Desk, encryptedId, msgIdOf } from './desk.ts'
import type { Downloads } from './downloads.ts'

export interface Quote {
  isReplyMsg: true
  repliedMsg: object
}

/** A quotation as the robot gets it: undocumented, as adapters have seen it (dingtalk.md §2.6). */
export class Quotes {
  constructor(
    private readonly desk: Desk,
    private readonly cards: Cards,
    private readonly downloads: Downloads,
  ) {}

  of(quoted: SandboxMessage): { reply: Quote; originalMsgId: string; originalProcessQueryKey?: string } {
    const key = this.keyOf(quoted)
    const originalMsgId = msgIdOf(quoted.id)
    const senderId = this.senderOf(quoted)
    const repliedMsg = {
      msgId: originalMsgId,
      senderId,
      createdAt: new Date(quoted.at).getTime(),
      ...this.content(quoted),
    }
    return {
      reply: { isReplyMsg: true, repliedMsg },
      originalMsgId,
      ...(key === undefined ? {} : { originalProcessQueryKey: key }),
    }
  }

  /** Of what the robot said only the kind is told. */
  private content({ from, body }: SandboxMessage): object {
    if (body.kind === 'dingcard') return { msgType: 'interactiveCard' }
    if (from.kind !== 'person') return { msgType: 'unknownMsgType' }
    if (body.kind === 'text') return { msgType: 'text', content: { text: body.text } }
    if (body.kind === 'image') return { msgType: 'picture', content: this.picture(body.url) }
    return { msgType: 'unknownMsgType' }
  }

  private picture(url: string): object {
    const found = this.desk.media.get(url.slice(url.lastIndexOf('/') + 1))
    return found ? { downloadCode: this.downloads.code(found.media) } : {}
  }

  private senderOf({ from }: SandboxMessage): string {
    const person = from.kind === 'person' ? this.desk.phones.person(from.userId) : undefined
    return encryptedId(this.desk, person?.dingtalkId ?? 'robot')
  }

  /** The processQueryKey of a send, the carrierId of a card's delivery; answers in a session have none. */
  private keyOf(quoted: SandboxMessage): string | undefined {
    const delivery = this.cards.deliveryOf(quoted)
    if (delivery) return delivery.carrierId
    for (const [key, { messages }] of this.desk.kept.sent) if (messages.includes(quoted.id)) return key
    return undefined
  }
}
