import { z } from 'zod'
import type { Inbound, MediaRef, Said } from '../../chat/inbound.ts'

/** Bodies of the 智能机器人, the same over its socket and its callback: developer.work.weixin.qq.com/document/path/100719. */
const content = z.looseObject({ content: z.string() })
const file = z.looseObject({ url: z.string(), aeskey: z.string().optional(), filename: z.string().optional() })
const mixed = z.looseObject({
  msg_item: z.array(z.looseObject({ msgtype: z.string(), text: content.optional(), image: file.optional() })).max(100),
})
const parts = {
  msgtype: z.string(),
  text: content.optional(),
  voice: content.optional(),
  mixed: mixed.optional(),
  image: file.optional(),
  file: file.optional(),
  video: file.optional(),
}

/** /101027 nests a tap's fields under `template_card_event`; the SDK's typings put them beside `eventtype`. */
const tap = z.looseObject({
  event_key: z.string().optional(),
  task_id: z.string().optional(),
  selected_items: z
    .looseObject({
      selected_item: z
        .array(
          z.looseObject({
            question_key: z.string(),
            option_ids: z.looseObject({ option_id: z.array(z.string()).default([]) }).optional(),
          }),
        )
        .default([]),
    })
    .optional(),
})
const event = tap.extend({ eventtype: z.string(), template_card_event: tap.optional() })

const body = z.looseObject({
  ...parts,
  msgid: z.string().min(1),
  chatid: z.string().optional(),
  chattype: z.enum(['single', 'group']).optional(),
  create_time: z.number().optional(),
  response_url: z.string().optional(),
  from: z.looseObject({ userid: z.string().min(1) }),
  quote: z.looseObject(parts).optional(),
  event: event.optional(),
})

type Body = z.infer<typeof body>
type Parts = Pick<Body, keyof typeof parts>

export interface BotHeard {
  inbound: Inbound
  eventType?: string
  /** A one-use address for one more answer, valid for an hour (callback mode only, /101138). */
  responseUrl?: string
}

export interface BotSelf {
  corpId: string
  /** What people write after the @. */
  names: readonly string[]
}

/** Null when it is not a body of the bot's: no sender, no id, fields of other types. */
export function readBotBody(raw: unknown, self: BotSelf, now: Date): BotHeard | null {
  const parsed = body.safeParse(raw)
  if (!parsed.success) return null
  const heard = parsed.data
  const userId = heard.from.userid.toLowerCase()
  const group = heard.chatid !== undefined && heard.chattype !== 'single'
  const inbound: Inbound = {
    platform: 'wecom',
    key: `bot:${heard.msgid}`,
    corpId: self.corpId,
    sender: { userId },
    chat: group ? { kind: 'group', id: heard.chatid ?? '', via: 'bot' } : { kind: 'single', id: userId, via: 'bot' },
    at: heard.create_time === undefined ? now : new Date(heard.create_time * 1_000),
    said: heard.msgtype === 'event' ? readEvent(heard) : readMessage(heard, self.names),
  }
  return {
    inbound,
    ...(heard.event && { eventType: heard.event.eventtype }),
    ...(heard.response_url && { responseUrl: heard.response_url }),
  }
}

function readMessage(heard: Body, names: readonly string[]): Said {
  const text = stripName(textIn(heard), names, heard.chatid !== undefined)
  const media = mediaIn(heard)
  const quote = heard.quote ? textIn(heard.quote) : ''
  if (text === '' && media.length > 0) return { kind: 'media', media }
  if (text === '' && quote === '' && !['text', 'mixed', 'voice'].includes(heard.msgtype))
    return { kind: 'event', event: 'other', name: heard.msgtype, detail: {} }
  return { kind: 'text', text, ...(quote && { quote }), ...(media.length > 0 && { media }) }
}

/** Everything written in it; voice comes transcribed. */
function textIn({ msgtype, text, voice, mixed: items }: Parts): string {
  if (msgtype === 'voice') return voice?.content.trim() ?? ''
  if (msgtype === 'mixed')
    return (items?.msg_item ?? [])
      .map(item => item.text?.content.trim() ?? '')
      .filter(Boolean)
      .join('\n')
  return text?.content.trim() ?? ''
}

function mediaIn({ msgtype, mixed: items, image, file: attached, video }: Parts): MediaRef[] {
  const ref = (kind: MediaRef['kind'], found: z.infer<typeof file> | undefined): MediaRef[] =>
    found
      ? [
          {
            kind,
            source: { url: found.url, aesKey: found.aeskey ?? null },
            ...(found.filename && { name: found.filename }),
          },
        ]
      : []
  if (msgtype === 'mixed') return (items?.msg_item ?? []).flatMap(item => ref('image', item.image))
  return [...ref('image', image), ...ref('file', attached), ...ref('video', video)]
}

/**
 * Takes `@机器人名` off. Names may hold spaces, so ours are looked for as they are, anywhere; when none is found in a group,
 * whatever the text begins its @ with is taken for the bot (it was renamed): the group is heard only when the bot is meant.
 */
export function stripName(text: string, names: readonly string[], group: boolean): string {
  const own = [...names].filter(Boolean).sort((a, b) => b.length - a.length)
  let rest = text
  for (const name of own) rest = rest.replaceAll(new RegExp(`[@＠]${escaped(name)}[\\s\\u2005]*`, 'gi'), ' ')
  if (rest === text && group) rest = text.replace(/^\s*[@＠]\S+[\s\u2005]*/, '')
  return rest === text ? text : rest.replace(/[^\S\n]+/g, ' ').trim()
}

const escaped = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')

function readEvent({ event: told }: Body): Said {
  const name = told?.eventtype ?? ''
  if (told && name === 'template_card_event') {
    const {
      event_key = told.event_key ?? '',
      task_id = told.task_id ?? '',
      selected_items = told.selected_items,
    } = told.template_card_event ?? {}
    const items = selected_items?.selected_item ?? []
    const choices = Object.fromEntries(items.map(item => [item.question_key, item.option_ids?.option_id ?? []]))
    return { kind: 'button', payload: event_key, taskId: task_id, choices }
  }
  return { kind: 'event', event: name === 'enter_chat' ? 'entered' : 'other', name, detail: {} }
}
