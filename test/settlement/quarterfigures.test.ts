import { expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/load.ts'
import { fieldsOf } from '../../src/settlement/figureentry.ts'

const policy = (figure: string) =>
  readPolicy(
    `name: x\nversion: 1\nfigures: [{ name: 毛利 }, { name: 回款率, of: 个人, ${figure} }]\npay: { items: [{ name: 提成, formula: 毛利 } ] }`,
    'x.yaml',
  )
const months = ['2026-09', '2026-10', '2026-11', '2026-12']
const asked = (figure: string) =>
  months.filter(month =>
    fieldsOf(policy(figure), [{ id: '1', name: '张三', post: null }], month).some(({ name }) => name === '回款率'),
  )

it('a quarter’s figure is asked for in the last month of a quarter only (R6.3)', () => {
  expect(asked('period: 季')).toEqual(['2026-09', '2026-12'])
  expect(asked('period: 月')).toEqual(months)
})

it('a figure that stays is of no period', () => {
  expect(() => policy('period: 季, standing: true')).toThrow(
    'x.yaml:3 figures[1].period: is of a quarter, and standing: it stays, so leave period out',
  )
})
