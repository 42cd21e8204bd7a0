import { amountOf } from '../policy/fen.ts'
import type { MonthRecord } from '../settlement/closing.ts'
import type { MonthEntry } from '../settlement/fact.ts'
import type { Line, Slip, TeamResult } from '../settlement/slip.ts'

/** Months and payslips as programs get them: money in yuan, `"1074.63"`. */

export const yuan = (fen: string): string => amountOf(BigInt(fen))

export function lineJson({ fen, notTaken, override, ...line }: Line): object {
  return {
    ...line,
    ...(fen !== undefined && { amount: yuan(fen) }),
    ...(notTaken !== undefined && { notTaken: yuan(notTaken) }),
    ...(override && {
      override: { ...override, reckoned: line.as === 'value' ? override.reckoned : yuan(override.reckoned) },
    }),
  }
}

/** What a list shows of a slip. */
export const slipSummary = ({ person, name, post, month, policy, gross, deducted, corrected, net }: Slip): object => ({
  ...{ person: { id: person, name }, post, month, policy },
  ...{ gross: yuan(gross), deducted: yuan(deducted), corrected: yuan(corrected), net: yuan(net) },
})

export function slipJson(slip: Slip): object {
  const { days, lines, corrections, scores, facts, remarks } = slip
  return {
    ...slipSummary(slip),
    ...{ days, lines: lines.map(lineJson), scores, facts, remarks },
    corrections: corrections.map(({ fen, notTaken, ...rest }) => ({
      ...{ ...rest, amount: yuan(fen), ...(notTaken !== undefined && { notTaken: yuan(notTaken) }) },
    })),
  }
}

export const resultJson = ({ gross, net, lines, moved, missing: _, ...rest }: TeamResult): object => ({
  ...{ ...rest, lines: lines.map(lineJson), gross: yuan(gross), net: yuan(net) },
  moved: moved.map(({ name, fen }) => ({ name, amount: yuan(fen) })),
})

/** The record of a month: `amount` of what was set by hand, `net` of what was reckoned, in yuan. */
export const timelineOf = ({ facts }: MonthRecord): object[] =>
  facts.map((fact: MonthEntry) => {
    if (fact.fact === 'reckoned') return { ...fact, net: yuan(fact.net) }
    if (fact.fact !== 'adjusted') return fact
    const { fen, ...rest } = fact
    return { ...rest, amount: fen === null ? null : yuan(fen) }
  })
