import type { PayItem, PayRule } from '../policy/payrule.ts'

/** How an item is reckoned, in the words of the rule book: printed with its line, so that everybody can check it. */
export function howOf(item: PayItem, pay: PayRule): string {
  const { formula, tiers, share, aggregate, redistribute } = item
  const whole = item.prorate ? ' × 在职天数 ÷ 当月天数' : ''
  // A sum or a choice is multiplied as a whole.
  if (formula)
    return whole && /[+\-?=<>&|]/.test(formula.text) ? `(${formula.text})${whole}` : `${formula.text}${whole}`
  if (tiers) {
    const of = tiers.of ? `${tiers.of.text} × ` : ''
    const mode = { whole: '整段', marginal: '分段', lookup: '取值' }[tiers.mode]
    const rows = tiers.rows.map(({ from, is }) => `${from.text} 起 ${is.text}`).join('，')
    return `${of}按 ${tiers.by.text}（${mode}：${rows}）${whole}`
  }
  if (share) return `${share.pool} × ${share.by} ÷ 全体${share.by}${whole}`
  if (aggregate) {
    const of = aggregate.for ? `${aggregate.for.join('、')}的` : ''
    const as = { sum: '合计', average: '平均', count: '人数', highest: '最高', lowest: '最低' }[aggregate.as]
    return aggregate.as === 'count' ? `${of}人数` : `${of}${aggregate.of ?? ''}${as}`
  }
  if (redistribute) return `当天上班的同事平分${redistribute}`
  const by = pay.dayWage
  const days = by?.by === 'calendarDays' ? '当月天数' : by?.by === 'workdays' ? '当月工作日' : by?.by.text
  return `日工资 ${by?.of ?? ''} ÷ ${days ?? ''}，按请假和旷工扣`
}

export const divided = (by: string): string => `除数「${by}」是 0，算不出来：请核对数字`
export const tooLarge = '算出来的数太大：请核对数字'
export const lacking = (name: string): string => `缺「${name}」：请填数`
export const gateClosed = (when: string): string => `不符合「${when}」，不计`
export const inTier = (value: string, from: string, is: string): string => `${value} 在「${from} 起」这一段，取 ${is}`
export const belowTiers = (value: string, from: string): string => `${value} 不到 ${from}，取 0`
export const sliceOf = (from: string, part: string, is: string): string => `${from} 起的 ${part} × ${is}`
export const sharedBy = (pool: string, own: string, all: string): string => `${pool} × ${own} ÷ ${all}`
export const nobodyHas = (by: string): string => `没有人有${by}，池子不分`
export const prorated = (days: string, all: string): string => `在职 ${days} 天，全月 ${all} 天`
export const heldTo = (which: '上限' | '下限', bound: string): string => `${which} ${bound}`
export const ceiling = (limit: string): string => `扣款不超过应发的限额，这个月最多还能扣 ${limit}`
export const floorHeld = (floor: string): string => `扣完不能低于 ${floor}`
export const belowZero = '算出来是负数，取 0'
export const nobodyThere = '没有人，取 0'
export const fromColleague = (name: string, day: string, amount: string): string => `${day} ${name} ${amount}`
export const tookLeave = (day: string, label: string, amount: string): string => `${day} ${label} ${amount}`
