import { expect, it } from 'vitest'
import { costOf, type TypedDay } from '../../src/leave/cost.ts'
import { sayCost } from '../../src/leave/costwords.ts'
import type { Flag } from '../../src/leave/fact.ts'
import { day } from './requests.ts'
import { leavePolicy, ruleOf, typeOf } from './shop.ts'

const policy = leavePolicy(`
  types:
    - { name: 事假, unit: 小时, notice: 1d, late: { deduct: 2 }, deduct: 1, rule: R4.1 }
    - { name: 农忙假, deduct: 0, fullAttendance: 不计入, limits: { per: 季, days: 3 }, rule: R4.5 }
  fullAttendance:
    month: { amount: "100.00", over: 2 }
    year: { amount: "1200.00", over: 24, by: 农历年 }`)

const cost = (type: string, days: Array<ReturnType<typeof day>>, had: TypedDay[] = [], ...flags: Flag[]) =>
  sayCost(costOf({ type: typeOf(policy, type), days, flags: new Set(flags) }, had, ruleOf(policy)), 8)
const whole = (name: string, type = '事假'): TypedDay => ({ day: name, type, share: 10_000 })

it('says what is deducted, as ordinary leave and as absence', () => {
  expect(cost('事假', [day('2026-11-25')])[0]).toBe('扣 1 天基本工资（R4.1）')
  expect(cost('事假', [day('2026-11-25', 0, 720, 5000)])[0]).toBe('扣半天基本工资（R4.1）')
  expect(cost('事假', [day('2026-11-25', 480, 660, 3750)])[0]).toBe('扣 3 小时基本工资（R4.1）')
  expect(cost('事假', [day('2026-11-25')], [], 'notCome')[0]).toBe('按旷工：扣 2 天基本工资（1 天 × 2 倍）')
})

it('says whether full attendance is kept, lost by this, or was lost before', () => {
  const had = [whole('2026-11-02'), whole('2026-11-03', '农忙假')]
  // What stays as it was is not said.
  expect(cost('事假', [day('2026-11-25')], had)).toEqual(['扣 1 天基本工资（R4.1）'])
  expect(cost('事假', [day('2026-11-25'), day('2026-11-26', 0, 720, 5000)], had)[1]).toBe(
    '11月满勤奖 ¥100.00 会没有：共 2.5 天，超过 2 天',
  )
  const more = ['02', '03', '04'].map(date => whole(`2026-11-${date}`))
  expect(cost('事假', [day('2026-11-25')], more)[1]).toBe('11月满勤奖本来就没有了：已请 3 天')
  const long = Array.from({ length: 24 }, (_, index) =>
    whole(`2026-0${3 + Math.floor(index / 12)}-${11 + (index % 12)}`),
  )
  expect(cost('事假', [day('2026-05-26')], long).at(-1)).toBe('年满勤奖 ¥1,200.00 会没有：共 25 天，超过 24 天')
})

it('says each month that a request lies in', () => {
  const had = ['11', '12'].flatMap(month => ['08', '09'].map(date => whole(`2026-${month}-${date}`)))
  const lines = cost('事假', [day('2026-11-30'), day('2026-12-01')], had)
  expect(lines.map(line => line.slice(0, 3))).toEqual(['扣 2', '11月', '12月'])
})

it('says what is used up of a limit, and that nothing else is touched', () => {
  expect(cost('农忙假', [day('2026-11-25')], [whole('2026-10-09', '农忙假'), whole('2026-09-30', '农忙假')])).toEqual([
    '不扣工资（R4.5）',
    '第4季度连这次 2 天，最多 3 天',
  ])
})
