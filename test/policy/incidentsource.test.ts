import { expect, it } from 'vitest'
import { incidentsRule } from '../../src/policy/incidentrule.ts'

const problems = (...items: unknown[]): string[] =>
  incidentsRule.safeParse({ items }).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? []

it('a missed clock may cost something for orders of some kinds only', () => {
  const item = { name: '投诉没按时处理', fine: '50.00', from: { clock: '完成', kind: '投诉' } }
  expect(incidentsRule.parse({ items: [item] }).items[0]?.from).toEqual({
    ...{ clock: 'complete', over: 0, counted: 'due', kind: ['complaint'] },
  })
  expect(problems({ ...item, from: { clock: '完成', kind: '吵架' } })).toHaveLength(1)
})

it('a leak may cost something within so many days of the install (R9.6); a complaint comes from no earlier job', () => {
  const item = { name: '新机漏', fine: '30.00', from: { order: '漏氟', within: '30d' } }
  expect(incidentsRule.parse({ items: [item] }).items[0]?.from).toEqual({ order: 'leak', within: 30 })
  expect(problems({ ...item, from: { order: '投诉', within: '30d' } })).toEqual([
    'items.0.from.within is for rework and leak, which come from an earlier job',
  ])
})

it('the first time may cost nothing where a repeat does, and only there', () => {
  const twice = { name: '没上门', repeat: [{ time: 2, losesAppraisal: true }] }
  expect(problems(twice)).toEqual([])
  expect(problems({ ...twice, repeat: [] })[0]).toContain('costs and brings nothing')
})
