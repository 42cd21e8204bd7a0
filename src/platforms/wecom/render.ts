import { createHash } from 'node:crypto'
import type { Card, Picture, Said } from '../../chat/card.ts'
import { bytesOf, cutBytes, oneLine, webUrl } from '../text.ts'
import { replyWords, toneWords } from '../words.ts'
import { type Channel, drawTemplate, type TemplateCard } from './template.ts'
import { plain, plainMarkdown } from './text.ts'

/** The part of a request that is the message: `msgtype` and the field named after it. */
export type Body =
  | { msgtype: 'text'; text: { content: string; mentioned_list?: string[] } }
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'template_card'; template_card: TemplateCard }
  | { msgtype: 'image'; image: { media_id: string } | { base64: string; md5: string } }

/** Bytes of UTF-8: /90236 (app), /101463 (bot), /99110 (webhook robot) below developer.work.weixin.qq.com/document/path. */
const textBytes = 2_048
/** A picture's own bytes: /96484 for what is uploaded, /99110 for what a webhook robot shows. */
export const pictureBytes: Record<Channel, number> = { app: 10 * 1_048_576, bot: 10 * 1_048_576, robot: 2 * 1_048_576 }
const markdownBytes: Record<Channel, number> = { app: 2_048, bot: 20_480, robot: 4_096 }

/** Message of the app to one person. `tag` is put behind text invisibly (see `invisibleTag`). Throws `Permanent`. */
export function appBody(message: Said, taskId: string | undefined, tag = ''): Body {
  const room = textBytes - bytesOf(tag)
  if (message.kind === 'text')
    return { msgtype: 'text', text: { content: cutBytes(filled(plain(message.text)), room) + tag } }
  const card = drawTemplate(message.card, { channel: 'app', taskId })
  if (card) return { msgtype: 'template_card', template_card: card }
  return { msgtype: 'markdown', markdown: { content: cardMarkdown(message.card, 'app', room) + tag } }
}

/** Message of the bot into a conversation: markdown (it has no plain text of its own accord) or a card. */
export function botBody(message: Said, taskId: string | undefined): Body {
  if (message.kind === 'text') return { msgtype: 'markdown', markdown: { content: botText(message.text) } }
  const card = drawTemplate(message.card, { channel: 'bot', taskId })
  if (card) return { msgtype: 'template_card', template_card: card }
  return { msgtype: 'markdown', markdown: { content: cardMarkdown(message.card, 'bot') } }
}

/** Words of the bot, as markdown that shows them as they are. */
export const botText = (text: string): string => cutBytes(filled(plainMarkdown(text)), markdownBytes.bot)

/** Message of a group's webhook robot: it can mention in text only, and its cards have no buttons. */
export function robotBody(message: Said): Body {
  if (message.kind === 'card') {
    const card = drawTemplate(message.card, { channel: 'robot' })
    if (card) return { msgtype: 'template_card', template_card: card }
    return { msgtype: 'markdown', markdown: { content: cardMarkdown(message.card, 'robot') } }
  }
  const mentions = message.mentions ?? []
  const text = filled(plain(message.text))
  if (mentions.length === 0 && bytesOf(text) > textBytes)
    return {
      msgtype: 'markdown',
      markdown: { content: cutBytes(filled(plainMarkdown(message.text)), markdownBytes.robot) },
    }
  const content = cutBytes(text, textBytes)
  return { msgtype: 'text', text: { content, ...(mentions.length > 0 && { mentioned_list: mentions }) } }
}

/** A picture that was uploaded. */
export const uploadedBody = (mediaId: string): Body => ({ msgtype: 'image', image: { media_id: mediaId } })

/** A picture as a webhook robot takes it: the bytes themselves, and their check sum. */
export function robotPicture({ png }: Picture): Body {
  const base64 = Buffer.from(png).toString('base64')
  return { msgtype: 'image', image: { base64, md5: createHash('md5').update(png).digest('hex') } }
}

/** Text for the passive reply. */
export const replyText = (text: string): string => cutBytes(filled(plain(text)), textBytes)

/** The platform refuses empty messages. */
const filled = (text: string): string => (text.trim() === '' ? '—' : text)

/**
 * A card where the platform has none to show it: title, figure, rows, what to type. What matters stands first, since the
 * end is what a limit cuts. Colours exist for app and webhook only (/90236, /99110).
 */
export function cardMarkdown(card: Card, channel: Channel, bytes = markdownBytes[channel]): string {
  const line = (text: string | undefined) => plainMarkdown(oneLine(text ?? ''))
  const strong = (text: string) => (text ? `**${text}**` : '')
  const loud = card.tone === 'late' || card.tone === 'urgent' || card.tone === 'near'
  const figure = line(card.figure)
  const coloured = figure && loud && channel !== 'bot' ? `<font color="warning">${figure}</font>` : strong(figure)
  const link = webUrl(card.link)
  const lines = [
    strong(line(card.title)),
    [line(card.source), toneWords[card.tone]].filter(Boolean).join(' · '),
    coloured,
    line(card.subtitle),
    line(card.closed),
    ...card.rows.map(row => `${line(row.label)}：${rowValue(line(row.value), webUrl(row.link))}`),
    line(replyWords(card)),
    plainMarkdown(card.body?.trim() ?? ''),
    link ? `[查看详情](${inMarkdown(link)})` : '',
  ]
  return cutBytes(lines.filter(Boolean).join('\n'), bytes)
}

const rowValue = (value: string, url: string | undefined) =>
  url ? `[${value.replace(/[[\]]/g, ' ') || '打开'}](${inMarkdown(url)})` : value

const inMarkdown = (url: string) => url.replaceAll('(', '%28').replaceAll(')', '%29')

/**
 * Twelve invisible characters made from an id. WeCom drops a message equal to one it saw a moment ago
 * (`enable_duplicate_check`): with the tag a retry of one message is equal and two messages of the same words are not.
 */
export function invisibleTag(digest: Buffer): string {
  const bits = (digest[0] ?? 0) | ((digest[1] ?? 0) << 8)
  return Array.from({ length: 12 }, (_, at) => ((bits >> at) & 1 ? '\u200b' : '\u200c')).join('')
}
