import { fenOf } from '../../src/policy/fen.ts'
import { Num } from '../../src/policy/formula.ts'
import { readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'
import type { PersonMonth, TeamMonth } from '../../src/settlement/month.ts'
import type { Settled } from '../../src/settlement/payroll.ts'
import type { Line, Slip } from '../../src/settlement/slip.ts'

/** A policy about money alone; `sections` is yaml. */
export const moneyPolicy = (sections: string): Policy => readPolicy(`name: x\nversion: 1\n${sections}`, 'x.yaml')

export interface GivenPerson {
  id: string
  post?: string | null
  employed?: number
  facts?: Record<string, number | string>
  figures?: Record<string, number | string>
  leave?: ReadonlyArray<{ day: string; times: number; to: readonly string[] }>
  overrides?: Record<string, string>
  owed?: PersonMonth['owed']
}

const numbers = (given: Record<string, number | string> = {}) =>
  new Map(Object.entries(given).map(([name, value]) => [name, new Num(value)]))

/** A person whose name is his id; facts that are not given are nothing. */
export function person(given: GivenPerson): PersonMonth {
  const { id, post = null, employed = 30, leave = [], owed = [], overrides = {} } = given
  const facts = { 在职天数: employed, 完成单: 0, 罚款: 0, 评价单: 0, ...given.facts }
  return {
    ...{ id, name: id, post, days: { employed }, figures: numbers(given.figures), marks: numbers(given.figures) },
    facts: new Map([...numbers(facts)].map(([name, value]) => [name, { value }])),
    leaveTaken: wage => leave.map(({ day, times, to }) => ({ day, to, label: '事假', fen: wage * BigInt(times) })),
    overrides: new Map(
      Object.entries(overrides).map(([item, yuan]) => [item, { fen: fenOf(yuan), reason: '核对过', by: '王经理' }]),
    ),
    ...{ owed, remarks: [] },
  }
}

/** November, 30 days, 21 of them workdays. */
export const team = (
  people: readonly PersonMonth[],
  figures: Record<string, number | string> = {},
  month = '2026-11',
): TeamMonth => ({
  ...{ team: '一班', month, people, figures: numbers(figures) },
  days: { days: 30, workdays: 21, lastOfQuarter: false, lastOfYear: false },
})

export const slip = ({ slips }: Settled, who: string): Slip => {
  const found = slips.find(({ person: id }) => id === who)
  if (!found) throw new Error(`no slip of ${who}`)
  return found
}

export function line(of: Slip | Settled, item: string): Line {
  const found = of.lines.find(one => one.item === item)
  if (!found) throw new Error(`no line ${item}`)
  return found
}

export const sum = (all: readonly bigint[]): bigint => all.reduce((total, one) => total + one, 0n)
