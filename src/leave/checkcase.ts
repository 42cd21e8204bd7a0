import { amountOf } from '../policy/fen.ts'
import type { LeaveExample } from '../policy/leavecase.ts'
import type { Policy } from '../policy/schema.ts'
import type { MonthLine } from './month.ts'
import { playLeave } from './playcase.ts'

/** What an example of `leave` finds wrong, a line each; none when it holds. Throws `Invalid` as playing does. */
export function checkLeave(policy: Policy, example: LeaveExample): string[] {
  const { lines, month } = playLeave(policy, example)
  const { counts, free } = example
  const found: string[] = []
  const differ = (what: string, is: string, wanted: string) => {
    if (is !== wanted) found.push(`${what} is ${is}, not ${wanted}`)
  }
  if (counts) {
    if (counts.length !== lines.length) found.push(`counts names ${counts.length} of ${lines.length} facts`)
    for (const [index, { line, came }] of lines.entries()) differ(line, came, counts[index] ?? came)
  }
  const left = lines.findLast(({ counted }) => counted)?.counted?.free ?? []
  if (free)
    differ('free', left.map(one => `${one.day} ${one.why}`).join(', '), free.map(one => one.join(' ')).join(', '))
  const sums = sumsOf(month)
  const { of: _, shares, ...wanted } = example.month ?? { of: '' }
  for (const [key, value] of Object.entries(wanted))
    differ(`month.${key}`, sums[key as keyof typeof wanted], String(value))
  const names = new Set([...Object.keys(shares ?? {}), ...(shares ? sums.shares.keys() : [])])
  for (const name of names)
    differ(`month.shares.${name}`, amountOf(sums.shares.get(name) ?? 0n), shares?.[name] ?? '0.00')
  return found
}

function sumsOf(month: readonly MonthLine[]) {
  const deducted = month.filter(line => line.what === 'deduct')
  const total = deducted.reduce((all, { fen }) => all + fen, 0n)
  const shares = new Map<string, bigint>()
  for (const { person, fen } of deducted.flatMap(({ portions }) => portions))
    shares.set(person, (shares.get(person) ?? 0n) + fen)
  const given = [...shares.values()].reduce((all, fen) => all + fen, 0n)
  const bonus = (what: MonthLine['what']) => {
    const line = month.find(one => one.what === what)
    return line && 'lost' in line && line.lost === null ? amountOf(line.fen) : 'none'
  }
  return {
    ...{ deduct: amountOf(total), company: amountOf(total - given), shares },
    ...{ full: bonus('fullMonth'), year: bonus('fullYear'), half: bonus('secondHalf') },
  }
}
