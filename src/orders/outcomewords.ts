import type { Part } from '../chat/intent.ts'

/** `换了电容，配件 电容×1，收费 ¥80`; empty when nothing was said. */
export function sayOutcome({
  result,
  charge,
  parts = [],
}: {
  result: string
  charge?: string
  parts?: readonly Part[]
}): string {
  const unsaid = parts.filter(part => !result.includes(part.name))
  const used = unsaid.map(part => `${part.name}×${part.quantity}`).join('、')
  const paid = charge === undefined ? '' : Number(charge) === 0 ? '没收费' : `收费 ${sayMoney(charge)}`
  return [result, used && `配件 ${used}`, paid].filter(Boolean).join('，')
}

/** `¥1,074.63`; whole amounts without fen: `¥80`. */
function sayMoney(amount: string): string {
  const [whole = '0', fen] = amount.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fen && Number(fen) > 0 ? `¥${grouped}.${fen.padEnd(2, '0').slice(0, 2)}` : `¥${grouped}`
}
