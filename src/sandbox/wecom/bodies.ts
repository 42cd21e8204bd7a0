import { z } from 'zod'
import { isRecord } from '../json.ts'
import { imageBody } from '../media.ts'
import type { SandboxBody } from '../wire.ts'
import { readCard } from './card.ts'
import { type Desk, nameOf } from './desk.ts'
import { Refused } from './errcode.ts'
import { readMedia } from './mediaapi.ts'
import { cutBytes, translateIds } from './text.ts'

export interface ReadBody {
  body: SandboxBody
  /** The platform issues a response code for it. */
  callsBack: boolean
  notes: string[]
}

const content = z.looseObject({ content: z.string().min(1) })
const media = z.looseObject({ media_id: z.string().min(1) })
const textcard = z.looseObject({
  title: z.string().min(1),
  description: z.string().min(1),
  url: z.string().min(1),
  btntxt: z.string().optional(),
})

/** Checks the part of a message that depends on `msgtype`. Throws `Refused` 40008, 40058 and the card codes. */
export function readBody(desk: Desk, sent: Record<string, unknown>): ReadBody {
  const part = sent[String(sent.msgtype)]
  const say = (text: string) => (sent.enable_id_trans === 1 ? translateIds(text, nameOf(desk)) : text)
  const plain = (body: SandboxBody, notes: string[] = []): ReadBody => ({ body, callsBack: false, notes })
  switch (sent.msgtype) {
    case 'text': {
      const { text, notes } = cut(shaped(content, part, 44004, 'text').content, 2_048)
      return plain({ kind: 'text', text: say(text), mentions: [] }, notes)
    }
    case 'markdown': {
      const { text, notes } = cut(shaped(content, part, 44004, 'markdown').content, 2_048)
      return plain({ kind: 'markdown', text: say(text) }, notes)
    }
    case 'textcard':
      return plain(drawTextcard(shaped(textcard, part, 41016, 'textcard')))
    case 'image':
    case 'file':
      return plain(drawMedia(desk, sent.msgtype, shaped(media, part, 40007, sent.msgtype).media_id))
    case 'template_card': {
      const read = readCard(part, { sender: 'app', nameOf: nameOf(desk) })
      const card = sent.enable_id_trans === 1 ? translated(read.card, say) : read.card
      return { ...read, body: { kind: 'card', taskId: read.taskId, card, forViewer: {} } }
    }
    default:
      throw new Refused(40008, `invalid message type ${String(sent.msgtype)}`)
  }
}

export function drawMedia(desk: Desk, kind: 'image' | 'file', mediaId: string): SandboxBody {
  const { media } = readMedia(desk, mediaId)
  return kind === 'image' ? imageBody(media) : { kind, name: media.name, url: `/sandbox/api/media/${media.id}` }
}

/** Every string of a card with user ids turned into names. */
function translated<T>(card: T, say: (text: string) => string): T {
  return JSON.parse(JSON.stringify(card), (_key, value: unknown) => (typeof value === 'string' ? say(value) : value))
}

function drawTextcard(card: z.infer<typeof textcard>): SandboxBody {
  const words = card.description.replace(/<br\s*\/?>/g, '\n').replace(/<[^>]+>/g, '')
  return {
    kind: 'card',
    taskId: '',
    card: {
      type: 'text_notice',
      title: cutBytes(card.title, 128),
      subTitle: cutBytes(words, 512),
      rows: [],
      buttons: [{ text: card.btntxt ?? '详情', style: 2, url: card.url }],
      url: card.url,
    },
    forViewer: {},
  }
}

function cut(text: string, bytes: number): { text: string; notes: string[] } {
  const kept = cutBytes(text, bytes)
  return { text: kept, notes: kept === text ? [] : [`text cut to ${bytes} bytes`] }
}

function shaped<T>(schema: z.ZodType<T>, part: unknown, missing: number, name: string): T {
  const parsed = schema.safeParse(part)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const given = isRecord(part) ? part[String(issue?.path[0])] : undefined
  const wrongType = issue?.code === 'invalid_type' && given !== undefined
  throw new Refused(wrongType ? 40058 : missing, `invalid ${name}.${issue?.path.join('.') ?? ''}`)
}
