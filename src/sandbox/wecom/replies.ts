import { isRecord } from '../json.ts'
import type { SandboxBody, SandboxMessage } from '../wire.ts'
import { drawMedia } from './bodies.ts'
import { readCard } from './card.ts'
import { type Desk, nameOf } from './desk.ts'
import { cutBytes } from './text.ts'
import { cardFromXml } from './xml.ts'

/**
 * Does what a passive reply asks: a message into the chat, or the tapped card drawn anew for the one who tapped.
 * Returns notes for the log; throws an `Error` that says why the reply is no good.
 */
export function applyReply(
  desk: Desk,
  userId: string,
  reply: Record<string, unknown>,
  tapped: SandboxMessage | undefined,
): string[] {
  if (String(reply.ToUserName).toLowerCase() !== userId.toLowerCase()) throw new Error(`ToUserName must be ${userId}`)
  if (reply.FromUserName !== desk.credentials.corpId) throw new Error('FromUserName must be the CorpID')
  if (!/^\d{1,12}$/.test(String(reply.CreateTime))) throw new Error('CreateTime must be in seconds')
  switch (reply.MsgType) {
    case 'text': {
      if (typeof reply.Content !== 'string' || reply.Content === '') throw new Error('no Content')
      const text = cutBytes(reply.Content, 2_048)
      say(desk, userId, { kind: 'text', text, mentions: [] })
      return text === reply.Content ? [] : ['text cut to 2048 bytes']
    }
    case 'image': {
      const mediaId = isRecord(reply.Image) ? reply.Image.MediaId : undefined
      say(desk, userId, drawMedia(desk, 'image', String(mediaId)))
      return []
    }
    case 'update_button': {
      const name = isRecord(reply.Button) ? reply.Button.ReplaceName : undefined
      if (typeof name !== 'string' || name === '') throw new Error('no Button.ReplaceName')
      const body = cardOf(tapped)
      desk.phones.repaint(body.message, { ...body.card, replaceText: name })
      return []
    }
    case 'update_template_card': {
      const { message } = cardOf(tapped)
      const read = readCard(cardFromXml(reply.TemplateCard), { sender: 'app', update: true, nameOf: nameOf(desk) })
      desk.phones.repaint(message, read.card)
      return read.notes
    }
    default:
      throw new Error(`MsgType ${String(reply.MsgType)} is not known to the sandbox`)
  }
}

function say(desk: Desk, userId: string, body: SandboxBody): void {
  const chat = desk.phones.chat(`app:${userId}`)
  if (chat) desk.phones.post(chat, { kind: 'app', name: desk.credentials.appName }, body)
}

/** Each receiver of an app card has a copy of his own, so drawing this one anew changes it for the clicker only. */
function cardOf(tapped: SandboxMessage | undefined) {
  if (tapped?.body.kind !== 'card') throw new Error('a card is updated only in answer to a tap on it')
  return { message: tapped, card: tapped.body.card }
}
