import { readMoney } from './numerals.ts'
import { matches, type Range } from './text.ts'

/** What a figure in a text is, when it is no order code. One number has one meaning. */
export type MarkKind = 'phone' | 'amount' | 'free' | 'model' | 'place' | 'price' | 'quantity'

export interface Mark extends Range {
  kind: MarkKind
  /** Digits of a phone (`0371-60001234-802`), decimal of an amount, else the normalised words. */
  value: string
  /** An amount that was said to be charged (收费 80), not merely priced (电容50元). */
  charged?: boolean
  /** 一共80: stands for all others. */
  total?: boolean
}

const cnMoney = '[零〇一二两三四五六七八九十百千万]{1,8}'
const figure = '\\d{1,3}(?:,\\d{3})+(?:\\.\\d{1,2})?|\\d{1,6}(?:\\.\\d{1,2})?'
const money = `(?:${figure}|${cnMoney})`
const currency = '(?:(?:元|块)(?:[\\d一二三四五六七八九](?![\\d个只台]))?钱?|块钱|圆|rmb)'
const totals = '合计|总共|一共|共计?|总计'
const charges = '实?收费?了?款?|费用|金额|工时费|上门费|维修费|安装费|材料费|配件费|服务费|远程费|收现|付了?|给了'

const charged = new RegExp(
  `(?<![没未不签验回])(?:(${totals})\\s*)?(?:(?:${charges})\\s*(?:人家|客户|用户|他|她)?|(?<=(?:${totals})\\s*))\\s*[:：]?\\s*(?:人民币|现金|微信|支付宝)?\\s*¥?\\s*(${money})\\s*${currency}?(?![\\d:号点年月]|\\.\\d|\\s*[个只台套次楼])`,
  'g',
)
const priced = new RegExp(`¥\\s*(${figure})(?!\\d)|(?<![\\d.\\w-])(${money})\\s*${currency}(?!板)`, 'g')
const freePattern =
  /免费|免单|不要钱|没要钱|(?:没有?|未|不|无)(?:收|需)(?:任何)?(?:费用|费|钱|款)?(?!到)|收费?\s*[:：]?\s*(?:无|没有)(?![\d人])|无费用|(?<!不是|[非过出超脱])保内|质保内|(?<!\d)0\s*元/g

const phones: readonly RegExp[] = [
  /(?<![\d-])(?:\+?86[-\s]?)?(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)/g,
  /(?<![\d-])(400)[-\s]?(\d{3,4})[-\s]?(\d{3,4})(?!\d)/g,
]
const landline = /(?<![\d-])\(?(0\d{2,3})\)?[-\s]?(\d{3,4}[-\s]?\d{4})(?!\d)(?:\s*(?:-|转|分机|ext\.?)\s*(\d{1,6}))?/g
const local =
  /(?<=(?:电话|座机|手机|致电|回电|tel)\s*[:：]?\s*)(\d{3,4}[-\s]\d{4}|\d{7,8})(?!\d)(?:\s*(?:-|转|分机)\s*(\d{1,6}))?/g
const tail = /(?:尾号|末尾|后四位)\s*(?:是|为)?\s*\d{4}/g

const words = {
  // KFR-35GW/…, E5, 1.5P: letters and figures in one token.
  model:
    /(?<![\w.-])(?=[\w./-]{0,30}\d)(?=[\w./-]{0,30}[a-z])(?!(?:no\.?|ok)?\d{4,6}(?:ok)?(?![\w/-]))\w[\w./-]{1,40}/g,
  place:
    /(?<=[路街道巷弄村院区里庄园苑]\s*)\d{1,5}\s*号(?!单)|\d{1,5}\s*(?:号?[楼院]|号?[栋幢座]|单元|弄|室|门牌|层|号房)|(?<=单元|[楼栋幢座室层]|号院)\s*[东西中南北]?(?:门|户)?\s*\d{2,5}(?![\d点:.])(?:室|号|户)?|(?<!\d)\d{1,3}-\d{1,3}-\d{2,4}/g,
  // 发票价 3299: what the unit cost, which no code can be.
  price: new RegExp(`(?<=(?:票价|价格|售价|买价)\\s*[是为]?\\s*[:：]?\\s*¥?\\s*)(?:${figure})(?![\\d.])`, 'g'),
  quantity:
    /[x×*]\s*\d+|(?<![\d.])\d+(?:\.\d+)?\s*[x×*](?=\s*\D|$)|(?<![\d.])\d+(?:\.\d+)?(?:个(?![人别])|台|[只条根套片米度瓦伏安升斤克匹寸℃%]|公斤|公里|平方?|转(?![给派单到交]|[一-龥]{1,6}部)|天|分钟|小时|年|毫安|千瓦|mm|cm|kg|w\b|v\b)/g,
} as const

const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** Phones, also in text that is nothing but a phone. */
export function findPhones(norm: string): Mark[] {
  const found: Mark[] = []
  const add = (mark: Mark) => {
    if (!found.some(({ start, end }) => start < mark.end && mark.start < end)) found.push(mark)
  }
  for (const pattern of phones)
    for (const { start, end, match } of matches(norm, pattern))
      add({ kind: 'phone', start, end, value: match.slice(1).join('') })
  for (const { start, end, match } of matches(norm, landline)) {
    const extension = match[3] ? `-${match[3]}` : ''
    add({ kind: 'phone', start, end, value: `${match[1]}-${digitsOf(match[2] ?? '')}${extension}` })
  }
  for (const { start, end, match } of matches(norm, local))
    add({ kind: 'phone', start, end, value: digitsOf(match[1] ?? '') + (match[2] ? `-${match[2]}` : '') })
  for (const { start, end, match } of matches(norm, tail)) add({ kind: 'phone', start, end, value: digitsOf(match[0]) })
  return found.sort((a, b) => a.start - b.start)
}

// 一块主板, 主板一块, 换了12块电池: 块 counts things, too.
const isCount = (words: string, after: string): boolean =>
  /块$/.test(words) && (/^[\d一二两三四五六七八九]块$/.test(words) || /^(?![收免了的吧整])\p{Script=Han}/u.test(after))
const within = /(?:其中|含|包括)[^,，。;；]{0,4}$/

/** Amounts of money and words for "nothing charged". */
export function findAmounts(norm: string): Mark[] {
  const found: Mark[] = []
  for (const { start, end, match } of matches(norm, charged)) {
    const value = readMoney(
      (match[0].match(new RegExp(`(?:${money})\\s*${currency}?$`))?.[0] ?? '').replace(/\s|钱|rmb/g, ''),
    )
    const total = /合计|总|共/.test(match[0])
    if (value !== undefined)
      found.push({
        kind: 'amount',
        start,
        end,
        value,
        charged: !within.test(norm.slice(0, start)),
        ...(total ? { total } : {}),
      })
  }
  for (const { start, end, match } of matches(norm, priced)) {
    const value = readMoney(match[0].replace(/[¥\s钱]|rmb/g, ''))
    if (isCount(match[0], norm.slice(end))) continue
    if (value !== undefined && !found.some(other => start < other.end && other.start < end))
      found.push({ kind: 'amount', start, end, value })
  }
  for (const { start, end, match } of matches(norm, freePattern))
    if (!found.some(other => start < other.end && other.start < end))
      found.push({ kind: 'free', start, end, value: match[0] })
  return found.sort((a, b) => a.start - b.start)
}

/** Models, house and flat numbers, quantities with their unit. */
export function findFigures(norm: string): Mark[] {
  return Object.entries(words).flatMap(([kind, pattern]) =>
    matches(norm, pattern).map(({ start, end, match }) => ({
      kind: kind as MarkKind,
      start,
      end,
      value: match[0],
    })),
  )
}
