import { amountOf } from '../policy/fen.ts'
import { Num } from '../policy/formula.ts'
import type { PayCase } from '../policy/paycaserule.ts'
import type { Policy } from '../policy/schema.ts'
import type { Settled } from './payroll.ts'
import { playPay } from './playpay.ts'
import type { Slip } from './slip.ts'

/** What differs from what an example expects, a line each; none when it holds. @throws Invalid */
export function checkPay(policy: Policy, one: PayCase): string[] {
  return differences(one, playPay(policy, one))
}

/** What of a settled month differs from what an example expects, a line each. */
export function differences(one: PayCase, settled: Settled): string[] {
  const faults: string[] = []
  for (const [who, lines] of Object.entries(one.expect)) {
    const slip = settled.slips.find(({ name }) => name === who)
    if (who !== '班组' && !slip) {
      faults.push(`${who}: is not among the people`)
      continue
    }
    for (const [name, wanted] of Object.entries(lines)) {
      const found = slip ? lineValue(slip, name) : teamValue(settled.lines, name)
      if (found === undefined) faults.push(`${who} ${name}: there is no such line`)
      else if (!same(found, wanted)) faults.push(`${who} ${name}: is ${found ?? 'none'}, not ${wanted}`)
    }
  }
  if (one.missing) {
    const found = settled.missing.map(({ what, person }) => (person ? `${person} ${what}` : what)).sort()
    const wanted = [...one.missing].sort()
    if (found.join('|') !== wanted.join('|')) faults.push(`missing: is ${found.join('、')}, not ${wanted.join('、')}`)
  } else if (settled.missing.length > 0)
    faults.push(`missing: ${settled.missing.map(({ what, person }) => `${person ?? ''} ${what}`.trim()).join('、')}`)
  return faults
}

function teamValue(lines: ReadonlyArray<Slip['lines'][number]>, name: string): string | undefined {
  return lines.find(({ item }) => item === name)?.value
}

const sums = { 应发: 'gross', 扣款: 'deducted', 更正: 'corrected', 实发: 'net' } as const

/** Undefined: there is no such thing; null: none. */
function lineValue(slip: Slip, name: string): string | null | undefined {
  if (Object.hasOwn(sums, name)) return amountOf(BigInt(slip[sums[name as keyof typeof sums]]))
  if (name === '没扣到')
    return amountOf([...slip.lines, ...slip.corrections].reduce((sum, { notTaken }) => sum + BigInt(notTaken ?? 0), 0n))
  const line = slip.lines.find(({ item }) => item === name)
  if (line) return line.fen === undefined ? line.value : amountOf(BigInt(line.fen))
  const score = slip.scores.find(({ card }) => card === name)
  if (score) return score.total
  const graded = slip.scores.find(({ card }) => `${card}等级` === name)
  if (graded) return graded.grade
  return slip.facts[name]?.value
}

function same(found: string | null, wanted: string): boolean {
  if (found === null || wanted === 'none') return found === null && wanted === 'none'
  return /^-?\d+(\.\d+)?$/.test(found) && /^-?\d+(\.\d+)?$/.test(wanted) ? new Num(found).eq(wanted) : found === wanted
}
