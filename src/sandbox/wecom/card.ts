import type { SandboxCard, SandboxCardButton } from '../wire.ts'
import {
  checkAction,
  checkButtons,
  checkJumps,
  checkLists,
  checkMenu,
  checkOptions,
  checkPicture,
  checkRows,
  checkSubmit,
  checkTaskId,
  checkTitle,
} from './cardrules.ts'
import { appLengths, botLengths, cardShape, type Lengths, type RawCard, type RawOptions } from './cardshape.ts'
import { Refused } from './errcode.ts'
import { cutChars, lengthOf } from './text.ts'

export interface CardContext {
  /** Who sends: the app, the bot, or the group webhook robot; their limits differ. */
  sender: 'app' | 'bot' | 'robot'
  /** A replacement for a card already sent: it keeps that card's `task_id`. */
  update?: boolean
  nameOf: (userId: string) => string | undefined
}

export interface ReadCard {
  taskId: string
  card: SandboxCard
  /** Its buttons or menu call back, so the platform issues a response code for it. */
  callsBack: boolean
  /** What the client cuts or does not show. */
  notes: string[]
}

type Type = SandboxCard['type']

const types: Record<CardContext['sender'], readonly Type[]> = {
  app: ['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction'],
  bot: ['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction'],
  robot: ['text_notice', 'news_notice'],
}

function checkByType(type: Type, card: RawCard): void {
  if (type === 'text_notice' || type === 'news_notice') {
    checkTitle(card, type === 'text_notice')
    checkAction(card, true)
    if (type === 'news_notice') checkPicture(card)
    return
  }
  checkTitle(card, false)
  if (type === 'button_interaction') {
    checkAction(card, false)
    if (card.button_selection) checkOptions(card.button_selection, 10)
    // A dead card (replace_text) shows that text instead of its buttons.
    if (card.replace_text === undefined || card.button_list) checkButtons(card)
    return
  }
  if (type === 'vote_interaction') checkOptions(card.checkbox ?? {}, 20)
  else checkLists(card)
  checkSubmit(card)
}

/** Checks a `template_card` as WeCom does (throws `Refused`) and makes what the phone draws. */
export function readCard(raw: unknown, context: CardContext): ReadCard {
  const parsed = cardShape.safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Refused(40058, `invalid parameter: template_card.${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  const card = parsed.data
  const type = types[context.sender].find(name => name === card.card_type)
  if (!type) throw new Refused(42031, `invalid card_type ${card.card_type ?? '(missing)'}`)
  const interactive = type !== 'text_notice' && type !== 'news_notice'
  checkMenu(card)
  checkTaskId(card, (interactive || card.action_menu !== undefined) && !context.update)
  checkRows(card, context.sender === 'app' ? [0, 1, 2, 3] : [0, 1, 3])
  checkJumps(card, context.sender === 'bot' ? [0, 1, 2, 3] : [0, 1, 2])
  checkByType(type, card)
  const notes: string[] = []
  return {
    taskId: card.task_id ?? '',
    card: draw(type, card, context, notes),
    callsBack: interactive || card.action_menu !== undefined,
    notes,
  }
}

type Shorten = (field: string, text: string | undefined, most: number) => string
interface Titled {
  title?: string | undefined
  desc?: string | undefined
}

function draw(type: Type, raw: RawCard, context: CardContext, notes: string[]): SandboxCard {
  const lengths: Lengths = context.sender === 'app' ? appLengths : botLengths
  const shorten: Shorten = (field, text = '', most) => {
    if (lengthOf(text) > most) notes.push(`${field} has ${lengthOf(text)} characters, the client shows ${most}`)
    return cutChars(text, most)
  }
  const pair = (field: string, { title, desc }: Titled, longest: [number, number]) => ({
    ...(title ? { title: shorten(`${field}.title`, title, longest[0]) } : {}),
    ...(desc ? { desc: shorten(`${field}.desc`, desc, longest[1]) } : {}),
  })
  if (raw.action_menu) notes.push('the sandbox phone does not draw action_menu')
  const { source, emphasis_content: figure, quote_area: quote } = raw
  const color = ([0, 1, 2, 3] as const).find(value => value === source?.desc_color) ?? 0
  const selection = drawSelection(raw, lengths, shorten, notes)
  return {
    type,
    ...(source?.desc ? { source: { desc: shorten('source.desc', source.desc, lengths.source), color } } : {}),
    ...pair('main_title', raw.main_title ?? {}, [lengths.title, lengths.desc]),
    ...(figure && type === 'text_notice'
      ? { emphasis: pair('emphasis_content', figure, [lengths.figure, lengths.figureDesc]) }
      : {}),
    ...(raw.sub_title_text ? { subTitle: shorten('sub_title_text', raw.sub_title_text, lengths.sub) } : {}),
    ...(quote?.quote_text || quote?.title ? { quote: quoted(quote) } : {}),
    rows: drawRows(raw, lengths, shorten, context),
    ...(selection ? { selection } : {}),
    buttons: drawButtons(type, raw, lengths, shorten),
    ...(raw.replace_text === undefined ? {} : { replaceText: raw.replace_text }),
    ...(raw.card_action?.type === 1 && raw.card_action.url ? { url: raw.card_action.url } : {}),
  }
}

const quoted = ({ title, quote_text }: { title?: string | undefined; quote_text?: string | undefined }) => ({
  ...(title ? { title } : {}),
  ...(quote_text ? { text: quote_text } : {}),
})

function drawRows(raw: RawCard, lengths: Lengths, shorten: Shorten, context: CardContext): SandboxCard['rows'] {
  const rows = (raw.horizontal_content_list ?? []).map(row => {
    const value = row.type === 3 ? (context.nameOf(row.userid ?? '') ?? row.value) : row.value
    return {
      label: shorten('keyname', row.keyname, lengths.label),
      value: shorten('value', value, lengths.value),
      ...(row.type === 1 && row.url ? { url: row.url } : {}),
    }
  })
  const verticals = (raw.vertical_content_list ?? []).map(row => ({
    label: shorten('vertical_content_list.title', row.title, 38),
    value: shorten('vertical_content_list.desc', row.desc, 160),
  }))
  return [...rows, ...verticals]
}

function drawButtons(type: Type, raw: RawCard, lengths: Lengths, shorten: Shorten): SandboxCardButton[] {
  if (type === 'text_notice' || type === 'news_notice')
    return (raw.jump_list ?? []).map(jump => ({
      text: shorten('jump_list.title', jump.title, 18),
      style: 2,
      ...(jump.url ? { url: jump.url } : {}),
    }))
  if (type !== 'button_interaction')
    return [
      {
        text: shorten('submit_button.text', raw.submit_button?.text, lengths.button),
        style: 1,
        key: raw.submit_button?.key ?? '',
      },
    ]
  return (raw.button_list ?? []).map(button => ({
    text: shorten('button_list.text', button.text, lengths.button),
    style: ([1, 2, 3, 4] as const).find(style => style === button.style) ?? 1,
    ...(button.type === 1 ? { url: button.url ?? '' } : { key: button.key ?? '' }),
  }))
}

function drawSelection(raw: RawCard, lengths: Lengths, shorten: Shorten, notes: string[]): SandboxCard['selection'] {
  const lists: RawOptions[] = [raw.button_selection, raw.checkbox, ...(raw.select_list ?? [])].filter(
    list => list !== undefined,
  )
  const list = lists[0]
  if (!list) return undefined
  if (lists.length > 1) notes.push('the sandbox phone draws the first list only')
  const chosen = list.selected_id ?? list.option_list?.find(option => option.is_checked)?.id
  return {
    key: list.question_key ?? '',
    title: list.title ?? '',
    options: (list.option_list ?? []).map(option => ({
      id: option.id ?? '',
      text: shorten('option_list.text', option.text, lengths.option),
    })),
    ...(chosen === undefined ? {} : { selected: chosen }),
  }
}
