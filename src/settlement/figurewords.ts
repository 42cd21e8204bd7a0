import { type Field, type Item, type Objection, placesOf } from './figureentry.ts'
import { sayValue } from './figurevalue.ts'

/** What is said about the numbers of a month. */

/** `2026-10` → `2026年10月`. */
export const sayMonth = (month: string): string => `${month.slice(0, 4)}年${Number(month.slice(5))}月`

/** `毛利`, `张三 级别工资`. */
export const sayField = ({ person, label }: Pick<Field, 'person' | 'label'>): string =>
  person ? `${person.name} ${label}` : label

export function objectionText(field: Field, objection: Objection | 'unread', given: string): string {
  const what = sayField(field)
  switch (objection) {
    case 'unread':
      return `${what}要填一个数，看不懂「${given.slice(0, 30)}」，比如 ${exampleOf(field)}`
    case 'decimals':
      return `${what}最多 ${placesOf(field)} 位小数，收到的是 ${given}，请改好再填`
    case 'long':
      return `${what}的数太大了：${given}，请核对位数`
    case 'below':
      return `${what}不能小于 ${sayValue(field.min?.toFixed() ?? '0', field.unit)}，收到的是 ${given}，请核对`
    case 'above':
      return `${what}最多 ${sayValue(field.max?.toFixed() ?? '0', field.unit)}，收到的是 ${given}，请核对`
  }
}

function exampleOf({ unit, max }: Field): string {
  if (max) return max.lt(10) ? max.toFixed() : max.times('0.9').floor().toFixed()
  return unit === '元' ? '52300.50' : '12'
}

/** A sentence that enters it. */
export function exampleText(field: Field): string {
  if (field.mark) return `打分 ${field.person?.name} ${field.mark.item} ${field.mark.column} ${exampleOf(field)}`
  return `填数 ${sayField(field)} ${exampleOf(field)}`
}

export interface Entered {
  field: Field
  before: { value: string; from: string | null } | null
  /** Null: taken back, and nothing stands in its place. */
  after: { value: string; from: string | null } | null
  changed: boolean
}

/** What became of one number, with what it was. */
export function enteredText({ field, before, after, changed }: Entered, month: string): string {
  const say = (value: string) => sayValue(value, field.unit)
  const what = `${sayMonth(month)} ${sayField(field)}`
  if (after === null) return before ? `已撤销 ${what} ${say(before.value)}，现在是空的` : `${what} 本来就没有填`
  if (!changed) return `${what} 本来就是 ${say(after.value)}，没有改`
  if (after.from !== month)
    return `已撤销 ${what}${before ? ` ${say(before.value)}` : ''}，现在按${after.from ? `${sayMonth(after.from)}填的` : '通常的'} ${say(after.value)}`
  const old = before
    ? `（原来 ${before.from === null ? '按通常的' : before.from === month ? '' : `沿用${sayMonth(before.from)}的`}${before.from === month ? '' : ' '}${say(before.value)}）`
    : ''
  const stays = field.standing ? '，以后各月都按它，直到再改' : ''
  return `${what}：${say(after.value)}${old}${stays}${doubt(field, after.value)}`
}

/** A value that is allowed and seldom meant. */
function doubt({ unit }: Field, value: string): string {
  if (value.startsWith('-')) return '。是负数，填错了请再说一次'
  return unit === '%' && /^0\.\d+$/.test(value) ? `。按 ${value}% 记，要是想说 ${Number(value) * 100}% 请再说一次` : ''
}

const mostNames = 12

/** What a month still needs, with a sentence that enters the first of it. */
export function missingText(items: readonly Item[]): string {
  const missing = items.filter(one => one.missing)
  const [first] = missing
  if (!first) return '要填的都齐了。'
  const lines = [...byLabel(missing)].map(([label, own]) => {
    const names = own.flatMap(({ field }) => field.person?.name ?? [])
    const more = names.length > mostNames ? `等 ${names.length} 人` : ''
    return `· ${label}${names.length > 0 ? `：${names.slice(0, mostNames).join('、')}${more}` : ''}`
  })
  return [`还缺 ${missing.length} 项：`, ...lines, `比如说：${exampleText(first.field)}`].join('\n')
}

/** Marks of a person are asked for by card and column: twenty items are no twenty lines. */
function byLabel(items: readonly Item[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>()
  for (const item of items) {
    const { mark, label, unit } = item.field
    const key = mark ? `打分 ${mark.card} ${mark.column}` : unit === '' ? label : `${label}（${unit}）`
    const own = found.get(key) ?? []
    if (!mark || !own.some(({ field }) => field.person?.id === item.field.person?.id)) own.push(item)
    found.set(key, own)
  }
  return found
}

/** What remains to be entered, behind the answer to one entry. */
export function restText(items: readonly Item[], month: string): string {
  const missing = items.filter(one => one.missing)
  if (missing.length === 0) return `${sayMonth(month)}要填的都齐了。`
  const next = missing.slice(0, 3).map(({ field }) => sayField(field))
  return `还缺 ${missing.length} 项：${next.join('、')}${missing.length > 3 ? '…，回复「填数」看全部' : ''}。`
}

const mostValues = 30

/** 填数 alone: the month's numbers as they are, and what is missing. */
export function sheetText(team: string, month: string, locked: boolean, items: readonly Item[]): string {
  if (items.length === 0) return `「${team}」的制度里没有要填的月度数字。`
  const values = items.filter(({ field, value }) => value !== null && !field.mark)
  const lines = values.slice(0, mostValues).map(({ field, value, from }) => {
    const source = from === month ? '' : from === null ? '（通常的）' : `（沿用${sayMonth(from)}的）`
    return `${sayField(field)} ${sayValue(value ?? '0', field.unit)}${source}`
  })
  if (values.length > mostValues) lines.push(`还有 ${values.length - mostValues} 项，见导出的表格`)
  const marks = items.filter(({ field }) => field.mark)
  const given = marks.filter(({ value }) => value !== null)
  if (marks.length > 0) lines.push(`打分 ${given.length}/${marks.length}`)
  const head = `${team} ${sayMonth(month)}的数字${locked ? '（已锁定，不能再改）' : ''}`
  return [head, ...lines, ...(locked ? [] : [missingText(items)])].join('\n')
}

export const lockedText = (month: string): string =>
  `${sayMonth(month)}已经锁定，数字不能再改了，没有记录。要更正请填在还没锁定的月份。`
