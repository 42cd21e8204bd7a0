import { describe, expect, it } from 'vitest'
import { Calendar, type CalendarRule, type Segment } from '../../src/policy/calendar.ts'

const rule: CalendarRule = { holidays: 'none', makeup: 'monday', weekdays: {}, own: {}, roundTheClock: false }
const in_ = (zone: string, hours: readonly Segment[]): Calendar =>
  new Calendar({ zone, hours, days: [1, 2, 3, 4, 5, 6, 7], calendar: rule })
const spans = (calendar: Calendar, day: string): string[] =>
  calendar.segmentsOn(day).map(({ from, to }) => `${from.toISOString().slice(5, 16)}/${to.toISOString().slice(5, 16)}`)
const hour = 3_600_000

describe('spans are times of the clock on the wall', () => {
  // Berlin changes on 2026-03-29 (02:00 → 03:00) and 2026-10-25 (03:00 → 02:00).
  it.each<[string, string, Segment[], string[]]>([
    ['before the change', '2026-03-28', [[540, 1020]], ['03-28T08:00/03-28T16:00']],
    ['on its day', '2026-03-29', [[540, 1020]], ['03-29T07:00/03-29T15:00']],
    ['a day of 23 hours', '2026-03-29', [[0, 1440]], ['03-28T23:00/03-29T22:00']],
    ['a day of 25 hours', '2026-10-25', [[0, 1440]], ['10-24T22:00/10-25T23:00']],
    ['a span the clock leaves out', '2026-03-29', [[120, 180]], []],
    ['one that begins in what it leaves out', '2026-03-29', [[135, 190]], ['03-29T01:00/03-29T01:10']],
    ['one that ends in it', '2026-03-29', [[60, 150]], ['03-29T00:00/03-29T01:00']],
    ['an hour that comes twice', '2026-10-25', [[120, 180]], ['10-25T00:00/10-25T02:00']],
    [
      'two spans that touch in it',
      '2026-10-25',
      [
        [60, 150],
        [150, 240],
      ],
      ['10-24T23:00/10-25T00:30', '10-25T00:30/10-25T03:00'],
    ],
  ])('%s', (_, day, hours, expected) => {
    expect(spans(in_('Europe/Berlin', hours), day)).toEqual(expected)
  })

  it.each([
    ['the hour after midnight left out', 'Africa/Cairo', '2026-04-24', '04-23T22:00/04-24T21:00'],
    ['midnight that comes twice', 'Africa/Cairo', '2026-10-29', '10-28T21:00/10-29T22:00'],
    ['half an hour', 'Australia/Lord_Howe', '2026-10-04', '10-03T13:30/10-04T13:00'],
    ['over midnight, the day before', 'America/St_Johns', '2009-10-31', '10-31T02:30/11-01T02:30'],
    ['over midnight, the day itself', 'America/St_Johns', '2009-11-01', '11-01T02:30/11-02T03:30'],
  ])('%s', (_, zone, day, expected) => {
    expect(spans(in_(zone, [[0, 1440]]), day)).toEqual([expected])
  })

  it('a day that a place leaves out is no workday', () => {
    const samoa = in_('Pacific/Apia', [[480, 1020]])
    expect([samoa.isWorkday('2011-12-29'), samoa.isWorkday('2011-12-30'), samoa.isWorkday('2011-12-31')]).toEqual([
      true,
      false,
      true,
    ])
    expect(samoa.workdayAfter('2011-12-29', 1)).toBe('2011-12-31')
  })
})

describe('working time over a change', () => {
  it('takes the hours that pass', () => {
    const berlin = in_('Europe/Berlin', [[0, 1440]])
    expect(berlin.addWorking(new Date('2026-03-28T23:00Z'), 23 * hour).toISOString()).toBe('2026-03-29T22:00:00.000Z')
    expect(berlin.workingMs(new Date('2026-10-24T22:00Z'), new Date('2026-10-25T23:00Z'))).toBe(25 * hour)
  })

  it('loses nothing where the clock goes back over midnight', () => {
    const newfoundland = in_('America/St_Johns', [[0, 1440]])
    const [from, to] = [new Date('2009-11-01T02:00Z'), new Date('2009-11-01T03:15Z')]
    expect(newfoundland.workingMs(from, to)).toBe(1.25 * hour)
    expect(newfoundland.addWorking(from, 1.25 * hour)).toEqual(to)
  })
})

describe('moments and days', () => {
  const berlin = in_('Europe/Berlin', [[0, 1440]])

  it.each([
    ['2026-11-25', 540, '2026-11-25T08:00'],
    ['2026-11-25', 1440, '2026-11-25T23:00'],
    ['2026-03-29', 1440, '2026-03-29T22:00'],
    ['2026-03-29', 150, '2026-03-29T01:00'],
  ])('%s at minute %s', (day, minutes, expected) => {
    expect(berlin.momentOf(day, minutes).toISOString().slice(0, 16)).toBe(expected)
  })

  it('the minute of the day is that of the clock on the wall', () => {
    const minutes = ['2026-11-25T08:00:59.999Z', '2026-11-24T23:00Z', '2026-11-25T22:59Z', '2026-07-01T08:00Z']
    expect(minutes.map(text => berlin.minuteOf(new Date(text)))).toEqual([540, 0, 1439, 600])
  })

  it.each([
    ['2026-11-30', 1, '2026-12-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-03-28', 2, '2026-03-30'],
    ['2026-11-25', 0, '2026-11-25'],
  ])('%s and %s days is %s', (day, n, expected) => {
    expect(berlin.dayAfter(day, n)).toBe(expected)
  })
})
