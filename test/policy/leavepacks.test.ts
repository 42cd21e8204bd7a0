import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkLeave } from '../../src/leave/checkcase.ts'
import type { LeaveRule, LeaveType } from '../../src/policy/leaverule.ts'
import { loadPacks } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'

const policies = loadPacks(fileURLToPath(new URL('../../src/policy/packs/', import.meta.url)))
const packs = policies
  .keys()
  .map(name => policies.get(name) as Policy)
  .flatMap(policy => (policy.leave ? [[policy.name, policy, policy.leave] as const] : []))

type Changed = Array<[what: string, other: LeaveRule]>

/** A type with one of its numbers moved by one, or one of its words another one, each with what was changed. */
function otherTypes(rule: LeaveRule): Changed {
  return rule.types.flatMap((type, index): Changed => {
    const changed: Changed = []
    const change = (what: string, more: Partial<LeaveType>) =>
      changed.push([
        `${type.name} ${what}`,
        { ...rule, types: rule.types.map((one, at) => (at === index ? { ...one, ...more } : one)) },
      ])
    for (const by of [1, -1]) {
      if (type.deduct > 0) change(`deduct ${by}`, { deduct: type.deduct + by })
      if (type.lateDeduct !== null) change(`late ${by}`, { lateDeduct: type.lateDeduct + by })
      if (type.noticeDays + by >= 0) change(`notice ${by}`, { noticeDays: type.noticeDays + by })
      if (type.atOnce !== null) change(`atOnce ${by}`, { atOnce: type.atOnce + by })
      for (const { per, days } of type.limits) change(`limit ${by}`, { limits: [{ per, days: days + by }] })
    }
    for (const { days } of type.limits) change('limit per month', { limits: [{ per: 'month', days }] })
    if (type.fullAttendance === 'free') change('fullAttendance', { fullAttendance: 'counts' })
    if (type.deductionTo) change('deductionTo', { deductionTo: null })
    if (type.proof !== 'none') change('proof', { proof: 'none' })
    if (type.unit === 'halfDay') change('unit', { unit: 'day' })
    return changed
  })
}

/** The rule with one number of full attendance moved by one, or one of its switches set otherwise. */
function otherRules(rule: LeaveRule): Changed {
  const { fullAttendance: full } = rule
  const changed: Changed = []
  const change = (what: string, more: Partial<LeaveRule>) => changed.push([what, { ...rule, ...more }])
  for (const key of ['month', 'year', 'secondHalf'] as const) {
    const part = full[key]
    if (!part) continue
    change(key, { fullAttendance: { ...full, [key]: null } })
    const amount = (Number(part.amount) + 0.01).toFixed(2)
    change(`${key} amount`, { fullAttendance: { ...full, [key]: { ...part, amount } } })
    for (const by of [0.5, -0.5])
      change(`${key} over ${by}`, { fullAttendance: { ...full, [key]: { ...part, over: part.over + by } } })
  }
  const { year, secondHalf } = full
  if (year) change('year by', { fullAttendance: { ...full, year: { ...year, by: 'year' } } })
  for (const by of [1, -1])
    if (secondHalf)
      change(`months ${by}`, {
        fullAttendance: { ...full, secondHalf: { ...secondHalf, months: secondHalf.months + by } },
      })
  const to = rule.deductionsTo === 'company' ? 'colleagues' : 'company'
  change('deductionsTo', { deductionsTo: to })
  return changed
}

it('leave is kept by three packs: the general one, R4.1–R4.6, and R4.7–R4.9', () => {
  expect(packs.map(([name]) => name)).toEqual(['aircon-shop', 'default', 'ebike-shop'])
})

describe.each(packs)('leave of %s', (name, policy, rule) => {
  const unnoticed = (changed: Changed) =>
    changed
      .filter(([, leave]) => {
        const other = { ...policy, leave }
        return policy.leaveCases.every(one => checkLeave(other, one).length === 0)
      })
      .map(([what]) => what)

  it('names each case once', () => {
    expect(policy.leaveCases.length).toBeGreaterThan(0)
    expect(new Set(policy.leaveCases.map(one => one.name)).size).toBe(policy.leaveCases.length)
  })

  it.each(policy.leaveCases.map(one => [one.name, one] as const))('%s', (_, one) => {
    expect(checkLeave(policy, one)).toEqual([])
  })

  it('has a case that fails when a number is moved by one, or a word is another', () => {
    // Of the general pack's types most cost nothing and take any span: only what R4 has numbers for is shown.
    const types = name === 'default' ? [] : otherTypes(rule)
    const changed = [...types, ...otherRules(rule)]
    expect(changed.length).toBeGreaterThan(0)
    expect(unnoticed(changed)).toEqual([])
  })

  it('has no case that would bear a fen more, or another count', () => {
    const borne = policy.leaveCases.flatMap(one => {
      const { month, counts = [] } = one
      const more = (text: string) => (text === 'none' ? '1.00' : (Number(text) + 0.01).toFixed(2))
      const months = (['deduct', 'company', 'full', 'year', 'half'] as const).flatMap(key => {
        const value = month?.[key]
        return month && value !== undefined ? [{ ...one, month: { ...month, [key]: more(value) } }] : []
      })
      const counted = counts.map((_, index) => ({
        ...one,
        counts: counts.map((text, at) => (at === index ? `${text} 旷工` : text)),
      }))
      return [...months, ...counted].filter(other => checkLeave(policy, other).length === 0).map(() => one.name)
    })
    expect(borne).toEqual([])
  })
})
