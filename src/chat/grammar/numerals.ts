/** Chinese numerals as people type them. */

const digits: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}
const units: Record<string, number> = { 十: 10, 百: 100, 千: 1000, 万: 10000 }

/** Source of a pattern for a whole number, in figures or in Chinese. */
export const numeral = '(?:\\d{1,8}|[零〇一二两三四五六七八九十百千万廿]{1,8})'

/** `12`, `十二`, `廿五`, `一百二` (120), `两百五` (250); undefined for `两三` and other word play. */
export function readNumber(words: string): number | undefined {
  if (/^\d+$/.test(words)) return Number(words)
  let total = 0
  let digit: number | undefined
  let unit = 0
  let zero = false
  for (const char of words.replace('廿', '二十')) {
    const value = digits[char]
    const size = units[char]
    if (value === 0) {
      if (digit !== undefined) return undefined
      zero = true
    } else if (value !== undefined) {
      if (digit !== undefined) return undefined
      digit = value
    } else if (size !== undefined) {
      if (digit === undefined && size !== 10) return undefined
      if (unit !== 0 && size >= unit) return undefined
      total += (digit ?? 1) * size
      unit = size
      digit = undefined
      zero = false
    } else return undefined
  }
  if (digit === undefined) return words === '' ? undefined : total
  // 一百二 is 120, 一百零二 is 102, 十二 is 12.
  return total + (unit >= 100 && !zero ? (digit * unit) / 10 : digit)
}

/** `2026`, `二〇二六`, `26` as a year. */
export function readYear(words: string): number | undefined {
  const figures = [...words].map(char => digits[char] ?? char).join('')
  if (!/^\d+$/.test(figures)) return undefined
  return figures.length === 4 ? Number(figures) : figures.length === 2 ? 2000 + Number(figures) : undefined
}

/** An amount of money as a plain decimal string: `80`, `1,200`, `120.50`, `一百二`, `80块5`. */
export function readMoney(words: string): string | undefined {
  const [, whole = '', tenths] = words.match(/^([^块元]+)(?:[块元]([\d一二三四五六七八九]))?/) ?? []
  const figures = whole.replace(/,/g, '')
  const base = /^\d+(?:\.\d{1,2})?$/.test(figures) ? figures.replace(/^0+(?=\d)/, '') : readNumber(whole)?.toString()
  if (base === undefined || tenths === undefined || base.includes('.')) return base
  return `${base}.${readNumber(tenths) ?? 0}`
}
