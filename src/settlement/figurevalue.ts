import { Num } from '../policy/formula.ts'

/** Numbers as people write them, and as they are said back. */

const scales: Readonly<Record<string, number>> = { 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000 }

/** A number as people write it; what stands behind it is for `readValue`. */
export const valuePattern =
  '(?:负|-)?\\s*[¥￥]?\\s*(?:\\d+(?:[,，]\\d+)*(?:\\.\\d+)?|\\.\\d+)\\s*[百千万亿]?(?:\\d)?\\s*(?:[元块圆]|%)?'

/**
 * `52,300.5`, `５２３００`, `5.23万`, `5万2`, `¥660元`, `负1200`; a percent sign only where the number is in percent. Null
 * where it is no number, or its commas stand where they could be points.
 */
export function readValue(text: string, unit: string): Num | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s¥]/g, '')
    .replace(/^负/, '-')
    .replace(/[‐‑‒–—―−]/g, '-')
  const bare = unit !== '' && plain.endsWith(unit) ? plain.slice(0, -unit.length) : plain.replace(/(?<=.)[元块圆]$/, '')
  const match = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([百千万亿])?(\d)?$/.exec(bare.replace(/^(-?)(?=\.\d)/, '$&0'))
  if (!match) return null
  const [, sign = '', whole = '', fraction = '', scale, tenths] = match
  if (tenths !== undefined && (scale === undefined || fraction !== '')) return null
  const size = scale === undefined ? 1 : (scales[scale] ?? 1)
  // 5万2 is 52,000.
  const value = new Num(`${whole.replaceAll(',', '')}${fraction}`)
    .times(size)
    .plus(new Num(tenths ?? 0).times(size).div(10))
  return sign === '-' ? value.neg() : value
}

/** `¥52,300.50`, `-¥1,200.00`, `95%`, `7 档`: exactly what is kept. */
export function sayValue(value: string, unit: string): string {
  const number = new Num(value)
  const [whole = '0', fraction = ''] = number.abs().toFixed().split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const sign = number.isNeg() && !number.isZero() ? '-' : ''
  if (unit === '元') return `${sign}¥${grouped}.${fraction.padEnd(2, '0')}`
  return `${sign}${grouped}${fraction && `.${fraction}`}${unit === '%' ? '%' : unit && ` ${unit}`}`
}
