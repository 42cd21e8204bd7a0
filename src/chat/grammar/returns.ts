import type { OrderWish, ReturnSaid, Understood } from '../intent.ts'
import { rest } from './fillers.ts'
import { numeral, readNumber } from './numerals.ts'
import { dayOf, doubt, here, pads, parts, type Reading, readDates, repairer, repairing } from './returndates.ts'
import { blank, type Range } from './text.ts'
import type { Verb } from './verbs.ts'

type Heard = Omit<Reading, 'said' | 'taken' | 'doubts'>
type Flag = 'mainFault' | 'deformed' | 'otherModel' | 'sameModel' | 'waitsForParts'

const customer = '(?:客户|用户|顾客)?'
const other = '(?:要|换|调换|接受)*(?:成)?(?:别的|其他|其它|另外的?|不同)(?:的)?(?:型号|款式?|机型|机器)?'
const same = '(?:同型号|同款|相同型号|一样的)'
const spare = '(?:配件|零件|备件)'

/** Yes and no of what may be said of a unit; a no is looked for first, since it holds the words of a yes. */
const flags: ReadonlyArray<readonly [Flag, boolean, RegExp]> = (
  [
    ['mainFault', false, '(?:不是|并非|不算|非|没有?|无)(?:什么)?(?:主要)?(?:的)?(?:功能|性能)?(?:性)?(?:的)?故障'],
    ['mainFault', false, '(?:主要)?(?:功能|性能)(?:都|是)?(?:没问题|没坏|正常|完好)'],
    ['mainFault', true, '主要(?:的)?(?:功能|性能)(?:性)?(?:的)?(?:故障|有?问题|坏|失效)了?|主要(?:性)?故障'],
    ['mainFault', true, '(?:功能|性能)(?:性)?故障'],
    ['deformed', false, '(?:没有?|不|无|未)(?:外观|严重|明显|发生)*变形'],
    ['deformed', false, `(?:变形)?(?:是)?${customer}(?:自己)?(?:碰|摔|撞|砸|压)(?:的|坏|变形)+`],
    ['deformed', true, '(?:新机?|刚)?(?:开箱|拆箱)?(?:就|时|后|发现)*(?:外观|外壳|机壳)?(?:就|有|是)*(?:严重)?变形了?'],
    ['otherModel', false, `${customer}(?:也|都)?(?:不愿意?|不接受|不同意|不肯|不想|不要|不换)${other}`],
    ['otherModel', true, `${customer}(?:也|都)?(?:愿意?|接受|同意|可以|肯|要|想)${other}`],
    ['sameModel', false, `(?:没有?|无|缺|断)(?:了)?(?:现货)?${same}(?:的)?(?:机器?|货|型号)?了?`],
    ['sameModel', false, `${same}(?:的)?(?:都|已经?|也)*(?:没有?|无|断|停|缺|卖完)(?:货|产|了)*`],
    ['sameModel', true, `(?:还)?有(?:现货)?(?:的)?${same}(?:的)?(?:机器?|货|型号)?`],
    ['sameModel', true, `${same}(?:的)?(?:都|还|库存|仓库)*有(?:货|库存|现货)?`],
    [
      'waitsForParts',
      false,
      `(?:没有?|不|没在)(?:在|是|用)?等(?:待)?${spare}|${spare}(?:都|已经?)*(?:到|齐)(?:了|货|齐)*`,
    ],
    ['waitsForParts', true, `(?:还|一直|正)*(?:在)?${parts}`],
  ] as const
).map(([fact, value, source]) => [fact, value, new RegExp(source, 'g')])

/** 附件和鉴定单: things that are named together are there or missing together. */
const thing = '(?:附件|(?:退换机?)?鉴定(?:报告)?(?:单|表|书|报告)?)'
const things = new RegExp(`${thing}(?:\\s*[和跟与及、,，]?\\s*${thing})*`, 'g')
const without = /(?<![不没])(?:缺少?|少|丢)(?:了|的)?\s*$|(?:没有|没|无|差|未[带开填]|没[带开填])(?:了|的)?\s*$/
const withIt = /(?:不缺|没缺|不少|没少|没丢|(?<!没)有|(?<![未没])带(?:了|上|齐)?|开了|填了)\s*$/
const isNot =
  /^\s*(?:都|也|还|是|全|不够)*(?:不齐全?|不全|不够|不符|不对|不一致|对不上|(?:没有|没(?!有))(?!缺|少|丢)|未[开填带]|没[开填带]|有?(?:缺|少|丢)|无)(?!\s*(?:附件|鉴定|同|配))/
const is =
  /^\s*(?:都|也|还|是|很|已经?|均|全)*(?:齐全?|全|有|在|完整|[开填带好]了|没少|不缺|没缺|够|相?符)(?!\s*(?:附件|鉴定|同|现货))/

/** 客户要退, 想换: without a no before it, and not 换电容 behind it. */
const wished = (verb: string): RegExp =>
  new RegExp(
    `(?<=^|[\\s,，.。;；、:：]|客户|用户|顾客)(?:现在|就|还是|坚持|一定|说|只)*(?:想要?|要求?|希望|愿意?|同意)${verb}(?:一?台新的?|一?台|新的|掉)?了?(?=$|[\\s,，.。;；、?？!！吗呢吧])`,
    'g',
  )

/** Words around the facts that carry none. */
const nothing =
  /^(?:客户|用户|顾客|要求?|想要?|说|能不能|可不可以|可以|能|怎么|吗|嘛|呢|吧|的|了|是|在|有|和|就|也|都|还|从|起|价格?|发票|开票|金额|日期|时间|机器|这台|一台|新机?|给|他|她|现在|不要|不想|不愿意?|不肯|已经?|因为?|单子?|号|元|多少钱?|[\s,，.。:：;；、?？!！()（）“”"'-])+$/

const mostDays = 3660
const contradiction = '您说的前后不一样，请只说一样，例如：退换 1024 附件齐 有鉴定单'

/** The wish behind 退换 1024 11月3日买的 3299元 主要功能故障 缺附件; a question where two readings remain. */
export function readReturns(heard: Heard): { wish: OrderWish } | { unsure: Extract<Understood, { kind: 'unsure' }> } {
  const own = heard.verbs.filter(({ reads }) => reads === 'returns')
  const reading: Reading = { ...heard, said: wanted(own, heard.norm), taken: [], doubts: [] }
  readDates(reading)
  readPrice(reading)
  readFacts(reading, own)
  const [first] = reading.doubts
  if (first) return { unsure: first }
  const { text, codes, code, taken, said } = reading
  const left = rest(text, [...codes.filter(one => one.code === code), ...own, ...taken])
  const unread = left !== undefined && !nothing.test(left) ? left : undefined
  return { wish: { do: 'returns', said, ...(unread !== undefined && { unread }) } }
}

/** 退货 or 换货 alone is a wish; both, or 退换, leave it open. */
function wanted(own: readonly Verb[], norm: string): ReturnSaid {
  const meant = own.filter(
    ({ start }) => !/不(?:要|想|愿意?|肯|用)?\s*$/.test(norm.slice(Math.max(0, start - 4), start)),
  )
  const words = new Set(meant.map(({ words: said }) => (/^[退换][货机]/.test(said) ? said[0] : '')))
  words.delete('')
  if (words.size !== 1) return {}
  return { wants: words.has('退') ? 'return' : 'exchange' }
}

function readPrice(reading: Reading): void {
  const { marks, norm, taken, said } = reading
  const priced = marks.filter(({ kind }) => kind === 'price')
  // 收费 80 is no price of the unit; 金额 3299 is.
  const amounts = marks.filter(
    ({ kind, charged, start, end }) => kind === 'amount' && (!charged || /金额/.test(norm.slice(start, end))),
  )
  taken.push(...priced, ...amounts)
  const values = [...new Set((priced.length > 0 ? priced : amounts).map(({ value }) => inFull(value)))]
  const [value, second] = values
  if (value === undefined) return
  if (second !== undefined) doubt(reading, 'twoReadings', `发票价是 ${value} 还是 ${second}？请只说一个，例如：3299元`)
  if (!/[1-9]/.test(value)) doubt(reading, 'missing', '请说发票上的价格，例如：3299元')
  said.price = value
}

/** `3299`, `3,299.5` → `3299.00`, `3299.50`. */
function inFull(value: string): string {
  const [whole = '0', places = ''] = value.replace(/,/g, '').split('.')
  return `${whole}.${places.padEnd(2, '0').slice(0, 2)}`
}

function readFacts(reading: Reading, own: readonly Verb[]): void {
  const { said, taken, codes, norm } = reading
  let free = blank(norm, [...codes, ...own, ...taken])
  const take = (pattern: RegExp, meant: (count: number) => ReturnSaid): void => {
    for (const match of [...free.matchAll(pattern)]) {
      const count = readNumber(match[1] ?? '') ?? 0
      const range = { start: match.index, end: match.index + match[0].length }
      taken.push(range)
      free = blank(free, [range])
      if (count > mostDays) doubt(reading, 'twoReadings', `${count} 天太长了，请核对后再说一次`)
      else agree(reading, meant(count))
    }
  }
  const ago = (days: number): string => dayOf(here(reading).minus({ days }))
  const counted = (what: string): RegExp => new RegExp(`${what}${pads}(${numeral})\\s*天`, 'g')
  take(counted(repairer), days => ({ repairerSince: ago(days) }))
  take(counted(parts), days => ({ waitsForParts: true, waitingSince: ago(days) }))
  take(counted(repairing), days => ({ inRepair: { days } }))
  take(new RegExp(`(?:不是|并非|不怪|非|没有?)${repairer}`, 'g'), () => ({ repairerSince: false }))
  take(new RegExp(repairer, 'g'), () => (typeof said.repairerSince === 'string' ? {} : { repairerSince: true }))
  take(
    /不在(?:保|(?:三包|保修|质保)期?)(?:之|以)?内|保外|过保了?|(?:三包|保修|质保)期?(?:已经?|都|之|以)*[过外]了?/g,
    () => ({
      warranty: 'out',
    }),
  )
  take(/(?:还|都)*在?(?:保|(?:三包|保修|质保)期?)(?:之|以)?内/g, () => ({ warranty: 'in' }))
  for (const [fact, value, pattern] of flags) take(pattern, () => ({ [fact]: value }))
  take(new RegExp(`${customer}(?:不愿意?|不想|不肯|不要?)调?换了?`, 'g'), () => ({ wants: 'return' }))
  take(wished('退'), () => ({ wants: 'return' }))
  take(wished('调?换'), () => ({ wants: 'exchange' }))
  readThings(reading, free)
  if (/(?:缺|少|没有?|无)(?:配件|零件)/.test(free))
    doubt(reading, 'twoReadings', '缺的是修理用的配件，还是退换的机器缺附件？请说“等配件”或“缺附件”')
}

/** Adds what is said; the same thing said twice has to be said alike. Wanting both leaves open which. */
function agree(reading: Reading, more: ReturnSaid): void {
  const { said } = reading
  if (said.wants && more.wants && said.wants !== more.wants) {
    delete said.wants
    return
  }
  for (const key of Object.keys(more) as Array<keyof ReturnSaid>)
    if (key !== 'wants' && typeof said[key] === 'boolean' && typeof more[key] === 'boolean' && said[key] !== more[key])
      doubt(reading, 'twoReadings', contradiction)
  Object.assign(said, more)
}

/** Whether accessories and the appraisal sheet are there, by the words before or behind them. */
function readThings(reading: Reading, free: string): void {
  for (const { 0: words, index } of free.matchAll(things)) {
    const end = index + words.length
    const [before, behind] = [free.slice(Math.max(0, index - 6), index), free.slice(end, end + 10)]
    const ahead = withIt.exec(before) ?? without.exec(before)
    const after = isNot.exec(behind) ?? is.exec(behind)
    const [first, last] = [ahead && withIt.test(before), after && !isNot.test(behind)]
    const there = first ?? last
    if (there === null) continue
    const range: Range = { start: index - (ahead?.[0].length ?? 0), end: end + (after?.[0].length ?? 0) }
    reading.taken.push(range)
    // 缺附件 鉴定单有: what stands before is of the one, what stands behind of the other.
    const [one = '', other, more] = words.split(/[\s,，]+/)
    if (first !== null && last !== null && first !== last) {
      if (other === undefined || more !== undefined) doubt(reading, 'twoReadings', contradiction)
      else
        for (const [part, its] of [
          [one, first],
          [other, last],
        ] as const)
          agree(reading, named(part, its))
    } else agree(reading, named(words, there))
  }
}

const named = (words: string, there: boolean): ReturnSaid => ({
  ...(words.includes('附件') && { accessories: there }),
  ...(words.includes('鉴定') && { sheet: there }),
})
