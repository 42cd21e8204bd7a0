import type { OrderWish } from '../intent.ts'
import type { Code } from './codes.ts'
import { findName, nameAt } from './names.ts'
import { blank, normalise, type Range } from './text.ts'

/** Several technicians on one order (加派, 减派, 分成): whom the words mean, and how much of the work is whose. */

interface Words {
  text: string
  norm: string
  codes: readonly Code[]
  names: readonly string[]
}

type Read = { wish: OrderWish } | { why: 'missing' | 'twoReadings'; say: string }

/** `40%`, `40`, `四成`, `百分之40`, `一半`, right behind a name. */
const amount =
  /^\s*(?:占|拿|得|分|是|[:：])*\s*(?:(?:百分之)?(\d{1,3}(?:\.\d+)?)(?![\d点:：月号日])\s*[%％]?|([一二三四五六七八九])成|(一半))/
const tenths = '一二三四五六七八九'
const whole = '分成请写 0 到 100 的整数'

/** The percents that stand at `at`, with where they end; `odd` when they are no whole number. */
function percentAt(norm: string, at: number): { percent: number; end: number } | 'odd' | undefined {
  const match = at < 0 ? null : amount.exec(norm.slice(at))
  if (!match) return undefined
  const [found, figure, tenth, half] = match
  const percent = half ? 50 : tenth ? (tenths.indexOf(tenth) + 1) * 10 : Number(figure)
  return Number.isInteger(percent) ? { percent, end: at + found.length } : 'odd'
}

export function readJoin({ text, norm, codes, names }: Words, verb: Range): Read {
  const name = findName(text, withoutPercent(norm), verb, names, codes)
  if (name === 'two') return { why: 'twoReadings', say: '请一次只加一个人，例如：加派 1024 李四' }
  if (name === undefined)
    return { why: 'missing', say: '加派谁？请写上名字，例如：加派 1024 李四，或带上分成：加派 1024 李四 40%' }
  const at = norm.indexOf(normalise(name), verb.end)
  const behind = at < 0 ? undefined : percentAt(norm, at + name.length)
  const percent = behind ?? percentAt(norm, norm.search(/\d{1,3}(?:\.\d+)?\s*[%％]/))
  if (percent === 'odd') return { why: 'missing', say: `${whole}，例如：加派 1024 李四 40%` }
  return { wish: { do: 'join', who: name, ...(percent && { share: percent.percent }) } }
}

/** `李四40%` is the name and what follows it. */
const withoutPercent = (norm: string): string =>
  norm.replace(/(?<=\p{Script=Han})\d{1,3}(?:\.\d+)?\s*[%％]?(?=$|[\s,，.。])/gu, found => ' '.repeat(found.length))

export function readLeave({ text, norm, codes, names }: Words, verb: Range): Read {
  const name = findName(text, norm, verb, names, codes)
  if (name === 'two') return { why: 'twoReadings', say: '请一次只减一个人，例如：减派 1024 李四' }
  if (name === undefined) return { why: 'missing', say: '减派谁？请写上名字，例如：减派 1024 李四' }
  return { wish: { do: 'leave', who: name } }
}

const equally = /平分|均分|平均|对半|各(?:占)?一半|一人一半/

export function readShares({ norm, codes, names }: Words, verb: Range): Read {
  const free = blank(norm, [...codes, verb])
  if (equally.test(free)) return { wish: { do: 'share', shares: [] } }
  const { shares, odd, bare } = listed(free, names)
  if (odd) return { why: 'missing', say: `${whole}，例如：分成 1024 张三 60 李四 40` }
  if (bare || (shares.length === 0 && /[\d一二三四五六七八九]/.test(free)))
    return { why: 'missing', say: '每个人写上名字和百分数，例如：分成 1024 张三 60 李四 40' }
  return { wish: { do: 'share', ...(shares.length > 0 && { shares }) } }
}

/**
 * `1024 张三60 李四40` without a verb: a division when it is nothing but known names with percents that add up to 100.
 */
export function bareShares({ norm, codes, names }: Words): OrderWish | undefined {
  const { shares, odd, bare, left } = listed(blank(norm, codes), names)
  const total = shares.reduce((sum, { percent }) => sum + percent, 0)
  return shares.length > 1 && total === 100 && !odd && !bare && left === '' ? { do: 'share', shares } : undefined
}

interface Listed {
  shares: Array<{ who: string; percent: number }>
  /** One is no whole number. */
  odd: boolean
  /** A known name without percents. */
  bare: boolean
  left: string
}

/** Names with percents behind them, in their order; a name nobody knows is one when percents follow it. */
function listed(free: string, names: readonly string[]): Listed {
  const found: Listed = { shares: [], odd: false, bare: false, left: '' }
  for (let at = 0; at < free.length; ) {
    const known = nameAt(free, at, names)
    const other = known ? undefined : /^\p{Script=Han}{2,4}(?=\s*[:：]?\s*\d)/u.exec(free.slice(at))?.[0]
    const who = known ?? other
    const percent = who === undefined ? undefined : percentAt(free, at + who.length)
    if (who === undefined) {
      found.left += /[\s,，、;；/和与%％。.]/.test(free[at] ?? '') ? '' : (free[at] ?? '')
      at += 1
    } else if (percent === undefined || percent === 'odd') {
      if (percent === 'odd') found.odd = true
      else found.bare = true
      at += who.length
    } else {
      found.shares.push({ who, percent: percent.percent })
      at = percent.end
    }
  }
  return found
}
