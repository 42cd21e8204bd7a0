import type { Card, CardButton } from '../../chat/card.ts'
import { bytesOf, cutBytes, oneLine, webUrl } from '../text.ts'
import { replyWords, toneWords } from '../words.ts'
import { lines, plainMarkdown } from './text.ts'

/** Variables of a card; every value is a string (dingtalk.md §5.1). */
export type CardData = Record<string, string>

/** DingTalk's public template, or the company's own one (deploy/dingtalk-card.json). */
export type Template = 'public' | 'own'

/** A value may have 1 KB (dingtalk.md §5.1). */
const mostBytes = 1_000
const mostButtons = 6
const idBytes = 512

/** A card's variables for a template. Always all of them: an update leaves nothing of the former state behind. */
export function cardData(card: Card, template: Template): CardData {
  return template === 'own' ? ownData(card) : publicData(card)
}

/** Variables of the public MarkdownButton template (dingtalk.md §5.6): its buttons are one JSON text. */
function publicData(card: Card): CardData {
  const figure = plainMarkdown(oneLine(card.figure ?? ''))
  return {
    title: titleOf(card),
    markdown: cutBytes(
      lines([figure && `**${figure}**`, head(card), ...rows(card), link(card), body(card)]),
      mostBytes,
    ),
    tips: tips(card),
    sys_full_json_obj: buttonsJson(usable(card)),
  }
}

function ownData(card: Card): CardData {
  const buttons = usable(card)
  const data: CardData = {
    title: titleOf(card),
    tag: toneWords[card.tone],
    figure: cutBytes(oneLine(card.figure ?? ''), 90),
    markdown: cutBytes(lines([head(card), ...rows(card), link(card), body(card)]), mostBytes),
    tips: card.closed === undefined ? tips(card) : '',
    closed: cutBytes(oneLine(card.closed ?? ''), 120),
  }
  for (let n = 0; n < mostButtons; n++) {
    const button = buttons[n]
    data[`btn${n + 1}`] = button ? label(button) : ''
    data[`act${n + 1}`] = button?.payload ?? ''
    data[`look${n + 1}`] = button ? colours[button.style] : 'gray'
  }
  return data
}

const colours: Record<CardButton['style'], string> = { primary: 'blue', default: 'gray', danger: 'red' }

const titleOf = (card: Card): string => cutBytes(oneLine(card.title), 120) || '派工'
const head = (card: Card): string =>
  plainMarkdown([oneLine(card.source), toneWords[card.tone], oneLine(card.subtitle ?? '')].filter(Boolean).join(' · '))

function rows(card: Card): string[] {
  return card.rows
    .filter(row => row.label.trim() !== '')
    .map(({ label: name, value }) => `**${plainMarkdown(oneLine(name))}**：${plainMarkdown(oneLine(value)) || '—'}`)
}

/** Before the words of the card, which may be cut. */
function link(card: Card): string {
  const url = webUrl(card.link)
  return url ? `[查看详情](${url.replaceAll('(', '%28').replaceAll(')', '%29')})` : ''
}

const body = (card: Card): string => lines((card.body ?? '').split('\n').map(line => plainMarkdown(line.trim())))

/** What became of it, or what can be typed instead of tapping. */
function tips(card: Card): string {
  if (card.closed !== undefined) return cutBytes(oneLine(card.closed), 120)
  const first = card.buttons[0]?.words
  return first ? cutBytes(`也可以回复「${first}」`, 120) : ''
}

const label = (button: CardButton): string => cutBytes(oneLine(button.text), 40) || '—'

/** At most six, each once. */
function usable(card: Card): CardButton[] {
  if (card.closed !== undefined) return []
  const fitting = card.buttons.filter(({ payload }) => payload !== '' && bytesOf(idOf(payload)) <= idBytes)
  return fitting
    .filter((button, at) => fitting.findIndex(({ payload }) => payload === button.payload) === at)
    .slice(0, mostButtons)
}

/**
 * What a button sends back stands in its id and in its params: of the public template it is not certain which of the two
 * comes back (dingtalk.md §5.6). Where both have no room, the id alone has to do, and the last buttons are left out.
 */
function buttonsJson(buttons: readonly CardButton[]): string {
  const drawn = buttons.map(button => ({
    ...{ text: label(button), color: colours[button.style], id: idOf(button.payload), request: true },
    params: { p: button.payload },
  }))
  const fits = (some: readonly object[]) => bytesOf(JSON.stringify({ msgButtons: some })) <= mostBytes
  const bare = drawn.map(({ params: _, ...rest }) => rest)
  while (!fits(bare)) bare.pop()
  return JSON.stringify({ msgButtons: fits(drawn) ? drawn : bare })
}

/** Ids are plain ASCII. */
function idOf(payload: string): string {
  return /^[\w:.-]+$/.test(payload) && !payload.startsWith('x.')
    ? payload
    : `x.${Buffer.from(payload).toString('base64url')}`
}

/** The payload of the button that was tapped, whichever way it came back. Empty when there is none. */
export function payloadOf(actionId: string, params: Record<string, unknown>): string {
  for (const name of ['payload', 'p']) {
    const value = params[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return actionId.startsWith('x.') ? Buffer.from(actionId.slice(2), 'base64url').toString() : actionId
}

/** The template of the card that was tapped: the own one names its buttons `btn1` … `btn6`, and what they send back `payload`. */
export const templateOf = (actionId: string, params: Record<string, unknown>): Template =>
  /^btn[1-6]$/.test(actionId) || typeof params.payload === 'string' ? 'own' : 'public'

/** A card where there are no interactive ones: its words, and what to type. */
export function cardText(card: Card): string {
  const parts = [
    oneLine(card.title),
    [oneLine(card.source), toneWords[card.tone], oneLine(card.subtitle ?? '')].filter(Boolean).join(' · '),
    oneLine(card.figure ?? ''),
    ...card.rows.map(row => `${oneLine(row.label)}：${oneLine(row.value)}`),
    card.body?.trim() ?? '',
    card.closed ?? replyWords(card),
  ]
  return parts.filter(Boolean).join('\n')
}

/** What is left when the platform's filter stops a card: enough to know which order, and whom to ask (dingtalk.md §10, 11). */
export function withoutWords(card: Card): Card {
  const { body: _, ...rest } = card
  const note = { label: '内容', value: '被钉钉的内容检查拦下，详情请问派工员' }
  return { ...rest, rows: [note] }
}
