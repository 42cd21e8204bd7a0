import { expect, it } from 'vitest'
import { checkLeave } from '../../src/leave/checkcase.ts'
import { leaveCase } from '../../src/policy/leavecase.ts'
import { office } from './shop.ts'

const check = (facts: string[], more: object = {}) => checkLeave(office, leaveCase.parse({ name: 'x', facts, ...more }))

it('says what an example gets wrong, a line each', () => {
  const facts = ['2026-11-24 09:00 请假 事假 2026-11-27']
  expect(check(facts, { counts: ['2 天'] })).toEqual([`${facts[0]} is 1 天, not 2 天`])
  expect(check(facts, { counts: ['1 天', '1 天'] })).toEqual(['counts names 2 of 1 facts'])
  expect(check(facts, { free: [['2026-11-28', '周六']] })).toEqual(['free is , not 2026-11-28 周六'])
  const month = { of: '2026-11', deduct: '49.00', shares: { 李四: '1.00' }, full: '100.00' }
  expect(check(facts, { month })).toEqual([
    'month.deduct is 50.00, not 49.00',
    'month.full is none, not 100.00',
    'month.shares.李四 is 0.00, not 1.00',
  ])
})

it('names the line that can’t be read', () => {
  for (const line of [
    '2026-11-24 请假 事假 2026-11-25',
    '2026-11-24 09:00 休假 事假 2026-11-25',
    '2026-11-24 09:00 请假 事假 2026-11-25 晚上',
    '2026-11-24 09:00 请假 事假 2026-02-30',
    '2026-11-24 09:00 请假 事假',
  ])
    expect(() => check([line])).toThrow(`"${line}" can't be read`)
  expect(() => check(['2026-11-24 09:00 请假 婚假 2026-11-25'])).toThrow('names no type of leave: 事假')
  expect(() => check(['2026-11-24 09:00 撤销'])).toThrow('changes a leave that is not there')
  expect(() => checkLeave({ ...office, leave: null }, leaveCase.parse({ name: 'x', facts: ['x'] }))).toThrow(
    'no section',
  )
})
