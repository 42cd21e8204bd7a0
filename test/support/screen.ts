import type { SandboxCard, SandboxDingCard, SandboxMessage } from '../../src/sandbox/wire.ts'

/** What a phone shows, in words, whichever platform drew it. */

/** A card with live buttons by their labels; one with a link instead of a key opens a page. */
export interface ShownCard {
  title: string
  /** Everything that can be read on it; buttons as `[接单]`, what became of it as `(已完工)`. */
  text: string
  buttons: Array<{ text: string; key?: string; url?: string }>
}

/** The card a message is to this viewer; undefined when it is none. */
export function shownCard(message: SandboxMessage, viewer: string): ShownCard | undefined {
  const { body } = message
  if (body.kind === 'card') return wecomCard(body.forViewer[viewer] ?? body.card)
  if (body.kind === 'dingcard') return dingtalkCard(body.forViewer[viewer] ?? body.card)
  return undefined
}

function wecomCard(card: SandboxCard): ShownCard {
  return {
    title: card.title ?? '',
    text: cardText(card),
    buttons: card.replaceText === undefined ? card.buttons.map(({ text, key, url }) => named({ text, key, url })) : [],
  }
}

export function cardText(card: SandboxCard): string {
  const rows = card.rows.map(row => `${row.label}：${row.value}`)
  const buttons =
    card.replaceText === undefined ? card.buttons.map(button => `[${button.text}]`) : [`(${card.replaceText})`]
  const { source, title, desc, emphasis, subTitle } = card
  return [source?.desc, title, desc, emphasis?.title, emphasis?.desc, subTitle, ...rows, ...buttons]
    .filter(Boolean)
    .join('\n')
}

function dingtalkCard(card: SandboxDingCard): ShownCard {
  const buttons = card.buttons.map(({ text, id, request, url }) =>
    named({ text, key: request ? id : undefined, url: request ? undefined : url }),
  )
  const { title, tag, figure, markdown, tips, closed } = card
  const lines = [title, tag, figure, asText(markdown), tips, closed, ...card.buttons.map(({ text }) => `[${text}]`)]
  return { title, text: lines.filter(Boolean).join('\n'), buttons }
}

function named(given: {
  text: string
  key?: string | undefined
  url?: string | undefined
}): ShownCard['buttons'][number] {
  const { text, key, url } = given
  return { text, ...(key !== undefined && { key }), ...(url !== undefined && { url }) }
}

/** Markdown as it reads: without its marks, and the stars of a masked number as they are meant. */
const asText = (markdown: string): string =>
  markdown
    .replace(/ {2}\n {2}/g, '\n')
    .replaceAll('**', '')
    .replaceAll('＊', '*')

export function textOf(message: SandboxMessage): string {
  const { body } = message
  if (body.kind === 'card') return cardText(body.card)
  if (body.kind === 'dingcard') return dingtalkCard(body.card).text
  if (body.kind === 'markdown') return asText(body.text)
  if (body.kind === 'image' && body.title) return `[图片] ${body.title}`
  return 'text' in body ? body.text : body.kind
}

/** A string means itself, wherever it stands. */
export function asPattern(pattern: string | RegExp): RegExp {
  return typeof pattern === 'string' ? new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : pattern
}
