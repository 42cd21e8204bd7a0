import { HolidayUtil } from 'lunar-typescript'
import { describe, expect, it } from 'vitest'
import { Calendar, type CalendarRule, type CalendarSource } from '../../src/policy/calendar.ts'
import { isNotice, knowsYear, statutoryDay } from '../../src/policy/days.ts'

const rule: CalendarRule = { holidays: 'china', makeup: 'monday', weekdays: {}, own: {}, roundTheClock: false }
const office: CalendarSource = {
  zone: 'Asia/Shanghai',
  hours: [
    [480, 720],
    [810, 1080],
  ],
  days: [1, 2, 3, 4, 5],
  calendar: rule,
}
const withRule = (more: Partial<CalendarRule>): Calendar => new Calendar({ ...office, calendar: { ...rule, ...more } })
/** A moment in China: `11-25 09:00` of 2026, or with a year. */
const at = (text: string): Date => new Date(`${text.length > 11 ? '' : '2026-'}${text.replace(' ', 'T')}+08:00`)
const said = (moment: Date | null): string | undefined =>
  moment ? new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ') : undefined
const hour = 3_600_000
const daysOf = (from: string, to: string): string[] =>
  Array.from({ length: (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1 }, (_, n) =>
    new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10),
  )
const year2026 = daysOf('2026-01-01', '2026-12-31')
const weekday = (day: string): number => ((new Date(day).getUTCDay() + 6) % 7) + 1

describe('2026 by the notice of 4 November 2025', () => {
  // https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm
  const calendar = new Calendar(office)
  const free = [
    ['元旦', '2026-01-01', '2026-01-03'],
    ['春节', '2026-02-15', '2026-02-23'],
    ['清明', '2026-04-04', '2026-04-06'],
    ['劳动节', '2026-05-01', '2026-05-05'],
    ['端午', '2026-06-19', '2026-06-21'],
    ['中秋', '2026-09-25', '2026-09-27'],
    ['国庆', '2026-10-01', '2026-10-07'],
  ] as const
  const made = { 元旦: ['01-04'], 春节: ['02-14', '02-28'], 劳动节: ['05-09'], 国庆: ['09-20', '10-10'] }

  it.each(free)('%s', (name, first, last) => {
    const days = year2026.filter(day => day >= first && day <= last)
    expect(new Set(days.map(day => calendar.describe(day)))).toEqual(new Set([`${name}放假`]))
    expect(days.filter(day => calendar.isWorkday(day))).toEqual([])
  })

  it.each(Object.entries(made))('%s is made up for with the hours of a Monday', (name, days) => {
    for (const day of days.map(rest => `2026-${rest}`)) {
      expect(weekday(day)).toBeGreaterThan(5)
      expect(calendar.describe(day)).toBe(`${name}补班(按周一)`)
      expect([said(calendar.opening(day)), said(calendar.closing(day))]).toEqual([
        `${day.slice(5)} 08:00`,
        `${day.slice(5)} 18:00`,
      ])
    }
  })

  it('and on every other day weekdays alone decide', () => {
    const named = (day: string) =>
      free.some(([, first, last]) => day >= first && day <= last) ||
      Object.values(made).some(days => days.includes(day.slice(5)))
    for (const day of year2026.filter(day => !named(day)))
      expect([day, calendar.isWorkday(day)]).toEqual([day, weekday(day) < 6])
  })

  it('agrees with a second almanac', () => {
    for (const day of year2026) {
      const other = HolidayUtil.getHoliday(day)
      expect([day, calendar.isWorkday(day)]).toEqual([day, other ? other.isWork() : weekday(day) < 6])
    }
  })

  it('is not asked where holidays are none', () => {
    const none = withRule({ holidays: 'none' })
    for (const day of year2026) expect([day, none.isWorkday(day)]).toEqual([day, weekday(day) < 6])
  })

  it('counts over 国庆: closed for a week, then a made-up Saturday', () => {
    expect(said(calendar.addWorking(at('09-30 17:00'), 2 * hour))).toBe('10-08 09:00')
    expect(said(calendar.addWorking(at('10-09 17:00'), 2 * hour))).toBe('10-10 09:00')
    expect(calendar.workdayAfter('2026-09-30', 3)).toBe('2026-10-10')
    expect(said(calendar.nextOpening(at('2026-02-14 18:00')))).toBe('02-24 08:00')
  })
})

describe('what the package knows', () => {
  it('is asked of its data: notices since 2008, each year until the first that is missing', () => {
    const known = Array.from({ length: 100 }, (_, n) => 2000 + n).filter(knowsYear)
    expect(known.slice(0, 19)).toEqual(Array.from({ length: 19 }, (_, n) => 2008 + n))
    expect(known).not.toContain(2050)
    expect(knowsYear(99_999)).toBe(false)
  })

  it.each([
    ['a weekday', '2026-11-25', null],
    ['a weekend', '2026-11-28', null],
    ['a day free', '2026-10-01', { name: '国庆', works: false }],
    ['a day made up', '2026-02-28', { name: '春节', works: true }],
    ['a day nobody knows', '2050-10-01', null],
  ])('%s', (_, day, expected) => {
    expect(statutoryDay(day)).toEqual(expected)
  })

  it.each(['America/Los_Angeles', 'Pacific/Kiritimati'])('is the same on a machine in %s', zone => {
    const before = process.env.TZ
    process.env.TZ = zone
    const found = ['2026-09-30', '2026-10-01', '2026-10-07', '2026-10-08'].map(day => statutoryDay(day)?.name)
    process.env.TZ = before
    expect(found).toEqual([undefined, '国庆', '国庆', undefined])
  })

  it('moves no day before 29 December for the next year', () => {
    const days = Array.from({ length: 30 }, (_, n) => 2004 + n).flatMap(year =>
      daysOf(`${year}-11-01`, `${year}-12-28`),
    )
    expect(days.filter(day => statutoryDay(day))).toEqual([])
    expect(statutoryDay('2018-12-29')).toEqual({ name: '元旦', works: true })
  })
})

// 春节 of 2050 is 23 January (Sunday), 清明 4 April, 端午 23 June, 中秋 30 September.
const list2050 = ['01-24', '01-25', '04-04', '06-23', '09-30', '10-03'].map(day => `2050-${day}`)
const offs = (days: readonly string[]): CalendarRule['own'] => Object.fromEntries(days.map(day => [day, 'off']))

describe('a year nobody knows', () => {
  it('needs all its lawful weekdays to be known', () => {
    expect(isNotice(2050, day => list2050.includes(day))).toBe(true)
    for (const missing of list2050)
      expect([missing, isNotice(2050, day => day !== missing && list2050.includes(day))]).toEqual([missing, false])
    expect(isNotice(2027, day => day === '2027-01-01')).toBe(false)
  })

  const calendar = new Calendar(office)

  it.each([
    ['inside known years', '2026-01-01 00:00', '2026-12-29 00:00', []],
    ['to its beginning', '2026-12-01 00:00', '2026-12-28 23:59', []],
    ['inside it', '2050-03-01 00:00', '2050-03-01 09:00', [2050]],
    ['a moment of it', '2050-03-01 09:00', '2050-03-01 09:00', [2050]],
    ['the end before the beginning', '2050-03-02 00:00', '2050-03-01 00:00', []],
    ['three of them', '2050-12-01 00:00', '2052-01-01 00:01', [2050, 2051, 2052]],
    ['the last days before it, which its notice may move', '2050-12-28 09:00', '2050-12-29 09:00', [2050, 2051]],
    ['up to midnight before them', '2050-12-01 00:00', '2050-12-29 00:00', [2050]],
  ])('%s', (_, from, to, years) => {
    expect(calendar.unknownYears(at(from), at(to))).toEqual(years)
  })

  it('is said with the day, which rests on weekdays alone', () => {
    expect(calendar.describe('2050-10-03')).toBe('工作日(2050年放假安排未知)')
    expect(calendar.describe('2050-10-02')).toBe('周日(2050年放假安排未知)')
    expect(calendar.describe('2050-12-30')).toBe('工作日(2050年、2051年放假安排未知)')
    expect(calendar.isWorkday('2050-10-03')).toBe(true)
    expect(calendar.describe('2026-11-25')).toBe('工作日')
  })

  it('is not asked for where holidays are none, or never closed', () => {
    for (const more of [{ holidays: 'none' }, { roundTheClock: true }] as const) {
      expect(withRule(more).unknownYears(at('2050-01-01 00:00'), at('2052-01-01 00:00'))).toEqual([])
      expect(withRule(more).describe('2050-10-03')).not.toContain('未知')
    }
  })

  it("is known when the policy's own days name the lawful ones", () => {
    const named = withRule({ own: offs(list2050) })
    expect(named.unknownYears(at('2050-01-01 00:00'), at('2050-12-01 00:00'))).toEqual([])
    expect([named.describe('2050-10-03'), named.describe('2050-10-04')]).toEqual(['公司放假', '工作日'])
    const partly = withRule({ own: offs(list2050.slice(1)) })
    expect(partly.unknownYears(at('2050-03-01 00:00'), at('2050-03-02 00:00'))).toEqual([2050])
  })

  it('is no matter on days the policy or the person decides', () => {
    const own = withRule({ own: offs(['2050-03-01', '2050-03-02']) })
    expect(own.unknownYears(at('2050-03-01 00:00'), at('2050-03-03 00:00'))).toEqual([])
    expect(own.unknownYears(at('2050-03-01 00:00'), at('2050-03-03 00:01'))).toEqual([2050])
    const person = new Calendar(office, { off: ['2050-03-01'] })
    expect(person.unknownYears(at('2050-03-01 00:00'), at('2050-03-02 00:00'))).toEqual([])
  })
})
