import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { Calendar, type CalendarRule, type CalendarSource } from '../../src/policy/calendar.ts'

const plain: CalendarRule = { holidays: 'none', makeup: 'monday', weekdays: {}, own: {}, roundTheClock: false }
const shop: CalendarSource = {
  zone: 'Asia/Shanghai',
  hours: [
    [480, 720],
    [810, 1080],
  ],
  days: [1, 2, 3, 4, 5, 6],
  calendar: plain,
}
const withRule = (rule: Partial<CalendarRule>, rest: Partial<CalendarSource> = {}): Calendar =>
  new Calendar({ ...shop, ...rest, calendar: { ...plain, ...rule } })
/** A moment in China: `11-25 09:00` of 2026, or with a year. */
const at = (text: string): Date => new Date(`${text.length > 11 ? '' : '2026-'}${text.replace(' ', 'T')}+08:00`)
const said = (moment: Date | null): string | undefined =>
  moment ? new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ') : undefined
const hour = 3_600_000

describe('an ordinary week', () => {
  const calendar = new Calendar(shop)

  it.each([
    ['11-25 09:00', 0, '11-25 09:00'],
    ['11-25 23:00', 0, '11-25 23:00'],
    ['11-25 09:00', 1, '11-25 10:00'],
    ['11-25 11:00', 2, '11-25 14:30'], // lunch is no working time
    ['11-25 12:30', 1, '11-25 14:30'],
    ['11-25 09:00', 3, '11-25 12:00'], // used up exactly at lunch, and at closing
    ['11-25 16:00', 2, '11-25 18:00'],
    ['11-25 18:00', 1, '11-26 09:00'],
    ['11-25 17:00', 2, '11-26 09:00'],
    ['11-25 00:00', 1, '11-25 09:00'],
    ['11-28 17:00', 2, '11-30 09:00'], // Saturday to Monday
    ['11-30 17:00', 2, '12-01 09:00'],
    ['12-31 17:00', 2, '01-01 09:00'],
  ])('%s and %s h is %s', (from, hours, to) => {
    expect(said(calendar.addWorking(at(from), hours * hour))).toBe(to)
  })

  it.each([
    ['11-25 09:00', '11-25 10:00', 1],
    ['11-25 11:00', '11-25 14:30', 2],
    ['11-25 12:00', '11-25 13:30', 0],
    ['11-25 00:00', '11-26 00:00', 8.5],
    ['11-28 17:00', '11-30 09:00', 2],
    ['11-01 00:00', '12-01 00:00', 25 * 8.5],
    ['2026-12-31 00:00', '2027-01-02 00:00', 17],
    ['11-25 10:00', '11-25 09:00', 0],
  ])('%s to %s is %s h', (from, to, hours) => {
    expect(calendar.workingMs(at(from), at(to))).toBe(hours * hour)
  })

  it.each([
    ['11-25 07:59', '11-25 08:00'],
    ['11-25 08:00', '11-25 08:00'],
    ['11-25 09:10', '11-25 09:10'],
    ['11-25 12:00', '11-25 13:30'],
    ['11-25 18:00', '11-26 08:00'],
    ['11-28 18:00', '11-30 08:00'],
  ])('next opening at %s is %s', (from, to) => {
    expect(said(calendar.nextOpening(at(from)))).toBe(to)
  })

  it.each([
    ['2026-11-25', 0, '2026-11-25'],
    ['2026-11-29', 0, '2026-11-29'],
    ['2026-11-25', 1, '2026-11-26'],
    ['2026-11-28', 1, '2026-11-30'],
    ['2026-11-29', 1, '2026-11-30'],
    ['2026-12-30', 3, '2027-01-02'],
  ])('%s and %s workdays is %s', (day, n, then) => {
    expect(calendar.workdayAfter(day, n)).toBe(then)
  })

  it('opens and closes, and not on a day off', () => {
    expect([said(calendar.opening('2026-11-28')), said(calendar.closing('2026-11-28'))]).toEqual([
      '11-28 08:00',
      '11-28 18:00',
    ])
    expect([calendar.opening('2026-11-29'), calendar.closing('2026-11-29')]).toEqual([null, null])
    expect(calendar.segmentsOn('2026-11-29')).toEqual([])
    expect([calendar.describe('2026-11-28'), calendar.describe('2026-11-29')]).toEqual(['工作日', '周日'])
  })

  it('belongs to the zone', () => {
    expect(calendar.dayOf(at('11-25 00:00'))).toBe('2026-11-25')
    expect(calendar.dayOf(new Date('2026-11-25T15:59:59.999Z'))).toBe('2026-11-25')
    expect(calendar.dayOf(new Date('2026-11-25T16:00Z'))).toBe('2026-11-26')
  })
})

describe('hours of other days', () => {
  const short: CalendarRule['weekdays'] = { 6: [[540, 720]] }

  it('another weekday', () => {
    const calendar = withRule({ weekdays: short })
    expect([said(calendar.opening('2026-11-28')), said(calendar.closing('2026-11-28'))]).toEqual([
      '11-28 09:00',
      '11-28 12:00',
    ])
    expect(said(calendar.addWorking(at('11-28 11:00'), 2 * hour))).toBe('11-30 09:00')
  })

  it('a made-up Saturday has those of Monday, or its own', () => {
    expect(said(withRule({ weekdays: short, holidays: 'china' }).closing('2026-10-10'))).toBe('10-10 18:00')
    const monday = withRule({ weekdays: { ...short, 1: [[600, 660]] }, holidays: 'china' })
    expect(said(monday.closing('2026-10-10'))).toBe('10-10 11:00')
    const own = withRule({ holidays: 'china', makeup: [[510, 690]] })
    expect(said(own.closing('2026-10-10'))).toBe('10-10 11:30')
    expect(own.describe('2026-10-10')).toBe('国庆补班')
  })

  it('days of the company win over holidays, make-up days and weekdays', () => {
    const own: CalendarRule['own'] = {
      '2026-10-01': [[480, 720]],
      '2026-10-10': 'off',
      '2026-11-25': 'off',
      '2026-11-29': [[1200, 1440]],
    }
    const calendar = withRule({ holidays: 'china', own })
    expect(Object.keys(own).map(day => [calendar.isWorkday(day), calendar.describe(day)])).toEqual([
      [true, '公司安排上班'],
      [false, '公司放假'],
      [false, '公司放假'],
      [true, '公司安排上班'],
    ])
    expect(said(calendar.closing('2026-10-01'))).toBe('10-01 12:00')
    expect(calendar.closing('2026-11-29')).toEqual(at('11-30 00:00'))
  })

  it('days of rest of a person win over all of them', () => {
    const own: CalendarRule['own'] = { '2026-11-27': [[480, 720]] }
    const person = new Calendar({ ...shop, calendar: { ...plain, own } }, { off: ['2026-11-26', '2026-11-27'] })
    expect([person.describe('2026-11-26'), person.describe('2026-11-27')]).toEqual(['个人休息', '个人休息'])
    expect(said(person.addWorking(at('11-25 17:00'), 2 * hour))).toBe('11-28 09:00')
    expect(person.workdayAfter('2026-11-25', 1)).toBe('2026-11-28')
  })

  it('every day, round the clock: midnight loses nothing', () => {
    const calendar = withRule({ roundTheClock: true, own: { '2026-12-05': 'off' } }, { hours: [], days: [] })
    expect(said(calendar.addWorking(at('11-28 22:00'), 4 * hour))).toBe('11-29 02:00')
    expect(calendar.workingMs(at('11-28 00:00'), at('11-30 00:00'))).toBe(48 * hour)
    expect(said(calendar.nextOpening(at('11-29 00:00')))).toBe('11-29 00:00')
    expect([calendar.describe('2026-10-01'), calendar.isWorkday('2026-12-05')]).toEqual(['全天上班', false])
  })

  it('spans that touch are one: between them it is open', () => {
    const calendar = withRule(
      {},
      {
        hours: [
          [480, 720],
          [720, 1080],
        ] as const,
      },
    )
    expect(said(calendar.nextOpening(at('11-25 12:00')))).toBe('11-25 12:00')
  })
})

describe('what cannot be', () => {
  const never = withRule({ own: Object.fromEntries(daysFrom('2026-11-25', 1200).map(day => [day, 'off'])) })

  it.each<[string, () => unknown, RegExp]>([
    ['no hours', () => withRule({}, { hours: [] }), /no working time/],
    ['no days', () => withRule({}, { days: [] }), /no working time/],
    ['no zone', () => withRule({}, { zone: 'Beijing' }), /"Beijing" is no time zone/],
    ['a day that is none', () => new Calendar(shop).isWorkday('2026-02-30'), /"2026-02-30" is no day/],
    ['a day of rest that is none', () => new Calendar(shop, { off: ['tomorrow'] }), /"tomorrow" is no day/],
    ['no moment', () => new Calendar(shop).workingMs(new Date(Number.NaN), at('11-25 09:00')), /no moment/],
    ['a moment far away', () => new Calendar(shop).workingMs(at('11-25 09:00'), new Date(8e15)), /no moment/],
    ['less than nothing', () => new Calendar(shop).addWorking(at('11-25 09:00'), -1), /0 or more/],
    ['half a workday', () => new Calendar(shop).workdayAfter('2026-11-25', 0.5), /no number of workdays/],
    ['more than three years have', () => new Calendar(shop).addWorking(at('11-25 09:00'), 9000 * hour), /three years/],
    ['a rest without end', () => never.addWorking(at('11-25 09:00'), 1), /three years after 2026-11-25/],
    ['no opening', () => never.nextOpening(at('11-25 09:00')), /three years/],
    ['no workday', () => never.workdayAfter('2026-11-25', 1), /There are no 1 workdays in the three years/],
  ])('%s', (_, doing, message) => {
    expect(doing).toThrow(Invalid)
    expect(doing).toThrow(message)
  })
})

function daysFrom(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => new Date(Date.parse(day) + n * 86_400_000).toISOString().slice(0, 10))
}
