import { expect, it } from 'vitest'
import { metersOf } from '../../src/web/sandbox/quota.ts'

const calls = (used: number, limit = 5000) =>
  metersOf({ month: '2026-11', calls: used, callLimit: limit, pushes: 0, pushLimit: 3000 })[0]

it.each([
  [0, 'calm', ''],
  [3499, 'calm', ''],
  [3500, 'near', '已用 70%'],
  [4749, 'near', '已用 94%'],
  [4750, 'late', '快用完：95%'],
  [4999, 'late', '快用完：99%'],
  [5000, 'late', '用完了'],
])('%i of 5000 calls are %s', (used, level, words) => {
  expect(calls(used)).toMatchObject({ level, words })
})

it('takes a meter without a limit calmly, and reads both', () => {
  expect(calls(10, 0)?.level).toBe('calm')
  const both = metersOf({ month: '', calls: 1, callLimit: 2, pushes: 3, pushLimit: 3 })
  expect(both.map(meter => `${meter.name} ${meter.used}/${meter.limit} ${meter.level}`)).toEqual([
    '调用 1/2 calm',
    '消息 3/3 late',
  ])
})
