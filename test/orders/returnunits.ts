import type { ReturnFacts, ReturnsAnswer } from '../../src/orders/returncase.ts'
import { decideReturns } from '../../src/orders/returns.ts'
import type { ReturnsRule } from '../../src/policy/returnsrule.ts'
import { policyOf } from './journal.ts'

const clock = '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'
export const ruleOf = (lines: string): ReturnsRule => {
  const { returns } = policyOf(clock, `returns:\n${lines}`)
  if (!returns) throw new Error('no rule')
  return returns
}

/** As R13 has it. */
export const r13 = ruleOf(`
  fault: [{ withinDays: 7, gives: [退货, 换货, 维修] }, { withinDays: 15, gives: [换货, 维修] }]
  noParts: { overDays: 90, gives: [换货, 维修], inWarranty: true }
  repairerLate: { overDays: 30, gives: 换货 }
  deformed: { gives: [换货, 维修] }
  insteadOfExchange: { sameModel: { depreciation: 1‰, leaveOut: [等配件, 大修] }, noModel: { depreciation: none } }
  needs: [附件, 鉴定单]`)

export const day = (count: number): string => new Date(Date.UTC(2026, 10, 3 + count)).toISOString().slice(0, 10)

/** Bought on day 0 for 3,299.00, nothing missing, all else told. */
export function unit(more: Partial<ReturnFacts> = {}, today = 0): ReturnFacts {
  return {
    ...{ invoicedOn: day(0), price: '3299.00', faultOn: day(today), handedInOn: day(today), inRepair: [] },
    ...{ mainFault: false, deformed: false, waitsForParts: false, repairerSince: false, warranty: 'in' },
    ...{ sameModel: true, otherModel: false, accessories: true, sheet: true },
    ...more,
  }
}

export function unknown<K extends keyof ReturnFacts>(facts: ReturnFacts, ...keys: K[]): ReturnFacts {
  return Object.fromEntries(Object.entries(facts).filter(([key]) => !keys.includes(key as K))) as unknown as ReturnFacts
}

export const decide = (facts: ReturnFacts, today: number, rule = r13): ReturnsAnswer =>
  decideReturns(rule, facts, day(today))
