import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LeaveMonth, leaveMonth, type MonthLine, shareOut } from '../../src/leave/month.ts'
import { sayMonthLine } from '../../src/leave/monthwords.ts'
import { leavePolicy, ruleOf } from './shop.ts'

const rule = ruleOf(
  leavePolicy(`
  types:
    - { name: 事假, unit: 小时, notice: 1d, late: { deduct: 2 }, deduct: 1, rule: R4.1 }
    - { name: 农忙假, deduct: 1, deductionTo: 公司, fullAttendance: 不计入, rule: R4.5 }
    - { name: 年假, deduct: 0 }
  deductionsTo: 当天上班的同事
  fullAttendance:
    month: { amount: "100.00", over: 2 }
    year: { amount: "1200.00", over: 24, by: 农历年 }
    secondHalf: { amount: "100.00", over: 12, months: 6 }`),
)

const taken = (day: string, type = '事假', share = 10_000, notCome = false) => ({
  ...{ day, type, share, flags: new Set(notCome ? (['notCome'] as const) : []) },
})
const reckon = (more: Partial<LeaveMonth>): MonthLine[] =>
  leaveMonth(
    {
      ...{ month: '2026-11', taken: [], absent: [], employed: { from: '2020-01-01', to: null } },
      ...{ wageOn: () => '50.00', onDuty: () => ['李四', '王五', '赵六'] },
      ...more,
    },
    rule,
  )
const said = (more: Partial<LeaveMonth>) => reckon(more).map(line => sayMonthLine(line, 8, name => name))

describe('what is said of a month', () => {
  it('is the arithmetic of each day with its rule', () => {
    const days = [
      taken('2026-11-05', '年假'),
      taken('2026-11-04', '农忙假'),
      taken('2026-11-03', '事假', 2500),
      taken('2026-11-02', '事假', 10_000, true),
      taken('2026-10-31'),
    ]
    expect(said({ taken: days, absent: [{ day: '2026-11-06', share: 5000, multiple: 3 }] })).toEqual([
      '11月2日周一 事假（当天才请、没有到岗，按旷工） 1 天：日基本工资 ¥50.00 × 2 倍 = 扣 ¥100.00（R4.3），分给当天上班的同事：李四 ¥33.34、王五 ¥33.33、赵六 ¥33.33（R4.4）',
      '11月3日周二 事假 2 小时：日基本工资 ¥50.00 × 0.25 天 × 1 倍 = 扣 ¥12.50（R4.1），分给当天上班的同事：李四 ¥4.17、王五 ¥4.17、赵六 ¥4.16（R4.4）',
      '11月4日周三 农忙假 1 天：日基本工资 ¥50.00 × 1 倍 = 扣 ¥50.00（R4.5），留在公司',
      '11月5日周四 年假 1 天：不扣工资',
      '11月6日周五 旷工 半天：日基本工资 ¥50.00 × 0.5 天 × 3 倍 = 扣 ¥75.00（R4.3），分给当天上班的同事：李四 ¥25.00、王五 ¥25.00、赵六 ¥25.00（R4.4）',
      '11月满勤奖没有：请假和旷工 2 天 6 小时，超过 2 天（R4.6）',
    ])
  })

  it('tells of the year in the month in which it ends', () => {
    expect(said({ month: '2027-02', taken: [taken('2026-03-01')] })).toEqual([
      '2月满勤奖 ¥100.00：请假和旷工 0 天，没超过 2 天（R4.6）',
      '年终满勤奖 ¥1200.00：2026-02-17 到 2027-02-05 请假和旷工 1 天，没超过 24 天（R4.6）',
    ])
    expect(said({ month: '2027-02', employed: { from: '2026-05-01', to: null } }).slice(1)).toEqual([
      '年终满勤奖没有：2026-02-17 到 2027-02-05 没有从头到尾在岗（R4.6）',
      '下半年满勤奖 ¥600.00（6 个月 × ¥100.00）：2026-08-13 到 2027-02-05 请假和旷工 0 天，没超过 12 天（R4.6）',
    ])
  })

  it('pays a year that ends in its month’s middle or on its last day, and none twice', () => {
    const paid = ['2025-01', '2025-02', '2026-01', '2026-02', '2028-01', '2028-02'].filter(month =>
      reckon({ month }).some(({ what }) => what === 'fullYear'),
    )
    expect(paid).toEqual(['2025-01', '2026-02', '2028-01'])
  })
})

it('costs nothing by a type that the rule book no longer has, but counts it', () => {
  const lines = reckon({ taken: ['02', '03', '04'].map(date => taken(`2026-11-${date}`, '旧假')) })
  expect(lines.map(({ what }) => what)).toEqual(['free', 'free', 'free', 'fullMonth'])
  expect(lines.at(-1)).toMatchObject({ lost: 'over', fen: 0n })
})

const money = fc.nat(1_000_000).map(fen => (fen / 100).toFixed(2))
const people = fc.uniqueArray(fc.constantFrom('李四', '王五', '赵六', '孙七', '周八'))
const anyDay = fc.record({
  day: fc.constantFrom('2026-11-02', '2026-11-03', '2026-11-04'),
  type: fc.constantFrom('事假', '农忙假', '年假'),
  share: fc.integer({ min: 1, max: 10_000 }),
  notCome: fc.boolean(),
})

it('parts add up to what is divided, none a fen more than another, and the order of names alone says who gets it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10_000_000n }), people, (fen, names) => {
      const parts = shareOut(fen, names).map(one => one.fen)
      expect(parts).toHaveLength(names.length)
      expect(parts.reduce((all, one) => all + one, 0n)).toBe(names.length === 0 ? 0n : fen)
      expect((parts[0] ?? 0n) - (parts.at(-1) ?? 0n) <= 1n).toBe(true)
    }),
  )
})

it('deductions are within half a fen of the wage’s part, and go to who was on duty, each line in full', () => {
  fc.assert(
    fc.property(fc.array(anyDay, { maxLength: 4 }), money, people, (days, wage, names) => {
      const given = days.map(({ day, type, share, notCome }) => taken(day, type, share, notCome))
      const lines = reckon({ taken: given, wageOn: () => wage, onDuty: () => names })
      for (const line of lines) {
        if (line.what !== 'deduct') continue
        const exact = (Number(wage) * 100 * line.share * line.multiple) / 10_000
        expect(Math.abs(Number(line.fen) - exact)).toBeLessThanOrEqual(0.5 + 1e-6)
        const shared = line.type !== '农忙假' && names.length > 0
        expect(line.portions.reduce((all, { fen }) => all + fen, 0n)).toBe(shared ? line.fen : 0n)
        expect(line.portions.map(({ person }) => person)).toEqual(shared ? names : [])
      }
    }),
  )
})

it('one day more never brings more', () => {
  fc.assert(
    fc.property(fc.array(anyDay, { maxLength: 6 }), anyDay, (days, more) => {
      const all = [...days, more].map(({ day, type, share, notCome }) => taken(day, type, share, notCome))
      const worth = (given: typeof all) =>
        reckon({ taken: given }).reduce(
          (sum, line) => sum + (line.what === 'deduct' ? -line.fen : line.what === 'free' ? 0n : line.fen),
          0n,
        )
      expect(worth(all) <= worth(all.slice(0, -1))).toBe(true)
    }),
  )
})
