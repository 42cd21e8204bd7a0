import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReturnFacts } from '../../src/orders/returncase.ts'
import { amountOf, fenOf } from '../../src/policy/fen.ts'
import type { ReturnsRule } from '../../src/policy/returnsrule.ts'
import { day, decide, unit } from './returnunits.ts'

const maybe = fc.option(fc.boolean(), { nil: undefined })
const dayOrNot = fc.option(fc.integer({ min: -30, max: 400 }), { nil: undefined })
const anyUnit = fc
  .record({
    ...{ mainFault: maybe, deformed: maybe, waitsForParts: maybe, sameModel: maybe, otherModel: maybe },
    ...{ accessories: maybe, sheet: maybe, invoicedOn: dayOrNot, repairerSince: dayOrNot },
    warranty: fc.constantFrom('in' as const, 'out' as const, undefined),
    price: fc.option(fc.bigInt({ min: 1n, max: 9_999_999_999n }), { nil: undefined }),
    faultOn: fc.integer({ min: -30, max: 400 }),
    handedInOn: fc.integer({ min: -30, max: 400 }),
    daysInRepair: fc.option(fc.integer({ min: 0, max: 3660 }), { nil: undefined }),
    inRepair: fc.array(fc.tuple(fc.integer({ min: -30, max: 400 }), fc.integer({ min: 0, max: 90 })), { maxLength: 4 }),
  })
  .map(({ invoicedOn, repairerSince, price, faultOn, handedInOn, inRepair, ...rest }): ReturnFacts => {
    const facts = {
      ...rest,
      ...(invoicedOn !== undefined && { invoicedOn: day(invoicedOn) }),
      ...(repairerSince !== undefined && { repairerSince: day(repairerSince) }),
      ...(price !== undefined && { price: amountOf(price) }),
      ...{ faultOn: day(faultOn), handedInOn: day(handedInOn) },
      inRepair: inRepair.map(([from, length]) => ({ from: day(from), to: day(from + length), why: 'parts' as const })),
    }
    return JSON.parse(JSON.stringify(facts)) as ReturnFacts
  })
const today = fc.integer({ min: 0, max: 400 })
const anyRule = fc
  .record({
    periods: fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 }),
    ...{ overParts: fc.integer({ min: 0, max: 200 }), overLate: fc.integer({ min: 0, max: 60 }) },
    ...{ rate: fc.integer({ min: 1, max: 20_000 }), needs: fc.subarray(['accessories', 'sheet'] as const) },
  })
  .map(
    ({ periods, overParts, overLate, rate, needs }): ReturnsRule => ({
      fault: periods
        .sort((a, b) => a - b)
        .map((withinDays, index) => ({
          withinDays,
          gives: index === 0 ? ['return', 'exchange', 'repair'] : ['exchange'],
        })),
      noParts: { overDays: overParts, gives: ['exchange', 'repair'], inWarranty: true },
      repairerLate: { overDays: overLate, gives: ['exchange'] },
      deformed: { gives: ['exchange', 'repair'] },
      insteadOfExchange: {
        sameModel: { depreciation: rate, leaveOut: [], anyTime: false },
        noModel: { depreciation: 0 },
      },
      needs,
    }),
  )

describe('whatever is known', () => {
  it('pays back no more than the price and nothing below zero', () => {
    fc.assert(
      fc.property(anyRule, anyUnit, today, (rule, facts, now) => {
        const { refund, refunds } = decide(facts, now, rule)
        for (const paid of [...refunds, ...(refund ? [refund] : [])]) {
          if (paid.fen === null) continue
          expect(paid.fen).toBeGreaterThanOrEqual(0n)
          expect(paid.fen).toBeLessThanOrEqual(fenOf(facts.price ?? '0'))
        }
      }),
    )
  })

  it('gives what every answer to the open questions would give, and no more', () => {
    fc.assert(
      fc.property(anyRule, anyUnit, today, maybe, (rule, facts, now, given) => {
        const whole = decide(facts, now, rule)
        for (const { fact } of whole.open) {
          if (['invoicedOn', 'price', 'warranty', 'repairerSince'].includes(fact)) continue
          const told = decide({ ...facts, [fact]: given ?? true }, now, rule)
          expect(told.outcomes).toEqual(expect.arrayContaining(whole.outcomes))
          expect(whole.possible).toEqual(expect.arrayContaining(told.possible))
          expect(told.open.map(one => one.fact)).not.toContain(fact)
        }
      }),
    )
  })

  it('asks for nothing when all is told, and then gives a return exactly where it pays something back', () => {
    const all = anyUnit.map(facts => unit(facts))
    fc.assert(
      fc.property(anyRule, all, today, (rule, facts, now) => {
        fc.pre((facts.invoicedOn ?? '') <= day(now))
        const { open, outcomes, possible, refund } = decide(facts, now, rule)
        expect(open).toEqual([])
        expect(refund !== null).toBe(outcomes.includes('return'))
        expect(possible).toEqual(expect.arrayContaining(outcomes))
      }),
    )
  })

  it('a later fault gives no more than an earlier one, and a longer period no less than a shorter', () => {
    fc.assert(
      fc.property(
        anyRule,
        fc.integer({ min: 0, max: 90 }),
        fc.nat({ max: 60 }),
        fc.nat({ max: 30 }),
        (rule, at, later, longer) => {
          const facts = (fault: number) => unit({ mainFault: true, faultOn: day(fault) })
          const early = decide(facts(at), 200, rule)
          const late = decide(facts(at + later), 200, rule)
          expect(early.outcomes).toEqual(expect.arrayContaining(late.outcomes))
          expect(Number(early.refund?.fen ?? 0n)).toBeGreaterThanOrEqual(Number(late.refund?.fen ?? 0n))
          const stretched = rule.fault?.map(period => ({ ...period, withinDays: period.withinDays + longer }))
          const wider = decide(facts(at), 200, { ...rule, fault: stretched })
          expect(wider.outcomes).toEqual(expect.arrayContaining(early.outcomes))
        },
      ),
    )
  })

  it('the longer it is kept the less is paid back, and days in repair make up for it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 300 }), fc.integer({ min: 0, max: 40 }), (now, idle) => {
        const deformed = (more: Partial<ReturnFacts> = {}) => unit({ deformed: true, ...more })
        const paid = (facts: ReturnFacts, at: number) => Number(decide(facts, at).refund?.fen)
        expect(paid(deformed(), now + 1)).toBeLessThanOrEqual(paid(deformed(), now))
        const repaired = [{ from: day(now), to: day(now + idle), why: 'parts' as const }]
        expect(paid(deformed({ inRepair: repaired }), now + idle)).toBe(paid(deformed(), now))
      }),
    )
  })
})
