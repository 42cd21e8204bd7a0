import type { SandboxCard, SandboxDingCard, SandboxMessage } from '../../sandbox/wire.ts'

/** The cards of both platforms as a viewer sees them. Pure. */
export function cardFor(message: SandboxMessage, viewer: string): SandboxCard | undefined {
  if (message.body.kind !== 'card' || message.recalled) return undefined
  return message.body.forViewer[viewer] ?? message.body.card
}

export function dingCardFor(message: SandboxMessage, viewer: string): SandboxDingCard | undefined {
  if (message.body.kind !== 'dingcard' || message.recalled) return undefined
  return message.body.forViewer[viewer] ?? message.body.card
}

/** The buttons that call the service back, as far as the card still has them. */
export function liveButtons(message: SandboxMessage, viewer: string): Array<{ key: string; text: string }> {
  const ding = dingCardFor(message, viewer)
  if (ding) {
    if (ding.closed) return []
    return ding.buttons.filter(button => button.request).map(({ id, text }) => ({ key: id, text }))
  }
  const card = cardFor(message, viewer)
  if (!card || card.replaceText) return []
  return card.buttons.flatMap(({ key, text }) => (key === undefined ? [] : [{ key, text }]))
}

/** Two short buttons share a line; the next step gets one to itself. For each button whether it takes a whole line. */
export function wideButtons(texts: string[]): boolean[] {
  const wide = texts.map(text => [...text].length > 5)
  if (texts.length % 2 === 1 || wide.includes(true)) wide[0] = true
  for (let at = 0; at < wide.length; at++) {
    if (wide[at]) continue
    // Without a short neighbour half a line would stay empty.
    if (wide[at + 1] === false) at++
    else wide[at] = true
  }
  return wide
}

const lines = (words: Array<string | undefined>): string => words.filter(Boolean).join('\n')

export function cardWords(card: SandboxCard): string {
  const { source, title, desc, emphasis, subTitle, quote, rows, selection, buttons, replaceText } = card
  return lines([
    source?.desc,
    title,
    desc,
    emphasis?.title,
    emphasis?.desc,
    subTitle,
    quote?.title,
    quote?.text,
    ...rows.map(row => `${row.label} ${row.value}`),
    selection?.title,
    ...(replaceText ? [replaceText] : buttons.map(button => button.text)),
  ])
}

/** Markdown without the marks for bold and headings, and line by line as DingTalk breaks them. */
const unmarked = (markdown: string): string =>
  markdown
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/^\s*(?:#{1,6}|>)\s*/gm, '')
    .replaceAll('**', '')
    .replace(/[ \t]+$/gm, '')

export function dingCardWords(card: SandboxDingCard): string {
  const { look, title, tag, figure, markdown, tips, buttons, closed } = card
  return lines([
    // An ActionCard's title stands in the list of chats only.
    look === 'action-card' ? undefined : title,
    tag,
    figure,
    unmarked(markdown),
    tips,
    ...(closed ? [closed] : buttons.map(button => button.text)),
  ])
}
