import { Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'
import type { MonthRecord } from './closing.ts'
import type { Settled } from './payroll.ts'
import { rankedBy, rankingOf } from './ranking.ts'
import type { Slip, TeamResult } from './slip.ts'

/** An earlier month as it was settled. */
export interface Before {
  record: Pick<MonthRecord, 'month' | 'view'>
  slips: ReadonlyMap<string, Slip>
}

/** What an earlier slip is compared by: without what its lines rest on, which is most of it. */
export const compared = (slip: Slip): Slip => ({
  ...slip,
  lines: slip.lines.map(line => ({ ...line, inputs: [], steps: [] })),
  facts: Object.fromEntries(Object.entries(slip.facts).map(([name, { value }]) => [name, { value }])),
})

/** Facts a team's figures are made of: what each person has, added up. */
const added = [
  ...(['完成单', '安装单', '维修单', '空单', '返修单', '及时单', '超时单', '联系及时单', '联系超时单'] as const),
  ...(['评价单', '满意单', '投诉单', '收费额', '积分'] as const),
] as const
export type TeamFact = (typeof added)[number]

export const sumsOf = (slips: Iterable<Slip>): Record<string, string> => {
  const sums = new Map<string, Num>(added.map(name => [name, new Num(0)]))
  for (const { facts } of slips)
    for (const name of added) sums.set(name, (sums.get(name) ?? new Num(0)).plus(facts[name]?.value ?? 0))
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum.toDecimalPlaces(2).toString()]))
}

/** What a team's month came to: sums, places, who gained and lost most, and what is missing. */
export function teamResultOf(
  policy: Policy,
  team: string,
  month: string,
  { lines, slips, missing }: Settled,
  { before, year }: { before: Before | null; year: Before | null },
): TeamResult {
  const names = new Map(slips.map(({ person, name }) => [person, name]))
  const total = (of: 'gross' | 'net') => slips.reduce((sum, slip) => sum + BigInt(slip[of]), 0n)
  return {
    ...{ month, team, policy: { name: policy.name, title: policy.title, version: policy.version }, lines },
    missing: missing.map(({ what, person }) => ({
      what,
      ...(person !== undefined && { person: names.get(person) ?? '' }),
    })),
    ...{ ranking: rankingOf(slips, rankedBy(policy)), rankBy: rankedBy(policy), facts: sumsOf(slips) },
    ...{ gross: `${total('gross')}`, net: `${total('net')}`, people: slips.length },
    moved: movedMost(slips, before),
    before: before && { facts: sumsOf(before.slips.values()), places: placesOf(before, policy) },
    year: year && { facts: sumsOf(year.slips.values()) },
  }
}

const placesOf = ({ slips }: Before, policy: Policy): Record<string, number> =>
  Object.fromEntries(rankingOf([...slips.values()], rankedBy(policy)).map(({ person, rank }) => [person, rank]))

/** Who has more or less than the month before, the largest differences first, in fen. */
function movedMost(slips: readonly Slip[], before: Before | null): TeamResult['moved'] {
  if (!before) return []
  const all = slips.flatMap(({ person, name, net }) => {
    const old = before.slips.get(person)
    const fen = old ? BigInt(net) - BigInt(old.net) : 0n
    return fen === 0n ? [] : [{ name, fen: `${fen}` }]
  })
  const size = ({ fen }: { fen: string }) => Math.abs(Number(fen))
  return all.sort((a, b) => size(b) - size(a)).slice(0, 3)
}

export const correctionWhy = (month: string): string => `${Number(month.slice(5))}月锁定以后的记录有变动，重算有差额`
