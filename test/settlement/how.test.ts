import { expect, it } from 'vitest'
import { payRule } from '../../src/policy/payrule.ts'
import { howOf } from '../../src/settlement/how.ts'

it.each([
  ['底薪', '底薪 × 在职天数 ÷ 当月天数'],
  ['底薪 / 2', '底薪 / 2 × 在职天数 ÷ 当月天数'],
  ['底薪 - 午餐', '(底薪 - 午餐) × 在职天数 ÷ 当月天数'],
  ['档 >= 1 ? 底薪 : 0', '(档 >= 1 ? 底薪 : 0) × 在职天数 ÷ 当月天数'],
])('the part of a month is taken of all of %s', (formula, how) => {
  const pay = payRule.parse({ items: [{ name: '工资', formula, prorate: true }] })
  expect(pay.items.map(item => howOf(item, pay))).toEqual([how])
})
