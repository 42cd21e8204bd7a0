import { sayFen } from '../policy/fen.ts'
import type { Correction, Line, Slip } from './slip.ts'

/** Lines of a payslip as people read them. */

const fen = (text: string): string => sayFen(BigInt(text))

/** `浮动工资 ¥1,074.63`, a deduction with its minus. */
export function sayLine({ item, as, fen: amount, value, notTaken, fault }: Line): string {
  const is = amount === undefined ? tidy(value ?? '0') : `${as === 'deduct' && amount !== '0' ? '-' : ''}${fen(amount)}`
  const rest = notTaken === undefined ? '' : `（还有 ${fen(notTaken)} 没扣）`
  return `${item} ${is}${rest}${fault === undefined ? '' : ` ⚠️ ${fault}`}`
}

/** At most four decimals where people read; the trace keeps them all. */
export function tidy(value: string): string {
  const [whole = '0', places] = value.split('.')
  return places === undefined || places.length <= 4 ? value : `${whole}.${places.slice(0, 4)}…`
}

/** How a line came about: the way, what it used, what led to it. */
export function howLines({ how, inputs, gate, steps, override, rule, note, as }: Line): string[] {
  const used = inputs.map(({ name, value }) => `${name} ${tidy(value)}`).join('，')
  return [
    `算法：${how}${rule === undefined ? '' : `（${rule}）`}`,
    ...(used === '' ? [] : [`其中：${used}`]),
    ...(gate?.held ? [`条件：${gate.when} ✓`] : []),
    ...steps,
    ...(note === undefined ? [] : [`说明：${note}`]),
    ...(override
      ? [
          `人工改定（${override.by}）：${override.reason}；原来算出 ${as === 'value' ? override.reckoned : fen(override.reckoned)}`,
        ]
      : []),
  ]
}

/** `更正 10月 提成 -¥20.00：…` */
export function sayCorrection({ of, item, fen: amount, notTaken, why }: Correction): string {
  const rest = notTaken === undefined ? '' : `（还有 ${fen(notTaken)} 没扣，下个月再扣）`
  return `更正 ${Number(of.slice(5))}月 ${item} ${fen(amount)}${rest}：${why}`
}

/** `应发 ¥3,000.00 · 扣款 ¥50.00 · 实发 ¥2,950.00`. */
export function sumLine({ gross, deducted, corrected, net }: Slip): string {
  return [
    `应发 ${fen(gross)}`,
    ...(deducted === '0' ? [] : [`扣款 -${fen(deducted)}`]),
    ...(corrected === '0' ? [] : [`更正 ${fen(corrected)}`]),
    `实发 ${fen(net)}`,
  ].join(' · ')
}
