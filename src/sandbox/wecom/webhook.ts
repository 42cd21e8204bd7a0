import { createHash } from 'node:crypto'
import { z } from 'zod'
import { imageBody, imageKind } from '../media.ts'
import { Limiter, minute } from '../window.ts'
import type { SandboxBody } from '../wire.ts'
import { drawMedia } from './bodies.ts'
import { type Call, jsonBody } from './call.ts'
import { readCard } from './card.ts'
import { type Desk, nameOf } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'
import { keepMedia, upload } from './mediaapi.ts'
import { cutBytes } from './text.ts'

const text = z.looseObject({
  content: z.string().min(1),
  mentioned_list: z.array(z.string()).optional(),
  mentioned_mobile_list: z.array(z.string()).optional(),
})
const content = z.looseObject({ content: z.string().min(1) })
const image = z.looseObject({ base64: z.string().min(1), md5: z.string().min(1) })
const file = z.looseObject({ media_id: z.string().min(1) })

/** The group robot: speaks into one group, hears nothing. The key in its address is its credential. */
export class Webhook {
  private readonly pace = new Limiter([{ count: 20, windowMs: minute }])

  constructor(private readonly desk: Desk) {}

  send(call: Call): Answer {
    const group = this.groupFor(call)
    if (!this.pace.take('', this.desk.clock.now().getTime()))
      throw new Refused(45009, 'api freq out of limit', 'more than 20 messages a minute')
    const body = this.read(jsonBody(call), call)
    this.desk.phones.post(group, { kind: 'robot', name: '派工播报' }, body)
    return ok()
  }

  upload(call: Call): Promise<Answer> {
    this.groupFor(call)
    const type = call.query.get('type')
    if (type !== 'file' && type !== 'voice') throw new Refused(40004, 'invalid media type, must be file or voice')
    return upload(this.desk, call)
  }

  private groupFor(call: Call) {
    const group = this.desk.robotGroup()
    if (call.query.get('key') !== this.desk.credentials.webhookKey || !group)
      throw new Refused(93000, 'invalid webhook url')
    return group
  }

  private read(sent: Record<string, unknown>, call: Call): SandboxBody {
    const part = sent[String(sent.msgtype)]
    switch (sent.msgtype) {
      case 'text': {
        const words = shaped(text, part)
        return { kind: 'text', text: this.cut(words.content, 2_048, call), mentions: this.mentions(words) }
      }
      case 'markdown':
      case 'markdown_v2':
        return { kind: 'markdown', text: this.cut(shaped(content, part).content, 4_096, call) }
      case 'image':
        return this.picture(shaped(image, part))
      case 'file':
        return drawMedia(this.desk, 'file', shaped(file, part).media_id)
      case 'template_card': {
        const read = readCard(part, { sender: 'robot', nameOf: nameOf(this.desk) })
        if (read.callsBack) throw new Refused(40058, 'invalid parameter: a webhook card cannot call back (action_menu)')
        for (const note of read.notes) call.note(note)
        return { kind: 'card', taskId: read.taskId, card: read.card, forViewer: {} }
      }
      default:
        throw new Refused(40008, `invalid message type ${String(sent.msgtype)}`)
    }
  }

  private cut(words: string, bytes: number, call: Call): string {
    const kept = cutBytes(words, bytes)
    if (kept !== words) call.note(`text cut to ${bytes} bytes`)
    return kept
  }

  private mentions(words: z.infer<typeof text>): string[] {
    const inText = [...words.content.matchAll(/<@([^>]+)>/g)].map(found => found[1] ?? '')
    const byMobile = (words.mentioned_mobile_list ?? []).map(mobile =>
      mobile === '@all' ? mobile : this.desk.phones.byMobile(mobile)?.userId,
    )
    const named = [...(words.mentioned_list ?? []), ...inText, ...byMobile].filter(id => id !== undefined)
    return [...new Set(named.map(id => (id === '@all' ? id : this.desk.phones.person(id)?.userId)))].filter(
      id => id !== undefined,
    )
  }

  private picture({ base64, md5 }: z.infer<typeof image>): SandboxBody {
    const bytes = Buffer.from(base64, 'base64')
    if (bytes.length > 2 * 1_024 * 1_024) throw new Refused(40009, 'invalid image size, at most 2 MB')
    if (createHash('md5').update(bytes).digest('hex') !== md5.toLowerCase())
      throw new Refused(301019, 'image md5 does not match')
    const kind = imageKind(bytes)
    const media = keepMedia(this.desk, 'image', { bytes, name: `image.${kind?.ext ?? 'bin'}`, mime: kind?.mime ?? '' })
    return imageBody(media)
  }
}

function shaped<T>(schema: z.ZodType<T>, part: unknown): T {
  const parsed = schema.safeParse(part)
  if (parsed.success) return parsed.data
  throw new Refused(40058, `invalid parameter: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
}
