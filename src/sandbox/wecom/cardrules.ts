import type { RawCard, RawOptions } from './cardshape.ts'
import { Refused } from './errcode.ts'

const longKey = 1_024
const longId = 128

function refuse(when: boolean, errcode: number, errmsg: string): void {
  if (when) throw new Refused(errcode, errmsg)
}

const tooLong = (text: string, bytes: number) => Buffer.byteLength(text) > bytes
const empty = (text: string | undefined) => text === undefined || text === ''
const repeated = (keys: Array<string | undefined>) => new Set(keys).size !== keys.length

/** `task_id`: digits, letters, `_-@`, at most 128 bytes. Uniqueness is the caller's. */
export function checkTaskId(card: RawCard, required: boolean): void {
  const missing = empty(card.task_id)
  refuse(missing && required, 42014, 'missing or invalid task_id')
  refuse(!missing && !/^[0-9A-Za-z_\-@]{1,128}$/.test(card.task_id ?? ''), 42014, 'missing or invalid task_id')
}

export function checkMenu(card: RawCard): void {
  if (!card.action_menu) return
  const actions = card.action_menu.action_list ?? []
  refuse(actions.length < 1 || actions.length > 3, 40058, 'action_menu.action_list length must be 1-3')
  refuse(
    actions.some(({ text }) => empty(text)),
    40058,
    'missing action_menu.action_list.text',
  )
  const keys = actions.map(action => action.key)
  const bad = keys.some(key => empty(key) || tooLong(key ?? '', longKey)) || repeated(keys)
  refuse(bad, 42051, 'missing, invalid or repeated action_menu.action_list.key')
}

/** Rows: at most six, each with a label; `types` are the row types this sender may use. */
export function checkRows(card: RawCard, types: readonly number[]): void {
  const rows = card.horizontal_content_list ?? []
  refuse(rows.length > 6, 42035, 'invalid horizontal_content_list length')
  for (const row of rows) {
    refuse(empty(row.keyname), 42027, 'missing horizontal_content_list.keyname')
    refuse(!types.includes(row.type ?? 0), 40058, 'invalid horizontal_content_list.type')
    refuse(row.type === 1 && empty(row.url), 42028, 'missing horizontal_content_list.url')
    refuse(row.type === 2 && empty(row.media_id), 42029, 'missing horizontal_content_list.media_id')
    refuse(row.type === 3 && empty(row.userid), 42050, 'missing or invalid horizontal_content_list.userid')
  }
}

export function checkJumps(card: RawCard, types: readonly number[]): void {
  const jumps = card.jump_list ?? []
  refuse(jumps.length > 3, 42042, 'invalid jump_list length')
  for (const jump of jumps) {
    refuse(!types.includes(jump.type ?? 0), 40058, 'invalid jump_list.type')
    refuse(empty(jump.title), 42033, 'missing jump_list.title')
    refuse(jump.type === 1 && empty(jump.url), 42028, 'missing jump_list.url')
    refuse(jump.type === 2 && empty(jump.appid), 42030, 'missing jump_list.appid')
    refuse(jump.type === 3 && tooLong(jump.question ?? '', 200), 40058, 'invalid jump_list.question')
  }
}

/** What happens when the whole card is tapped: required on notices, optional on button cards. */
export function checkAction(card: RawCard, required: boolean): void {
  const action = card.card_action
  refuse(!action && required, 42045, 'missing or invalid card_action')
  if (!action) return
  const type = action.type ?? 0
  refuse(![0, 1, 2].includes(type) || (required && type === 0), 42045, 'missing or invalid card_action.type')
  refuse(type === 1 && empty(action.url), 42045, 'missing card_action.url')
  refuse(type === 2 && empty(action.appid), 42045, 'missing card_action.appid')
}

export function checkTitle(card: RawCard, orSubTitle: boolean): void {
  const missing = empty(card.main_title?.title) && !(orSubTitle && !empty(card.sub_title_text))
  refuse(missing, 41016, 'missing title')
}

export function checkPicture(card: RawCard): void {
  refuse(!card.card_image && !card.image_text_area, 42044, 'missing card_image or image_text_area')
  refuse(card.card_image !== undefined && empty(card.card_image.url), 42044, 'missing card_image.url')
  const ratio = card.card_image?.aspect_ratio ?? 1.3
  refuse(ratio < 1.3 || ratio > 2.25, 40058, 'invalid card_image.aspect_ratio')
  const verticals = card.vertical_content_list ?? []
  refuse(verticals.length > 4, 42036, 'invalid vertical_content_list length')
  refuse(
    verticals.some(({ title }) => empty(title)),
    42033,
    'missing vertical_content_list.title',
  )
}

export function checkButtons(card: RawCard): void {
  const buttons = card.button_list ?? []
  refuse(buttons.length < 1 || buttons.length > 6, 40058, 'invalid button_list length, must be 1-6')
  for (const button of buttons) {
    refuse(empty(button.text), 42038, 'missing or invalid button_list.text')
    refuse(![0, 1].includes(button.type ?? 0), 40058, 'invalid button_list.type')
    const style = button.style ?? 1
    refuse(style < 1 || style > 4, 40058, 'invalid button_list.style, must be 1-4')
    const callback = (button.type ?? 0) === 0
    refuse(
      callback && (empty(button.key) || tooLong(button.key ?? '', longKey)),
      42039,
      'missing or invalid button_list.key',
    )
    refuse(!callback && empty(button.url), 42028, 'missing button_list.url')
  }
  const keys = buttons.filter(button => (button.type ?? 0) === 0).map(button => button.key)
  refuse(repeated(keys), 42039, 'repeated button_list.key')
}

/** A drop-down, check boxes or a list: its key, and between one and `most` options. */
export function checkOptions(list: RawOptions, most: number): void {
  refuse(
    empty(list.question_key) || tooLong(list.question_key ?? '', longKey),
    42043,
    'missing or invalid question_key',
  )
  const options = list.option_list ?? []
  refuse(options.length < 1 || options.length > most, 42037, `invalid option_list length, must be 1-${most}`)
  const ids = options.map(option => option.id)
  const badId = ids.some(id => empty(id) || tooLong(id ?? '', longId)) || repeated(ids)
  refuse(badId, 42040, 'missing, invalid or repeated option_list.id')
  refuse(
    options.some(({ text }) => empty(text)),
    42041,
    'missing or invalid option_list.text',
  )
}

export function checkSubmit(card: RawCard): void {
  const key = card.submit_button?.key
  refuse(empty(key) || tooLong(key ?? '', longKey), 42046, 'missing or invalid submit_button.key')
  refuse(empty(card.submit_button?.text), 42049, 'missing or invalid submit_button.text')
}

export function checkLists(card: RawCard): void {
  const lists = card.select_list ?? []
  refuse(lists.length < 1 || lists.length > 3, 42047, 'invalid select_list length, must be 1-3')
  for (const list of lists) checkOptions(list, 10)
  refuse(repeated(lists.map(list => list.question_key)), 42043, 'repeated select_list.question_key')
}
