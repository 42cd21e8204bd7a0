import type { Part } from '../intent.ts'
import { readNumber } from './numerals.ts'
import { blank, matches, type Range } from './text.ts'

const measure = '[个只块条根台套片包瓶支把张组颗付副]'
const count = '(\\d{1,4}|[一二两三四五六七八九十]{1,3})'
const name = '[\\p{Script=Han}a-z][\\p{Script=Han}a-z/-]{0,11}?'
const lead = /(?:换|更换|用|加装|配件|材料|用料)(?:了|掉了?|上|:|\s)*/g
const list = /[\s,，、;；和及跟+]+/
const notParts =
  /^(?:已|配件|零件|材料|件|东西|新的?|好|完|了|时间|人|个|机|师傅|地方|电话|过|无|没有|客户|不了)$|机器|正常|好了|满意|免费|收费?$/
/** 王女士 paid, and was not fitted. */
const someone = /^\p{Script=Han}{1,2}(?:先生|女士|小姐|太太|老师|师傅|老板|大爷|大妈|大哥|大姐|阿姨|叔叔)/u

const shapes: readonly RegExp[] = [
  new RegExp(`^(${name})\\s*[x×*]\\s*${count}\\s*${measure}?$`, 'u'),
  new RegExp(`^(${name})\\s*${count}\\s*${measure}$`, 'u'),
  new RegExp(`^${count}\\s*${measure}(${name})$`, 'u'),
  new RegExp(`^${measure}(${name})$`, 'u'),
  new RegExp(`^(${name})\\s*${count}$`, 'u'),
  new RegExp(`^(${name})$`, 'u'),
]

function read(words: string): Part | undefined {
  for (const [shape, pattern] of shapes.entries()) {
    const match = words.match(pattern)
    if (!match) continue
    const [first = '', second] = match.slice(1)
    const [thing, many] = shape === 2 ? [second ?? '', first] : [first, second]
    const quantity = many === undefined ? 1 : readNumber(many)
    const plain = thing.replace(/^(?:了|新|的)+|各$/g, '')
    return quantity && plain && !notParts.test(plain) && !someone.test(plain) ? { name: plain, quantity } : undefined
  }
  return undefined
}

/** Parts and quantities: 换电容1个, 换了电容×1、主板, 配件 电容*2. `taken` is where a list under 配件 stands. */
export function readParts(text: string, norm: string, claimed: readonly Range[]): { parts: Part[]; taken: Range[] } {
  const free = blank(norm, claimed)
  const parts = new Map<string, Part>()
  const taken: Range[] = []
  for (const { start, end, match } of matches(free, lead)) {
    if (/[没未不调联]$/.test(free.slice(0, start)) || (match[0] === '用' && !/用了/.test(match[0]))) continue
    // A list goes on until a word that is no part; a sentence ends it.
    const stretch = free.slice(end, end + 80).match(/^[^。.;；!！?？\n]*/)?.[0] ?? ''
    let at = 0
    for (const item of stretch.replace(/\s*([x×*])\s*/g, '$1').split(list)) {
      const part = item === '' ? undefined : read(item)
      if (!part) break
      const where = free.indexOf(part.name, end + at)
      const shown = where < 0 ? part.name : text.slice(where, where + part.name.length)
      parts.set(part.name, { name: shown, quantity: part.quantity })
      at = Math.max(at, where < 0 ? at : where - end + part.name.length)
    }
    const counted = free.slice(end + at).match(new RegExp(`^\\s*[x×*]?\\s*${count}?\\s*${measure}?`))?.[0] ?? ''
    if (/^(?:配件|材料|用料)/.test(match[0]) && at > 0) taken.push({ start, end: end + at + counted.length })
  }
  for (const { match } of matches(
    free,
    new RegExp(`(?<![\\p{Script=Han}a-z])(${name})\\s*[x×*]\\s*(\\d{1,3})(?!\\d)`, 'gu'),
  )) {
    const [, thing = '', many = ''] = match
    const plain = thing.replace(/^(?:换|更换|用)?(?:了|新|的)?/, '')
    if (plain && !parts.has(plain) && Number(many) > 0) parts.set(plain, { name: plain, quantity: Number(many) })
  }
  return { parts: [...parts.values()].slice(0, 20), taken }
}
