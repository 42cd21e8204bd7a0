import type { Card, CardButton, Tone } from '../../chat/card.ts'
import { Permanent } from '../../errors.ts'
import { bytesOf, cutChars, oneLine, webUrl } from '../text.ts'
import { replyWords, toneWords } from '../words.ts'
import { plain } from './text.ts'

/** `template_card` as the API takes it: developer.work.weixin.qq.com/document/path/90236 (app), /101032 (bot). */
export interface TemplateCard {
  card_type: 'text_notice' | 'button_interaction'
  source: { desc: string; desc_color: 0 | 1 | 2 | 3 }
  main_title: { title: string; desc?: string }
  emphasis_content?: { title: string }
  sub_title_text?: string
  horizontal_content_list?: Array<{ keyname: string; value: string; type?: 1; url?: string }>
  card_action?: { type: 1; url: string }
  task_id?: string
  button_list?: Array<{ text: string; style: 1 | 2 | 3 | 4; key: string }>
  replace_text?: string
}

/** Who sends the card: the app, the bot, or a group's webhook robot. Their limits differ. */
export type Channel = 'app' | 'bot' | 'robot'

interface Lengths {
  source: number
  title: number
  desc: number
  figure: number
  sub: number
  label: number
  value: number
}

const tight: Lengths = { source: 13, title: 26, desc: 30, figure: 10, sub: 112, label: 5, value: 26 }

/** In characters: /90236 for the app, /101032 for the bot, /99110 for the webhook robot. */
const lengths: Record<Channel, Lengths> = {
  app: { source: 20, title: 36, desc: 44, figure: 14, sub: 160, label: 5, value: 30 },
  bot: tight,
  robot: tight,
}

const mostRows = 6
const mostButtons = 6
const buttonChars = 10
const keyBytes = 1_024

const toneColors: Record<Tone, 0 | 1 | 2 | 3> = { normal: 0, urgent: 2, near: 1, late: 2, done: 3 }

export interface TemplateOptions {
  channel: Channel
  taskId?: string | undefined
  /** Drawn over a card that is out already: it must stay a card, whatever is left of it. */
  repaint?: boolean
}

/**
 * Draws a card, or null when WeCom has no card for it (no buttons and no link: such a card goes out as markdown).
 * Throws `Permanent` when buttons are to be sent without a task id.
 */
export function drawTemplate(card: Card, options: TemplateOptions): TemplateCard | null {
  const dead = card.closed ?? (options.repaint && card.buttons.length === 0 ? '已更新' : undefined)
  if (options.channel === 'robot' || (card.buttons.length === 0 && dead === undefined)) return drawNotice(card, options)
  if (!options.taskId && !options.repaint)
    throw new Permanent('bad-message', 'a card with buttons needs a task id', { fix: 'report this as a bug' })
  const { max, common } = frame(card, options)
  const desc = [card.figure, card.subtitle].map(part => oneLine(part ?? '')).filter(Boolean)
  const body = card.body?.trim()
  return {
    card_type: 'button_interaction',
    ...common,
    main_title: title(card, desc.join(' · '), max),
    ...(body && { sub_title_text: cutChars(plain(body), max.sub) }),
    ...rows(card, max),
    button_list: dead === undefined ? buttons(card.buttons) : [{ text: word(dead), style: 4, key: 'closed' }],
    // Shown on a grey, dead button instead of the list, where the platform knows the field.
    ...(dead !== undefined && { replace_text: word(dead) }),
  }
}

/** `text_notice`: no buttons, a big figure, and a link it cannot do without. */
function drawNotice(card: Card, options: TemplateOptions): TemplateCard | null {
  const { max, common } = frame(card, options)
  if (!common.card_action) return null
  const figure = oneLine(plain(card.figure ?? ''))
  const big = figure !== '' && [...figure].length <= max.figure
  const desc = [...(big ? [] : [figure]), oneLine(card.subtitle ?? '')].filter(Boolean).join(' · ')
  const sub = [replyWords(card), card.closed ?? '', card.body?.trim() ?? ''].filter(Boolean).join('\n')
  return {
    card_type: 'text_notice',
    ...common,
    main_title: title(card, desc, max),
    ...(big && { emphasis_content: { title: figure } }),
    ...(sub && { sub_title_text: cutChars(plain(sub), max.sub) }),
    ...rows(card, max),
  }
}

function frame(card: Card, { channel, taskId }: TemplateOptions) {
  const max = lengths[channel]
  const tone = toneWords[card.tone]
  const room = tone ? max.source - tone.length - 3 : max.source
  const source = [cutChars(oneLine(plain(card.source)), room), tone].filter(Boolean).join(' · ')
  const url = webUrl(card.link)
  const common = {
    source: { desc: source, desc_color: toneColors[card.tone] },
    ...(url && { card_action: { type: 1 as const, url } }),
    ...(taskId && { task_id: taskId }),
  }
  return { max, common }
}

function title(card: Card, desc: string, max: Lengths): TemplateCard['main_title'] {
  const line = cutChars(oneLine(plain(card.title)), max.title) || '派工'
  return { title: line, ...(desc && { desc: cutChars(plain(desc), max.desc) }) }
}

function rows(card: Card, max: Lengths): Pick<TemplateCard, 'horizontal_content_list'> {
  const drawn = card.rows.filter(row => row.label.trim() !== '').slice(0, mostRows)
  if (drawn.length === 0) return {}
  const list = drawn.map(({ label, value, link }) => {
    const url = webUrl(link)
    return {
      keyname: cutChars(oneLine(plain(label)), max.label),
      value: cutChars(oneLine(plain(value)), max.value) || '—',
      ...(url && { type: 1 as const, url }),
    }
  })
  return { horizontal_content_list: list }
}

const styles: Record<CardButton['style'], 1 | 2 | 3> = { primary: 1, default: 2, danger: 3 }

const word = (text: string) => cutChars(oneLine(plain(text)), buttonChars) || '—'

/** At most six, each with a key of its own: the platform refuses the whole card otherwise. */
function buttons(list: readonly CardButton[]): NonNullable<TemplateCard['button_list']> {
  const usable = list.filter(({ payload }) => payload !== '' && bytesOf(payload) <= keyBytes)
  const unique = usable.filter((button, at) => usable.findIndex(({ payload }) => payload === button.payload) === at)
  return unique
    .slice(0, mostButtons)
    .map(({ text, style, payload }) => ({ text: word(text), style: styles[style], key: payload }))
}
