import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Formula, Num } from '../../src/policy/formula.ts'
import { loadPacks } from '../../src/policy/load.ts'
import type { PayCase } from '../../src/policy/paycaserule.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { checkPay, differences } from '../../src/settlement/checkpay.ts'
import type { TeamMonth } from '../../src/settlement/month.ts'
import { settle } from '../../src/settlement/payroll.ts'
import { teamMonthOf } from '../../src/settlement/playpay.ts'

const policies = loadPacks(fileURLToPath(new URL('../../src/policy/packs/', import.meta.url)))
const packs = policies
  .keys()
  .map(name => policies.get(name) as Policy)
  .filter(({ incidents, points, pay, scorecards }) => incidents || points || pay || scorecards.length > 0)

const sections = ['figures', 'counts', 'incidents', 'points', 'scorecards', 'pay'] as const

/** Numbers that no month's money shows: what may be entered, days to appeal, and when something is proposed. */
const elsewhere = /(^figures\.(min|max)|\.(appealWithin|answerWithin)|\.from\.(over|within))$/

/** A number of a policy, or a consequence without one: where it is, the name of what it belongs to, and the policy with it a little different. */
interface Moved {
  what: string
  name: string
  others: Policy[]
  /** What a month is settled from stays the same: only how it is settled changes. */
  settling: boolean
  /** One of them is enough: from `usual: 2` to 3 makes no difference where 2 or more is asked for. */
  either: boolean
}

function numbersOf(policy: Policy): Moved[] {
  const found: Moved[] = []
  function walk(value: unknown, path: readonly string[], name: string, put: (other: unknown) => Policy): void {
    const settling = /^(pay|scorecards|figures)$/.test(path[0] ?? '')
    const keys = path.filter(step => !/^\d+$/.test(step)).join('.')
    if (elsewhere.test(keys)) return
    const add = (what: string, others: readonly unknown[]) => {
      if (others.length > 0)
        found.push({ what, name, others: others.map(put), either: keys === 'figures.usual', settling })
    }
    const what = `${name} ${path.join('.')}`
    if (isFormula(value))
      for (const [index, nodes] of literals(value.node, isBound(keys)).entries())
        add(
          `${what} (${value.text}) ${index + 1}`,
          nodes.filter(node => !belowNothing(keys, node)).map(node => ({ ...value, node })),
        )
    else if (typeof value === 'number') add(what, near(value, path, keys))
    else if (value === true && keys.startsWith('incidents.')) add(what, [false])
    else if (keys === 'pay.limits.floor' && typeof value === 'string') add(what, [(Number(value) + 0.01).toFixed(2)])
    else if (Array.isArray(value))
      for (const [index, one] of value.entries())
        walk(one, [...path, `${index}`], nameOf(one) ?? name, other => put(value.with(index, other)))
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value))
        walk(one, [...path, key], keys === 'pay.constants' ? key : name, other => put({ ...value, [key]: other }))
  }
  for (const section of sections) walk(policy[section], [section], section, other => ({ ...policy, [section]: other }))
  return found
}

const nameOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' ? value.name : null

const isFormula = (value: unknown): value is Formula =>
  typeof value === 'object' && value !== null && 'node' in value && 'gives' in value

/** From 0 on holds for all there is: nothing lies below. */
const belowNothing = (keys: string, node: Node): boolean =>
  keys.endsWith('.from') && node.is === 'number' && node.value.isNegative()

type Node = Formula['node']

/** A bound is moved both ways: two rules meet there. Any other number is only made larger. */
const isBound = (keys: string): boolean => /\.(from|time|over|minGrade|maxGrade|full|most|min|max|usual)$/.test(keys)
const compares = (node: Node): boolean => node.is === 'two' && !['*', '/', '+', '-'].includes(node.sign)

/** For each number written in a formula, the formula with it one unit of its last digit larger, a bound smaller as well. */
function literals(node: Node, bound: boolean): Node[][] {
  const inside = (part: Node, put: (other: Node) => Node, at = bound) =>
    literals(part, at).map(others => others.map(put))
  switch (node.is) {
    case 'number': {
      const unit = new Num(10).pow(-node.value.decimalPlaces())
      const others = bound ? [node.value.plus(unit), node.value.minus(unit)] : [node.value.plus(unit)]
      return [others.map(value => ({ is: 'number', value }))]
    }
    case 'name':
      return []
    case 'not':
    case 'minus':
      return inside(node.of, of => ({ ...node, of }))
    case 'two': {
      const at = bound || compares(node)
      const left = inside(node.left, other => ({ ...node, left: other }), at)
      // 20 % is one number.
      const percent = node.sign === '/' && node.left.is === 'number' && node.right.is === 'number'
      return percent ? left : [...left, ...inside(node.right, other => ({ ...node, right: other }), at)]
    }
    case 'if':
      return [
        ...inside(node.test, test => ({ ...node, test })),
        ...inside(node.yes, yes => ({ ...node, yes })),
        ...inside(node.no, no => ({ ...node, no })),
      ]
    case 'call':
      return node.with.flatMap((one, index) =>
        inside(one, other => ({ ...node, with: node.with.map((old, at) => (at === index ? other : old)) })),
      )
  }
}

/** A number outside formulas. Ends of `between` are drawn in: what lies beyond them can't be entered at all. */
function near(value: number, path: readonly string[], keys: string): number[] {
  if (keys === 'points.start' && value === 0) return []
  const unit = keys.endsWith('.over') ? 60_000 : 10 ** -(String(value).split('.')[1]?.length ?? 0)
  if (keys.includes('.between.')) return [value + (path.at(-1) === '0' ? unit : -unit) * Math.sign(value)]
  return isBound(keys) ? [value + unit, value - unit] : [value + unit]
}

/** A case, with what its month is settled from. */
interface Told {
  one: PayCase
  text: string
  expected: string
  month: TeamMonth
}

/** An error is a failure as well. */
function fails(policy: Policy, { one, month }: Told, settling: boolean): boolean {
  try {
    return (settling ? differences(one, settle(policy, month)) : checkPay(policy, one)).length > 0
  } catch {
    return true
  }
}

it('there is money in the rule books of R6 to R12', () => {
  expect(packs.map(({ name }) => name)).toEqual([
    'aircon-shop',
    'appliance-dealer',
    'bus-maker',
    'dealership',
    'default',
    'ebike-shop',
    'machinery-maker',
    'security',
    'service-area',
    'water-purifier',
  ])
})

it('docs/policies.md names a case for each rule from R6 to R14', () => {
  const text = readFileSync(fileURLToPath(new URL('../../docs/policies.md', import.meta.url)), 'utf8')
  const rows = [...text.matchAll(/^\| (R\d+(?:\.\d)?) [^|]+ \| `([a-z-]+)` \| ([^|]+) \|$/gm)]
  const rules = rows.map(([, rule = '']) => rule)
  const wanted = { R6: [2, 3, 4, 5], R7: [1, 2, 3, 4, 5], R8: [1, 2, 3, 4, 5, 6, 7], R9: [1, 2, 3, 4, 5, 6, 7, 8] }
  const parts = Object.entries(wanted).flatMap(([rule, numbers]) => numbers.map(number => `${rule}.${number}`))
  expect(rules).toEqual([...parts, 'R10', 'R11', 'R12', 'R13', 'R14'])
  const unknown = rows.flatMap(([, rule, pack = '', words = '']) => {
    const policy = policies.get(pack)
    const names = [...(policy?.payCases ?? []), ...(policy?.returnCases ?? [])].map(({ name }) => name)
    return words
      .split('；')
      .filter(word => !names.some(name => name.includes(word)))
      .map(word => `${rule} ${word}`)
  })
  expect(unknown).toEqual([])
})

describe.each(packs.map(policy => [policy.name, policy] as const))('money of %s', (_, policy) => {
  const { payCases } = policy
  /** The shortest first: it is the cheapest to play. */
  const told = payCases
    .map((one): Told => {
      const [text, expected] = [JSON.stringify(one), JSON.stringify(one.expect)]
      return { one, text, expected, month: teamMonthOf(policy, one) }
    })
    .sort((a, b) => a.text.length - b.text.length)

  it('names each case once', () => {
    expect(new Set(payCases.map(({ name }) => name)).size).toBe(payCases.length)
  })

  it.each(payCases.map(one => [one.name, one] as const))('%s', (_, one) => {
    expect(checkPay(policy, one)).toEqual([])
  })

  it('has a case for every item of its catalogue and of its pay', () => {
    const names = [...(policy.incidents?.items ?? []), ...(policy.pay?.items ?? [])].map(({ name }) => name)
    expect(names.filter(name => !told.some(({ text }) => text.includes(name)))).toEqual([])
  })

  it('has a case that fails when one of its numbers is a little different', () => {
    const numbers = numbersOf(policy)
    expect(numbers.length).toBeGreaterThan(0)
    let likely = told.filter(one => !fails(policy, one, false))
    const unnoticed = numbers.flatMap(({ what, name, others, either, settling }) => {
      const places = (one: Told) => (one.expected.includes(name) ? 0 : one.text.includes(name) ? 1 : 2)
      likely = likely.toSorted((a, b) => places(a) - places(b))
      const passed = others.filter(other => {
        const noticed = likely.find(one => fails(other, one, settling))
        // What noticed one number is likely to notice the next.
        if (noticed) likely = [noticed, ...likely.filter(one => one !== noticed)]
        return !noticed
      })
      return passed.length > (either ? others.length - 1 : 0) ? [what] : []
    })
    expect(unnoticed).toEqual([])
  })
})
