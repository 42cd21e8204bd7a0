import { expect, it } from 'vitest'
import type { PhonePlatform } from '../../src/sandbox/wire.ts'
import { appsFor, mixOf } from '../../src/web/sandbox/apps.ts'

const person = (name: string, title: string, uses: PhonePlatform) => ({
  userId: name,
  dingtalkId: name,
  uses,
  name,
  title,
  mobile: '',
})
const desk = (uses: PhonePlatform) => [
  person('赵派工', '派工员', uses),
  person('张三', '技术员', uses),
  person('李四', '技术员', uses),
  person('王经理', '经理', uses),
]
const switched = (switches: ReturnType<typeof appsFor>) => switches.map(({ as, platform }) => `${as} ${platform}`)

it('names what the desk uses', () => {
  expect([mixOf(desk('wecom')), mixOf(desk('dingtalk')), mixOf([])]).toEqual(['wecom', 'dingtalk', 'wecom'])
  expect(mixOf([...desk('wecom'), person('孙', '技术员', 'dingtalk')])).toBe('mixed')
})

it('switches only those who use another app', () => {
  expect(appsFor(desk('wecom'), 'wecom')).toEqual([])
  const [zhao, ...others] = desk('wecom')
  const mixed = [...(zhao ? [{ ...zhao, uses: 'dingtalk' as const }] : []), ...others]
  expect(switched(appsFor(mixed, 'wecom'))).toEqual(['赵派工 wecom'])
})

it('mixes so that the dispatcher and the first technician use different apps', () => {
  expect(switched(appsFor(desk('wecom'), 'mixed'))).toEqual(['张三 dingtalk', '王经理 dingtalk'])
  expect(switched(appsFor(desk('dingtalk'), 'mixed'))).toEqual(['赵派工 wecom', '李四 wecom'])
  expect(switched(appsFor(desk('wecom').slice(0, 2), 'mixed'))).toEqual(['张三 dingtalk'])
})
