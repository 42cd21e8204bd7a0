import { expect, it } from 'vitest'
import { checkLeave } from '../../src/leave/checkcase.ts'
import { countLeave, sum } from '../../src/leave/count.ts'
import { leaveCase } from '../../src/policy/leavecase.ts'
import { office, rhythmOf, ruleOf, typeOf } from './shop.ts'

/** What is asked for, what it counts to, and of the last of them the days that cost nothing. */
function counts(asked: ReadonlyArray<[fact: string, came: string]>, free?: Array<[string, string]>): string[] {
  const [facts, came] = [asked.map(([fact]) => fact), asked.map(([, text]) => text)]
  return checkLeave(office, leaveCase.parse({ name: 'x', facts, counts: came, ...(free && { free }) }))
}

const weekend: Array<[string, string]> = [
  ['2026-11-28', '周六'],
  ['2026-11-29', '周日'],
]

it('leaves weekends out', () => {
  expect(counts([['2026-11-24 09:00 请假 事假 2026-11-27 下午 到 2026-11-30 上午', '1 天']], weekend)).toEqual([])
  expect(counts([['2026-11-24 09:00 请假 事假 2026-11-28 到 2026-11-29', '不收 不用上班']])).toEqual([])
})

it('leaves 国庆 out, and counts its make-up days', () => {
  const holidays = ['01', '02', '03', '04', '05', '06', '07'].map((day): [string, string] => [
    `2026-10-${day}`,
    '国庆放假',
  ])
  expect(counts([['2026-09-01 09:00 请假 事假 2026-09-30 到 2026-10-08', '2 天']], holidays)).toEqual([])
  expect(counts([['2026-09-01 09:00 请假 事假 2026-10-10', '1 天']], [])).toEqual([])
})

it('leaves 春节 out, and counts the Saturday that makes up for it', () => {
  expect(counts([['2026-02-01 09:00 请假 事假 2026-02-13 到 2026-02-24', '3 天']])).toEqual([])
  expect(counts([['2026-02-01 09:00 请假 事假 2026-02-28 上午', '半天']], [])).toEqual([])
})

it('counts half a day on a holiday as nothing, and time outside working hours as well', () => {
  expect(counts([['2026-09-01 09:00 请假 事假 2026-10-01 上午', '不收 不用上班']])).toEqual([])
  expect(counts([['2026-11-24 09:00 请假 事假 2026-11-25 18:00-20:00', '不收 不用上班']])).toEqual([])
  const half: Array<[string, string]> = [['2026-10-01', '国庆放假']]
  expect(counts([['2026-09-01 09:00 请假 事假 2026-09-30 到 2026-10-01 上午', '1 天']], half)).toEqual([])
})

it('rounds up to the unit of the type', () => {
  expect(
    counts([
      ['2026-11-24 09:00 请假 整天假 2026-11-25 11:00-12:00', '1 天'],
      ['2026-11-24 09:00 请假 事假 2026-11-26 11:00-12:00', '半天'],
      ['2026-11-24 09:00 请假 事假 2026-11-27 11:00-14:00', '1 天'],
      ['2026-11-24 09:00 请假 小时假 2026-12-01 09:30-11:00', '2 小时'],
      ['2026-11-24 09:00 请假 小时假 2026-12-02 上午', '半天'],
      ['2026-11-24 09:00 请假 小时假 2026-12-03 下午', '半天'],
      ['2026-11-24 09:00 请假 小时假 2026-12-04 13:31-18:00', '半天'],
      ['2026-11-24 09:00 请假 小时假 2026-12-07 08:00-18:00', '1 天'],
    ]),
  ).toEqual([])
})

it('wants notice: late is absence, for the approver, or refused', () => {
  expect(
    counts([
      ['2026-11-24 23:59 请假 事假 2026-11-25', '1 天'],
      ['2026-11-26 07:00 请假 事假 2026-11-26', '1 天 旷工'],
      ['2026-11-27 09:00 到岗后请假 事假 2026-11-27 下午', '半天 没提前'],
      ['2026-11-27 09:00 请假 急假 2026-11-30', '1 天'],
      ['2026-11-28 09:00 请假 急假 2026-12-01', '1 天'],
      ['2026-11-28 09:00 请假 急假 2026-11-30', '不收 没提前'],
      ['2026-12-02 10:00 做单中请假 事假 2026-12-02 下午', '不收 做单中'],
    ]),
  ).toEqual([])
})

it('limits days per month, quarter, year and lunar year', () => {
  expect(
    counts([
      ['2025-12-01 09:00 请假 年假 2025-12-29 到 2025-12-30', '2 天'],
      ['2025-12-01 09:00 请假 年假 2025-12-03 上午', '不收 超过限额'],
      ['2025-12-01 09:00 请假 年假 2026-02-12 到 2026-02-13', '不收 超过限额'],
      ['2025-12-01 09:00 请假 年假 2026-02-13', '1 天'],
      ['2025-12-01 09:00 请假 年假 2026-02-24', '1 天'],
      ['2025-12-01 09:00 请假 农忙假 2026-03-30 到 2026-04-02', '4 天'],
      ['2025-12-01 09:00 请假 农忙假 2026-06-30 上午', '半天'],
      ['2025-12-01 09:00 请假 农忙假 2026-06-29', '不收 超过限额'],
      ['2025-12-01 09:00 请假 探亲假 2025-12-15 到 2025-12-17', '3 天'],
      ['2025-12-01 09:00 请假 探亲假 2025-12-24 到 2025-12-25 上午', '不收 超过限额'],
      ['2025-12-01 09:00 请假 探亲假 2026-01-05', '1 天'],
    ]),
  ).toEqual([])
})

it('joins what is taken on end over a weekend', () => {
  expect(
    counts([
      ['2026-11-24 09:00 请假 探亲假 2026-11-26 到 2026-11-27', '2 天'],
      ['2026-11-24 09:00 请假 探亲假 2026-11-30 到 2026-12-01', '不收 超过连续天数'],
      ['2026-11-24 09:00 请假 探亲假 2026-11-30', '1 天'],
      ['2026-11-24 09:00 请假 探亲假 2026-12-02 上午', '半天'],
    ]),
  ).toEqual([])
})

it('lets so many away at once, per type and in all, asked for or granted', () => {
  expect(
    counts([
      ['2026-11-24 09:00 李四 申请 农忙假 2026-11-25', '1 天'],
      ['2026-11-24 09:00 请假 农忙假 2026-11-24 到 2026-11-25', '不收 同天人数已满'],
      ['2026-11-24 09:00 王五 请假 事假 2026-11-25', '1 天'],
      ['2026-11-24 09:00 请假 事假 2026-11-25', '不收 同天人数已满'],
      ['2026-11-24 10:00 王五 撤销', '剩 0 天'],
      ['2026-11-24 10:01 请假 事假 2026-11-25', '1 天'],
      ['2026-11-24 10:02 请假 整天假 2026-11-25', '不收 重叠'],
      ['2026-11-25 12:00 销假', '剩 半天'],
      ['2026-11-25 12:01 续假 整天假 2026-11-26', '1 天'],
    ]),
  ).toEqual([])
})

it('counts a morning for half a day also where a day is divided by more hours than it has', () => {
  const span = { from: { day: '2026-11-25', minute: 0 }, to: { day: '2026-11-25', minute: 720 } }
  const rule = { ...ruleOf(office), hoursPerDay: 12 }
  expect(sum(countLeave(span, typeOf(office, '小时假'), rule, rhythmOf(office)).days)).toBe(5000)
})
